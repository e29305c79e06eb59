"""Whom an internal note calls by `@username`, and what those have read by now; rules without a database."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from csts.realtime.people import Person

MOST_MENTIONED = 20
# A note may quote what is full of signs; each name is a row that is looked up under the ticket's lock.
MOST_LOOKED_UP = 100

# One grammar, told twice: lib/mentions.js marks in the thread what is found here. The same cases test both.
_NAME = re.compile(r"(?<![\w.%+/@-])@([A-Za-z0-9][A-Za-z0-9._-]{2,63})(?![\w@])")


class Colleague(msgspec.Struct, frozen=True, array_like=True):
    """An agent's account, as far as a name in a note is about it."""

    id: int
    username: str
    active: bool


class Call(msgspec.Struct, frozen=True, array_like=True):
    """A mention; the members of `Mention`."""

    ticket_id: int
    agent_id: int
    seq: int
    author_id: int
    author_name: str
    mentioned_at: datetime
    seen: bool


# A name as it was written, and without what may have ended the sentence: the first that an agent has is meant.
Name = tuple[str, str]


def names_in(text: str) -> list[Name]:
    """The usernames that a text may mean, in small letters, each once, in their order; the first hundred."""
    written = (found[1].lower() for found in _NAME.finditer(text))
    return list(dict.fromkeys((name, name.rstrip("._-")) for name in written))[:MOST_LOOKED_UP]


class Mentions:
    """Those of a batch: each note counts for what is read behind it as if it were written already."""

    def __init__(self, colleagues: Iterable[Colleague] = (), kept: Iterable[Call] = ()) -> None:
        self._colleagues = {each.username: each.id for each in colleagues if each.active}
        self._calls = {(call.ticket_id, call.agent_id): call for call in kept}
        self._changed: set[tuple[int, int]] = set()

    @property
    def changed(self) -> Sequence[Call]:
        """Those that are new or seen now, in the order of tickets and agents."""
        return [self._calls[key] for key in sorted(self._changed)]

    def named_by(self, names: Iterable[Name], author: Person) -> list[int]:
        """The active agents who are meant, each once, without who wrote it."""
        found = (self._colleagues.get(whole) or self._colleagues.get(cut) for whole, cut in names)
        return list(dict.fromkeys(number for number in found if number and number != author.id))

    def call(self, call: Call) -> None:
        """The latest one stands for all of its ticket."""
        key = call.ticket_id, call.agent_id
        self._calls[key] = call
        self._changed.add(key)

    def see(self, ticket_id: int, agent_id: int, seq: int) -> bool:
        """He has read up to `seq`; whether a mention of his stands there that was new to him."""
        key = ticket_id, agent_id
        call = self._calls.get(key)
        if call is None or call.seen or call.seq > seq:
            return False
        self._calls[key] = msgspec.structs.replace(call, seen=True)
        self._changed.add(key)
        return True
