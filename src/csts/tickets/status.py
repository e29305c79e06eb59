"""The moves that a ticket may make, and who may make them; pure rules without a database."""

from enum import StrEnum
from http import HTTPStatus
from typing import Literal

from csts.kit.errors import DomainError
from csts.tickets.references import TicketRef, ticket_no_of


class Status(StrEnum):
    OPEN = "open"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    RESOLVED = "resolved"
    CLOSED = "closed"

    @property
    def is_active(self) -> bool:
        return self in ACTIVE

    @property
    def words(self) -> str:
        """As a sentence says it: "in progress"."""
        return self.value.replace("_", " ")


class Priority(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    URGENT = "urgent"

    @property
    def rank(self) -> int:
        """0 for the least; what lists sort by."""
        return list(Priority).index(self)


ACTIVE = (Status.OPEN, Status.IN_PROGRESS, Status.WAITING)

MOVES: dict[Status, tuple[Status, ...]] = {
    Status.OPEN: (Status.IN_PROGRESS, Status.WAITING, Status.RESOLVED, Status.CLOSED),
    Status.IN_PROGRESS: (Status.OPEN, Status.WAITING, Status.RESOLVED, Status.CLOSED),
    Status.WAITING: (Status.OPEN, Status.IN_PROGRESS, Status.RESOLVED, Status.CLOSED),
    Status.RESOLVED: (Status.OPEN, Status.IN_PROGRESS, Status.CLOSED),
    Status.CLOSED: (Status.OPEN,),
}

# He ends what is his or brings it back; what lies between says how agents work.
CUSTOMER_MOVES: dict[Status, tuple[Status, ...]] = {
    status: (Status.CLOSED,) if status.is_active else (Status.OPEN,) for status in Status
}


class IllegalMove(DomainError):
    """Names `from`, `to` and `allowed`."""

    code = "illegal_move"
    status = HTTPStatus.CONFLICT
    detail = "A ticket cannot go from where it is to there."


class MoveNotYours(DomainError):
    code = "move_not_yours"
    status = HTTPStatus.FORBIDDEN
    detail = "Only our agents can set that status. You can close your ticket, or open it again once it is solved."


class TicketMerged(DomainError):
    """Names in `merged_into` where its talk goes on: `{id, ticket_no}`."""

    code = "ticket_merged"
    status = HTTPStatus.CONFLICT
    detail = "This ticket was merged into another one, where its conversation goes on."

    @classmethod
    def of(cls, ticket_id: int, merged_into_id: int) -> "TicketMerged":
        target = TicketRef.to(merged_into_id)
        words = f"{ticket_no_of(ticket_id)} was merged into {target.ticket_no}. The conversation goes on there."
        return cls(words, merged_into=target.members())


def allowed_moves(kind: Literal["customer", "agent"], status: Status) -> tuple[Status, ...]:
    return (CUSTOMER_MOVES if kind == "customer" else MOVES)[status]


def check_move(kind: Literal["customer", "agent"], start: Status, goal: Status) -> None:
    """Raises MoveNotYours for what only agents do, IllegalMove for what nobody can do from here."""
    if kind == "customer" and goal not in (Status.OPEN, Status.CLOSED):
        raise MoveNotYours
    if goal not in MOVES[start]:
        raise IllegalMove(
            f"This ticket is {start.words}; it cannot be set to {goal.words} from there.",
            **{"from": start, "to": goal, "allowed": allowed_moves(kind, start)},
        )
    if goal not in allowed_moves(kind, start):
        raise MoveNotYours


def status_after_customer_wrote(status: Status, *, is_claimed: bool) -> Status:
    """Where a customer's message takes the ticket: what waits for him or was solved comes back to the desk."""
    if status in (Status.WAITING, Status.RESOLVED):
        return Status.IN_PROGRESS if is_claimed else Status.OPEN
    return status
