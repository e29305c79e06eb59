"""The table of metrics, from the registry that /metrics tells."""

from prometheus_client.metrics import MetricWrapperBase

from csts.kit import metrics
from tests.docs.tables import code, table


def all_metrics() -> list[MetricWrapperBase]:
    return [each for each in vars(metrics).values() if isinstance(each, MetricWrapperBase)]


def name_of(metric: MetricWrapperBase) -> str:
    """As /metrics writes it: a counter ends with `_total`, which the library takes off."""
    (described,) = metric.describe()
    return f"{described.name}_total" if described.type == "counter" else str(described.name)


def series_of(metric: MetricWrapperBase) -> list[str]:
    """The names of the lines that it makes."""
    (described,) = metric.describe()
    name = name_of(metric)
    return [f"{name}_{part}" for part in ("bucket", "count", "sum")] if described.type == "histogram" else [name]


def metric_table() -> str:
    rows = []
    for metric in all_metrics():
        (described,) = metric.describe()
        labels = ", ".join(map(code, metric._labelnames))
        rows.append([code(name_of(metric)), str(described.type), labels or "–", f"{described.documentation}."])
    return table(["metric", "kind", "labels", "what"], rows)
