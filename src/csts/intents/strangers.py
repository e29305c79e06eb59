"""Questions from outside, made of those at hand: what they are about is exchanged for words that nobody has said."""

from collections.abc import Sequence

import numpy as np

from csts.intents.habits import Habits
from csts.intents.space import Space
from csts.intents.terms import words

# A word that more than so many of the topics use is how people speak, and not what they speak of.
_COMMON = 0.5


def made_strange(questions: Sequence[str], habits: Habits, space: Space) -> list[str]:
    """By turns the two rarest words of a question are exchanged, and all that are not common."""
    spread = np.asarray((habits.said > 0).sum(axis=0)).ravel()
    columns, limit = space.columns["words"], _COMMON * habits.said.shape[0]

    def topics_with(word: str) -> float:
        return float(spread[columns[word]]) if word in columns else 0

    found = []
    for turn, question in enumerate(questions):
        spoken = words(question)
        rare = sorted(
            {word for word in spoken if topics_with(word) <= limit}, key=lambda word: (topics_with(word), word)
        )
        exchanged = set(rare if turn % 2 else rare[:2])
        # Backwards a word keeps its letters and its length, and is hardly ever another one; q makes sure.
        found.append(" ".join(f"{word[::-1]}q" if word in exchanged else word for word in spoken))
    return found
