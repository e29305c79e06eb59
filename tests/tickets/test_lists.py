"""The list of tickets: who sees which rows, filters, sorts, pages and what they cost."""

import asyncio
import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI

from csts.tickets import state
from csts.tickets.models import Ticket
from csts.tickets.status import Priority, Status
from tests.make import claim, open_ticket, post_message, set_status
from tests.people import Somebody
from tests.queries import count_queries

SORTS = ["-created_at", "created_at", "-priority", "priority", "-updated_at"]
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


async def plant(app: FastAPI, customer: Somebody, count: int, *, start: int = 0) -> list[int]:
    """Tickets as rows, three to a second and to a priority, so that every sort has equal keys."""
    async with app.state.database.write() as session:
        planted = [_ticket(customer, number) for number in range(start, start + count)]
        session.add_all(planted)
        await session.flush()
        return [ticket.id for ticket in planted]


def _ticket(customer: Somebody, number: int) -> Ticket:
    moment = MONDAY + timedelta(seconds=number // 3)
    facts: dict[str, Any] = {"ticket_no": f"T-{number}", "user_id": customer.id, "issue_type": "billing"}
    ticket = Ticket(subject=f"Subject {number}", description="Text", created_at=moment, updated_at=moment, **facts)
    ticket.public_updated_at = moment
    ticket.set_priority(list(Priority)[number % 4])
    state.set_status(ticket, list(Status)[number % 5])
    return ticket


async def rows(who: Somebody, **query: Any) -> list[dict[str, Any]]:
    answer = await who.get("/tickets", params=query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def ids(who: Somebody, **query: Any) -> list[int]:
    return [row["id"] for row in await rows(who, **query)]


async def test_customers_see_their_own_and_agents_all(ana: Somebody, ben: Somebody, priya: Somebody) -> None:
    hers, his = await open_ticket(ana), await open_ticket(ben)
    assert await ids(ana) == [hers["id"]]
    assert await ids(ben) == [his["id"]]
    assert await ids(priya) == [his["id"], hers["id"]]
    assert await ids(ana, customer=ben.id) == []
    assert await ids(priya, customer=ana.id) == [hers["id"]]


async def test_a_row_carries_no_description_and_no_messages(ana: Somebody, priya: Somebody) -> None:
    ticket = await open_ticket(ana, priority="urgent")
    await claim(priya, ticket["id"])
    await post_message(ana, ticket["id"], "Are you   there?\nHello?")
    (row,) = await rows(priya)
    assert row == {
        "id": ticket["id"],
        "ticket_no": ticket["ticket_no"],
        "subject": ticket["subject"],
        "issue_type": "billing",
        "status": "in_progress",
        "priority": "urgent",
        "created_at": ticket["created_at"],
        "updated_at": row["updated_at"],
        "customer": {"id": ana.id, "name": ana.name},
        "agent": {"id": priya.id, "name": priya.name},
        "unread": 1,
        "last_message_preview": "Are you there? Hello?",
        "awaiting_reply": True,
        "awaiting_since": row["awaiting_since"],
    }
    assert row["updated_at"] > ticket["updated_at"]


async def test_filters_narrow_and_repeat(app: FastAPI, ana: Somebody, priya: Somebody) -> None:
    await plant(app, ana, 20)
    assert {row["status"] for row in await rows(priya, status="open")} == {"open"}
    both = await rows(priya, status=["open", "closed"])
    assert len(both) == 8
    assert {row["status"] for row in both} == {"open", "closed"}
    assert {row["priority"] for row in await rows(priya, priority=["low", "urgent"])} == {"low", "urgent"}
    assert len(await rows(priya, status="open", priority="low")) == 1
    assert len(await rows(priya, issue_type="billing")) == 20
    assert await rows(priya, issue_type="technical") == []


async def test_assignee_is_me_or_none_or_somebody(ana: Somebody, priya: Somebody, sam: Somebody) -> None:
    mine, free, his = await open_ticket(ana), await open_ticket(ana), await open_ticket(ana)
    await claim(priya, mine["id"])
    await claim(sam, his["id"])
    assert await ids(priya, assignee="me") == [mine["id"]]
    assert await ids(priya, assignee="none") == [free["id"]]
    assert await ids(priya, assignee=sam.id) == [his["id"]]
    assert await ids(ana, assignee="none") == [free["id"]]
    assert await ids(ana, assignee="me") == []


async def test_who_waits_for_an_answer_is_found(ana: Somebody, priya: Somebody) -> None:
    waiting, answered, solved = [await open_ticket(ana) for _ in range(3)]
    await post_message(priya, answered["id"], "On it")
    await set_status(priya, solved["id"], "resolved")
    assert await ids(priya, awaiting_reply="true") == [waiting["id"]]
    await post_message(priya, waiting["id"], "A note", internal=True)
    assert await ids(priya, awaiting_reply="true") == [waiting["id"]]
    await post_message(ana, answered["id"], "And?")
    assert await ids(priya, awaiting_reply="true") == [answered["id"], waiting["id"]]


async def test_who_has_waited_longest_stands_first(ana: Somebody, priya: Somebody, sam: Somebody) -> None:
    first, second, third, answered = [(await open_ticket(ana))["id"] for _ in range(4)]
    for number in (first, answered):
        await post_message(priya, number, "On it")
    # Who is answered waits no more, and who writes on waits since his first word.
    await post_message(ana, first, "And?")
    await post_message(ana, second, "Hello?")
    await claim(sam, third)
    assert await ids(priya, sort="awaiting_since") == [second, third, first]
    assert await ids(priya, sort="awaiting_since", assignee="none") == [second, first]
    assert await ids(priya, sort="awaiting_since", q="card") == [second, third, first]
    pages: list[int] = []
    cursor: str | None = None
    while not pages or cursor:
        answer = await priya.get(
            "/tickets", params={"sort": "awaiting_since", "limit": 1, **({"cursor": cursor} if cursor else {})}
        )
        pages += [row["id"] for row in answer.json()["items"]]
        cursor = answer.json()["next_cursor"]
    assert pages == [second, third, first]
    waits = [row["awaiting_since"] for row in await rows(priya, sort="awaiting_since")]
    assert waits == sorted(waits)
    assert (await rows(priya, sort="-created_at"))[0]["awaiting_since"] is None


@pytest.mark.parametrize(
    "sort,key",
    [
        ("-created_at", lambda row: row["created_at"]),
        ("created_at", lambda row: row["created_at"]),
        ("-priority", lambda row: Priority(row["priority"]).rank),
        ("priority", lambda row: Priority(row["priority"]).rank),
        ("-updated_at", lambda row: row["updated_at"]),
    ],
)
async def test_every_sort_has_its_order_and_breaks_ties_by_id(
    app: FastAPI, ana: Somebody, sort: str, key: Callable[[dict[str, Any]], Any]
) -> None:
    await plant(app, ana, 12)
    found = [(key(row), row["id"]) for row in await rows(ana, sort=sort)]
    assert found == sorted(found, reverse=sort.startswith("-"))
    assert len(found) == 12


async def test_newest_first_is_the_order_of_who_asks_for_none(app: FastAPI, ana: Somebody) -> None:
    await plant(app, ana, 6)
    assert await ids(ana) == await ids(ana, sort="-created_at")


@pytest.mark.parametrize("sort", SORTS)
async def test_pages_show_every_row_once_while_new_ones_arrive(app: FastAPI, ana: Somebody, sort: str) -> None:
    planted = set(await plant(app, ana, 23))
    seen: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = (await ana.get("/tickets", params={"sort": sort, "limit": 4, "cursor": cursor})).json()
        seen += [row["id"] for row in answer["items"]]
        cursor = answer["next_cursor"]
        await plant(app, ana, 1, start=1000 + len(seen))
        assert len(seen) < 200
    assert len(seen) == len(set(seen))
    assert planted <= set(seen)


async def test_a_full_last_page_says_that_it_is_the_last(app: FastAPI, ana: Somebody) -> None:
    await plant(app, ana, 4)
    assert (await ana.get("/tickets", params={"limit": 4})).json()["next_cursor"] is None
    assert (await ana.get("/tickets", params={"limit": 3})).json()["next_cursor"]


async def test_an_empty_list_is_a_page(ana: Somebody) -> None:
    assert (await ana.get("/tickets")).json() == {"items": [], "next_cursor": None}


def forged(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "%%%",
        "ключ",
        "A" * 501,
        forged(),
        forged("tickets-created_at"),
        forged("tickets-created_at", "soon", 1),
        forged("tickets-created_at", "2026-03-02T09:00:00", 1),
        forged("tickets-created_at", "0001-01-01T00:00:00+23:59", 1),
        forged("tickets-created_at", "2026-03-02T09:00:00Z", 10**30),
        forged("tickets-created_at", "2026-03-02T09:00:00Z", -1),
        forged("tickets-created_at", "2026-03-02T09:00:00Z", 1, 1),
        forged("tickets-priority", 1, 1),
        base64.urlsafe_b64encode(b"5").decode(),
        base64.urlsafe_b64encode(b"[" * 300).decode(),
    ],
)
async def test_a_cursor_that_is_none_of_ours_has_the_wrong_shape(ana: Somebody, cursor: str) -> None:
    answer = await ana.get("/tickets", params={"cursor": cursor})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "cursor"


async def test_a_cursor_is_good_for_its_own_sort_only(app: FastAPI, ana: Somebody) -> None:
    await plant(app, ana, 5)
    for sort in SORTS:
        cursor = (await ana.get("/tickets", params={"sort": sort, "limit": 2})).json()["next_cursor"]
        for other in SORTS:
            answer = await ana.get("/tickets", params={"sort": other, "cursor": cursor})
            assert answer.status_code == (200 if sort == other else 422)


async def test_lists_of_several_people_at_one_time_are_not_mixed_up(
    ana: Somebody, ben: Somebody, priya: Somebody
) -> None:
    one, other = await open_ticket(ana), await open_ticket(ben)
    wanted = {ana.id: [one["id"]], ben.id: [other["id"]]}
    people = [ana, ben, priya] * 10
    pages = await asyncio.gather(*(rows(each) for each in people))
    for who, page in zip(people, pages, strict=True):
        expected = [other["id"], one["id"]] if who is priya else wanted[who.id]
        assert [row["id"] for row in page] == expected


@pytest.mark.parametrize("limit", [1, 100])
async def test_a_page_holds_what_was_asked_for(app: FastAPI, ana: Somebody, limit: int) -> None:
    await plant(app, ana, 101)
    assert len(await rows(ana, limit=limit)) == limit
    assert len(await rows(ana)) == 50


@pytest.mark.parametrize("words,most", [("", 2), ("subject", 10)])
async def test_fifty_rows_cost_no_more_statements_than_one(
    app: FastAPI, ana: Somebody, priya: Somebody, words: str, most: int
) -> None:
    await plant(app, ana, 50)
    # A search that finds the index behind the tickets takes them in first.
    await rows(priya, q="subject")
    costs = []
    for limit in (1, 50):
        with count_queries(app.state.database.engine) as sent:
            assert len(await rows(priya, limit=limit, sort="-priority", q=words)) == limit
        costs.append(len(sent))
    assert costs[0] == costs[1] <= most


async def test_the_desk_counts_its_queues(ana: Somebody, priya: Somebody, sam: Somebody) -> None:
    tickets = [await open_ticket(ana) for _ in range(5)]
    await claim(priya, tickets[0]["id"])
    await claim(sam, tickets[1]["id"])
    await set_status(priya, tickets[2]["id"], "resolved")
    await set_status(priya, tickets[3]["id"], "closed")
    await post_message(priya, tickets[0]["id"], "Looking")
    counted = (await priya.get("/tickets/counts")).json()
    assert counted == {
        "awaiting_reply": 2,
        "mine": 1,
        "unassigned": 1,
        "open": 3,
        "solved": 1,
        "snoozed": 0,
        "mentions": 0,
    }
