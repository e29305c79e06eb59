"""The rules of a desk: there from the start, and the admins' to change."""

import asyncio
from typing import Any

import pytest
from fastapi import FastAPI

from csts.knowledge import defaults, queries
from csts.knowledge.rules import match
from tests.auth.sessions import refusal
from tests.make import make_rule
from tests.people import Somebody
from tests.queries import count_queries

NEW = {"name": "Weather", "phrases": ["how is the weather"], "reply": "It is fine where I am."}


async def rules(who: Somebody) -> list[dict[str, Any]]:
    answer = await who.get("/knowledge/rules")
    assert answer.status_code == 200, answer.text
    assert answer.json()["next_cursor"] is None
    return list(answer.json()["items"])


async def names(who: Somebody) -> list[str]:
    found = await rules(who)
    assert [rule["position"] for rule in found] == list(range(1, len(found) + 1))
    return [rule["name"] for rule in found]


async def test_a_new_desk_begins_with_the_default_rules(priya: Somebody) -> None:
    told = await rules(priya)
    kept = {"id", "version", "updated_at", "updated_by"}
    assert [{key: rule[key] for key in rule if key not in kept} for rule in told] == defaults.rows()
    assert all(set(rule) >= kept and (rule["version"], rule["updated_by"]) == (1, None) for rule in told)


async def test_a_rule_is_made_and_speaks(app: FastAPI, mona: Somebody) -> None:
    made = await make_rule(mona)
    kept = {"version": 1, "updated_at": made["updated_at"], "updated_by": mona.person}
    given = {**NEW, "action": "answer", "whole": False, "enabled": True, "position": 7}
    assert made == {"id": made["id"], **given, **kept}
    async with app.state.database.read() as session:
        found = match("Well, how is the weather?", await queries.rules(session))
    assert found
    assert found.id == made["id"]


async def test_only_what_is_given_changes(mona: Somebody) -> None:
    made = await make_rule(mona)
    answer = await mona.put(f"/knowledge/rules/{made['id']}", {"enabled": False, "action": "handover"})
    changed = {"enabled": False, "action": "handover", "version": 2, "updated_at": answer.json()["updated_at"]}
    assert answer.json() == made | changed
    assert (await mona.put(f"/knowledge/rules/{made['id']}", {})).json() == answer.json()
    assert (await rules(mona))[-1] == answer.json()


async def test_rules_change_places_and_the_others_make_room(mona: Somebody) -> None:
    first, second, *rest = await names(mona)
    made = await make_rule(mona, position=2)
    assert await names(mona) == [first, "Weather", second, *rest]
    await mona.put(f"/knowledge/rules/{made['id']}", {"position": 1})
    assert await names(mona) == ["Weather", first, second, *rest]
    moved = await mona.put(f"/knowledge/rules/{made['id']}", {"position": 1000})
    assert moved.json()["position"] == len(rest) + 3
    assert await names(mona) == [first, second, *rest, "Weather"]


async def test_a_deleted_rule_is_gone_for_good_also_a_default_one(mona: Somebody) -> None:
    first, *rest = await rules(mona)
    assert (await mona.delete(f"/knowledge/rules/{first['id']}")).status_code == 204
    assert await names(mona) == [rule["name"] for rule in rest]
    for answer in (
        await mona.delete(f"/knowledge/rules/{first['id']}"),
        await mona.put(f"/knowledge/rules/{first['id']}", {"enabled": True}),
    ):
        assert refusal(answer) == (404, "not_found")


async def test_ten_who_move_rules_at_once_leave_them_in_order(mona: Somebody) -> None:
    ids = [rule["id"] for rule in await rules(mona)]
    await asyncio.gather(
        *(mona.put(f"/knowledge/rules/{rule_id}", {"position": 1}) for rule_id in ids),
        *(make_rule(mona, name=f"Rule {number}", position=3) for number in range(4)),
    )
    assert len(await names(mona)) == 10


@pytest.mark.parametrize(
    "changes",
    [
        {"name": " "},
        {"name": "x" * 81},
        {"phrases": []},
        {"phrases": ["x"] * 51},
        {"phrases.0": "?!"},
        {"phrases.0": " "},
        {"phrases.0": "x" * 101},
        {"reply": ""},
        {"reply": "x" * 2001},
        {"action": "shout"},
        {"position": 0},
        {"position": True},
        {"enabled": None},
        {"color": "red"},
    ],
    ids=lambda changes: str(changes)[:30],
)
async def test_a_rule_of_another_shape_is_refused(mona: Somebody, changes: dict[str, Any]) -> None:
    made = await make_rule(mona)
    sent = {"phrases": [changes["phrases.0"]]} if "phrases.0" in changes else changes
    for answer in (
        await mona.post("/knowledge/rules", NEW | sent),
        await mona.put(f"/knowledge/rules/{made['id']}", sent),
    ):
        assert refusal(answer) == (422, "invalid_input")
        assert [error["field"] for error in answer.json()["errors"]] == list(changes)
    assert (await rules(mona))[-1] == made


async def test_the_rules_cost_one_statement(app: FastAPI, mona: Somebody) -> None:
    costs = []
    for _ in range(2):
        with count_queries(app.state.database.engine) as sent:
            await rules(mona)
        costs.append(len(sent))
        for _ in range(20):
            await make_rule(mona)
    assert costs[0] == costs[1] <= 2


async def test_a_sentence_can_be_tried_without_saying_anything(mona: Somebody, priya: Somebody) -> None:
    made = await make_rule(mona)
    tried = await priya.get("/knowledge/rules/match", params={"q": "Well, how is the weather?"})
    assert tried.json() == {"rule": made}
    for nothing in ({"q": "My card was declined"}, {"q": ""}, {}):
        assert (await priya.get("/knowledge/rules/match", params=nothing)).json() == {"rule": None}
