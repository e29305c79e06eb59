"""The people and tickets that lists are measured on: as many as asked, the same for the same seed, none of them real.

Like a desk of some years: nearly everything is closed, some hundred tickets are open and most of those are young, some
customers write often and most hardly ever, and a few words are in every second message.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import product
from typing import NamedTuple

import numpy as np

from csts.kit.bulk import Row
from csts.tickets.models import LISTED
from csts.tickets.references import ticket_no_of
from csts.tickets.status import Priority, Status

# The last moment of the town's history; it began so long before.
END, YEARS = datetime(2026, 11, 1, tzinfo=UTC), timedelta(days=3 * 365)
OPEN_TICKETS, AGENTS, TICKETS_PER_CUSTOMER = 300, 50, 20
# The first is on one ticket in thirty, the last on one in five hundred.
TAGS, _TAGGED = 80, 0.3
LARGEST_THREAD = 5000
CATEGORIES = ("account", "billing", "technical", "general")

USER = ("id", "name", "email", "password_hash", "role", "created_at")
AGENT = ("id", "username", "name", "password", "role", "active", "created_at")
TICKET = (
    *("id", "ticket_no", "user_id", "issue_type", "subject", "description", "status", "priority", "priority_rank"),
    *("created_at", "updated_at", "public_updated_at", "agent_id", "last_seq", "last_public_seq"),
    *("customer_messages", "staff_messages", "awaiting_since", "last_message_preview", "assisted", "snoozed_until"),
    "has_mentions",
)
TAG, TICKET_TAG = ("id", "lookup", "name"), ("ticket_id", "tag_id", *LISTED)
MENTION = ("ticket_id", "agent_id", "seq", "author_id", "author_name", "mentioned_at", "seen", *LISTED)
MESSAGE = (
    *("id", "ticket_id", "ticket_no", "seq", "public_seq", "sender", "sender_id", "sender_name", "client_id"),
    *("content", "internal", "timestamp"),
)

_FIRST = ("Ana", "Ben", "Chen", "Dora", "Emil", "Fatma", "Goran", "Hana", "Ivo", "José", "Kofi", "Lena", "Mai", "Noor")
_LAST = ("Ruiz", "Okafor", "Wei", "Novak", "Larsen", "Yilmaz", "Petrović", "Sato", "Müller", "García", "Mensah", "Roy")
# What every second message says, the most frequent first; behind them come words that nobody has heard of.
COMMON = """
    the i to and my a it is not please in this order for you card have with on can help account was payment but me
    when thanks no we password error again that of app do at still so login page refund be try email how your hello
    time invoice from are message after need get phone will problem there address working reset delivery
""".split()  # noqa: SIM905
_SYLLABLES = ("ba", "cor", "del", "fen", "gri", "hol", "jan", "kel", "lum", "mor", "nis", "par", "quo", "ros", "sti")
_VOCABULARY = 20_000
_IS_NOTE, _NOTES = 8, 100
# Of those who are at work on a ticket one in so many has put it aside, and of mentions so many have not been read.
_SNOOZED, _UNSEEN = 6, 20
_PER_TICKET = (1, 2, 3, 4, 5, 6, 8, 11)
# A new one for each change of what a town holds: a database with an earlier one is refused.
_DRAWING = 3
_NO_PASSWORD = "!"  # noqa: S105 - nobody signs in here


class Block(NamedTuple):
    """Some tickets with all that belongs to them: rows of `TICKET`, `MESSAGE`, `TICKET_TAG` and `MENTION`."""

    tickets: list[Row]
    messages: list[Row]
    tags: list[Row]
    mentions: list[Row]


@dataclass(frozen=True)
class Town:
    """`tickets` with `messages` in all; what it holds is drawn ticket by ticket, in blocks of their own seed."""

    tickets: int
    messages: int
    seed: int

    @property
    def customers(self) -> int:
        return max(5, self.tickets // TICKETS_PER_CUSTOMER)

    @property
    def name(self) -> str:
        """Which one it is; the username of an agent in its database says it."""
        return f"town-{_DRAWING}-{self.seed}-{self.tickets}-{self.messages}"

    def people(self) -> Iterator[Row]:
        """Rows of `USER`."""
        for number in range(1, self.customers + 1):
            yield (number, name_of(number), email_of(number), _NO_PASSWORD, "customer", END - YEARS)

    def agents(self) -> Iterator[Row]:
        """Rows of `AGENT`."""
        for number in range(1, AGENTS + 1):
            yield (number, username_of(number), f"Agent {number}", _NO_PASSWORD, "agent", True, END - YEARS)

    def tags(self) -> Iterator[Row]:
        """Rows of `TAG`."""
        for number in range(1, TAGS + 1):
            yield (number, tag_of(number), tag_of(number))

    @cached_property
    def words(self) -> list[str]:
        """The vocabulary, the most frequent first; short words are more frequent than long ones."""
        rng = np.random.default_rng(self.seed + 2)
        made = ["".join(parts) for length in (2, 3, 4) for parts in product(_SYLLABLES, repeat=length)]
        order = np.argsort(np.array([len(word) for word in made]) + rng.random(len(made)), kind="stable")
        return [*COMMON, *(made[place] for place in order[: _VOCABULARY - len(COMMON)])]

    @cached_property
    def lengths(self) -> np.ndarray:
        """How many messages each ticket has; one has thousands of them, where there are enough."""
        rng = np.random.default_rng(self.seed)
        longest = LARGEST_THREAD if self.messages > 10 * LARGEST_THREAD else 0
        drawn = rng.choice(_PER_TICKET, self.tickets).astype(float)
        drawn[-1] = 0
        share = np.floor(drawn * (self.messages - longest) / drawn.sum()).astype(int)
        share[-1] = longest
        missing = self.messages - int(share.sum())
        share[: missing % self.tickets] += 1
        share += missing // self.tickets
        return np.asarray(share)

    @cached_property
    def first_ids(self) -> np.ndarray:
        """The id of each ticket's first message."""
        return np.concatenate(([1], 1 + np.cumsum(self.lengths)[:-1]))

    @cached_property
    def open_ones(self) -> frozenset[int]:
        """The tickets that are not solved: most of them among the last thousand."""
        rng = np.random.default_rng(self.seed + 1)
        wanted = min(OPEN_TICKETS, self.tickets // 3)
        recent = range(max(1, self.tickets - 1000), self.tickets + 1)
        young = rng.choice(recent, min(len(recent) - 1, wanted * 2 // 3), replace=False)
        old = rng.choice(np.arange(1, self.tickets + 1), wanted - len(young), replace=False)
        return frozenset(int(number) for number in (*young, *old))

    def block(self, first: int, last: int) -> Block:
        """The tickets of these ids, both included."""
        return _Draw(self, first, last).block()


def name_of(customer: int) -> str:
    return f"{_FIRST[customer % len(_FIRST)]} {_LAST[customer // len(_FIRST) % len(_LAST)]}"


def email_of(customer: int) -> str:
    return f"person{customer}@example.com"


def username_of(agent: int) -> str:
    return f"agent-{agent}"


def tag_of(number: int) -> str:
    return f"tag {number}"


class _Draw:
    """Draws the tickets from `first` to `last`."""

    def __init__(self, town: Town, first: int, last: int) -> None:
        self._town = town
        self._first, self._last = first, last
        self._rng = np.random.default_rng([town.seed, first])

    def block(self) -> Block:
        count = self._last - self._first + 1
        lengths = self._town.lengths[self._first - 1 : self._last]
        # The square: one in two hundred thousand of the people writes a thousand times as often as most.
        owners = 1 + (self._town.customers * self._rng.random(count) ** 2).astype(int)
        agents = 1 + (AGENTS * self._rng.random(count) ** 2).astype(int)
        ranks = self._rng.choice(4, count, p=(0.2, 0.55, 0.2, 0.05))
        kinds = self._rng.choice(len(CATEGORIES), count, p=(0.3, 0.3, 0.35, 0.05))
        texts = self._sentences(2 * count + int(lengths.sum()))
        tickets: list[Row] = []
        messages: list[Row] = []
        for place in range(count):
            facts = (int(owners[place]), int(agents[place]), int(ranks[place]), CATEGORIES[kinds[place]])
            own = [next(texts) for _ in range(2 + int(lengths[place]))]
            ticket, said = self._ticket(self._first + place, facts, own)
            tickets.append(ticket)
            messages += said
        return Block(tickets, messages, list(self._tags(tickets)), list(self._mentions(tickets, messages)))

    def _tags(self, tickets: Sequence[Row]) -> Iterator[Row]:
        for place in np.flatnonzero(self._rng.random(len(tickets)) < _TAGGED):
            ticket = tickets[int(place)]
            # The square, as of people: few tags are on most tickets.
            yield ticket[0], 1 + int(TAGS * self._rng.random() ** 2), *_listed(ticket)

    def _mentions(self, tickets: Sequence[Row], messages: Sequence[Row]) -> Iterator[Row]:
        """The last note of a ticket calls somebody."""
        notes = {row[1]: row for row in messages if row[10]}
        for ticket, (number, _, _, seq, _, _, author, name, *_, written) in notes.items():
            called = 1 + int(AGENTS * self._rng.random() ** 2)
            seen = bool(number % _UNSEEN)
            yield ticket, called, seq, author, name, written, seen, *_listed(tickets[ticket - self._first])

    def _sentences(self, count: int) -> Iterator[str]:
        """Of 6 to 24 words, whose frequencies follow Zipf."""
        words = self._town.words
        weights = 1 / (np.arange(len(words)) + 2.7)
        sizes = self._rng.integers(6, 25, count)
        drawn = np.searchsorted(np.cumsum(weights / weights.sum()), self._rng.random(int(sizes.sum())))
        said = [words[min(place, len(words) - 1)] for place in drawn]
        end = 0
        for size in sizes:
            start, end = end, end + int(size)
            yield " ".join(said[start:end])

    def _ticket(self, number: int, facts: tuple[int, int, int, str], texts: Sequence[str]) -> tuple[Row, list[Row]]:
        owner, agent, rank, category = facts
        opened = END - YEARS + YEARS * (number / (self._town.tickets + 1))
        status = self._status(number)
        holder = agent if status is not Status.OPEN else None
        ticket_no = ticket_no_of(number)
        said = self._messages(number, ticket_no, (owner, agent), opened, texts[2:])
        internal = sum(bool(row[10]) for row in said)
        asked = sum(row[5] == "customer" for row in said)
        last = said[-1] if said else None
        waits = status in {Status.OPEN, Status.IN_PROGRESS} and (last is None or last[5] == "customer")
        changed = last[11] if last else opened
        subject = " ".join(texts[0].split()[:8]).capitalize()
        priority = list(Priority)[rank]
        counts = (len(said), len(said) - internal, asked, len(said) - internal - asked)
        sleeps = status is Status.IN_PROGRESS and number % _SNOOZED == 0
        asleep = END + timedelta(days=1) if sleeps else None
        end = (changed if waits else None, last[9][:140] if last else "", False, asleep, internal > 0)
        head = (number, ticket_no, owner, category, subject, texts[1], status.value, priority.value, rank)
        return (*head, opened, changed, changed, holder, *counts, *end), said

    def _messages(
        self, ticket: int, ticket_no: str, people: tuple[int, int], opened: datetime, texts: Sequence[str]
    ) -> list[Row]:
        first_id = int(self._town.first_ids[ticket - 1])
        rows: list[Row] = []
        public = 0
        for seq, text in enumerate(texts, 1):
            number = first_id + seq - 1
            internal = number % _NOTES < _IS_NOTE
            is_customer = seq % 2 == 1 and not internal
            public += not internal
            sender, sender_id = ("customer", people[0]) if is_customer else ("agent", people[1])
            name = name_of(sender_id) if is_customer else f"Agent {sender_id}"
            named = (number, ticket, ticket_no, seq, None if internal else public, sender, sender_id, name)
            rows.append((*named, f"{number:036d}", text, internal, opened + timedelta(minutes=7 * seq)))
        return rows

    def _status(self, number: int) -> Status:
        if number in self._town.open_ones:
            return (Status.OPEN, Status.IN_PROGRESS, Status.OPEN, Status.IN_PROGRESS, Status.WAITING)[number % 5]
        # What was solved lately is closed after some weeks.
        return Status.RESOLVED if number > self._town.tickets * 0.97 else Status.CLOSED


def _listed(ticket: Row) -> Row:
    return tuple(ticket[TICKET.index(name)] for name in LISTED)
