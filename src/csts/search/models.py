"""The tables of search: what has been written, piece by piece as tokens, and how far that goes."""

from typing import Any

from sqlalchemy import JSON, Index, Integer, SmallInteger, Text
from sqlalchemy.dialects.mysql import MEDIUMTEXT
from sqlalchemy.orm import Mapped, mapped_column

from csts.kit.db import Base

# Of a ticket: number, subject and customer; then what he described; then what was said, to him or not.
TITLE, DESCRIPTION, MESSAGE, NOTE = range(4)

# Of MySQL; SQLite has a table of its own for it.
WORDS = Index("ft_search_pieces_terms", "terms", mysql_prefix="FULLTEXT")


class SearchPiece(Base):
    """A text by its tokens. Pieces are numbered as they are written, and never change.

    `terms` begins and ends with a space, and each of its tokens with the shelf of the piece: see `index`.
    """

    __tablename__ = "search_pieces"
    __table_args__ = (
        Index("ix_search_pieces_ticket_id", "ticket_id"),
        WORDS,
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    # By number, without a foreign key: the room knows no tickets, and an index may be behind them.
    ticket_id: Mapped[int]
    message_id: Mapped[int | None]
    kind: Mapped[int] = mapped_column(SmallInteger)
    terms: Mapped[str] = mapped_column(Text().with_variant(MEDIUMTEXT(charset="ascii", collation="ascii_bin"), "mysql"))


class SearchState(Base):
    """One row: up to which ids tickets and messages have been looked at, and the number of the last piece.

    `missing` holds, for each of the two, ids below those that were not there yet, and since when (seconds of the
    epoch): they may belong to a transaction that has not been committed.
    """

    __tablename__ = "search_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tickets: Mapped[int]
    messages: Mapped[int]
    pieces: Mapped[int]
    missing: Mapped[dict[str, Any]] = mapped_column(JSON)
