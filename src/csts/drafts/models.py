"""The table of drafts."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from csts.kit.columns import UtcDateTime, exact_string
from csts.kit.db import Base


class Draft(Base):
    """One person's unsent reply, or note, in one ticket; `after` is the last number that he had seen when he began."""

    __tablename__ = "drafts"

    writer_kind: Mapped[str] = mapped_column(exact_string(20), primary_key=True)
    writer_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    content: Mapped[str] = mapped_column(Text)
    after: Mapped[int | None]
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
