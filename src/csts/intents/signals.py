"""What the confidence of an answer is made from: a row of numbers for each question."""

from collections.abc import Mapping

import numpy as np

# Which of the signals say that the question is in scope, and which that the best topic is the right one.
OF_SCOPE = ("like_words", "like_pieces", "any_words", "any_pieces", "known_words", "known_pieces", "length")
OF_HABITS = ("desk_all", "desk_words", "desk_worst", "topic_all", "topic_words", "topic_worst")
OF_MEANING = ("like_meaning", "any_meaning")
OF_TOPIC = ("odds", "margin", "like_words", "like_pieces", "ahead_words", "ahead_pieces", "length")
OF_TOPIC_BY_MEANING = ("like_meaning", "ahead_meaning")
# Beyond this a logarithm of odds says nothing more, and one outlier would bend the line.
_SUREST = 6.0

Signals = Mapping[str, np.ndarray]


def of_scores(log_shares: np.ndarray) -> dict[str, np.ndarray]:
    """How far the best topic is ahead of all others, and of the second; with one topic it is as far as can be."""
    ordered = np.sort(log_shares, axis=1)
    top, second = ordered[:, -1], ordered[:, -2] if log_shares.shape[1] > 1 else np.full(len(ordered), -np.inf)
    odds = top - np.log(np.maximum(-np.expm1(top), 1e-9))
    return {"odds": np.clip(odds, -_SUREST, _SUREST), "margin": np.clip(top - second, 0, _SUREST)}


def of_likeness(likeness: Mapping[str, np.ndarray], best: np.ndarray) -> dict[str, np.ndarray]:
    """How like the question is to a text of the best topic, to any text, and how much more than to the other topics."""
    rows = np.arange(len(best))
    found: dict[str, np.ndarray] = {}
    for view, table in likeness.items():
        like = table[rows, best]
        others = table.copy()
        others[rows, best] = 0
        found |= {f"like_{view}": like, f"any_{view}": table.max(axis=1), f"ahead_{view}": like - others.max(axis=1)}
    return found


def names_of_scope(signals: Signals) -> tuple[str, ...]:
    """Those that say whether the question is in scope; more of them where its meaning is known."""
    return OF_SCOPE + OF_HABITS + (OF_MEANING if "like_meaning" in signals else ())


def names_of_topic(signals: Signals) -> tuple[str, ...]:
    """Those that say whether the best topic is the right one."""
    return OF_TOPIC + (OF_TOPIC_BY_MEANING if "like_meaning" in signals else ())


def names_of_all(signals: Signals) -> tuple[str, ...]:
    """Both, each once."""
    return tuple(dict.fromkeys(names_of_scope(signals) + names_of_topic(signals)))


def chosen(signals: Signals, names: tuple[str, ...]) -> np.ndarray:
    """A column for each name."""
    return np.column_stack([signals[name] for name in names])
