"""The wire shapes of the assistant."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

import msgspec

QUESTION_CHARS = 20_000

Source = Literal["rule", "knowledge", "llm", "none"]


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked; with `ticket_id` about a ticket that one may see."""

    question: Annotated[str, msgspec.Meta(min_length=1, max_length=QUESTION_CHARS)]
    ticket_id: Annotated[int, msgspec.Meta(ge=1)] | None = None


class Citation(msgspec.Struct, frozen=True):
    """An article of the knowledge base."""

    id: int
    topic: str
    title: str


class Answer(msgspec.Struct, frozen=True):
    """`citations` lists the best candidates first, also without an answer. `confidence` is that the first is right."""

    answer: str | None
    confidence: float
    escalate: bool
    source: Source
    citations: Sequence[Citation]
    reason: str


class Summary(msgspec.Struct, frozen=True):
    """A thread in a few words; of what agents say among themselves nothing."""

    summary: str


class ReplyOut(msgspec.Struct, frozen=True, omit_defaults=True):
    """What stands behind a message of the assistant; to customers its citations alone."""

    message_id: int
    citations: Sequence[Citation]
    source: Source
    id: int | None = None
    confidence: float | None = None
    reason: str | None = None
    verdict: str | None = None


class TalkOut(msgspec.Struct, frozen=True, omit_defaults=True):
    """The assistant in one ticket: whether it may speak, what it has said, and how it ended."""

    speaks: bool
    replies: Sequence[ReplyOut]
    outcome: str | None = None
    reason: str | None = None
    summary: str | None = None


class Verdict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An agent's word on an answer: whether it was right."""

    right: bool


class Wrong(msgspec.Struct, frozen=True):
    """An answer that was wrong, for who looks after the articles."""

    id: int
    ticket_id: int
    question: str
    answer: str
    confidence: float
    citations: Sequence[Citation]
    at: datetime


class Figures(msgspec.Struct, frozen=True):
    """How the assistant did; rates are shares of the talks that have ended, None where there is none."""

    days: int
    talks: int
    solved: int
    handed_over: int
    answers: int
    right: int
    wrong: int
    reopened: int
    containment: float | None
    handover: float | None
    wrong_answers: float | None
    reopen: float | None
