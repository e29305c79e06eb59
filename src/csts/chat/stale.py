"""A reply is stale when somebody else has written behind what its author had before him when he began.

Decided in the batch, under the ticket's lock: of two agents who send at the same moment the second is held.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol

import msgspec

from csts.realtime.people import Kind, Person
from csts.tickets.state import Standing

# Whoever knows less than all but these has not followed the talk, whoever wrote them.
MOST_LOOKED_AT = 100


class Written(Protocol):
    """A line, as far as it matters who wrote it."""

    @property
    def ticket_id(self) -> int: ...
    @property
    def seq(self) -> int: ...
    @property
    def person(self) -> Person: ...


class Author(msgspec.Struct, frozen=True, array_like=True):
    """Who wrote a stored line."""

    ticket_id: int
    seq: int
    sender: Kind
    sender_id: int
    sender_name: str

    @property
    def person(self) -> Person:
        return Person(self.sender, self.sender_id, self.sender_name)


class Reply(NamedTuple):
    """Somebody answers in this ticket, and has seen its lines up to `after`."""

    person: Person
    ticket_id: int
    after: int


def unseen(replies: Iterable[Reply], tickets: Mapping[int, Standing]) -> list[tuple[int, int]]:
    """`(ticket_id, seq)` of the stored lines whose authors have to be known: behind what each has seen."""
    behind = set[tuple[int, int]]()
    for reply in replies:
        last = tickets[reply.ticket_id].last_seq if reply.ticket_id in tickets else 0
        if last - reply.after <= MOST_LOOKED_AT:
            behind.update((reply.ticket_id, seq) for seq in range(reply.after + 1, last + 1))
    return sorted(behind)


def is_stale(reply: Reply, last_seq: int, written: Iterable[Written]) -> bool:
    """Whether one of these lines is behind what was seen, and another person's; the system's wait for no answer."""
    if last_seq - reply.after > MOST_LOOKED_AT:
        return True
    return any(
        line.ticket_id == reply.ticket_id
        and line.seq > reply.after
        and line.person.kind != "system"
        and not line.person.is_same_as(reply.person)
        for line in written
    )
