"""The table of browsers that may be called."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from csts.kit.columns import UtcDateTime, exact_string
from csts.kit.db import Base


class PushSubscription(Base):
    """A browser that may tell its owner of news while no page is open (RFC 8030), for as long as his session lives.

    `digest` is that of its owner's kind and of `endpoint`, the address at its push service, which is too long for an
    index. `p256dh` and `auth` are the browser's keys (RFC 8291), in base64url.
    """

    __tablename__ = "push_subscriptions"
    __table_args__ = (Index("ix_push_subscriptions_person_kind_person_id", "person_kind", "person_id"),)

    digest: Mapped[str] = mapped_column(exact_string(64), primary_key=True)
    endpoint: Mapped[str] = mapped_column(String(1000))
    p256dh: Mapped[str] = mapped_column(String(100))
    auth: Mapped[str] = mapped_column(String(30))
    person_kind: Mapped[str] = mapped_column(exact_string(20))
    person_id: Mapped[int]
    session: Mapped[str] = mapped_column(exact_string(36), index=True)
    # What a notice is written in: nobody is there to ask when it is.
    language: Mapped[str] = mapped_column(exact_string(10))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
