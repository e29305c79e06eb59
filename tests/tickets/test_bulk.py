"""One change to many tickets: done for those that could be, told for the rest, and put back as it was."""

import asyncio
from typing import Any

import pytest

from tests.make import claim, open_ticket, post_message, set_status, thread
from tests.people import Somebody

Rows = list[dict[str, Any]]


async def change(agent: Somebody, tickets: Rows, **members: Any) -> Rows:
    """A bulk action on these tickets; what became of each."""
    answer = await agent.post("/tickets/bulk", {"ids": [ticket["id"] for ticket in tickets], **members})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def undo(agent: Somebody, outcomes: Rows) -> Rows:
    done = [{key: item[key] for key in ("id", "before", "after")} for item in outcomes if item["done"]]
    answer = await agent.post("/tickets/bulk/undo", {"items": done})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def shown(agent: Somebody, tickets: Rows) -> Rows:
    return [(await agent.get(f"/ticket/{ticket['id']}")).json() for ticket in tickets]


async def kinds(agent: Somebody, ticket: dict[str, Any]) -> list[str]:
    events = (await agent.get(f"/tickets/{ticket['id']}/events")).json()["items"]
    return [event["kind"] for event in events]


def codes(outcomes: Rows) -> list[str]:
    """`done`, or why not."""
    return ["done" if item["done"] else item["problem"]["code"] for item in outcomes]


async def test_each_ticket_changes_as_if_it_were_alone(ana: Somebody, priya: Somebody, sam: Somebody) -> None:
    tickets = [await open_ticket(ana) for _ in range(3)]
    outcomes = await change(priya, tickets, change={"agent_id": sam.id, "priority": "urgent"})
    assert codes(outcomes) == ["done"] * 3
    for ticket in await shown(priya, tickets):
        assert (ticket["agent"]["name"], ticket["status"], ticket["priority"]) == (sam.name, "in_progress", "urgent")
        assert await kinds(priya, ticket) == ["opened", "assigned", "status_changed", "priority_changed"]
        assert ticket["last_seq"] == 3
    assert outcomes[0]["before"].items() > {"status": "open", "priority": "medium", "agent_id": None}.items()


async def test_what_cannot_be_done_is_told_and_stops_nothing_else(ana: Somebody, priya: Somebody) -> None:
    closed, open_one = await open_ticket(ana), await open_ticket(ana)
    await set_status(ana, closed["id"], "closed")
    nowhere = {"id": open_one["id"] + 1000}
    outcomes = await change(priya, [nowhere, open_one, closed, closed], change={"status": "waiting"})
    assert codes(outcomes) == ["illegal_move", "done", "not_found"]
    assert outcomes[0]["problem"]["allowed"] == ["open"]
    assert codes(await change(priya, [open_one], change={"agent_id": 999})) == ["unknown_agent"]


async def test_a_ticket_that_changed_meanwhile_is_left_alone(ana: Somebody, priya: Somebody, sam: Somebody) -> None:
    taken, free = await open_ticket(ana), await open_ticket(ana)
    await claim(sam, taken["id"])
    outcomes = await change(priya, [taken, free], change={"agent_id": priya.id}, expected={"agent_id": None})
    assert codes(outcomes) == ["ticket_changed", "done"]
    assert outcomes[0]["problem"]["now"] == {"agent_id": sam.id}
    assert [each["agent"]["id"] for each in await shown(priya, [taken, free])] == [sam.id, priya.id]


@pytest.mark.parametrize("goal", ["closed", "resolved", "waiting"])
async def test_undoing_puts_back_what_each_had_and_who_waits(
    ana: Somebody, priya: Somebody, sam: Somebody, goal: str
) -> None:
    waiting, open_one, busy = [await open_ticket(ana) for _ in range(3)]
    await set_status(sam, waiting["id"], "waiting")
    await claim(sam, busy["id"])
    await post_message(sam, busy["id"], "Looking")
    tickets = [waiting, open_one, busy]
    before = await shown(priya, tickets)
    outcomes = await change(priya, tickets, change={"status": goal, "agent_id": priya.id})
    assert codes(await undo(priya, outcomes)) == ["done"] * 3
    facts = ("status", "agent", "priority")
    for was, now in zip(before, await shown(priya, tickets), strict=True):
        assert {fact: now[fact] for fact in facts} == {fact: was[fact] for fact in facts}
    listed = (await priya.get("/tickets", params={"awaiting_reply": "true"})).json()["items"]
    assert [row["id"] for row in listed] == [open_one["id"]]


async def test_undoing_leaves_what_others_have_done_since(ana: Somebody, priya: Somebody, sam: Somebody) -> None:
    answered, untouched = await open_ticket(ana), await open_ticket(ana)
    outcomes = await change(priya, [answered, untouched], change={"status": "resolved"})
    await post_message(ana, answered["id"], "No, it is still broken")
    assert codes(await undo(priya, outcomes)) == ["ticket_changed", "done"]
    await claim(sam, untouched["id"])
    outcomes = await change(priya, [untouched], change={"agent_id": priya.id})
    await set_status(sam, untouched["id"], "resolved")
    assert codes(await undo(priya, outcomes)) == ["done"]
    (ticket,) = await shown(priya, [untouched])
    assert (ticket["agent"]["id"], ticket["status"]) == (sam.id, "resolved")


async def test_who_clicks_twice_or_meets_a_colleague_changes_each_ticket_once(
    ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    tickets = [await open_ticket(ana) for _ in range(4)]
    there, back = tickets, tickets[::-1]
    answers = await asyncio.gather(
        *(change(agent, order, change={"status": "resolved"}) for agent, order in ((priya, there), (sam, back)) * 2)
    )
    assert {code for outcomes in answers for code in codes(outcomes)} == {"done"}
    for ticket in tickets:
        assert await kinds(priya, ticket) == ["opened", "status_changed"]
        assert len(await thread(priya, ticket["id"])) == 2


@pytest.mark.parametrize(
    "members, field",
    [
        ({"ids": [], "change": {"status": "open"}}, "ids"),
        ({"ids": list(range(1, 202)), "change": {"status": "open"}}, "ids"),
        ({"ids": [0], "change": {"status": "open"}}, "ids[0]"),
        ({"ids": [True], "change": {"status": "open"}}, "ids[0]"),
        ({"ids": [1], "change": {}}, "change"),
        ({"ids": [1]}, "change"),
        ({"ids": [1], "change": {"status": "lost"}}, "change.status"),
        ({"ids": [1], "change": {"awaiting_since": None}}, "change"),
    ],
)
async def test_a_change_that_makes_no_sense_names_its_field(
    priya: Somebody, members: dict[str, Any], field: str
) -> None:
    answer = await priya.post("/tickets/bulk", members)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


class TestWithALimit:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return {**environment, "CSTS_LIMIT_BULK": "1/hour"}

    async def test_many_tickets_are_not_changed_too_often(self, ana: Somebody, priya: Somebody) -> None:
        ticket = await open_ticket(ana)
        outcomes = await change(priya, [ticket], change={"priority": "low"})
        answer = await priya.post(
            "/tickets/bulk/undo", {"items": [{"id": ticket["id"], **{k: outcomes[0][k] for k in ("before", "after")}}]}
        )
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) > 0
