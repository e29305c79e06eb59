"""Reads of a thread, each behind `visible_to` of the ticket."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from csts.attachments.models import Attachment
from csts.attachments.schemas import AttachmentOut
from csts.auth.actor import Actor
from csts.chat.events import message_frame
from csts.chat.models import Message
from csts.chat.schemas import MessageFrame, ReadBy
from csts.realtime.people import Person
from csts.tickets.models import ReadMark


def number_column(kind: str) -> InstrumentedAttribute[Any]:
    """The column that numbers the thread for readers of this kind."""
    return Message.seq if kind == "agent" else Message.public_seq


async def thread(
    session: AsyncSession, actor: Actor, ticket_id: int, *, after: int | None, before: int | None, limit: int
) -> list[MessageFrame]:
    """The `limit` messages nearest to `after` or `before`, or the newest; oldest first."""
    number = number_column(actor.kind)
    query = select(Message).where(Message.ticket_id == ticket_id, number.is_not(None))
    if after is not None:
        query = query.where(number > after)
    if before is not None:
        query = query.where(number < before)
    # From the near end, so that the limit cuts off the far one.
    order = number.asc() if after is not None else number.desc()
    found = list(await session.scalars(query.order_by(order).limit(limit)))
    return await frames(session, sorted(found, key=lambda message: message.seq), actor.kind)


async def frames(session: AsyncSession, messages: Sequence[Message], kind: str) -> list[MessageFrame]:
    """The messages with their files, as readers of this kind see them."""
    files = await _files_of(session, [message.id for message in messages])
    return [message_frame(message, files[message.id], kind) for message in messages]


async def read_by(session: AsyncSession, ticket_id: int, kind: str) -> list[ReadBy]:
    """How far everybody has read, in the numbers of readers of this kind."""
    marks = await session.execute(_MARKS, {"ticket": ticket_id})
    return [
        ReadBy(
            Person(mark.reader_kind, mark.reader_id, mark.reader_name),
            mark.seq if kind == "agent" else mark.public_seq,
        )
        for mark in marks
    ]


# Built once: each socket that opens asks it.
_MARKS = (
    select(*ReadMark.__table__.c)
    .where(ReadMark.ticket_id == bindparam("ticket"))
    .order_by(ReadMark.reader_kind, ReadMark.reader_id)
)


async def both_numbers(session: AsyncSession, ticket_id: int, kind: str, number: int) -> tuple[int, int]:
    """`(seq, public_seq)` of the last message at or before `number`, which is in the numbers of this kind."""
    column = number_column(kind)
    found = await session.execute(
        select(func.max(Message.seq), func.max(Message.public_seq)).where(
            Message.ticket_id == ticket_id, column <= number
        )
    )
    seq, public_seq = found.one()
    return seq or 0, public_seq or 0


async def written_after(session: AsyncSession, ticket_id: int, reader_kind: str, seq: int) -> int:
    """How many messages the other side has written behind `seq`."""
    # Lines of the system are read, too, but wait for nobody.
    theirs = Message.sender == "customer" if reader_kind == "agent" else Message.sender.in_(("agent", "assistant"))
    count = select(func.count()).where(
        Message.ticket_id == ticket_id, Message.seq > seq, theirs, Message.public_seq.is_not(None)
    )
    return await session.scalar(count) or 0


async def _files_of(session: AsyncSession, message_ids: list[int]) -> dict[int, list[AttachmentOut]]:
    files: defaultdict[int, list[AttachmentOut]] = defaultdict(list)
    if message_ids:
        rows = await session.scalars(
            select(Attachment).where(Attachment.message_id.in_(message_ids)).order_by(Attachment.id)
        )
        for row in rows:
            files[row.message_id or 0].append(AttachmentOut.of(row))
    return files
