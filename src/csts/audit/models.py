"""The table of the audit log, and all that can stand in it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from csts.kit import clock
from csts.kit.columns import UtcDateTime, exact_string
from csts.kit.db import Base


class Act(StrEnum):
    """What was done."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    SESSION_STOLEN = "session_stolen"
    AGENT_ADDED = "agent_added"
    AGENT_CHANGED = "agent_changed"
    PASSWORD_SET = "password_set"  # noqa: S105 - an act, not a secret
    EMAIL_CHANGED = "email_changed"
    FACTOR_ON = "factor_on"
    FACTOR_OFF = "factor_off"
    FACTOR_RESET = "factor_reset"
    RECOVERY_CODES_RENEWED = "recovery_codes_renewed"
    ARTICLE_ADDED = "article_added"
    ARTICLE_CHANGED = "article_changed"
    ARTICLES_IMPORTED = "articles_imported"
    RULE_ADDED = "rule_added"
    RULE_CHANGED = "rule_changed"
    RULE_DELETED = "rule_deleted"
    REPLY_ADDED = "reply_added"
    REPLY_CHANGED = "reply_changed"
    REPLY_DELETED = "reply_deleted"
    VIEW_ADDED = "view_added"
    VIEW_CHANGED = "view_changed"
    VIEW_DELETED = "view_deleted"
    TICKETS_CHANGED = "tickets_changed"
    TICKETS_RESTORED = "tickets_restored"
    TASK_RETRIED = "task_retried"
    TASK_DISCARDED = "task_discarded"
    CUSTOMER_EXPORTED = "customer_exported"
    CUSTOMER_ERASED = "customer_erased"
    TICKETS_ERASED = "tickets_erased"
    AUDIT_DOWNLOADED = "audit_downloaded"


class AuditEntry(Base):
    """Names are as they were then. No entry holds a secret, or what somebody wrote.

    `who_kind` is `agent` or `customer`, `operator` for the command line, `desk` for what it does by itself, and
    `nobody` for whoever failed to sign in. Read by the newest first, of all, of one person or of one act.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_at", "at"),
        Index("ix_audit_entries_who", "who_kind", "who_id", "id"),
        Index("ix_audit_entries_act", "act", "id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    who_kind: Mapped[str] = mapped_column(exact_string(20))
    who_id: Mapped[int | None]
    who_name: Mapped[str] = mapped_column(String(100))
    # The whole address, for an investigation needs it; it goes with the entry when the retention is over.
    address: Mapped[str | None] = mapped_column(exact_string(64))
    act: Mapped[str] = mapped_column(exact_string(40))
    about_kind: Mapped[str | None] = mapped_column(exact_string(20))
    about_id: Mapped[int | None]
    about_name: Mapped[str | None] = mapped_column(String(200))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
