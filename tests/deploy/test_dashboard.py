"""Each line of the Grafana dashboard asks for a metric that exists, by labels that it has."""

import json
import re
from collections.abc import Iterator
from typing import Any

from tests.architecture.trees import ROOT
from tests.docs.metrics import all_metrics, series_of

DASHBOARD = json.loads((ROOT / "deploy" / "grafana" / "csts.json").read_text())
# Of a histogram, the bound of a bucket.
BOUND = "le"
_SERIES = re.compile(r"csts_\w+")
_GROUPS = re.compile(r"\bby \(([\w, ]+)\)")
_MATCHES = re.compile(r"(\w+)=~?\"")


def queries() -> Iterator[dict[str, Any]]:
    for panel in DASHBOARD["panels"]:
        yield from panel.get("targets", [])


def labels() -> dict[str, set[str]]:
    """By series, what can be asked of it."""
    return {series: {*metric._labelnames, BOUND} for metric in all_metrics() for series in series_of(metric)}


def test_every_query_asks_for_what_there_is() -> None:
    known = labels()
    asked = [query["expr"] for query in queries()]
    assert len(asked) > 10
    for expression in asked:
        series = _SERIES.findall(expression)
        assert series
        assert set(series) <= set(known), expression
        named = {name.strip() for group in _GROUPS.findall(expression) for name in group.split(",")}
        possible = set.intersection(*(known[each] for each in series))
        assert named | set(_MATCHES.findall(expression)) <= possible, expression


def test_every_legend_names_a_label_of_its_query() -> None:
    for query in queries():
        told = set(re.findall(r"\{\{(\w+)\}\}", query["legendFormat"]))
        named = {name.strip() for group in _GROUPS.findall(query["expr"]) for name in group.split(",")}
        assert told <= named, query


def test_every_metric_is_on_the_dashboard_or_is_about_money() -> None:
    shown = {series for query in queries() for series in _SERIES.findall(query["expr"])}
    hidden = [series_of(metric)[0] for metric in all_metrics() if shown.isdisjoint(series_of(metric))]
    assert hidden == ["csts_llm_tokens_total", "csts_llm_cost_total"]


def test_panels_have_places_of_their_own() -> None:
    places = [tuple(panel["gridPos"][side] for side in ("x", "y")) for panel in DASHBOARD["panels"]]
    assert len(set(places)) == len(places)
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(places)
