"""What a room is told of its messages, in each reader's own numbers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from csts.attachments.schemas import AttachmentOut
from csts.chat.schemas import MessageFrame, ReadFrame
from csts.realtime.events import Frames
from csts.realtime.people import Person


class MessagePosted(Frames, frozen=True):
    """A stored message; `seq` and `public_seq` let a socket leave out what it has sent from the backlog."""

    seq: int = 0
    public_seq: int = 0

    def number_for(self, reader: Person) -> int:
        return self.seq if reader.kind == "agent" else self.public_seq


class Written(Protocol):
    """A stored message, as the table or a batch has it."""

    @property
    def id(self) -> int: ...
    @property
    def seq(self) -> int: ...
    @property
    def public_seq(self) -> int | None: ...
    @property
    def client_id(self) -> str: ...
    @property
    def ticket_id(self) -> int: ...
    @property
    def ticket_no(self) -> str: ...
    @property
    def person(self) -> Person: ...
    @property
    def content(self) -> str: ...
    @property
    def internal(self) -> bool: ...
    @property
    def timestamp(self) -> datetime: ...
    def number_for(self, kind: str) -> int: ...


def message_frame(message: Written, attachments: Sequence[AttachmentOut], kind: str) -> MessageFrame:
    """The message as a reader of this kind sees it."""
    return MessageFrame(
        id=message.id,
        seq=message.number_for(kind),
        client_id=message.client_id,
        ticket_id=message.ticket_id,
        ticket_no=message.ticket_no,
        sender=message.person,
        content=message.content,
        internal=message.internal,
        attachments=attachments,
        timestamp=message.timestamp,
    )


def posted(message: Written, attachments: Sequence[AttachmentOut]) -> MessagePosted:
    """The event for the room. A note has no frame for the customer, so that none can reach him."""
    # Encoded here, once for each side, however many listen; and once for both where no note has been written yet.
    staff = msgspec.json.encode(message_frame(message, attachments, "agent"))
    public = None
    if not message.internal:
        is_same = message.public_seq == message.seq
        public = staff if is_same else msgspec.json.encode(message_frame(message, attachments, "customer"))
    return MessagePosted(staff=staff, public=public, seq=message.seq, public_seq=message.public_seq or 0)


def read_moved(reader: Person, seq: int, public_seq: int, *, was_public: int) -> Frames:
    """A mark that moved over notes only has not moved for the customer, who would learn of them by it."""
    return Frames(
        staff=msgspec.json.encode(ReadFrame(reader, seq)),
        public=msgspec.json.encode(ReadFrame(reader, public_seq)) if public_seq > was_public else None,
    )
