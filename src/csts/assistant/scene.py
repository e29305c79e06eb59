"""What the assistant knows when it is asked: plain data, so that deciding needs no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from csts.assistant.schemas import Citation, Source

Action = Literal["answer", "ask", "handover", "solved"]


@dataclass(frozen=True)
class Article:
    """A published article, as answers are made of it."""

    id: int
    topic: str
    title: str
    answer: str

    @property
    def citation(self) -> Citation:
        return Citation(self.id, self.topic, self.title)


@dataclass(frozen=True)
class Said:
    """A public line of a thread."""

    kind: str
    text: str
    seq: int


@dataclass(frozen=True)
class Scene:
    """A ticket's talk: what the customer has said since the assistant last looked is `unanswered`.

    `told` are the topics that were answered with already. Internal notes are no part of it.
    """

    ticket_id: int
    issue_type: str
    opening: str
    thread: Sequence[Said] = ()
    answered_seq: int = 0
    turns: int = 0
    misses: int = 0
    told: frozenset[str] = frozenset()
    status_line: str = ""

    @property
    def is_first(self) -> bool:
        return self.turns == 0

    @property
    def unanswered(self) -> Sequence[Said]:
        return [said for said in self.thread if said.kind == "customer" and said.seq > self.answered_seq]

    @property
    def words(self) -> str:
        """What has to be answered now."""
        new = [said.text for said in self.unanswered]
        return "\n".join([self.opening, *new] if self.is_first else new)

    @property
    def last_seq(self) -> int:
        return max((said.seq for said in self.thread), default=0)


@dataclass(frozen=True)
class Decision:
    """What the assistant does, in which words, and why: `reason` is for agents, `text` for the customer."""

    action: Action
    text: str
    source: Source
    confidence: float
    reason: str
    citations: Sequence[Citation] = ()
    misses: int = 0


@dataclass(frozen=True)
class Guess:
    """Articles that may be meant, the likeliest first, and how likely it is that the first one is right."""

    confidence: float
    articles: Sequence[Article] = ()
    likely: Mapping[str, float] = field(default_factory=dict)

    def without(self, topics: frozenset[str]) -> "Guess":
        """As if these articles had turned out to be wrong: the next one is as likely as it was among the others."""
        left = [article for article in self.articles if article.topic not in topics]
        if not left or left[0] is self.articles[0]:
            return self if left else Guess(0.0)
        gone = sum(self.likely.get(topic, 0.0) for topic in topics)
        share = self.likely.get(left[0].topic, 0.0) / max(1 - gone, 0.05)
        return Guess(min(share, self.confidence), left, self.likely)
