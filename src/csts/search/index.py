"""The one interface to the full-text indexes of the databases, and how each is asked.

An index of words costs what its most frequent word costs: InnoDB reads all that match before it gives the first, and
looks at no clock meanwhile. So pieces stand on shelves of equal size, in the order of their numbers, and each token
begins with the number of its shelf. A question goes to the newest shelves first, to as many as it needs; a rare word
is looked up on all of them at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Select, column, insert, literal, select, table
from sqlalchemy.dialects.mysql import match
from sqlalchemy.ext.asyncio import AsyncSession

from csts.search.models import SearchPiece
from csts.search.question import Unit
from csts.search.words import in_base_36

# A word that is on half of the pieces of a shelf takes 50 ms; a rare one on 200 shelves takes 15.
SHELF_BITS = 15
# Each further word of a phrase is looked up on every shelf, and leaves out little.
MOST_HUNTED = 2


def shelf_of(piece: int) -> int:
    return piece >> SHELF_BITS


def start_of(shelf: int) -> int:
    """The lowest number of a piece on it; none stands below the first one, whose number is 1."""
    return shelf << SHELF_BITS


def shelf_mark(shelf: int) -> str:
    """Three characters, which is enough for all ids that a column holds."""
    return in_base_36(shelf, 3)


def owner_token(user_id: int) -> str:
    """Stands in the pieces that this customer may read; no word is spelled like it."""
    return f"__{user_id}"


def terms_of(piece: int, tokens: Sequence[str]) -> str:
    mark = " " + shelf_mark(shelf_of(piece))
    return f"{mark}{mark.join(tokens)} " if tokens else " "


def pattern_of(unit: Unit) -> tuple[str, str]:
    """The LIKE pattern, and its escape, that finds a unit in `terms`, on whichever shelf."""
    tokens = " ".join("___" + token.replace("_", "!_") for token in unit.tokens)
    return f"% {tokens}{'' if unit.is_begun else ' '}%", "!"


@dataclass(frozen=True)
class Hunt:
    """A unit to be looked for, in the pieces of one customer where `owner` names him."""

    unit: Unit
    owner: int | None = None

    @property
    def words(self) -> list[tuple[str, bool]]:
        """The most telling ones, each with whether it has only begun: of a phrase those that are longest.

        That all of them are there, and follow each other, is for `pattern_of` to see.
        """
        begun = len(self.unit.tokens) - 1 if self.unit.is_begun else -1
        found = [(token, place == begun) for place, token in enumerate(self.unit.tokens)]
        return sorted(found, key=lambda each: len(each[0]), reverse=True)[:MOST_HUNTED]

    @property
    def tokens(self) -> list[tuple[str, bool]]:
        return self.words if self.owner is None else [(owner_token(self.owner), False), *self.words]

    @property
    def ways(self) -> list["Hunt"]:
        """Itself, and where it has several words one hunt for each of them."""
        alone = [replace(self, unit=Unit((token,), is_begun)) for token, is_begun in self.words]
        return [self, *alone] if len(alone) > 1 else [self]


class Index(Protocol):
    """Finds pieces, the newest first, and nothing that is not on these shelves."""

    def hits(self, hunt: Hunt, shelves: Sequence[int], *, below: int, most: int) -> Select[*tuple[Any, ...]]:
        """Selects `id` and `ticket_id` of pieces that have all tokens of the hunt, and a number below this one."""

    async def add(self, session: AsyncSession, first: int, last: int) -> None:
        """Take in the pieces with these numbers, which this session has written."""

    async def remove(self, session: AsyncSession, which: ColumnElement[bool]) -> None:
        """Forget the words of these pieces, whose rows this session takes away next."""


class InnoDb:
    """A FULLTEXT index on the column itself."""

    def hits(self, hunt: Hunt, shelves: Sequence[int], *, below: int, most: int) -> Select[*tuple[Any, ...]]:
        asked = " ".join(self._on(shelf_mark(shelf), hunt.tokens) for shelf in shelves)
        return (
            select(SearchPiece.id, SearchPiece.ticket_id)
            .where(match(SearchPiece.terms.expression, against=asked).in_boolean_mode(), SearchPiece.id < below)
            .order_by(SearchPiece.id.desc())
            .limit(most)
        )

    async def add(self, session: AsyncSession, first: int, last: int) -> None:
        """The table keeps it."""

    async def remove(self, session: AsyncSession, which: ColumnElement[bool]) -> None:
        """The table keeps it."""

    def _on(self, mark: str, tokens: Sequence[tuple[str, bool]]) -> str:
        words = [f"{mark}{token}{'*' if is_begun else ''}" for token, is_begun in tokens]
        return words[0] if len(words) == 1 else f"({' '.join('+' + word for word in words)})"


class Fts5:
    """A table of SQLite's FTS5 beside it, which holds no text; the column of its own name stands for all of it."""

    _terms = table("search_index", column("rowid"), column("terms"), column("search_index"))

    def hits(self, hunt: Hunt, shelves: Sequence[int], *, below: int, most: int) -> Select[*tuple[Any, ...]]:
        asked = " OR ".join(self._on(shelf_mark(shelf), hunt.tokens) for shelf in shelves)
        found = (
            select(self._terms.c.rowid)
            .where(self._terms.c.search_index.op("MATCH")(asked), self._terms.c.rowid < below)
            .order_by(self._terms.c.rowid.desc())
            .limit(most)
            .subquery()
        )
        joined = select(SearchPiece.id, SearchPiece.ticket_id).join_from(
            found, SearchPiece, SearchPiece.id == found.c.rowid
        )
        return joined.order_by(found.c.rowid.desc())

    async def add(self, session: AsyncSession, first: int, last: int) -> None:
        new = (
            select(SearchPiece.id, SearchPiece.terms)
            .where(SearchPiece.id.between(first, last))
            .order_by(SearchPiece.id)
        )
        await session.execute(insert(self._terms).from_select(["rowid", "terms"], new))

    async def remove(self, session: AsyncSession, which: ColumnElement[bool]) -> None:
        # It holds no text, so it has to be told once more what it should forget (SQLite's manual of FTS5, 6.2).
        gone = select(literal("delete"), SearchPiece.id, SearchPiece.terms).where(which)
        await session.execute(insert(self._terms).from_select(["search_index", "rowid", "terms"], gone))

    def _on(self, mark: str, tokens: Sequence[tuple[str, bool]]) -> str:
        words = [f'"{mark}{token}"{" *" if is_begun else ""}' for token, is_begun in tokens]
        return f"({' AND '.join(words)})"


def index_of(session: AsyncSession) -> Index:
    return Fts5() if session.get_bind().dialect.name == "sqlite" else InnoDb()
