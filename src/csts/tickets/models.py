"""The tables of tickets: the ticket itself, its history, and how far each person has read it."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Connection,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    Update,
    bindparam,
    column,
    event,
    false,
    select,
    table,
    update,
)
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from csts.kit import clock
from csts.kit.columns import UtcDateTime, exact_string
from csts.kit.db import Base
from csts.tickets.status import Priority, Status

# Named, not imported: messages live in a room above this one. Visibility and search still have to ask them.
MESSAGES = table(
    "messages",
    column("id", Integer),
    column("ticket_id", Integer),
    column("sender", String),
    column("content", Text),
    column("internal", Boolean),
)

_EPOCH = "1970-01-01 00:00:00"
_FILTERED = ("id", "agent_id", "user_id", "issue_type")
_AGENTS = ("agent_id", "status")


class Ticket(Base):
    """`last_seq` counts all messages, `last_public_seq` those that the customer may see.

    `customer_messages` and `staff_messages` count what each side has said to the other, so that unread
    is a subtraction. `awaiting_since` is set while the customer had the last word. `assisted` says that nobody of
    the desk has written, claimed or moved it yet, so that the assistant may speak.
    """

    __tablename__ = "tickets"
    # A page is read in its order inside of one status, whatever else it is narrowed to: the columns behind the id are
    # what lists filter by, so that a row that does not fit is passed by without a look at the table.
    __table_args__ = (
        Index("ix_tickets_status_created_at", "status", "created_at", *_FILTERED, "priority_rank"),
        Index("ix_tickets_status_updated_at", "status", "updated_at", *_FILTERED, "priority_rank"),
        Index("ix_tickets_status_priority_rank", "status", "priority_rank", *_FILTERED),
        # The same for each agent, who has thousands of them after some years.
        Index("ix_tickets_agent_id_status_created_at", *_AGENTS, "created_at", "id", "priority_rank", "issue_type"),
        Index("ix_tickets_agent_id_status_updated_at", *_AGENTS, "updated_at", "id", "priority_rank", "issue_type"),
        Index("ix_tickets_agent_id_status_priority_rank", *_AGENTS, "priority_rank", "id", "issue_type"),
        # What one customer has, or a category that hardly anybody uses, is few enough to be sorted. Of a customer
        # behind the id, too, stands what his lists filter by, and what they are sorted by.
        Index(
            "ix_tickets_user_id_created_at",
            *("user_id", "created_at", "id", "status", "agent_id", "issue_type", "priority_rank"),
            *("updated_at", "public_updated_at"),
        ),
        Index("ix_tickets_issue_type", "issue_type", "id"),
        Index("ix_tickets_awaiting_since", "awaiting_since", "id"),
        Index("ix_tickets_snoozed_until", "snoozed_until", "id"),
        Index("ix_tickets_merged_into_id", "merged_into_id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    # Longer than any number, for the UUID that holds its place until the id is known.
    ticket_no: Mapped[str] = mapped_column(exact_string(40), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    issue_type: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text)
    callback_number: Mapped[str | None] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20), default=Status.OPEN)
    priority: Mapped[str] = mapped_column(String(20))
    # What lists sort by: the words themselves stand in no useful order, and a CASE would pass the index by.
    priority_rank: Mapped[int] = mapped_column(SmallInteger)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    # The same as its customer sees it: what agents do among themselves does not move it.
    public_updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    last_seq: Mapped[int] = mapped_column(default=0)
    last_public_seq: Mapped[int] = mapped_column(default=0)
    customer_messages: Mapped[int] = mapped_column(default=0)
    staff_messages: Mapped[int] = mapped_column(default=0)
    awaiting_since: Mapped[datetime | None] = mapped_column(UtcDateTime, default=clock.now)
    last_message_preview: Mapped[str] = mapped_column(String(200), default="")
    # Old tickets are people's; a new one says so when it is opened.
    assisted: Mapped[bool] = mapped_column(default=False)
    # Until then it is in nobody's way: no queue but its own has it. Its customer does not know.
    snoozed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # What `TicketTag` says, once more, one name a line: lists show it, and should read no other table for that.
    tags: Mapped[str] = mapped_column(String(1000), default="", server_default="")
    # Whether there is a `Mention` of it, so that a message need not look for any.
    has_mentions: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Since then it has its numbers and its history, and no word of its customer.
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Where its talk goes on, for good: always a ticket that is not merged itself.
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))

    def set_priority(self, priority: Priority) -> None:
        self.priority = priority
        self.priority_rank = priority.rank


class Tag(Base):
    """A word by which agents find tickets again, as it was first written.

    `lookup` is the same for all of its spellings.
    """

    __tablename__ = "tags"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    # Not `key`, which MySQL has for itself. Small letters may be three where there was one.
    lookup: Mapped[str] = mapped_column(exact_string(120), unique=True)
    name: Mapped[str] = mapped_column(String(40))


# What lists narrow and sort by.
LISTED = ("status", "issue_type", "priority_rank", "created_at", "updated_at")


class Listed:
    """The columns of `LISTED` as the ticket has them, in what leads to it: no index holds those of another table.

    They follow the ticket within each transaction that changes it (`_tell_lists`, and `write` of chat/posting).
    """

    status: Mapped[str] = mapped_column(String(20), server_default="")
    issue_type: Mapped[str] = mapped_column(String(60), server_default="")
    priority_rank: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, server_default=_EPOCH)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, server_default=_EPOCH)


def _in_order(table_name: str, owner: str, *keys: str) -> list[Index]:
    """An index for each order: a page is read in it inside of one status, and what does not fit is passed by."""
    fits = ("priority_rank", "issue_type")
    return [
        Index(
            f"ix_{table_name}_{owner}_status_{key}",
            owner,
            "status",
            key,
            "ticket_id",
            *(each for each in fits if each != key),
        )
        for key in keys
    ]


class TicketTag(Listed, Base):
    """A ticket has a tag."""

    __tablename__ = "ticket_tags"
    __table_args__ = (*_in_order("ticket_tags", "tag_id", "created_at", "updated_at", "priority_rank"),)

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True, autoincrement=False)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tags.id"), primary_key=True, autoincrement=False)


class TicketEvent(Base):
    """One line of a ticket's history; `data` depends on the kind, see docs/reference/events.md."""

    __tablename__ = "ticket_events"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int] = mapped_column(default=0)
    # Copied: history says under which name something was done, also when the account is called otherwise later.
    actor_name: Mapped[str] = mapped_column(String(100))
    public: Mapped[bool] = mapped_column(default=True)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class SavedView(Base):
    """What a list was narrowed to, under a name, for its owner or for all agents."""

    __tablename__ = "saved_views"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    shared: Mapped[bool] = mapped_column(index=True)
    filters: Mapped[dict[str, str]] = mapped_column(JSON)


class Mention(Listed, Base):
    """An internal note has called an agent to this ticket: the latest one, its number, and who wrote it.

    `seen` once he has read the thread up to there.
    """

    __tablename__ = "mentions"
    __table_args__ = (
        *_in_order("mentions", "agent_id", "mentioned_at", "created_at", "updated_at", "priority_rank"),
        # How many he has not seen is answered by this alone.
        Index("ix_mentions_agent_id_seen", "agent_id", "seen"),
    )

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True, autoincrement=False)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), primary_key=True, autoincrement=False)
    seq: Mapped[int]
    author_id: Mapped[int]
    author_name: Mapped[str] = mapped_column(String(100))
    mentioned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen: Mapped[bool] = mapped_column(default=False)


class ReadMark(Base):
    """How far one person has read one ticket: in all numbers, in public ones, and in messages of the other side."""

    __tablename__ = "read_marks"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True, autoincrement=False)
    reader_kind: Mapped[str] = mapped_column(exact_string(20), primary_key=True)
    reader_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reader_name: Mapped[str] = mapped_column(String(100))
    seq: Mapped[int] = mapped_column(default=0)
    public_seq: Mapped[int] = mapped_column(default=0)
    seen: Mapped[int] = mapped_column(default=0)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, onupdate=clock.now)


def follow(kept: type[TicketTag | Mention]) -> Update:
    """Gives its rows what their tickets have, all of them or those of a `where`."""
    return update(kept).values(
        {name: select(getattr(Ticket, name)).where(Ticket.id == kept.ticket_id).scalar_subquery() for name in LISTED}
    )


def _of_one(kept: type[TicketTag | Mention]) -> Update:
    return follow(kept).where(kept.ticket_id == bindparam("changed"))


_tags_follow, _mentions_follow = _of_one(TicketTag), _of_one(Mention)


@event.listens_for(Ticket, "after_update")
def _tell_lists(_mapper: Mapper[Ticket], connection: Connection, ticket: Ticket) -> None:
    # From the table, and not from this object, which may have been read before a batch of messages has changed it.
    if ticket.tags:
        connection.execute(_tags_follow, {"changed": ticket.id})
    connection.execute(_mentions_follow, {"changed": ticket.id})
