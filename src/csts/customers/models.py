"""The table of customers."""

from datetime import datetime

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from csts.kit import clock
from csts.kit.columns import UtcDateTime, exact_string
from csts.kit.db import Base


class User(Base):
    """A customer; `email` is in lower case. Once erased he is nobody, and nobody can sign in as him."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str] = mapped_column(exact_string(254), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    role: Mapped[str] = mapped_column(String(20), default="customer")
    # When he showed that he reads what is sent there.
    email_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
