"""The one way into the table of messages: a batch in one transaction, in which each is refused or repeated alone."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import cast

import msgspec

from csts.agents.models import Agent
from csts.attachments.models import Attachment
from csts.attachments.schemas import AttachmentOut
from csts.chat.events import MessagePosted, message_frame, posted, read_moved
from csts.chat.mentions import Call, Colleague, Mentions
from csts.chat.models import Message
from csts.chat.schemas import MessageFrame
from csts.chat.sheet import Entry, Glance, Key, Letter, Line, Mark, Seen, Sheet, Upload
from csts.chat.stale import Author, unseen
from csts.kit.bulk import Find, Insert, JustInserted, Last, Program, Put, Row, Statement, Update
from csts.kit.columns import MAX_ID
from csts.kit.errors import DomainError
from csts.kit.tasks import Queue
from csts.realtime.events import Frames
from csts.realtime.people import Kind, Person
from csts.tickets.events import AgentMentioned, TicketMoved, TicketRead, question_task
from csts.tickets.models import LISTED, Mention, ReadMark, Ticket, TicketEvent, TicketTag
from csts.tickets.state import Standing

_STANDING = (
    "status",
    "last_seq",
    "last_public_seq",
    "customer_messages",
    "staff_messages",
    "awaiting_since",
    "updated_at",
    "public_updated_at",
    "last_message_preview",
    "assisted",
    "has_mentions",
)
_KEY = ("ticket_id", "sender", "sender_id", "client_id")
_WORDS = ("sender_name", "ticket_no", "content", "internal", "timestamp", "seq", "public_seq")
_READER = ("ticket_id", "reader_kind", "reader_id")
_HISTORY = ("ticket_id", "kind", "actor_kind", "actor_id", "actor_name", "public", "data", "created_at")


class _Stored(msgspec.Struct, frozen=True, array_like=True):
    """A message in its table."""

    id: int
    ticket_id: int
    ticket_no: str
    sender: Kind
    sender_id: int
    sender_name: str
    client_id: str
    content: str
    internal: bool
    timestamp: datetime
    seq: int
    public_seq: int | None

    def line(self, files: Sequence[AttachmentOut]) -> Line:
        return Line(
            ticket_id=self.ticket_id,
            ticket_no=self.ticket_no,
            person=Person(self.sender, self.sender_id, self.sender_name),
            client_id=self.client_id,
            content=self.content,
            internal=self.internal,
            timestamp=self.timestamp,
            seq=self.seq,
            public_seq=self.public_seq,
            files=files,
            id=self.id,
        )


class _Numbered(msgspec.Struct, frozen=True, array_like=True):
    """What the database has called a new message."""

    ticket_id: int
    seq: int
    id: int


class _Reader(msgspec.Struct, frozen=True, array_like=True):
    """A read mark in its table."""

    ticket_id: int
    reader_kind: str
    reader_id: int
    seq: int
    public_seq: int
    seen: int


_tickets = Find(Ticket, Standing, by=("id",), lock=True)
_known = Find(Message, _Stored, by=_KEY)
_uploads = Find(Attachment, Upload, by=("id",))
_files_of = Find(Attachment, Upload, by=("message_id",))
_authors = Find(Message, Author, by=("ticket_id", "seq"))
_write = Insert(Message, (*_KEY, *_WORDS))
_ids = JustInserted(Message, _Numbered)
_set_standing = Update(Ticket, _STANDING, key="id")
_marks = Find(ReadMark, _Reader, by=_READER)
_put_mark = Put(ReadMark, (*_READER, "reader_name", "seq", "public_seq", "seen", "updated_at"), key=_READER)
_colleagues = Find(Agent, Colleague, by=("username",))
_mentions = Find(Mention, Call, by=("ticket_id", "agent_id"))
_put_mention = Put(Mention, Call.__struct_fields__, key=("ticket_id", "agent_id"))
# All rows of a ticket at once.
_tags_follow, _mentions_follow = (Update(each, LISTED, key="ticket_id") for each in (TicketTag, Mention))
_record = Insert(TicketEvent, _HISTORY)
_wake = Update(Ticket, ("snoozed_until",), key="id")
_queue = Queue()
_give_file = Update(Attachment, ("message_id",), key="id")


class Posted(msgspec.Struct, frozen=True):
    """A stored message; `is_new` is false when its `client_id` was known.

    What the rooms and the lists are told of it is in `events`, `moved` and `mentioned`; `asks` says that a task was
    queued with it.
    """

    line: Line
    is_new: bool
    events: Sequence[MessagePosted] = ()
    moved: TicketMoved | None = None
    asks: bool = False
    mentioned: Sequence[AgentMentioned] = ()

    @property
    def frame(self) -> MessageFrame:
        """As its sender sees it."""
        return message_frame(self.line, self.line.files, self.line.person.kind)


class Marked(msgspec.Struct, frozen=True):
    """What became of a reader's mark; `is_done` is false where what is left to read has to be counted first."""

    ticket_id: int
    is_done: bool = True
    event: Frames | None = None
    fact: TicketRead | None = None
    saw: AgentMentioned | None = None


Item = Letter | Glance
Outcome = Posted | Marked | DomainError


def write(items: Sequence[Item], *, may_be_known: bool = False) -> Program[list[Outcome]]:
    """Write messages into their threads and move read marks, in their order; what became of each.

    With `may_be_known` what is found stored is told as new: it may have been committed, and nobody have been told.
    """
    # A number that no column can hold is an error to SQLite, and to a writer one more ticket that is not there.
    asked = [item for item in items if 0 < item.ticket_id <= MAX_ID]
    letters = [item for item in asked if isinstance(item, Letter)]
    glances = [item for item in asked if isinstance(item, Glance)]
    tickets, known, uploads, marks, colleagues, mentions = yield [
        _tickets(sorted({(item.ticket_id,) for item in asked})),
        _known([letter.key for letter in letters]),
        _uploads([(number,) for letter in letters for number in letter.draft.attachment_ids]),
        _marks([glance.key for glance in glances]),
        _colleagues(sorted({(spelt,) for letter in letters for name in letter.names for spelt in name})),
        _mentions([(item.ticket_id, item.reader.id) for item in glances if item.reader.kind == "agent"]),
    ]
    standing = {row.id: row for row in tickets}
    replies = [reply for letter in letters if (reply := letter.reply)]
    files, authors = yield [_files_of([(row.id,) for row in known]), _authors(unseen(replies, standing))]
    lines, called = _lines(known, files), Mentions(colleagues, mentions)
    sheet = Sheet(standing, {row.id: row for row in uploads}, lines, authors, called)
    before = {(row.ticket_id, row.reader_kind, row.reader_id): Seen(row.seq, row.public_seq, row.seen) for row in marks}
    entries = [sheet.judge(item) if isinstance(item, Letter) else _mark(sheet, item, before) for item in items]
    names_files = any(line.files for line in sheet.new)
    changes = _changes(sheet)
    _, ids, *_ = yield changes if names_files else Last(changes)
    numbers = {(row.ticket_id, row.seq): row.id for row in ids}
    for line in sheet.new:
        line.id = numbers[line.ticket_id, line.seq]
    if names_files:
        yield Last([_give_file([(line.id, file.id) for line in sheet.new for file in line.files])])
    return [_posted(entry, may_be_known=may_be_known) if isinstance(entry, Entry) else entry for entry in entries]


def post(letter: Letter) -> Program[Posted | DomainError]:
    """One message alone, for a transaction that does more than that."""
    (outcome,) = yield from write([letter])
    return cast("Posted | DomainError", outcome)


def _mark(sheet: Sheet, glance: Glance, before: dict[Mark, Seen]) -> Marked | DomainError:
    seen = sheet.mark(glance)
    if isinstance(seen, DomainError):
        return seen
    if seen is None:
        return Marked(glance.ticket_id, is_done=False)
    was = before.get(glance.key, Seen(0, 0, 0))
    # Who has set it back to unread has read no further, and has seen less.
    if seen.seq <= was.seq and seen.seen <= was.seen:
        return Marked(glance.ticket_id)
    before[glance.key] = seen
    sheet.marks[glance.key] = (*glance.key, glance.reader.name, seen.seq, seen.public_seq, seen.seen, glance.at)
    event = read_moved(glance.reader, seen.seq, seen.public_seq, was_public=was.public_seq)
    agent = glance.ticket_id, glance.reader.id
    has_seen = glance.reader.kind == "agent" and sheet.mentions.see(*agent, seen.seq)
    saw = AgentMentioned(*agent) if has_seen else None
    return Marked(glance.ticket_id, event=event, fact=TicketRead(*glance.key), saw=saw)


def _lines(known: Sequence[_Stored], files: Sequence[Upload]) -> dict[Key, Line]:
    of_message = defaultdict(list)
    for file in files:
        of_message[file.message_id].append(AttachmentOut.of(file))
    lines = [row.line(of_message[row.id]) for row in known]
    return {line.key: line for line in lines}


def _changes(sheet: Sheet) -> list[Statement]:
    rows = [_row(line) for line in sheet.new]
    written = sheet.written_to
    return [
        _write(rows),
        _ids(rows),
        _set_standing([_values(ticket, _STANDING) for ticket in written]),
        _record(
            [
                (ticket_id, "status_changed", by.kind, by.id, by.name, True, {"from": start, "to": goal}, at)
                for ticket_id, by, start, goal, at in sheet.moves
            ]
            + [(ticket_id, "woken", by.kind, by.id, by.name, False, {}, at) for ticket_id, by, at in sheet.woken]
        ),
        _wake([(None, ticket_id) for ticket_id, _, _ in sheet.woken]),
        _put_mark(list(sheet.marks.values())),
        _put_mention([msgspec.structs.astuple(call) for call in sheet.mentions.changed]),
        # Behind those that are new.
        _mentions_follow([_values(ticket, LISTED) for ticket in written if ticket.has_mentions]),
        _tags_follow([_values(ticket, LISTED) for ticket in written if ticket.tags]),
        # Where it is queued it is one with that, and where it is under way it is done again.
        _queue([(*question_task(ticket_id), 0) for ticket_id in sorted(sheet.questions)]),
    ]


def _values(ticket: Standing, columns: Sequence[str]) -> Row:
    """For an update by the ticket."""
    return (*(getattr(ticket, name) for name in columns), ticket.id)


def _row(line: Line) -> Row:
    words = (line.person.name, line.ticket_no, line.content, line.internal, line.timestamp, line.seq, line.public_seq)
    return (*line.key, *words)


def _posted(entry: Entry, *, may_be_known: bool) -> Posted:
    line, story = entry.line, entry.story
    if not entry.is_new and not may_be_known:
        return Posted(line, is_new=False)
    events = [posted(each, each.files) for each in (line, story) if each]
    # Whether a message that is found again has reopened its ticket is not known any more.
    moved = TicketMoved(line.ticket_id, changed=story is not None or entry.woke or not entry.is_new, wrote=True)
    mentioned = [AgentMentioned(line.ticket_id, agent_id) for agent_id in entry.mentioned]
    return Posted(line, entry.is_new, events, None if line.internal else moved, entry.asks, mentioned)
