"""What answers: for a question the topics, best first, and how sure of the first one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from csts.intents import signals as signal
from csts.intents.confidence import Confidence
from csts.intents.habits import Habits
from csts.intents.likeness import Likeness
from csts.intents.linear import Linear, log_softmax
from csts.intents.meaning import Meaning
from csts.intents.signals import Signals
from csts.intents.space import Counts, Space
from csts.intents.terms import View
from csts.intents.weighing import Weights, stacked

# From here on some 2 % of strange questions are answered, and 19 of 20 answers are right (docs/explanation/answers.md).
ANSWER_FROM = 0.85
# What the nearest text and the habits of a topic add to its score: half a point of accuracy with many examples.
_LIKENESS = 1.0
_HABITS = 0.2
# What the weights of terms still say where meaning is known.
_BESIDE_MEANING = 0.3


@dataclass(frozen=True)
class Candidate:
    topic: str
    probability: float


@dataclass(frozen=True)
class Ranking:
    """Candidates from best to worst. `confidence` is that the first is right and the question in scope."""

    confidence: float
    candidates: list[Candidate]


@dataclass(frozen=True)
class Reader:
    """What reads questions, before it is known how far to trust it."""

    weights: Weights
    views: Sequence[View]
    linear: Linear
    likeness: Likeness
    habits: Habits
    meaning: Meaning | None = None

    def read(self, counts: Counts) -> tuple[np.ndarray, Signals]:
        """A row for each question, a column for each topic (logarithms of shares that add up to 1); and the signals."""
        vectors = self.weights.vectors(counts)
        likeness = self.likeness.to_topics(vectors)
        scores = self.linear.scores(stacked(vectors, self.views)) * (_BESIDE_MEANING if self.meaning else 1)
        scores += _HABITS * self.habits.likely(counts) + _LIKENESS * np.sum(list(likeness.values()), axis=0)
        tables: dict[str, np.ndarray] = dict(likeness.items())
        if self.meaning and counts.meaning is not None:
            tables["meaning"] = self.meaning.to_topics(counts.meaning)
            scores += self.meaning.scores(counts.meaning, tables["meaning"])
        log_shares = log_softmax(scores)
        best = log_shares.argmax(axis=1)
        words, pieces = (np.asarray(vectors[view].power(2).sum(axis=1)).ravel() for view in ("words", "pieces"))
        found = {"known_words": words, "known_pieces": pieces, "length": np.log1p(np.diff(vectors["words"].indptr))}
        found |= signal.of_scores(log_shares) | signal.of_likeness(tables, best)
        found |= dict(zip(signal.OF_HABITS, self.habits.signals(counts, best), strict=True))
        return log_shares, found


@dataclass(frozen=True)
class Model:
    """`version` names what it was made from and how: equal versions answer alike."""

    version: str
    topics: Sequence[str]
    space: Space
    reader: Reader
    confidence: Confidence

    def candidates(self, question: str, limit: int = 5) -> Ranking:
        """Never raises, whatever is asked; of a long text the beginning is read. Some 2 ms, with an encoder 20."""
        return self.rank([question], limit)[0]

    def rank(self, questions: Sequence[str], limit: int = 5) -> list[Ranking]:
        counts = self.space.count(questions)
        log_shares, found = self.reader.read(counts)
        sure, inside = self.confidence(found), self.confidence.of_scope(found)
        # Where nothing was understood there is nothing to be sure of, whatever a formula makes of zeros.
        sure = np.where(counts.known["pieces"].getnnz(axis=1) == 0, 0, sure)
        rows = zip(np.exp(log_shares), sure, inside, strict=True)
        return [self._ranking(*row, limit) for row in rows]

    def _ranking(self, shares: np.ndarray, sure: float, inside: float, limit: int) -> Ranking:
        """What the first is not sure of, and is in scope, the others share; none gets more than the one before."""
        order = np.argsort(-shares, kind="stable")[:limit]
        rest = max(float(inside) - float(sure), 0) / max(1 - float(shares[order[0]]), 1e-9)
        likely = [float(sure), *(min(rest * float(shares[each]), float(sure)) for each in order[1:])]
        ranked = [Candidate(self.topics[each], round(value, 4)) for each, value in zip(order, likely, strict=True)]
        return Ranking(round(float(sure), 4), ranked)
