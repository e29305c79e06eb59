"""The prior of confidence (src/csts/intents/prior.py), fitted on many small desks that are cut out of a labelled file.

Each desk has 1 to 20 of the file's topics with 0 to 10 examples each; half of its topics have another example as
their answer. Its in-scope questions are other ones of its topics, its strangers those of the other topics, and
what people say every day.

    python -m bench.prior FILE [FOLDER]

With the folder of a sentence model it is the prior of confidence by meaning.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from csts.bench.labelled import read_labelled
from csts.intents.confidence import Confidence, Trial, draft_of, learn_confidence
from csts.intents.encoder import encoder_at
from csts.intents.everyday import everyday
from csts.intents.logistic import Logistic
from csts.intents.memory import Memory
from csts.intents.model import Model
from csts.intents.signals import Signals, names_of_all, names_of_scope, names_of_topic
from csts.intents.topics import Topic
from csts.intents.training import joined, train

_QUESTIONS = 40
_DESKS = 150


def main(file: str, folder: str = "") -> None:
    rows = read_labelled(Path(file))
    by_topic = {name: [text for text, topic in rows if topic == name] for name in sorted({topic for _, topic in rows})}
    chance = np.random.default_rng(7)
    memory = Memory(encoder_at(Path(folder))) if folder else None
    trial = joined([_desk(by_topic, chance, memory) for _ in range(_DESKS)])
    fitted = learn_confidence(trial, prior=_nothing(trial.inside), trust=1.0)
    for name, weights in (("SCOPE", fitted.scope.weights), ("RIGHT", fitted.right.weights)):
        print(f"{name} = {[round(float(each), 2) for each in weights]}")


def _nothing(signals: Signals) -> Confidence:
    scope, right = (Logistic(np.zeros(len(names) + 1)) for names in (names_of_scope(signals), names_of_topic(signals)))
    return draft_of(scope, right, len(names_of_all(signals)))


def _desk(by_topic: dict[str, list[str]], chance: np.random.Generator, memory: Memory | None) -> Trial:
    names = [str(name) for name in chance.permutation(list(by_topic))]
    here = names[: chance.integers(1, 21)]
    topics, inside = [], []
    for name in here:
        texts = [str(text) for text in chance.permutation(by_topic[name])]
        answer = texts[-1] if chance.random() < 1 / 2 else ""
        number = int(chance.integers(0, 11))
        topics.append(Topic(name, name.replace("_", " "), answer, texts[:number]))
        inside += [(text, name) for text in texts[number:-1][: max(2, _QUESTIONS // len(here))]]
    outside = [str(chance.choice(by_topic[name])) for name in names[20:]]
    return _trial(train(topics, quick=True, memory=memory), inside, outside)


def _trial(model: Model, inside: Sequence[tuple[str, str]], outside: Sequence[str]) -> Trial:
    log_shares, signals = model.reader.read(model.space.count([text for text, _ in inside]))
    right = [model.topics[best] == name for best, (_, name) in zip(log_shares.argmax(axis=1), inside, strict=True)]
    near, far = (model.reader.read(model.space.count(texts))[1] for texts in (outside, everyday(model.space)))
    return Trial(signals, np.array(right, float), near, far)


if __name__ == "__main__":
    main(*sys.argv[1:])
