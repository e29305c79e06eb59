"""What a list is narrowed to, and which index of the table knows the fewest rows for it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import Case, ColumnElement, ScalarSelect, and_, bindparam, case, false, func, select, true

from csts.auth.actor import Actor
from csts.kit.columns import MAX_ID
from csts.kit.indexes import by_index
from csts.tickets.models import Mention, Ticket, TicketTag
from csts.tickets.queries import Anybody, visible_to
from csts.tickets.status import Priority, Status

Assignee = Literal["me", "none"] | int
Table = type[Ticket | TicketTag | Mention]

AWAITING: ColumnElement[bool] = Ticket.awaiting_since.is_not(None)
SNOOZED: ColumnElement[bool] = Ticket.snoozed_until.is_not(None)


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; nothing is narrowed by default."""

    status: Sequence[Status] = ()
    priority: Sequence[Priority] = ()
    issue_type: Sequence[str] = ()
    assignee: Assignee | None = None
    customer: int | None = None
    awaiting_reply: bool = False
    tag: int | None = None
    snoozed: bool | None = None
    mentioned: bool = False

    @property
    def narrow(self) -> bool:
        values = (self.status, self.priority, self.issue_type, self.assignee, self.customer, self.awaiting_reply)
        return any(values) or self.tag is not None or bool(self.snoozed) or self.mentioned

    @property
    def statuses(self) -> list[Status]:
        """Those that may appear, each once."""
        return [each for each in Status if not self.status or each in self.status]

    @property
    def outline(self) -> "Filters":
        """The same for anybody's tickets and for any tag: what a statement is made for. Whose they are are `values`."""
        return replace(
            self,
            status=tuple(self.statuses),
            priority=tuple(sorted(set(self.priority))),
            issue_type=tuple(sorted(set(self.issue_type))),
            assignee=self.assignee if self.assignee in {"me", "none", None} else 0,
            customer=None if self.customer is None else 0,
            tag=None if self.tag is None else 0,
        )

    @property
    def values(self) -> dict[str, Any]:
        return {"assignee": self.assignee, "customer": self.customer, "tag": self.tag}

    def conditions(self, actor: Actor | Anybody) -> list[ColumnElement[bool]]:
        """All but the status: what this person may see, and of it what he wants."""
        return [*self.listed(actor, Ticket), *self.of_ticket(actor, Ticket)]

    def listed(self, actor: Actor | Anybody, table: Table) -> list[ColumnElement[bool]]:
        """Of them those that the columns of this table tell."""
        found: list[ColumnElement[bool]] = []
        if table is TicketTag:
            found.append(self.tagged)
        if table is Mention:
            found.append(mentions_of(actor))
        if self.priority:
            found.append(table.priority_rank.in_(sorted({each.rank for each in self.priority})))
        if self.issue_type:
            found.append(table.issue_type.in_(sorted(set(self.issue_type))))
        return found

    def of_ticket(self, actor: Actor | Anybody, table: Table) -> list[ColumnElement[bool]]:
        """Of them the others, for which the ticket has to stand beside a row of this table."""
        found: list[ColumnElement[bool]] = []
        # The condition alone, since a row of a list has other columns; none means that everything may be seen.
        if (mine := visible_to(actor).whereclause) is not None:
            found.append(mine)
        if self.assignee is not None:
            found.append(self.holder(actor))
        if self.customer is not None:
            found.append(self.of_customer)
        if self.awaiting_reply:
            found.append(AWAITING)
        if self.tag is not None and table is not TicketTag:
            found.append(self.has_tag(actor))
        if self.snoozed is not None:
            found.append(self.sleeps(actor))
        if self.mentioned and table is not Mention:
            found.append(is_mentioned(actor))
        return found

    def sleeps(self, actor: Actor | Anybody) -> ColumnElement[bool]:
        """Customers are not told of it, so for them all tickets are awake."""
        if actor.kind != "agent":
            return false() if self.snoozed else true()
        return SNOOZED if self.snoozed else Ticket.snoozed_until.is_(None)

    def has_tag(self, actor: Actor | Anybody) -> ColumnElement[bool]:
        """Customers are not told of tags, so for them no ticket has any."""
        if actor.kind != "agent":
            return false()
        # Counted, where EXISTS would say the same: MySQL takes that apart, and begins with all that have the tag.
        has = select(func.count()).where(TicketTag.ticket_id == Ticket.id, self.tagged)
        return has.correlate(Ticket).scalar_subquery() > 0

    def holder(self, actor: Actor | Anybody) -> ColumnElement[bool]:
        if self.assignee == "none":
            return Ticket.agent_id.is_(None)
        if self.assignee == "me":
            return Ticket.agent_id == actor.id if actor.kind == "agent" else false()
        return Ticket.agent_id == bindparam("assignee", self.assignee)

    @property
    def of_customer(self) -> ColumnElement[bool]:
        return Ticket.user_id == bindparam("customer", self.customer)

    @property
    def tagged(self) -> ColumnElement[bool]:
        return TicketTag.tag_id == bindparam("tag", self.tag)


def mentions_of(actor: Actor | Anybody) -> ColumnElement[bool]:
    """The mentions of this person; customers are called by nobody."""
    return Mention.agent_id == actor.id if actor.kind == "agent" else false()


def is_mentioned(actor: Actor | Anybody) -> ColumnElement[bool]:
    """Counted as tags are, and for the same reason."""
    calls = select(func.count()).where(Mention.ticket_id == Ticket.id, mentions_of(actor))
    return calls.correlate(Ticket).scalar_subquery() > 0


@dataclass(frozen=True)
class Corner:
    """Tickets that an index finds by one equality. Up to `most` are sorted faster than a whole order is read."""

    index: str
    condition: ColumnElement[bool]
    most: int


# Where the key stands outside of the index, each row is looked up in the table.
_MOST_LOOKED_UP = 2_000


def corners(actor: Actor | Anybody, filters: Filters, key: str) -> list[Corner]:
    """Where the rows of this list may be found together, the likely smallest corner first."""
    found = []
    if filters.awaiting_reply:
        found.append(Corner("ix_tickets_awaiting_since", AWAITING, _MOST_LOOKED_UP))
    if filters.snoozed and actor.kind == "agent":
        found.append(Corner("ix_tickets_snoozed_until", SNOOZED, _MOST_LOOKED_UP))
    if actor.kind == "customer" or filters.customer is not None:
        owned = Ticket.user_id == actor.id if actor.kind == "customer" else filters.of_customer
        # By what a customer sees no index has an order: his own are sorted, however many they are. All of them in the
        # order in which they were opened stand in this index as they are wanted.
        is_in_order = key == "created_at" and replace(filters, customer=None) == Filters().outline
        most = MAX_ID if is_in_order or key == "public_updated_at" else _MOST_LOOKED_UP
        found.append(Corner("ix_tickets_user_id_created_at", owned, most))
    # Every other order of an agent's tickets has an index, but not of those with a tag.
    is_apart = key == "awaiting_since" or filters.tag is not None or filters.mentioned
    if filters.assignee is not None and is_apart:
        held = and_(filters.holder(actor), Ticket.status.in_(filters.statuses))
        found.append(Corner("ix_tickets_agent_id_status_updated_at", held, _MOST_LOOKED_UP))
    if len(filters.issue_type) == 1:
        is_of_type = Ticket.issue_type == filters.issue_type[0]
        found.append(Corner("ix_tickets_issue_type", is_of_type, _MOST_LOOKED_UP))
    return found


def first_small(found: Sequence[Corner]) -> Case[Any]:
    """The place of the first corner that is small enough, or NULL; counted as far as tells."""
    return case(
        *((_row(each.condition, each.most, index=each.index).is_(None), place) for place, each in enumerate(found))
    )


def capped(condition: ColumnElement[bool], cap: int, *, index: str) -> ColumnElement[int]:
    """How many tickets meet the condition, counted in this index and no further than the cap."""
    counted = by_index(select(func.count(Ticket.id)).where(condition), Ticket, index).scalar_subquery()
    is_less = _row(condition, cap - 1, index=index).is_(None)
    return case((is_less, counted), else_=cap)


def _row(condition: ColumnElement[bool], place: int, *, index: str) -> ScalarSelect[int]:
    """The number of the row at this place among those that meet the condition, or NULL where they are fewer.

    To count them in a subquery with a LIMIT would say the same; MySQL keeps a copy of all of them for that.
    """
    met = by_index(select(Ticket.id).where(condition), Ticket, index)
    return met.limit(1).offset(place).scalar_subquery()
