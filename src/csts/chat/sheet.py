"""What a batch of messages comes to: who may write, under which numbers, and what moves with it; without a database."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import NamedTuple
from uuid import uuid4

import msgspec

from csts.attachments.schemas import AttachmentOut
from csts.chat.mentions import MOST_MENTIONED, Call, Mentions, Name, names_in
from csts.chat.refusals import AssistantSilent, StaleReply, UnknownAttachment, check
from csts.chat.schemas import MessageDraft
from csts.chat.stale import Author, Reply, is_stale
from csts.kit.bulk import Row
from csts.kit.errors import DomainError, InvalidInput, NotFound
from csts.realtime.people import Person
from csts.tickets.queries import is_visible_to
from csts.tickets.state import Standing, move, wake
from csts.tickets.status import Status, status_after_customer_wrote

SYSTEM = Person("system", 0, "L1 Desk")

Key = tuple[int, str, int, str]
Mark = tuple[int, str, int]


class Letter(msgspec.Struct, frozen=True):
    """A message on its way into a thread; `at` is when it was handed in."""

    sender: Person
    ticket_id: int
    draft: MessageDraft
    at: datetime

    @property
    def key(self) -> Key:
        """What is stored once, however often it is sent."""
        return self.ticket_id, self.sender.kind, self.sender.id, self.draft.client_id

    @property
    def reply(self) -> Reply | None:
        """What may be stale: an agent's answer that says what he has seen."""
        after = self.draft.after
        if after is None or self.sender.kind != "agent" or self.draft.internal:
            return None
        return Reply(self.sender, self.ticket_id, after)

    @property
    def names(self) -> list[Name]:
        """Whom it may mention: only agents do so, and only in notes."""
        may_mention = self.sender.kind == "agent" and self.draft.internal
        return names_in(self.draft.content) if may_mention else []


class Glance(msgspec.Struct, frozen=True):
    """Somebody has read a thread up to `number`, which is in his own numbers."""

    reader: Person
    ticket_id: int
    number: int
    at: datetime

    @property
    def key(self) -> Mark:
        return self.ticket_id, self.reader.kind, self.reader.id


class Seen(msgspec.Struct, frozen=True):
    """How far a reader has read, in both numbers, and how much of the other side that is."""

    seq: int
    public_seq: int
    seen: int


class Line(msgspec.Struct):
    """A message in its thread, with the members of `Message`; its id is 0 until it is stored."""

    ticket_id: int
    ticket_no: str
    person: Person
    client_id: str
    content: str
    internal: bool
    timestamp: datetime
    seq: int
    public_seq: int | None
    files: Sequence[AttachmentOut] = ()
    id: int = 0

    def number_for(self, kind: str) -> int:
        return self.seq if kind == "agent" else (self.public_seq or 0)

    @property
    def key(self) -> Key:
        return self.ticket_id, self.person.kind, self.person.id, self.client_id


class Entry(msgspec.Struct):
    """A letter that has its line; what came of a customer's message to a ticket that waited is in `story`.

    `asks` says that the assistant has to look at it, `woke` that the ticket was snoozed until now, `mentioned` which
    agents it calls.
    """

    letter: Letter
    line: Line
    is_new: bool
    story: Line | None = None
    asks: bool = False
    woke: bool = False
    mentioned: Sequence[int] = ()


class Upload(msgspec.Struct, frozen=True, array_like=True):
    """A file that a message may name; the members of `Attachment`."""

    id: int
    file_name: str
    file_type: str
    size: int
    width: int | None
    height: int | None
    ticket_id: int
    uploader_kind: str
    uploader_id: int
    message_id: int | None
    screenshot: bool

    def belongs_to(self, letter: Letter) -> bool:
        """His own upload to this ticket, that no message has named yet."""
        owner = (self.ticket_id, self.uploader_kind, self.uploader_id)
        is_free = self.message_id is None and not self.screenshot
        return is_free and owner == (letter.ticket_id, letter.sender.kind, letter.sender.id)


class Move(NamedTuple):
    """A line of a ticket's history: its status has moved."""

    ticket_id: int
    by: Person
    start: str
    goal: str
    at: datetime


@dataclass
class Sheet:
    """A batch, on which each letter counts for the next as if it were written already."""

    tickets: dict[int, Standing]
    uploads: dict[int, Upload]
    lines: dict[Key, Line]
    # Who wrote what agents have not seen who ask not to answer past it.
    authors: Sequence[Author] = ()
    mentions: Mentions = field(default_factory=Mentions)
    marks: dict[Mark, Row] = field(default_factory=dict)
    new: list[Line] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    # Who has written to a ticket that was snoozed, and when.
    woken: list[tuple[int, Person, datetime]] = field(default_factory=list)
    # Tickets whose customers have written to the assistant.
    questions: set[int] = field(default_factory=set)
    _named: set[int] = field(default_factory=set)

    @property
    def written_to(self) -> list[Standing]:
        """The tickets that have changed, in the order of their ids."""
        return [self.tickets[number] for number in sorted({line.ticket_id for line in self.new})]

    def judge(self, letter: Letter) -> Entry | DomainError:
        """The letter's line, or why it gets none."""
        ticket = self._ticket(letter.ticket_id, letter.sender)
        if ticket is None:
            return NotFound()
        # Before any check: what was accepted once is confirmed again, also where the ticket has been closed since.
        mentioned = self.mentions.named_by(letter.names, letter.sender)
        if line := self.lines.get(letter.key):
            return Entry(letter, line, is_new=False, mentioned=mentioned)
        # Under the ticket's lock: a claim that is committed silences it, whatever it was about to say.
        if letter.sender.kind == "assistant" and not (ticket.assisted or letter.draft.internal):
            return AssistantSilent()
        try:
            check(letter.draft, letter.sender.kind, ticket)
            if (reply := letter.reply) and is_stale(reply, ticket.last_seq, chain(self.authors, self.new)):
                return StaleReply(last_seq=ticket.last_seq)
            if len(mentioned) > MOST_MENTIONED:
                raise InvalidInput.of("content", "A note can mention 20 people at most.")
            files = self._files_named(letter)
        except DomainError as refusal:
            return refusal
        entry = self._enter(letter, ticket, files)
        entry.mentioned = mentioned
        ticket.has_mentions |= bool(mentioned)
        for agent_id in mentioned:
            self.mentions.call(_call(entry.line, agent_id))
        return entry

    def mark(self, glance: Glance) -> Seen | DomainError | None:
        """Where the reader's mark goes now; None where others have written behind what he has read."""
        ticket = self._ticket(glance.ticket_id, glance.reader)
        if ticket is None:
            return NotFound()
        is_agent = glance.reader.kind == "agent"
        last_number = ticket.last_seq if is_agent else ticket.last_public_seq
        # Behind what a customer sees there may be notes, which he has not read; where is known to the table alone.
        if glance.number < last_number or (not is_agent and ticket.last_seq != ticket.last_public_seq):
            return None
        # To the end of the thread nothing has to be counted.
        written = ticket.customer_messages if is_agent else ticket.staff_messages
        return Seen(ticket.last_seq, ticket.last_public_seq, written)

    def _ticket(self, ticket_id: int, reader: Person) -> Standing | None:
        ticket = self.tickets.get(ticket_id)
        return ticket if ticket and is_visible_to(reader, ticket.user_id) else None

    def _enter(self, letter: Letter, ticket: Standing, files: list[AttachmentOut]) -> Entry:
        sender, draft = letter.sender, letter.draft
        line = self._add(ticket, sender, draft, letter.at, files)
        entry = Entry(letter, line, is_new=True)
        if sender.kind != "system" and not draft.internal:
            words = " ".join(draft.content.split()) or ", ".join(file.file_name for file in files)
            ticket.hear(sender.kind, words, letter.at)
        if sender.kind == "agent":
            ticket.assisted = False
        if sender.kind == "customer":
            entry.story = self._reopen(ticket, sender, letter.at)
            entry.woke = ticket.snoozed_until is not None
            if entry.woke:
                wake(ticket, letter.at)
                self.woken.append((ticket.id, sender, letter.at))
            if ticket.assisted:
                entry.asks = True
                self.questions.add(ticket.id)
        return entry

    def _add(
        self, ticket: Standing, sender: Person, draft: MessageDraft, at: datetime, files: Sequence[AttachmentOut] = ()
    ) -> Line:
        seq, public_seq = ticket.allot(internal=draft.internal)
        line = Line(
            ticket_id=ticket.id,
            ticket_no=ticket.ticket_no,
            person=sender,
            client_id=draft.client_id,
            content=draft.content,
            internal=draft.internal,
            timestamp=at,
            seq=seq,
            public_seq=public_seq,
            files=files,
        )
        self.lines[line.key] = line
        self.new.append(line)
        return line

    def _reopen(self, ticket: Standing, customer: Person, at: datetime) -> Line | None:
        """What waits for the customer or was solved comes back to the desk, and the thread says so."""
        start = Status(ticket.status)
        goal = status_after_customer_wrote(start, is_claimed=ticket.agent_id is not None)
        if goal is start:
            return None
        self.moves.append(Move(ticket.id, customer, start, goal, at))
        return self._add(ticket, SYSTEM, system_line(move(ticket, customer, goal, at)), at)

    def _files_named(self, letter: Letter) -> list[AttachmentOut]:
        """In the order of uploading. One answer to all that may be wrong: nobody learns what others have uploaded."""
        wanted = sorted(set(letter.draft.attachment_ids))
        if not wanted:
            return []
        found = [self.uploads[number] for number in wanted if number in self.uploads and number not in self._named]
        if len(found) < len(wanted) or not all(upload.belongs_to(letter) for upload in found):
            raise UnknownAttachment
        self._named.update(wanted)
        return [AttachmentOut.of(upload) for upload in found]


def _call(note: Line, agent_id: int) -> Call:
    by = note.person
    return Call(note.ticket_id, agent_id, note.seq, by.id, by.name, note.timestamp, seen=False)


def system_line(sentence: str) -> MessageDraft:
    # Nobody repeats a line of the system, but the column wants a name for it from everybody.
    return MessageDraft(client_id=str(uuid4()), content=sentence)
