"""The frames of a ticket's room, one struct each; docs/reference/events.md is made from them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import msgspec

from csts.attachments.schemas import AttachmentOut
from csts.kit.columns import MAX_ID
from csts.realtime.people import Person
from csts.tickets.schemas import MESSAGE_CHARS, TicketOut

ClientId = Annotated[
    str,
    msgspec.Meta(
        pattern="^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$",
        max_length=36,  # for `$` stands before a line end, too
        description="A UUID that the client makes; sending it again stores nothing twice",
    ),
]
Number = Annotated[int, msgspec.Meta(ge=0, le=MAX_ID)]


# Unknown fields are refused: a misspelt `internal` would send a note to the customer.
class MessageDraft(msgspec.Struct, frozen=True, tag="message", tag_field="type", forbid_unknown_fields=True):
    """Say something: text, files that were uploaded before, or both. A note (`internal`) is for agents only.

    `after` is the last number that an agent had before him when he began his reply: where somebody else has written
    since, it is refused with `stale_reply` and stored nowhere. Notes and customers' messages are never held.
    """

    client_id: ClientId
    content: Annotated[str, msgspec.Meta(max_length=MESSAGE_CHARS)] = ""
    attachment_ids: Annotated[list[Number], msgspec.Meta(max_length=10)] = []
    internal: bool = False
    after: Number | None = None


class Typing(msgspec.Struct, frozen=True, tag="typing", tag_field="type", forbid_unknown_fields=True):
    """The sender begins or stops to type; it is never stored."""

    typing: bool


class Read(msgspec.Struct, frozen=True, tag="read", tag_field="type", forbid_unknown_fields=True):
    """The sender has read up to this number."""

    seq: Number


class Looking(msgspec.Struct, frozen=True, tag="looking", tag_field="type", forbid_unknown_fields=True):
    """An agent has the ticket before his eyes, or its tab is hidden: his colleagues see it in their lists."""

    looking: bool


class Ping(msgspec.Struct, frozen=True, tag="ping", tag_field="type", forbid_unknown_fields=True):
    """Asks for a `pong`, so that a client may notice a dead line."""


RoomFrame = MessageDraft | Typing | Read | Looking | Ping


class MessageOut(msgspec.Struct, frozen=True):
    """A stored message as its reader sees it; `seq` is in the reader's numbers."""

    id: int
    seq: int
    client_id: str
    ticket_id: int
    ticket_no: str
    sender: Person
    content: str
    internal: bool
    attachments: Sequence[AttachmentOut]
    timestamp: datetime


class MessageFrame(MessageOut, frozen=True, tag="message", tag_field="type"):
    """A stored message; for its sender the acknowledgement. It is sent only after the commit."""


class ReadBy(msgspec.Struct, frozen=True):
    sender: Person
    seq: int


class Ready(msgspec.Struct, frozen=True, tag="ready", tag_field="type"):
    """Once, after the missed messages: the room is live from here on."""

    ticket: TicketOut
    last_seq: int
    online: list[Person]
    read: list[ReadBy]


class TypingFrame(msgspec.Struct, frozen=True, tag="typing", tag_field="type"):
    """Somebody else begins or stops to type; stale after five seconds."""

    sender: Person
    typing: bool


class DraftFrame(msgspec.Struct, frozen=True, tag="draft", tag_field="type"):
    """The assistant is writing: its answer so far. Never stored; the message with this `client_id` takes its place."""

    client_id: str
    sender: Person
    content: str


class DeskTypingFrame(msgspec.Struct, frozen=True, tag="typing", tag_field="type"):
    """On the desk: somebody types in that ticket."""

    ticket_id: int
    sender: Person
    typing: bool


class Viewer(msgspec.Struct, frozen=True):
    """An agent who has a ticket open; `looking` is false while its tab is hidden, or has never said so."""

    id: int
    name: str
    looking: bool


class Viewers(msgspec.Struct, frozen=True):
    """All agents who have a ticket open."""

    ticket_id: int
    agents: list[Viewer]


class ViewingFrame(msgspec.Struct, frozen=True, tag="viewing", tag_field="type"):
    """On the desk: who has these tickets open now, all agents of each."""

    tickets: list[Viewers]


class Presence(msgspec.Struct, frozen=True, tag="presence", tag_field="type"):
    """Somebody came or went; a person with two tabs is one person."""

    # Everybody, and not who came or went: what a lost frame would have said, the next one says as well.
    online: list[Person]


class ReadFrame(msgspec.Struct, frozen=True, tag="read", tag_field="type"):
    """Somebody has read up to this number."""

    sender: Person
    seq: int


class FeedReady(msgspec.Struct, frozen=True, tag="ready", tag_field="type"):
    """On the desk and in the inbox, once: what changes from now on arrives."""

    online: list[Person]


class Pong(msgspec.Struct, frozen=True, tag="pong", tag_field="type"):
    """The answer to a ping."""


class ErrorFrame(msgspec.Struct, frozen=True, tag="error", tag_field="type"):
    """A frame was refused and the socket stays open; `client_id` names the frame where it had one.

    `reopen` is the request that opens a closed ticket again, `merged_into` where the talk of a merged one goes on, and
    `last_seq` how far the thread goes behind a stale reply.
    """

    code: str
    detail: str
    client_id: str | msgspec.UnsetType = msgspec.UNSET
    errors: list[dict[str, str]] | msgspec.UnsetType = msgspec.UNSET
    reopen: dict[str, str] | msgspec.UnsetType = msgspec.UNSET
    merged_into: dict[str, int | str] | msgspec.UnsetType = msgspec.UNSET
    last_seq: int | msgspec.UnsetType = msgspec.UNSET


def untagged(frame: MessageOut) -> MessageOut:
    """The message as REST shows it: a frame without its `type`."""
    return MessageOut(**{name: getattr(frame, name) for name in MessageOut.__struct_fields__})
