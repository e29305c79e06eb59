"""The table of copies that are being made."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from csts.kit.columns import UtcDateTime, exact_string
from csts.kit.db import Base


class RunningExport(Base):
    """A copy of this customer's data is on its way to somebody, until then at most.

    The moment is the database's; whoever makes the copy moves it on, and takes the row away at the end.
    """

    __tablename__ = "running_exports"

    customer_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, autoincrement=False)
    lease: Mapped[str] = mapped_column(exact_string(36))
    until: Mapped[datetime] = mapped_column(UtcDateTime)
