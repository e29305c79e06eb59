"""The two tables of refresh tokens: customers and agents never share one."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from csts.auth.actor import ActorKind
from csts.auth.place import MAX_ADDRESS, MAX_USER_AGENT
from csts.kit import clock
from csts.kit.columns import UtcDateTime, exact_string
from csts.kit.db import Base


class RefreshToken(Base):
    """One refresh token, as a hash. Tokens that came out of each other share a `family`: one session.

    `owner_id` is the account: `user_id` or `agent_id` in the table.
    """

    __abstract__ = True

    owner_id: Mapped[int]

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    token: Mapped[str] = mapped_column(exact_string(64), unique=True)
    family: Mapped[str] = mapped_column(exact_string(36), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Two ends, not one: a used token that comes again is a theft, a revoked one is only late.
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Of the session; each token carries it on to the next one.
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # From where this token was asked for.
    user_agent: Mapped[str] = mapped_column(String(MAX_USER_AGENT))
    address: Mapped[str] = mapped_column(String(MAX_ADDRESS))


class UserRefreshToken(RefreshToken):
    __tablename__ = "user_refresh_tokens"

    owner_id: Mapped[int] = mapped_column("user_id", ForeignKey("users.id"), index=True)


class AgentRefreshToken(RefreshToken):
    __tablename__ = "agent_refresh_tokens"

    owner_id: Mapped[int] = mapped_column("agent_id", ForeignKey("agents.id"), index=True)


class AccountLink(Base):
    """One for each purpose and account. `token` and `proof` are digests, `proof` of what the link must not outlive."""

    __tablename__ = "account_links"

    purpose: Mapped[str] = mapped_column(exact_string(20), primary_key=True)
    person_kind: Mapped[str] = mapped_column(exact_string(20), primary_key=True)
    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    token: Mapped[str] = mapped_column(exact_string(64), unique=True)
    proof: Mapped[str] = mapped_column(exact_string(64))
    # Which the account gets by it, if it is for that.
    email: Mapped[str | None] = mapped_column(exact_string(254))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


TABLES: dict[ActorKind, type[RefreshToken]] = {"customer": UserRefreshToken, "agent": AgentRefreshToken}
