"""The tables of canned replies, with all that they ever said."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from csts.kit import clock
from csts.kit.columns import UtcDateTime, exact_string
from csts.kit.db import Base
from csts.versions.models import Kept, Revision

EVERYBODY = 0


class CannedReply(Kept, Base):
    """One canned reply. `owner_id` is the agent who alone sees it, or `EVERYBODY`."""

    __tablename__ = "canned_replies"
    __table_args__ = (UniqueConstraint("owner_id", "shortcut"),)

    # A number for everybody, and no null: to a unique key no null is like another, and names would repeat.
    owner_id: Mapped[int]
    shortcut: Mapped[str] = mapped_column(exact_string(40))
    title: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    status: Mapped[str | None] = mapped_column(String(20))
    priority: Mapped[str | None] = mapped_column(String(20))
    assign: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    @property
    def shared(self) -> bool:
        return self.owner_id == EVERYBODY


class CannedRevision(Revision, Base):
    """A canned reply as one change left it."""

    OWNER: ClassVar[str] = "reply_id"

    __tablename__ = "canned_revisions"
    __table_args__ = (UniqueConstraint("reply_id", "version"),)

    reply_id: Mapped[int] = mapped_column(ForeignKey("canned_replies.id"))
    owner_id: Mapped[int]
    shortcut: Mapped[str] = mapped_column(exact_string(40))
    title: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    status: Mapped[str | None] = mapped_column(String(20))
    priority: Mapped[str | None] = mapped_column(String(20))
    assign: Mapped[bool]

    @property
    def shared(self) -> bool:
        return self.owner_id == EVERYBODY
