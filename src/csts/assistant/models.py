"""The tables of the assistant: what it said and why, how each of its talks went, and what it has learnt."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Float, ForeignKey, Integer, LargeBinary, String, Text
from sqlalchemy.dialects.mysql import LONGBLOB
from sqlalchemy.orm import Mapped, mapped_column

from csts.kit import clock
from csts.kit.columns import UtcDateTime, exact_string
from csts.kit.db import Base


class AssistantReply(Base):
    """One answer in a ticket, beside its message: where it came from, how sure it was, and what an agent made of it."""

    __tablename__ = "assistant_replies"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), unique=True)
    # What it answered, in the customer's words: a right answer makes them an example.
    question: Mapped[str] = mapped_column(Text)
    topic: Mapped[str | None] = mapped_column(exact_string(80))
    source: Mapped[str] = mapped_column(String(20))
    confidence: Mapped[float] = mapped_column(Float)
    reason: Mapped[str] = mapped_column(String(300))
    citations: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    verdict: Mapped[str | None] = mapped_column(String(10), index=True)
    verdict_by: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    verdict_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, index=True)


class AssistantTalk(Base):
    """How far the assistant has come in one ticket. `answered_seq` is the last public number that it has looked at.

    `misses` counts answers that did not help; `outcome` is `solved` or `handed_over` once the talk has ended.
    """

    __tablename__ = "assistant_talks"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True, autoincrement=False)
    answered_seq: Mapped[int] = mapped_column(default=0)
    turns: Mapped[int] = mapped_column(default=0)
    misses: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(300), default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, index=True)


class LearntModel(Base):
    """A model of the knowledge base at `state`; `version` names what it was made from and how."""

    __tablename__ = "learnt_models"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    version: Mapped[str] = mapped_column(exact_string(40))
    state: Mapped[int] = mapped_column(index=True)
    quick: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class LearntPart(Base):
    """Some of a model's bytes: a server takes no more than so much at once, and a model may be larger."""

    __tablename__ = "learnt_parts"

    model_id: Mapped[int] = mapped_column(ForeignKey("learnt_models.id"), primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    data: Mapped[bytes] = mapped_column(LargeBinary().with_variant(LONGBLOB, "mysql"))
