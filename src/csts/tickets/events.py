"""What is told of tickets: channels, frames, and the facts that other rooms react to."""

from dataclasses import dataclass

import msgspec

from csts.realtime.events import Event
from csts.realtime.people import Person
from csts.tickets.schemas import TicketOut, TicketRow

DESK = "desk"
# Heard by the `Board` of this process alone, which makes of it what rooms and lists are told.
BOARD = "board"
# The task for what has to be answered in a ticket; the assistant, which lives above this room, carries it out.
QUESTION = "question"


def question_task(ticket_id: int) -> tuple[str, str, dict[str, int]]:
    """Name, key and payload of the task to answer a ticket: one at a time for each."""
    return QUESTION, f"ticket:{ticket_id}", {"ticket_id": ticket_id}


def room_channel(ticket_id: int) -> str:
    return f"ticket:{ticket_id}"


def lists_channel(kind: str, person_id: int) -> str:
    """Heard by the lists of this person, in all of his tabs."""
    return f"lists:{kind}:{person_id}"


def inbox_channel(user_id: int) -> str:
    return f"inbox:{user_id}"


@dataclass(frozen=True)
class TicketStoryGrew:
    """Something happened that the thread should say in a line of its own; `line` is a sentence."""

    ticket_id: int
    line: str


@dataclass(frozen=True)
class TicketOpened:
    """A customer has asked for help; nobody has looked at it yet."""

    ticket_id: int


@dataclass(frozen=True)
class TicketMoved:
    """The row in the lists is another one now: a new ticket, a message.

    `changed` says that the room shows the ticket anew, for status, priority or assignee are others now; `wrote`
    that unread has moved too; without `public` its customer hears nothing of it.
    """

    ticket_id: int
    changed: bool = False
    wrote: bool = False
    public: bool = True

    def __or__(self, other: "TicketMoved") -> "TicketMoved":
        public = self.public or other.public
        return TicketMoved(self.ticket_id, self.changed or other.changed, self.wrote or other.wrote, public)


@dataclass(frozen=True)
class TicketRead:
    """Somebody has read on: all of his lists hear how much is left."""

    ticket_id: int
    reader_kind: str
    reader_id: int


@dataclass(frozen=True)
class AgentMentioned:
    """What an agent's lists show of his mention in this ticket is another now: he was mentioned, or has seen it."""

    ticket_id: int
    agent_id: int


class TicketFrame(msgspec.Struct, frozen=True, tag="ticket", tag_field="type"):
    """In a ticket's room: the whole ticket, when status, priority or assignee has changed."""

    ticket: TicketOut


class RowFrame(msgspec.Struct, frozen=True, tag="ticket", tag_field="type"):
    """On the desk and in the inbox: the row of a ticket that was opened or has changed."""

    ticket: TicketRow


class UnreadFrame(msgspec.Struct, frozen=True, tag="unread", tag_field="type"):
    """On the desk and in the inbox: how many messages of the other side this reader has not seen."""

    ticket_id: int
    # The whole count and not a step, which would stay wrong after one lost frame.
    unread: int


class MentionFrame(msgspec.Struct, frozen=True, tag="mention", tag_field="type"):
    """On the desk of an agent: an internal note mentions him, or he has seen it, as `ticket.mentioned` says.

    `unseen` is how many mentions he has not seen by now.
    """

    ticket: TicketRow
    unseen: int


class RowChanged(Event, frozen=True):
    """A row for many readers, each with his own count: `written` less what he has `seen`, by reader's id."""

    row: TicketRow
    written: int
    seen: dict[int, int]
    tells_unread: bool

    def frames(self, reader: Person) -> list[bytes]:
        unread = max(0, self.written - self.seen.get(reader.id, 0))
        row = msgspec.structs.replace(self.row, unread=unread)
        frames = [msgspec.json.encode(RowFrame(row))]
        if self.tells_unread:
            frames.append(msgspec.json.encode(UnreadFrame(row.id, unread)))
        return frames


class UnreadMoved(Event, frozen=True):
    """For the reader alone, on all of his lists: he has read a ticket in one of his tabs."""

    ticket_id: int
    unread: int

    def frames(self, reader: Person) -> list[bytes]:
        return [msgspec.json.encode(UnreadFrame(self.ticket_id, self.unread))]
