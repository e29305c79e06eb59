"""The tables of the second factor."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from csts.kit import clock
from csts.kit.columns import UtcDateTime, exact_string
from csts.kit.db import Base


class AgentFactor(Base):
    """An agent's authenticator app; until `confirmed_at` it is only being set up, and nobody is asked for it.

    `secret` is sealed. `last_step` is the time step of the newest code that was accepted.
    """

    __tablename__ = "agent_factors"

    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), primary_key=True, autoincrement=False)
    secret: Mapped[str] = mapped_column(String(200))
    last_step: Mapped[int] = mapped_column(default=0)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class RecoveryCode(Base):
    """A way in without the app, as a digest; it is deleted by its use."""

    __tablename__ = "agent_recovery_codes"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), index=True)
    code: Mapped[str] = mapped_column(exact_string(64))
