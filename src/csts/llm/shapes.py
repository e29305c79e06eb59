"""What a language model is asked, and what comes back; plain values that know no ticket."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Role = Literal["customer", "assistant", "agent"]
Action = Literal["answer", "handover", "ask"]


@dataclass(frozen=True)
class Turn:
    """Something that was said in public, and the names of the files that came with it.

    Internal notes are nobody's turn: whoever builds a thread leaves them out.
    """

    role: Role
    text: str
    attachments: Sequence[str] = ()


@dataclass(frozen=True)
class Source:
    """A published article; it is sent as it is, for what an admin publishes is not masked."""

    id: int
    title: str
    answer: str


@dataclass(frozen=True)
class Question:
    """`thread` is what was said before, oldest first; `language` is a hint such as `de`, and may be empty."""

    text: str
    thread: Sequence[Turn] = ()
    articles: Sequence[Source] = ()
    brand: str = ""
    language: str = ""
    attachments: Sequence[str] = ()


@dataclass(frozen=True)
class Usage:
    """Tokens as the API counted them; `cost` is None where no prices are set, and in the currency of the prices."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float | None = None


@dataclass(frozen=True)
class Answer:
    """A reply that was checked. `confidence` is the model's own word, 0..1, and calibrated by nobody.

    `reply` is exactly what the pieces before it add up to; it may be empty when the action is `handover`.
    """

    reply: str
    action: Action
    confidence: float
    reason: str
    usage: Usage = field(default_factory=Usage)
