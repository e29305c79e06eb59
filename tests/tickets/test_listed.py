"""What leads to a ticket, its tags and mentions, has what lists sort by as the ticket has it, whoever changes that."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import or_, select, update

from csts.kit import clock
from csts.kit.db import Database
from csts.tickets import listed
from csts.tickets.models import LISTED, Mention, Ticket, TicketTag
from tests.make import claim, open_ticket, post_message, set_status
from tests.people import Somebody
from tests.tickets.test_tags import listed as ids

Step = Callable[[], Awaitable[Any]]

SORTS = ("-created_at", "created_at", "-priority", "priority", "-updated_at")


async def strays(app: FastAPI) -> list[tuple[Any, ...]]:
    """Rows that have lost their ticket's status, order or priority."""
    database: Database = app.state.database
    found: list[tuple[Any, ...]] = []
    async with database.read() as session:
        for table in (TicketTag, Mention):
            differs = or_(*(getattr(table, name) != getattr(Ticket, name) for name in LISTED))
            rows = select(table, Ticket).join(Ticket, Ticket.id == table.ticket_id).where(differs)
            found += [tuple(row) for row in await session.execute(rows)]
        told = select(Ticket.id).join(Mention, Mention.ticket_id == Ticket.id).where(~Ticket.has_mentions)
        found += [tuple(row) for row in await session.execute(told)]
    return found


async def are_in_order(who: Somebody, **narrowed: Any) -> bool:
    """Whether a list of a tag has its tickets as the list of all tickets has them, in each order."""
    tagged = set(await ids(who, tag="late", **narrowed))
    for sort in SORTS:
        among = [number for number in await ids(who, sort=sort, **narrowed) if number in tagged]
        if await ids(who, tag="late", sort=sort, **narrowed) != among:
            return False
    return True


def steps(ana: Somebody, priya: Somebody, sam: Somebody, numbers: Sequence[int]) -> dict[str, Step]:
    first, second, other = numbers
    at, tomorrow = f"/tickets/{first}", (clock.now() + timedelta(days=1)).isoformat()
    return {
        "a tag": lambda: priya.put(f"{at}/tags", {"add": ["late", "refund"], "remove": []}),
        "one fewer": lambda: priya.put(f"{at}/tags", {"add": [], "remove": ["refund"]}),
        "a mention": lambda: post_message(priya, first, "@sam please look", internal=True),
        "a priority": lambda: priya.put(f"{at}/priority", {"priority": "urgent"}),
        "a message of the customer": lambda: post_message(ana, first, "Hello?"),
        "a claim": lambda: claim(sam, first),
        "an answer": lambda: post_message(sam, first, "One moment."),
        "a note": lambda: post_message(sam, first, "He is right.", internal=True),
        "a sleep": lambda: sam.put(f"{at}/snooze", {"until": tomorrow}),
        "an awakening": lambda: post_message(ana, first, "Are you there?"),
        "a wait": lambda: set_status(sam, first, "waiting"),
        "its end": lambda: post_message(ana, first, "I am here."),
        "a solution": lambda: set_status(sam, first, "resolved"),
        "a return": lambda: post_message(ana, first, "It is back."),
        "a handover": lambda: sam.put(f"{at}/assignee", {"agent_id": priya.id}),
        "another ticket": lambda: priya.put(f"/tickets/{second}/tags", {"add": ["LATE"], "remove": []}),
        "a mention there": lambda: post_message(priya, second, "@sam too", internal=True),
        "several at once": lambda: priya.post("/tickets/bulk", {"ids": [first, second], "change": {"priority": "low"}}),
        "a merge": lambda: priya.post(f"{at}/merge", {"into": other}),
    }


async def test_whatever_moves_a_ticket_moves_it_in_the_lists_of_its_tags_and_mentions(
    app: FastAPI, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    numbers = [(await open_ticket(ana))["id"] for _ in range(3)]
    for name, step in steps(ana, priya, sam, numbers).items():
        answer = await step()
        assert getattr(answer, "status_code", 200) < 300, (name, getattr(answer, "text", ""))
        assert await strays(app) == [], name
        assert await are_in_order(priya), name
        assert await are_in_order(priya, status=["open", "in_progress"]), name
    first, second, other = numbers
    assert set(await ids(priya, tag="late")) == {first, second, other}
    assert await ids(sam, mentioned="me", status="closed") == [first]
    assert await ids(sam, sort="-mentioned_at") == [second, first]
    assert await ids(sam, mentioned="me", sort="-priority", tag="late", status="open") == [second]


async def test_what_an_earlier_release_wrote_past_them_is_mended(
    app: FastAPI, ana: Somebody, priya: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Processes of the release before go on while the tables are new already."""
    monkeypatch.setattr(listed, "AT_ONCE", 2)
    numbers = [(await open_ticket(ana))["id"] for _ in range(3)]
    for number in numbers:
        await priya.put(f"/tickets/{number}/tags", {"add": ["late"], "remove": []})
        await post_message(priya, number, "@sam look", internal=True)
    database: Database = app.state.database
    async with database.write() as session:
        await session.execute(update(TicketTag).values(status=""))
        await session.execute(update(Mention).values(updated_at=clock.now()))
        await session.execute(update(Ticket).values(has_mentions=False).execution_options(synchronize_session=False))
    assert await ids(priya, tag="late") == []
    assert await listed.mend(database) == 3
    assert await strays(app) == []
    assert await ids(priya, tag="late") == numbers[::-1]
    assert await listed.mend(database) == 0
