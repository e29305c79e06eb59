"""The one number of an answer: how likely it is that the question is in scope and its best topic the right one.

Two logistic regressions, for the question may be strange and the topics may be close: two reasons. A third one sees all
signals and their products beside the product of both, and a fourth sets its word straight. Each is fitted around a
prior, which is all there is for a handful of articles.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from csts.intents.logistic import Logistic, fit
from csts.intents.prior import RIGHT, RIGHT_BY_MEANING, SCOPE, SCOPE_BY_MEANING
from csts.intents.signals import Signals, chosen, names_of_all, names_of_scope, names_of_topic
from csts.intents.together import Together, learn_together, nothing

# How many rows the prior weighs, and how many times as much as the questions in scope those of topics left out do: they
# are often a shade of a known one, while strangers made of unknown words are what really comes from outside.
_TRUST = 5.0
_NEAR = 0.2
# To the third one, which weighs them against questions that are answered wrong.
_STRANGE = 0.7
_STRAIGHT = Logistic(np.array([1.0, 0.0]))


@dataclass(frozen=True)
class Trial:
    """Questions that the model had not learnt: in scope with whether the best topic was right, and strangers."""

    inside: Signals
    right: np.ndarray
    near: Signals
    far: Signals


@dataclass(frozen=True)
class Confidence:
    scope: Logistic
    right: Logistic
    together: Together
    straight: Logistic

    def __call__(self, signals: Signals) -> np.ndarray:
        return self.straight(self.drawn(signals))

    def drawn(self, signals: Signals) -> np.ndarray:
        """The logarithms of the odds that all signals together draw, as a column; not set straight."""
        return self.together(self.both(signals), chosen(signals, names_of_all(signals)))

    def of_scope(self, signals: Signals) -> np.ndarray:
        return self.scope(chosen(signals, names_of_scope(signals)))

    def both(self, signals: Signals) -> np.ndarray:
        """The logarithms of the odds of in scope and right, as a column."""
        both = self.of_scope(signals) * self.right(chosen(signals, names_of_topic(signals)))
        both = np.clip(both, 1e-6, 1 - 1e-6)
        return np.asarray(np.log(both / (1 - both))[:, None])


def draft_of(scope: Logistic, right: Logistic, signals: int) -> Confidence:
    """Where no more is known of so many signals than what each of the first two says."""
    return Confidence(scope, right, nothing(signals), _STRAIGHT)


PRIOR = draft_of(Logistic(np.array(SCOPE)), Logistic(np.array(RIGHT)), len(names_of_all({})))
PRIOR_BY_MEANING = draft_of(
    Logistic(np.array(SCOPE_BY_MEANING)),
    Logistic(np.array(RIGHT_BY_MEANING)),
    len(names_of_all({"like_meaning": np.zeros(0)})),
)


def learn_confidence(
    trial: Trial, *, far: float = 1, growth: float = 0, prior: Confidence = PRIOR, trust: float = _TRUST
) -> Confidence:
    """Strangers weigh `far` times as much as questions in scope; to the logarithms of the odds `growth` is added."""
    names = names_of_scope(trial.inside)
    groups = [chosen(each, names) for each in (trial.inside, trial.near, trial.far)]
    total = len(trial.right)
    weights = _weights(groups, (1, _NEAR, far))
    truth = np.concatenate([np.ones(total), np.zeros(len(groups[1]) + len(groups[2]))])
    scope = fit(np.vstack(groups), truth, weights, prior=prior.scope, trust=trust)
    right = fit(
        chosen(trial.inside, names_of_topic(trial.inside)), trial.right, np.ones(total), prior=prior.right, trust=trust
    )
    draft = draft_of(scope, right, len(names_of_all(trial.inside)))
    together = _together(trial, draft)
    seen = Confidence(scope, right, together, _STRAIGHT)
    straight = fit(seen.drawn(trial.inside), trial.right, np.ones(total), prior=_STRAIGHT, trust=trust)
    return Confidence(scope, right, together, Logistic(straight.weights + np.array([0, growth])))


def _together(trial: Trial, draft: Confidence) -> Together:
    names = names_of_all(trial.inside)
    inside, far = (chosen(each, names) for each in (trial.inside, trial.far))
    shares = _weights((inside, far), (1, _STRANGE))
    odds = np.concatenate([draft.both(trial.inside), draft.both(trial.far)])
    return learn_together(odds, np.vstack([inside, far]), np.concatenate([trial.right, np.zeros(len(far))]), shares)


def _weights(groups: Sequence[np.ndarray], shares: Sequence[float]) -> np.ndarray:
    """For each row, so that a group counts so many times as much as the first one, however many rows it has."""
    total = len(groups[0])
    return np.concatenate(
        [np.full(len(each), share * total / max(len(each), 1)) for each, share in zip(groups, shares, strict=True)]
    )
