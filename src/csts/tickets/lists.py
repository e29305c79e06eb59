"""The list of tickets: keyset pages in every order, found in the indexes of the table."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, or_, select, true, union_all
from sqlalchemy.orm import InstrumentedAttribute

from csts.auth.actor import Actor, ActorKind
from csts.kit.columns import MAX_ID
from csts.kit.db import Database
from csts.kit.indexes import by_index
from csts.kit.lookups import KEPT, Lookup, asked
from csts.kit.paging import decode_cursor, encode_cursor
from csts.tickets.filters import Corner, Filters, Table, corners, first_small
from csts.tickets.models import LISTED, Mention, Ticket, TicketTag
from csts.tickets.queries import Anybody
from csts.tickets.rows import Line, select_lines, shape
from csts.tickets.schemas import TicketPage

R = TypeVar("R")

Sort = Literal["-created_at", "created_at", "-priority", "priority", "-updated_at", "awaiting_since", "-mentioned_at"]
Places = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]

_Moment = Annotated[datetime, msgspec.Meta(tz=True)]
_Number = Annotated[int, msgspec.Meta(ge=0, le=MAX_ID)]
# What an index of each finds, by the column that says which ticket a row is about.
_TABLES: dict[Table, tuple[InstrumentedAttribute[int], str]] = {
    Ticket: (Ticket.id, "ix_tickets_status_"),
    TicketTag: (TicketTag.ticket_id, "ix_ticket_tags_tag_id_status_"),
    Mention: (Mention.ticket_id, "ix_mentions_agent_id_status_"),
}


def narrowed(filters: Filters, sort: Sort | None) -> Filters:
    """The order of waiting is one of those who wait, and that of mentions one of tickets that have one."""
    if sort == "-mentioned_at":
        return replace(filters, mentioned=True)
    return replace(filters, awaiting_reply=True) if sort == "awaiting_since" else filters


@dataclass(frozen=True)
class Order:
    """The order of a list by its `key`, ties by id in the same direction, and where in it a page begins."""

    sort: Sort
    reader: ActorKind = "agent"
    last: tuple[Any, ...] | None = None

    @classmethod
    def of(cls, sort: Sort, reader: ActorKind, cursor: str | None) -> "Order":
        """Raises InvalidInput for a cursor of another list."""
        last = tuple(decode_cursor(cursor, f"tickets{sort}", [cls.kind(sort), _Number])) if cursor else None
        return cls(sort, reader, last)

    @staticmethod
    def kind(sort: Sort) -> Any:
        """The type of its key in a cursor."""
        return _Number if sort.lstrip("-") == "priority" else _Moment

    @property
    def outline(self) -> "Order":
        """The same behind whichever row; which one it is are the `values`."""
        return replace(self, last=self.last and ())

    @property
    def values(self) -> dict[str, Any]:
        return dict(zip(("last_key", "last_id"), self.last or (), strict=False))

    @property
    def key(self) -> str:
        """The column that it is by."""
        name = self.sort.lstrip("-")
        if name == "priority":
            return "priority_rank"
        # What agents do among themselves must not move a ticket in its customer's list either.
        return "public_updated_at" if name == "updated_at" and self.reader == "customer" else name

    def by(self, key: ColumnElement[Any], number: ColumnElement[int]) -> tuple[ColumnElement[Any], ...]:
        return (key.desc(), number.desc()) if self.sort.startswith("-") else (key.asc(), number.asc())

    def sort_lines(self, lines: list[Line]) -> list[Line]:
        return sorted(lines, key=attrgetter(self.key, "id"), reverse=self.sort.startswith("-"))

    def behind(self, table: Table) -> list[ColumnElement[bool]]:
        """What comes after the last row that was seen, in parts that an index answers one by one.

        As one condition it is none that SQLite can begin at, and as a row value none for MySQL: where thousands have
        the same priority, both would read all of those again for each page.
        """
        if self.last is None:
            return [true()]
        key, number = getattr(table, self.key), _TABLES[table][0]
        value, last = asked("last_key", key.type), asked("last_id")
        if self.sort.startswith("-"):
            return [and_(key == value, number < last), key < value]
        return [and_(key == value, number > last), key > value]

    def cursor_behind(self, row: Line) -> str:
        return encode_cursor(f"tickets{self.sort}", [getattr(row, self.key), row.id])


@dataclass(frozen=True)
class Outline:
    """A list as far as its statement knows it: for any reader of a kind, of anybody's tickets, behind any row."""

    kind: ActorKind
    filters: Filters
    order: Order

    @property
    def reader(self) -> Anybody:
        return Anybody(self.kind, asked("reader"))

    @property
    def corners(self) -> list[Corner]:
        return corners(self.reader, self.filters, self.order.key)

    @property
    def table(self) -> Table:
        """Which one has an index of this list in its order."""
        if self.order.key == "mentioned_at":
            return Mention
        if self.kind == "agent" and self.order.key in LISTED:
            if self.filters.tag is not None:
                return TicketTag
            if self.filters.mentioned:
                return Mention
        return Ticket

    @property
    def index(self) -> str:
        """That one, in which each status has the order."""
        is_of_agent = self.table is Ticket and self.filters.assignee is not None
        return f"{'ix_tickets_agent_id_status_' if is_of_agent else _TABLES[self.table][1]}{self.order.key}"


async def page(
    database: Database, actor: Actor, filters: Filters, *, sort: Sort, limit: int, cursor: str | None
) -> TicketPage:
    """Rows that this person may see, in the order of `sort`; ties by id in the same direction.

    Raises InvalidInput for a cursor of another list.
    """
    order = Order.of(sort, actor.kind, cursor)
    # One more than is shown: it tells whether there is a next page, where a count would read all of them.
    lines = order.sort_lines(await _look_up(database, _LINES, actor, narrowed(filters, sort), order, limit + 1))
    shown = lines[:limit]
    more = order.cursor_behind(shown[-1]) if len(lines) > limit else None
    return TicketPage([shape(each, actor) for each in shown], more)


async def numbers(database: Database, actor: Actor, filters: Filters, most: int) -> set[int]:
    """The ids of so many tickets of a list, those that are newest, for which a customer's own have an order."""
    found = await _look_up(database, _NUMBERS, actor, filters, Order("-created_at", actor.kind), most)
    return {number for (number,) in found}


async def _look_up(
    database: Database, lookup: Lookup[R], actor: Actor, filters: Filters, order: Order, limit: int
) -> list[R]:
    outline = Outline(actor.kind, filters.outline, order.outline)
    values = {"reader": actor.id, "limit": limit, **filters.values, **order.values}
    corner = None
    if order.key != "mentioned_at" and _has_corners(outline):
        # To count takes a third of the time that such a list takes, and what is small stays so for a while.
        whose = actor.id, *filters.values.values()
        corner = await database.kept((outline, whose), lambda: _small_corner(database, outline, values))
    return await database.look_up(lookup, outline, corner, **values)


async def _small_corner(database: Database, outline: Outline, values: dict[str, Any]) -> int | None:
    """The place of the first corner with few rows. All ways lead to the same rows; this one to the quickest way."""
    ((corner,),) = await database.look_up(_CORNER, outline, **values)
    return corner


@lru_cache(KEPT)
def _has_corners(outline: Outline) -> bool:
    return bool(outline.corners)


def _select_corner(outline: Outline) -> Select[*tuple[Any, ...]]:
    return select(first_small(outline.corners))


def _select_places(outline: Outline, small: int | None) -> Places:
    """The `id` and `key` of the next tickets of a list, found in its indexes alone; in a corner that is small."""
    filters, order = outline.filters, outline.order
    if small is not None:
        corner = outline.corners[small]
        wanted = _in_order(outline, Ticket)
        is_wanted = Ticket.status.in_(filters.statuses), corner.condition, or_(*order.behind(Ticket))
        return by_index(wanted.where(*is_wanted), Ticket, corner.index)
    table = outline.table
    wanted = _in_order(outline, table)
    if order.key == "awaiting_since":
        # The whole index is of those who wait, whatever their status.
        waiting = by_index(wanted, Ticket, "ix_tickets_awaiting_since").where(Ticket.status.in_(filters.statuses))
        return _merged([waiting.where(part) for part in order.behind(table)], order)
    wanted = by_index(wanted, table, outline.index)
    # Each status in its own order, to the length of a page: over several of them no index has one.
    branches = [
        wanted.where(table.status == status, part) for status in filters.statuses for part in order.behind(table)
    ]
    return _merged(branches, order)


def _in_order(outline: Outline, table: Table) -> Select[*tuple[Any, ...]]:
    """What fits of this table; with the ticket of each row, where its own columns do not tell."""
    filters, order, reader = outline.filters, outline.order, outline.reader
    number, key = _TABLES[table][0], getattr(table, order.key)
    rest = filters.of_ticket(reader, table)
    wanted = select(number.label("id"), key.label("key")).where(*filters.listed(reader, table), *rest)
    wanted = wanted.order_by(*order.by(key.expression, number.expression)).limit(_LIMIT)
    if table is Ticket or not rest:
        return wanted
    # In this order: the other way round MySQL asks every ticket for its tags.
    return wanted.select_from(table).join(Ticket, Ticket.id == number).prefix_with("STRAIGHT_JOIN", dialect="mysql")


def _merged(branches: Sequence[Select[*tuple[Any, ...]]], order: Order) -> Places:
    if len(branches) == 1:
        return branches[0]
    together = union_all(*branches)
    number, key = together.selected_columns
    return together.order_by(*order.by(key, number)).limit(_LIMIT)


def _select_lines(outline: Outline, small: int | None) -> Select[*tuple[Any, ...]]:
    """Their rows, in no order: a database would sort them with all that is in them, for a third of the whole time."""
    place = _select_places(outline, small).subquery("place")
    # In this order of tables: the few that were found, and one look at each of the others for each of them.
    found = select().select_from(place).join(Ticket, Ticket.id == place.c.id)
    return select_lines(found, outline.reader).prefix_with("STRAIGHT_JOIN", dialect="mysql")


def _select_numbers(outline: Outline, small: int | None) -> Select[*tuple[Any, ...]]:
    return select(_select_places(outline, small).subquery("place").c.id)


_LIMIT = asked("limit")
_CORNER = Lookup(list[int | None], _select_corner)
_NUMBERS = Lookup(list[int], _select_numbers)
_LINES = Lookup(Line, _select_lines)
