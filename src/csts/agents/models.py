"""The table of agents."""

from datetime import datetime

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from csts.kit import clock
from csts.kit.columns import UtcDateTime, exact_string
from csts.kit.db import Base


class Agent(Base):
    """An agent or admin; `username` is in lower case. The column `password` holds a hash."""

    __tablename__ = "agents"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    username: Mapped[str] = mapped_column(exact_string(64), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    password_hash: Mapped[str] = mapped_column("password", String(255))
    role: Mapped[str] = mapped_column(String(20), default="agent")
    # For letters about the account; several agents may read one mailbox.
    email: Mapped[str | None] = mapped_column(exact_string(254), index=True)
    # Switched off, never deleted: tickets, messages and history go on naming their agents.
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    @property
    def is_active_admin(self) -> bool:
        return self.active and self.role == "admin"
