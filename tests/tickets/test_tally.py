"""The counts of the desk's queues: true for whoever looks, and counted once for all who do."""

import asyncio

from fastapi import FastAPI

from csts.tickets import tally
from csts.tickets.events import TicketMoved
from csts.tickets.schemas import Counts
from tests.make import claim, open_ticket, post_message, set_status
from tests.people import Somebody
from tests.queries import count_queries

NONE = {"awaiting_reply": 0, "mine": 0, "unassigned": 0, "open": 0, "solved": 0, "snoozed": 0, "mentions": 0}


async def counts(agent: Somebody) -> dict[str, int]:
    answer = await agent.get("/tickets/counts")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_each_agent_sees_his_own_queue_among_those_of_all(ana: Somebody, priya: Somebody, sam: Somebody) -> None:
    tickets = [await open_ticket(ana) for _ in range(3)]
    await claim(priya, tickets[0]["id"])
    await claim(priya, tickets[1]["id"])
    await claim(sam, tickets[2]["id"])
    hers, his = await counts(priya), await counts(sam)
    assert (hers.pop("mine"), his.pop("mine")) == (2, 1)
    assert hers == his == {"awaiting_reply": 3, "unassigned": 0, "open": 3, "solved": 0, "snoozed": 0, "mentions": 0}


async def test_whatever_moves_a_ticket_is_counted_at_the_next_look(ana: Somebody, priya: Somebody) -> None:
    ticket = await open_ticket(ana)
    assert await counts(priya) == {
        "awaiting_reply": 1,
        "mine": 0,
        "unassigned": 1,
        "open": 1,
        "solved": 0,
        "snoozed": 0,
        "mentions": 0,
    }
    await claim(priya, ticket["id"])
    assert await counts(priya) == {
        "awaiting_reply": 1,
        "mine": 1,
        "unassigned": 0,
        "open": 1,
        "solved": 0,
        "snoozed": 0,
        "mentions": 0,
    }
    await post_message(priya, ticket["id"], "Looking")
    assert await counts(priya) == {
        "awaiting_reply": 0,
        "mine": 1,
        "unassigned": 0,
        "open": 1,
        "solved": 0,
        "snoozed": 0,
        "mentions": 0,
    }
    await set_status(priya, ticket["id"], "resolved")
    assert await counts(priya) == {
        "awaiting_reply": 0,
        "mine": 0,
        "unassigned": 0,
        "open": 0,
        "solved": 1,
        "snoozed": 0,
        "mentions": 0,
    }


async def test_those_who_look_at_the_same_moment_are_counted_for_once(
    app: FastAPI, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    await open_ticket(ana)
    for agent in (priya, sam):
        await counts(agent)
    board: tally.Tally = app.state.tally
    board.hear(TicketMoved(1))
    with count_queries(app.state.database.engine) as sent:
        found = await asyncio.gather(*(board.counts(app.state.database, agent.id) for agent in (priya, sam) * 10))
    assert set(found) == {Counts(1, 0, 1, 1, 0, 0, 0)}
    assert len(sent) == 4


async def test_where_nothing_has_happened_nothing_is_counted(app: FastAPI, ana: Somebody, priya: Somebody) -> None:
    await open_ticket(ana)
    await counts(priya)
    board: tally.Tally = app.state.tally
    board._counted_at += 3600
    with count_queries(app.state.database.engine) as sent:
        assert await board.counts(app.state.database, priya.id) == Counts(1, 0, 1, 1, 0, 0, 0)
    assert sent == []
