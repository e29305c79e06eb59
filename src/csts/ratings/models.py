"""The table of ratings."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Integer, SmallInteger, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from csts.kit import clock
from csts.kit.columns import UtcDateTime
from csts.kit.db import Base

# Long enough to think better of it, and short enough for a report of last month to stay as it was.
CHANGEABLE_FOR = timedelta(days=14)


class Rating(Base):
    """One for each time that a ticket was solved; `agent_id` is who had it then.

    `solving` is the line of its history that solved it, 0 where the history has none.
    """

    __tablename__ = "ratings"
    __table_args__ = (UniqueConstraint("ticket_id", "solving"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    solving: Mapped[int] = mapped_column(Integer)
    score: Mapped[int] = mapped_column(SmallInteger)
    comment: Mapped[str] = mapped_column(Text)
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, index=True)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    @property
    def changeable_until(self) -> datetime:
        return self.created_at + CHANGEABLE_FOR
