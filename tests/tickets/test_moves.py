"""Status and priority: every move for everybody, and what a refused one says."""

from typing import Any

import pytest
from fastapi import FastAPI

from csts.tickets import state
from csts.tickets.models import Ticket
from csts.tickets.status import CUSTOMER_MOVES, MOVES, Status
from tests.make import claim, open_ticket, post_message, set_status, thread
from tests.people import Somebody

STATUSES = [status.value for status in Status]
ACTIVE = {"open", "in_progress", "waiting"}


def agent_verdict(start: str, goal: str) -> int:
    """The table of the contract, in its words."""
    if start == goal:
        return 409
    if start in ACTIVE:
        return 200
    if start == "resolved":
        return 200 if goal in {"open", "in_progress", "closed"} else 409
    return 200 if goal == "open" else 409


def customer_verdict(start: str, goal: str) -> int:
    if goal not in {"open", "closed"}:
        return 403
    if start == goal:
        return 409
    wanted = "closed" if start in ACTIVE else "open"
    return 200 if goal == wanted else 403


async def bring_to(app: FastAPI, ticket_id: int, status: str) -> None:
    async with app.state.database.write() as session:
        state.set_status(await session.get_one(Ticket, ticket_id), Status(status))


async def test_agents_make_the_moves_of_the_table_and_no_others(app: FastAPI, ana: Somebody, priya: Somebody) -> None:
    ticket = await open_ticket(ana)
    for start in STATUSES:
        for goal in STATUSES:
            await bring_to(app, ticket["id"], start)
            answer = await priya.put(f"/tickets/{ticket['id']}/status", {"status": goal})
            assert answer.status_code == agent_verdict(start, goal), (start, goal)
            told = answer.json()
            if answer.status_code == 200:
                assert told["status"] == goal
                assert told["allowed_statuses"] == list(MOVES[Status(goal)])
            else:
                assert told["code"] == "illegal_move"
                assert (told["from"], told["to"], told["allowed"]) == (start, goal, list(MOVES[Status(start)]))


async def test_customers_close_and_reopen_and_nothing_else(app: FastAPI, ana: Somebody) -> None:
    ticket = await open_ticket(ana)
    for start in STATUSES:
        for goal in STATUSES:
            await bring_to(app, ticket["id"], start)
            answer = await ana.put(f"/tickets/{ticket['id']}/status", {"status": goal})
            assert answer.status_code == customer_verdict(start, goal), (start, goal)
            told = answer.json()
            if answer.status_code == 409:
                assert told["allowed"] == list(CUSTOMER_MOVES[Status(start)])
            elif answer.status_code == 403:
                assert told["code"] == "move_not_yours"


@pytest.mark.parametrize("body", [{}, {"status": "done"}, {"status": None}, {"status": "open", "why": "x"}, [], "open"])
async def test_a_status_that_is_none_has_the_wrong_shape(ana: Somebody, priya: Somebody, body: Any) -> None:
    ticket = await open_ticket(ana)
    answer = await priya.put(f"/tickets/{ticket['id']}/status", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


async def test_a_move_is_said_in_the_thread_and_kept_in_the_history(ana: Somebody, priya: Somebody) -> None:
    ticket = await open_ticket(ana)
    moved = await set_status(priya, ticket["id"], "resolved")
    lines = await thread(ana, ticket["id"])
    assert [line["sender"]["kind"] for line in lines] == ["system", "system"]
    assert "Priya Nair" in lines[-1]["content"]
    assert moved["last_seq"] == lines[-1]["seq"]
    events = (await ana.get(f"/tickets/{ticket['id']}/events")).json()["items"]
    assert [event["kind"] for event in events] == ["opened", "status_changed"]
    assert events[1]["data"] == {"from": "open", "to": "resolved"}
    assert events[1]["actor"] == priya.person


async def test_a_refused_move_leaves_no_trace(ana: Somebody) -> None:
    ticket = await open_ticket(ana)
    await ana.put(f"/tickets/{ticket['id']}/status", {"status": "resolved"})
    assert len(await thread(ana, ticket["id"])) == 1
    assert (await ana.get(f"/ticket/{ticket['id']}")).json()["updated_at"] == ticket["updated_at"]


async def test_every_priority_can_be_set(ana: Somebody, priya: Somebody) -> None:
    ticket = await open_ticket(ana)
    for priority in ("low", "medium", "high", "urgent"):
        answer = await priya.put(f"/tickets/{ticket['id']}/priority", {"priority": priority})
        assert (answer.status_code, answer.json()["priority"]) == (200, priority)
    answer = await priya.put(f"/tickets/{ticket['id']}/priority", {"priority": "huge"})
    assert answer.status_code == 422


async def test_setting_the_same_priority_leaves_no_trace(ana: Somebody, priya: Somebody) -> None:
    ticket = await open_ticket(ana)
    answer = await priya.put(f"/tickets/{ticket['id']}/priority", {"priority": "medium"})
    assert answer.json()["updated_at"] == ticket["updated_at"]
    assert len(await thread(ana, ticket["id"])) == 1


@pytest.mark.parametrize("is_claimed", [True, False])
@pytest.mark.parametrize("status", ["waiting", "resolved"])
async def test_a_customer_who_writes_brings_his_ticket_back(
    ana: Somebody, priya: Somebody, status: str, *, is_claimed: bool
) -> None:
    ticket = await open_ticket(ana)
    if is_claimed:
        await claim(priya, ticket["id"])
    await set_status(priya, ticket["id"], status)
    await post_message(ana, ticket["id"])
    shown = (await ana.get(f"/ticket/{ticket['id']}")).json()
    assert shown["status"] == ("in_progress" if is_claimed else "open")


async def test_a_closed_ticket_says_how_to_open_it_again(ana: Somebody) -> None:
    ticket = await open_ticket(ana)
    await set_status(ana, ticket["id"], "closed")
    draft = {"client_id": "7c9e6679-7425-40de-944b-e07fc1f90ae7", "content": "Still broken"}
    refused = await ana.post(f"/tickets/{ticket['id']}/messages", draft)
    assert (refused.status_code, refused.json()["code"]) == (409, "ticket_closed")
    way = refused.json()["reopen"]
    assert (await ana.request(way["method"], way["path"], json={"status": way["status"]})).status_code == 200
    assert (await ana.post(f"/tickets/{ticket['id']}/messages", draft)).status_code == 201


async def test_setting_a_ticket_back_makes_it_wait_for_nobody(ana: Somebody, priya: Somebody) -> None:
    ticket = await open_ticket(ana)
    await set_status(priya, ticket["id"], "closed")
    await set_status(priya, ticket["id"], "open")
    waiting = (await priya.get("/tickets", params={"awaiting_reply": "true"})).json()["items"]
    assert waiting == []
    await set_status(ana, ticket["id"], "closed")
    await set_status(ana, ticket["id"], "open")
    waiting = (await priya.get("/tickets", params={"awaiting_reply": "true"})).json()["items"]
    assert [row["id"] for row in waiting] == [ticket["id"]]
