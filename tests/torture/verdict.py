"""The end of a run: what the database holds, against what everybody was told."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select

from csts.chat.models import Message
from csts.tickets.models import Ticket
from tests.sockets.story import whole_thread
from tests.support.database import engine_for
from tests.torture.party import Party

AT_ONCE = 8


class Line(NamedTuple):
    """One message as all must agree on it, in the numbers of one kind of reader."""

    seq: int
    id: int
    sender: str
    client_id: str
    content: str


@dataclass
class Stored:
    """What the database holds when all is quiet."""

    messages: dict[int, list[Message]]
    tickets: dict[int, Ticket]

    def thread(self, party: Party) -> list[Line]:
        return [
            Line(message.number_for(kind), message.id, message.sender, message.client_id, message.content)
            for kind in [party.who.account.kind]
            for message in self.messages[party.ticket_id]
            if kind == "agent" or not message.internal
        ]


async def stored(url: str) -> Stored:
    engine = engine_for(url)
    async with engine.connect() as connection:
        rows = await connection.execute(select(Message.__table__).order_by(Message.ticket_id, Message.seq))
        tickets = await connection.execute(select(Ticket.__table__))
    await engine.dispose()
    messages: defaultdict[int, list[Message]] = defaultdict(list)
    for row in rows:
        messages[row.ticket_id].append(Message(**row._asdict()))
    return Stored(messages, {row.id: Ticket(**row._asdict()) for row in tickets})


def held(party: Party) -> list[Line]:
    """The thread of a party, put together from its sockets."""
    return [_line(frame) for _, frame in sorted(party.thread.items())]


def faults(found: Stored, parties: Sequence[Party]) -> list[str]:
    """Everything that is not as promised, in sentences."""
    by_ticket = [fault for ticket_id in found.messages for fault in _numbers(found, ticket_id)]
    return (
        by_ticket
        + list(_what_was_written(found, parties))
        + [
            f"{party.name} holds another thread than the server"
            for party in parties
            if held(party) != found.thread(party)
        ]
    )


def _numbers(found: Stored, ticket_id: int) -> Iterable[str]:
    messages, ticket = found.messages[ticket_id], found.tickets[ticket_id]
    public = [message for message in messages if not message.internal]
    if [message.seq for message in messages] != list(range(1, ticket.last_seq + 1)):
        yield f"ticket {ticket_id} has gaps in its numbers, or ends elsewhere than at {ticket.last_seq}"
    if [message.public_seq for message in public] != list(range(1, ticket.last_public_seq + 1)):
        yield f"ticket {ticket_id} has gaps in its public numbers, or ends elsewhere than at {ticket.last_public_seq}"
    senders = Counter(message.sender for message in public)
    if (senders["customer"], senders["agent"]) != (ticket.customer_messages, ticket.staff_messages):
        yield f"ticket {ticket_id} counts {ticket.customer_messages} and {ticket.staff_messages}, and holds {senders}"


def _what_was_written(found: Stored, parties: Sequence[Party]) -> Iterable[str]:
    for party in parties:
        kind = party.who.account.kind
        mine = [message for message in found.messages[party.ticket_id] if message.sender == kind]
        ids = Counter(message.client_id for message in mine)
        yield from (f"{party.name}: {name} is stored {ids[name]} times" for name in party.written if ids[name] != 1)
        yield from (f"{party.name}: {name} was never written" for name in ids.keys() - party.written.keys())
        yield from (
            f"{party.name}: {message.client_id} is not what was written or acknowledged"
            for message in mine
            if message.client_id in party.written
            and (message.id, message.content)
            != (party.confirmed[message.client_id], party.written[message.client_id].content)
        )


async def threads_differ(found: Stored, parties: Sequence[Party]) -> list[str]:
    """Whose thread the server tells differently over HTTP."""
    slots = asyncio.Semaphore(AT_ONCE)

    async def differs(party: Party) -> bool:
        async with slots:
            told = await whole_thread(party.who, party.ticket_id)
        return [_line(frame) for frame in told] != found.thread(party)

    different = await asyncio.gather(*(differs(party) for party in parties))
    return [
        f"{party.name} is told another thread over HTTP"
        for party, is_so in zip(parties, different, strict=True)
        if is_so
    ]


def _line(frame: dict[str, object]) -> Line:
    sender = frame["sender"]
    assert isinstance(sender, dict)
    return Line(
        int(str(frame["seq"])), int(str(frame["id"])), sender["kind"], str(frame["client_id"]), str(frame["content"])
    )
