"""How the database finds the rows of a list: by the keys of an index, however many tickets there are."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from csts.auth.actor import Actor
from csts.bench.fill import fill
from csts.bench.town import Town
from csts.kit.db import Database
from csts.kit.plans import Plan, explained
from csts.tickets import filters, indexing, lists, search
from csts.tickets.filters import Filters
from csts.tickets.models import Ticket
from csts.tickets.results import Desk
from csts.tickets.status import ACTIVE, Priority, Status
from csts.tickets.tally import Tally

AGENT = Actor("agent", 3, "agent", "Agent 3", "", datetime(2026, 1, 1, tzinfo=UTC))
CUSTOMER = Actor("customer", 1, "customer", "Ben Ruiz", "", datetime(2026, 1, 1, tzinfo=UTC))
SORTS: tuple[lists.Sort, ...] = ("-created_at", "created_at", "-priority", "priority", "-updated_at")
# Small ones are sorted, large ones read in their order: both ways are in here.
TOWN = Town(tickets=6000, messages=6000, seed=1)
VIEWS = {
    "open": Filters(status=ACTIVE),
    "all": Filters(),
    "closed": Filters(status=(Status.CLOSED,)),
    "mine": Filters(status=ACTIVE, assignee="me"),
    "unassigned": Filters(status=ACTIVE, assignee="none"),
    "awaiting": Filters(awaiting_reply=True),
    "urgent or high": Filters(priority=(Priority.URGENT, Priority.HIGH)),
    "large category": Filters(issue_type=("technical",)),
    "small category": Filters(issue_type=("general",)),
    "two categories": Filters(issue_type=("technical", "billing")),
    "of an agent": Filters(assignee=1),
    "of a customer": Filters(customer=1),
    "awake": Filters(status=ACTIVE, snoozed=False),
    "snoozed": Filters(snoozed=True),
    "of a customer with an agent": Filters(customer=1, assignee=1, status=(Status.CLOSED,)),
}

LONG = ("open", "awake", "all", "closed", "urgent or high", "large category", "two categories", "of an agent")


@pytest.fixture
async def town(app: FastAPI) -> Database:
    database: Database = app.state.database
    await fill(database, TOWN, lambda _written: None)
    return database


async def planned(database: Database, actor: Actor, wanted: Filters, sort: lists.Sort) -> list[Plan]:
    """What the first page asks, and the second one, which has a place to begin at."""
    async with explained(database.engine) as plans:
        first = await lists.page(database, actor, wanted, sort=sort, limit=2, cursor=None)
        await lists.page(database, actor, wanted, sort=sort, limit=2, cursor=first.next_cursor)
    return plans


async def test_no_list_reads_a_table_from_end_to_end(town: Database) -> None:
    asked = [(AGENT, name, sort) for name, sort in itertools.product(VIEWS, SORTS)]
    asked += [(AGENT, name, "awaiting_since") for name in VIEWS]
    asked += [(CUSTOMER, name, sort) for name, sort in itertools.product(("open", "all", "closed"), SORTS)]
    scans = {}
    for actor, name, sort in asked:
        plans = await planned(town, actor, VIEWS[name], sort)
        assert plans
        scans[actor.kind, name, sort] = [(table, plan.rows) for plan in plans for table in plan.scans]
    assert {question: found for question, found in scans.items() if found} == {}


def sorts_tickets(plan: Plan, *tables: str) -> bool:
    """Whether rows of these tables themselves are sorted, and not only the few that were found."""
    among = tables or ("tickets",)
    return any(row.get("table") in among and "filesort" in str(row.get("Extra")) for row in plan.rows) or (
        "place" not in str(plan.rows) and "TEMP B-TREE" in str(plan.rows)
    )


async def test_who_waits_is_read_in_the_order_of_waiting(town: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where so many wait that they are not sorted."""
    monkeypatch.setattr(filters, "_MOST_LOOKED_UP", 0)
    plans = await planned(town, AGENT, VIEWS["awaiting"], "awaiting_since")
    assert [plan.rows for plan in plans if sorts_tickets(plan) or plan.scans] == []
    assert "ix_tickets_awaiting_since" in str([plan.rows for plan in plans])


async def test_a_long_list_is_read_in_its_order_and_not_sorted(town: Database) -> None:
    told = {}
    for view, sort in itertools.product(LONG, SORTS):
        plans = await planned(town, AGENT, VIEWS[view], sort)
        told[view, sort] = [plan.rows for plan in plans if sorts_tickets(plan)]
    assert {asked: sorted_ for asked, sorted_ in told.items() if sorted_} == {}


async def test_a_page_among_equals_begins_where_the_last_one_ended(town: Database) -> None:
    """Thousands have the same priority: who reads on must not read all of them again."""
    _, behind = await planned(town, AGENT, VIEWS["closed"], "-priority")
    reads = [str(row) for row in behind.rows if "ix_tickets_status_priority_rank" in str(row)]
    assert len(reads) == 2
    for told in reads:
        on_sqlite = "priority_rank=? AND id<?" in told or "priority_rank<?" in told
        assert on_sqlite or "'type': 'range'" in told


async def test_queues_are_counted_in_their_indexes(town: Database) -> None:
    async with explained(town.engine) as plans:
        await Tally().counts(town, AGENT.id)
    assert [table for plan in plans for table in plan.scans] == []
    told = str([plan.rows for plan in plans])
    assert "USING COVERING INDEX" in told or "Using index" in told


@pytest.mark.parametrize("actor", [AGENT, CUSTOMER])
async def test_neither_the_index_of_search_nor_a_search_reads_a_table(
    town: Database, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "FEW", -1)
    desk = Desk(town)
    async with explained(town.engine) as plans:
        await town.carry_out(partial(indexing.take_in, most=200))
        await town.carry_out(partial(indexing.take_in, most=200))
        found = await desk.page(actor, Filters(), "the card", sort=None, limit=5, cursor=None)
        await desk.page(actor, Filters(customer=1), '"the card"', sort=None, limit=5, cursor=None)
    assert found.items
    assert {plan.statement: plan.rows for plan in plans if plan.scans} == {}
    told = str([plan.rows for plan in plans])
    assert "VIRTUAL TABLE INDEX" in told or "fulltext" in told


@pytest.mark.parametrize("view", [Filters(tag=1), Filters(mentioned=True)], ids=["tag", "mentions"])
async def test_lists_of_a_tag_and_of_mentions_are_read_in_their_order(town: Database, view: Filters) -> None:
    index = "ix_mentions_agent_id_status_" if view.mentioned else "ix_ticket_tags_tag_id_status_"
    orders: tuple[lists.Sort, ...] = (*SORTS, "-mentioned_at") if view.mentioned else SORTS
    narrowed = (
        view,
        replace(view, status=ACTIVE),
        replace(view, priority=(Priority.LOW,)),
        replace(view, snoozed=False),
    )
    for wanted, sort in itertools.product(narrowed, orders):
        plans = await planned(town, AGENT, wanted, sort)
        assert {plan.statement: plan.rows for plan in plans if plan.scans} == {}
        assert all(f"{index}{lists.Order(sort).key}" in str(plan.rows) for plan in plans)
        assert [plan.rows for plan in plans if sorts_tickets(plan, "mentions", "ticket_tags")] == []


@pytest.mark.parametrize("most", [0, 10_000], ids=["many", "few"])
@pytest.mark.parametrize("view", [Filters(tag=1), Filters(mentioned=True)], ids=["tag", "mentions"])
async def test_what_an_agent_has_of_them_is_looked_for_where_there_is_less(
    town: Database, monkeypatch: pytest.MonkeyPatch, view: Filters, most: int
) -> None:
    monkeypatch.setattr(filters, "_MOST_LOOKED_UP", most)
    for sort in SORTS:
        plans = await planned(town, AGENT, replace(view, assignee=1), sort)
        assert {plan.statement: plan.rows for plan in plans if plan.scans} == {}
        pages = [plan for plan in plans if "subject" in plan.statement]
        used = str([row.get("key", row.get("detail")) for page in pages for row in page.rows])
        assert ("ix_tickets_agent_id_status_updated_at" in used) == bool(most)


@pytest.mark.parametrize("sort", SORTS)
async def test_the_tickets_of_a_customer_are_sorted_in_his_index(town: Database, sort: lists.Sort) -> None:
    """However many he has, those that are not shown are not looked up in the table."""
    for plan in await planned(town, CUSTOMER, Filters(), sort):
        told = [row for row in plan.rows if "ix_tickets_user_id_created_at" in str(row.get("key", row.get("detail")))]
        assert told
        assert all("COVERING INDEX" in str(row) or "Using index" in str(row) for row in told)


async def test_new_mentions_are_counted_in_an_index(town: Database) -> None:
    async with explained(town.engine) as plans:
        await Tally().counts(town, AGENT.id)
    assert "ix_mentions_agent_id_seen" in str([plan.rows for plan in plans])
    assert [table for plan in plans for table in plan.scans] == []


async def test_a_scan_would_be_noticed(town: Database) -> None:
    async with explained(town.engine) as plans, town.read() as session:
        await session.execute(select(Ticket.subject))
    assert [plan.scans for plan in plans] == [["tickets"]]
