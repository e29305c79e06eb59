"""The table of files that belong to a ticket; the bytes themselves are in the storage."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from csts.kit import clock
from csts.kit.columns import UtcDateTime
from csts.kit.db import Base


class Attachment(Base):
    """A screenshot of the ticket, or a file of its chat, which has no message until one names it.

    `file_path` is the place in the storage; files with the same bytes share it. `width` and `height`
    are those of a picture on the screen.
    """

    __tablename__ = "attachments"

    id: Mapped[int] = mapped_column(primary_key=True)
    # Named as text: tickets and messages live in rooms above this one.
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"), index=True)
    # For the sweep, which asks of every stored file whether a row still names it.
    file_path: Mapped[str] = mapped_column(String(80), index=True)
    file_type: Mapped[str] = mapped_column(String(40))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    file_name: Mapped[str] = mapped_column(String(120))
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    uploader_kind: Mapped[str] = mapped_column(String(20))
    uploader_id: Mapped[int]
    screenshot: Mapped[bool] = mapped_column(default=False)
