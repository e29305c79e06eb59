"""What happens to a ticket's own columns when it moves or is written to: rules without a database.

They hold for a row of the ORM as for the bare one that a batch of messages works on.
"""

from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from csts.realtime.people import Person
from csts.tickets.status import Status

PREVIEW_CHARS = 140


class Movable(Protocol):
    """The columns that say where a ticket stands."""

    status: str
    awaiting_since: datetime | None
    snoozed_until: datetime | None
    updated_at: datetime
    public_updated_at: datetime


class Standing(msgspec.Struct, array_like=True):
    """A locked ticket without its words: what a new message looks at, and changes."""

    id: int
    ticket_no: str
    user_id: int
    agent_id: int | None
    status: str
    last_seq: int
    last_public_seq: int
    customer_messages: int
    staff_messages: int
    awaiting_since: datetime | None
    updated_at: datetime
    public_updated_at: datetime
    last_message_preview: str
    assisted: bool
    snoozed_until: datetime | None
    merged_into_id: int | None
    issue_type: str
    priority_rank: int
    created_at: datetime
    tags: str
    has_mentions: bool

    def allot(self, *, internal: bool) -> tuple[int, int | None]:
        """The next `(seq, public_seq)`; a note has no public one."""
        self.last_seq += 1
        if internal:
            return self.last_seq, None
        self.last_public_seq += 1
        return self.last_seq, self.last_public_seq

    def hear(self, sender: str, words: str, at: datetime) -> None:
        """Move what the lists show when one side has written to the other: preview, unread, who waits for whom."""
        if sender == "customer":
            self.customer_messages += 1
            self.awaiting_since = self.awaiting_since or at
        else:
            self.staff_messages += 1
            self.awaiting_since = None
        self.last_message_preview = words[:PREVIEW_CHARS]
        touch(self, at)


def touch(ticket: Movable, at: datetime) -> None:
    """It has changed now, and later than before: clients drop what is older than what they hold."""
    touch_for_agents(ticket, at)
    ticket.public_updated_at = max(at, ticket.public_updated_at + timedelta(microseconds=1))


def touch_for_agents(ticket: Movable, at: datetime) -> None:
    """It has changed in what its customer does not see."""
    ticket.updated_at = max(at, ticket.updated_at + timedelta(microseconds=1))


def set_status(ticket: Movable, status: Status) -> None:
    ticket.status = status
    # Who waits for the customer, or has solved it, owes him no answer.
    if status not in (Status.OPEN, Status.IN_PROGRESS):
        ticket.awaiting_since = None
    if not status.is_active:
        ticket.snoozed_until = None


def wake(ticket: Movable, at: datetime) -> None:
    """It is back in its queue, where somebody has to look at it now."""
    ticket.snoozed_until = None
    ticket.awaiting_since = ticket.awaiting_since or at


def move(ticket: Movable, by: Person, status: Status, at: datetime) -> str:
    """Set the status, whose move has been checked; gives the sentence that tells of it."""
    was_active = Status(ticket.status).is_active
    set_status(ticket, status)
    if status.is_active and not was_active:
        ticket.awaiting_since = at if by.kind == "customer" else None
    touch(ticket, at)
    return f"{by.name} {_moved_to(status, was_active=was_active)}."


def _moved_to(status: Status, *, was_active: bool) -> str:
    if status.is_active and not was_active:
        return "opened this ticket again"
    if status is Status.WAITING:
        return "is waiting for the customer's answer"
    return {Status.RESOLVED: "marked this ticket as solved", Status.CLOSED: "closed this ticket"}.get(
        status, f"set this ticket to {status.words}"
    )
