"""From topics to a model: learnt from everything, and trusted as far as it went on questions that were held back."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from csts.intents.confidence import PRIOR, PRIOR_BY_MEANING, Trial, learn_confidence
from csts.intents.everyday import everyday
from csts.intents.habits import habits_of
from csts.intents.learners import MANY_TEXTS, ridged_regression, softmax_descent, softmax_regression, support_vectors
from csts.intents.likeness import ASKED, by_topic, likeness_of
from csts.intents.linear import in_half
from csts.intents.meaning import Meaning, away_from
from csts.intents.memory import Memory, key_of
from csts.intents.model import Model, Reader
from csts.intents.signals import Signals
from csts.intents.space import VIEWS, Counts, Space, space_of
from csts.intents.strangers import made_strange
from csts.intents.terms import View
from csts.intents.topics import Lesson, Topic, digest_of, in_order, lessons, versioned
from csts.intents.weighing import stacked, weigh_by_text, weigh_by_topic

# A new one for each change that makes another model of the same topics.
RECIPE = 5
# Below this nothing can be left out; as many at a time leave the task about as hard as it is.
_FEWEST_TOPICS = 4
_LEFT_OUT = 4


@dataclass(frozen=True)
class Recipe:
    """How to learn from so many texts. As many times as `folds` says, one of `splits` examples is held back.

    Topics are told apart by `views`; `known` are the views that are counted. In a hurry one of `spread` strangers is
    asked.

    `far` is how much strangers weigh: the more, the fewer are answered, and it takes many questions in scope to hold
    against it. `growth` is by how much the odds of being right grow, as a logarithm, when what was held back is learnt.
    """

    is_many: bool
    is_hurried: bool = False
    views: Sequence[View] = VIEWS
    known: Sequence[View] = VIEWS
    folds: int = 5
    splits: int = 5
    spread: int = 1
    far: float = 1.0
    growth: float = 0.0


def recipe_for(texts: int, *, quick: bool) -> Recipe:
    if texts <= MANY_TEXTS:
        return Recipe(is_many=False, folds=1 if quick and texts > MANY_TEXTS // 4 else 5)
    if quick:
        return Recipe(is_many=True, is_hurried=True, views=("words",), known=ASKED, folds=1, splits=30, spread=3, far=4)
    return Recipe(is_many=True, folds=3, far=4, growth=0.1)


@dataclass(frozen=True)
class School:
    """Lessons and their counts, of which a reader learns some."""

    texts: Sequence[str]
    # What `memory.key_of` makes of each text.
    keys: np.ndarray
    topics: np.ndarray
    is_example: np.ndarray
    # The number of each example within its topic.
    turns: np.ndarray
    space: Space
    counts: Counts
    recipe: Recipe

    def taught(self, chosen: np.ndarray) -> Reader:
        """A reader that has learnt the lessons with these numbers, of topics that are numbered without a gap."""
        counts = self.counts.rows(chosen)
        return self._taught(counts, np.unique(self.topics[chosen], return_inverse=True)[1], self.keys[chosen])

    def _taught(self, counts: Counts, topics: np.ndarray, keys: np.ndarray) -> Reader:
        many, views = self.recipe.is_many, self.recipe.views
        weights = weigh_by_text(counts) if many else weigh_by_topic(counts, topics)
        vectors = weights.vectors(counts)
        learn = softmax_descent if self.recipe.is_hurried else support_vectors if many else softmax_regression
        linear = learn(stacked(vectors, views), topics, total=int(topics.max()) + 1)
        is_word = np.array([" " not in term for term in self.space.columns["words"]], bool)
        likeness, habits = likeness_of(vectors, topics), habits_of(counts, topics, is_word)
        meaning = None if counts.meaning is None else _meaning(counts.meaning, topics, keys, is_many=many)
        return Reader(weights, views, linear, likeness, habits, meaning)


def train(topics: Iterable[Topic], *, quick: bool = False, memory: Memory | None = None) -> Model:
    """The same model for the same topics, in whichever order. Raises ValueError where there is none.

    `quick` is for the time until the better one is ready: two points less accurate where there are thousands of
    examples, the same for a few hundred. With a `memory` the model knows what texts mean, and answers with its encoder.
    """
    ordered = in_order(topics)
    if not ordered:
        raise ValueError("there is no topic to learn")
    learnt = lessons(ordered)
    recipe = recipe_for(len(learnt), quick=quick)
    school = _school(learnt, recipe, memory)
    trials = list(_trials(school))
    prior = PRIOR_BY_MEANING if memory else PRIOR
    # Who knows what texts mean tells strangers better, and is as sure as he should be.
    told = {} if memory else {"far": recipe.far, "growth": recipe.growth}
    confidence = learn_confidence(joined(trials), **told, prior=prior) if trials else prior
    reader = school.taught(np.arange(len(learnt)))
    version = versioned(digest_of(ordered, f"{RECIPE} {recipe}"), memory.encoder.name if memory else "")
    return Model(version, [each.topic for each in ordered], school.space, reader, confidence)


def _school(learnt: Sequence[Lesson], recipe: Recipe, memory: Memory | None) -> School:
    texts = [lesson.text for lesson in learnt]
    topics = np.array([lesson.topic for lesson in learnt])
    is_example = np.array([lesson.is_example for lesson in learnt])
    firsts = np.searchsorted(topics[is_example], np.arange(int(topics.max()) + 1))
    turns = np.arange(len(learnt)) - firsts[topics]
    space = space_of(texts, recipe.known, rare=2 if recipe.is_many else 1, encode=memory)
    keys = np.array([key_of(text) for text in texts], np.uint64)
    return School(texts, keys, topics, is_example, turns, space, space.count(texts), recipe)


def _meaning(vectors: np.ndarray, topics: np.ndarray, keys: np.ndarray, *, is_many: bool) -> Meaning:
    order, starts = by_topic(topics)
    centre = in_half(vectors.mean(axis=0))
    linear = ridged_regression(away_from(centre, vectors), topics, total=len(starts))
    return Meaning(vectors[order], starts, keys[order], centre, linear, is_many)


def _trials(school: School) -> Iterator[Trial]:
    """In each a fifth of the examples is held back, and a few topics are left out: their examples are strangers."""
    sayings = everyday(school.space)[:: school.recipe.spread]
    talk = school.space.count(sayings) if sayings else None
    for fold in range(school.recipe.folds):
        outside = np.isin(school.topics, _left_out(int(school.topics.max()) + 1, fold))
        held = school.is_example & ~outside & (school.turns % school.recipe.splits == fold)
        if held.any():
            asked = outside & school.is_example & (school.turns % school.recipe.spread == 0)
            yield _trial(school, ~held & ~outside, held, asked, talk)


def _left_out(total: int, fold: int) -> np.ndarray:
    if total < _FEWEST_TOPICS:
        return np.array([], int)
    number = max(1, min(_LEFT_OUT, total // 8))
    return np.random.default_rng(0).permutation(total)[fold * number : (fold + 1) * number]


def _trial(school: School, kept: np.ndarray, held: np.ndarray, strange: np.ndarray, talk: Counts | None) -> Trial:
    reader = school.taught(np.flatnonzero(kept))
    log_shares, inside = reader.read(school.counts.rows(np.flatnonzero(held)))
    right = np.unique(school.topics[kept])[log_shares.argmax(axis=1)] == school.topics[held]
    near = reader.read(school.counts.rows(np.flatnonzero(strange)))[1]
    if talk is None:
        asked = np.flatnonzero(strange if strange.any() else held)
        talk = school.space.count(
            made_strange([school.texts[int(each)] for each in asked], reader.habits, school.space)
        )
    return Trial(inside, right.astype(float), near, reader.read(talk)[1])


def joined(trials: Sequence[Trial]) -> Trial:
    """One trial of all."""
    return Trial(
        _all([trial.inside for trial in trials]),
        np.concatenate([trial.right for trial in trials]),
        _all([trial.near for trial in trials]),
        _all([trial.far for trial in trials]),
    )


def _all(parts: Sequence[Signals]) -> Signals:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
