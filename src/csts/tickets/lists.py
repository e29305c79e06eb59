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
from csts.tickets.filters import NUMBERS, Corner, Filters, corners, first_small, mentions_corner
from csts.tickets.models import Mention, Ticket
from csts.tickets.queries import Anybody
from csts.tickets.rows import Line, select_lines, shape
from csts.tickets.schemas import TicketPage

R = TypeVar("R")

Sort = Literal["-created_at", "created_at", "-priority", "priority", "-updated_at", "awaiting_since", "-mentioned_at"]
Places = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]

_Moment = Annotated[datetime, msgspec.Meta(tz=True)]
_Number = Annotated[int, msgspec.Meta(ge=0, le=MAX_ID)]
_KEYS: dict[str, tuple[InstrumentedAttribute[Any], Any]] = {
    "created_at": (Ticket.created_at, _Moment),
    "updated_at": (Ticket.updated_at, _Moment),
    "public_updated_at": (Ticket.public_updated_at, _Moment),
    "priority": (Ticket.priority_rank, _Number),
    "awaiting_since": (Ticket.awaiting_since, _Moment),
    "mentioned_at": (Mention.mentioned_at, _Moment),
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
        return _KEYS[sort.lstrip("-")][1]

    @property
    def outline(self) -> "Order":
        """The same behind whichever row; which one it is are the `values`."""
        return replace(self, last=self.last and ())

    @property
    def values(self) -> dict[str, Any]:
        return dict(zip(("last_key", "last_id"), self.last or (), strict=False))

    @property
    def key(self) -> InstrumentedAttribute[Any]:
        name = self.sort.lstrip("-")
        # What agents do among themselves must not move a ticket in its customer's list either.
        return _KEYS[f"public_{name}" if name == "updated_at" and self.reader == "customer" else name][0]

    @property
    def number(self) -> InstrumentedAttribute[Any]:
        """The ticket's id, in the table whose index has the order."""
        return NUMBERS[self.key.class_]

    def by(self, key: ColumnElement[Any], number: ColumnElement[int]) -> tuple[ColumnElement[Any], ...]:
        return (key.desc(), number.desc()) if self.sort.startswith("-") else (key.asc(), number.asc())

    def sort_lines(self, lines: list[Line]) -> list[Line]:
        return sorted(lines, key=attrgetter(self.key.key, "id"), reverse=self.sort.startswith("-"))

    def behind(self) -> list[ColumnElement[bool]]:
        """What comes after the last row that was seen, in parts that an index answers one by one.

        As one condition it is none that SQLite can begin at, and as a row value none for MySQL: where thousands have
        the same priority, both would read all of those again for each page.
        """
        if self.last is None:
            return [true()]
        value, number = asked("last_key", self.key.type), asked("last_id")
        if self.sort.startswith("-"):
            return [and_(self.key == value, self.number < number), self.key < value]
        return [and_(self.key == value, self.number > number), self.key > value]

    def cursor_behind(self, row: Line) -> str:
        return encode_cursor(f"tickets{self.sort}", [getattr(row, self.key.key), row.id])


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
        return corners(self.reader, self.filters, self.order.key.key)


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
    if order.sort != "-mentioned_at" and _has_corners(outline):
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
    if order.sort == "-mentioned_at":
        return _select_mentioned(outline)
    corner = None if small is None else outline.corners[small]
    conditions = (corner.rest(filters) if corner else filters).conditions(outline.reader)
    wanted = select(Ticket.id, order.key.label("key")).where(*conditions)
    wanted = wanted.order_by(*order.by(order.key.expression, Ticket.id.expression)).limit(_LIMIT)
    if corner:
        return corner.narrow(wanted.where(Ticket.status.in_(filters.statuses), or_(*order.behind())))
    if order.sort == "awaiting_since":
        # The whole index is of those who wait, whatever their status.
        waiting = by_index(wanted, Ticket, "ix_tickets_awaiting_since").where(Ticket.status.in_(filters.statuses))
        return _merged([waiting.where(part) for part in order.behind()], order)
    by_agent = "" if filters.assignee is None else "agent_id_"
    wanted = by_index(wanted, Ticket, f"ix_tickets_{by_agent}status_{order.key.key}")
    # Each status in its own order, to the length of a page: over several of them no index has one.
    branches = [wanted.where(Ticket.status == status, part) for status in filters.statuses for part in order.behind()]
    return _merged(branches, order)


def _select_mentioned(outline: Outline) -> Places:
    """One's mentions in their order; a ticket that does not fit costs a look at it."""
    filters, order, corner = outline.filters, outline.order, mentions_corner(outline.reader)
    wanted = select(Mention.ticket_id.label("id"), order.key.label("key"))
    wanted = wanted.where(*corner.rest(filters).conditions(outline.reader), Ticket.status.in_(filters.statuses))
    wanted = wanted.order_by(*order.by(order.key.expression, order.number.expression)).limit(_LIMIT)
    return _merged([corner.narrow(wanted).where(part) for part in order.behind()], order)


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
