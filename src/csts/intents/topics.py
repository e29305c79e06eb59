"""What is learnt from: topics with ways to ask for them, in an order that does not depend on who hands them over."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Topic:
    """An article: `topic` is its unique name, `examples` are ways to ask for it (none is allowed)."""

    topic: str
    title: str
    answer: str
    examples: Sequence[str] = ()


@dataclass(frozen=True)
class Lesson:
    """A text and the number of its topic. An example is what somebody asks; the others are the article's own words."""

    text: str
    topic: int
    is_example: bool = False


def in_order(topics: Iterable[Topic]) -> list[Topic]:
    """Sorted by name, examples sorted by digest and without repetitions. Raises ValueError for a name used twice."""
    ordered = sorted(topics, key=lambda topic: topic.topic)
    for one, other in pairwise(ordered):
        if one.topic == other.topic:
            raise ValueError(f"the topic {one.topic} is there twice")
    return [Topic(each.topic, each.title, each.answer, _shuffled(each.examples)) for each in ordered]


def lessons(topics: Sequence[Topic]) -> list[Lesson]:
    """The examples of all topics, then of each topic its title, and its title with its answer."""
    asked = [Lesson(text, number, is_example=True) for number, topic in enumerate(topics) for text in topic.examples]
    titles = [Lesson(topic.title, number) for number, topic in enumerate(topics)]
    answers = [Lesson(f"{topic.title} {topic.answer}", number) for number, topic in enumerate(topics) if topic.answer]
    return asked + titles + answers


def digest_of(topics: Sequence[Topic], recipe: str) -> str:
    """Names what was learnt and how: equal where the model would be, whatever the order of topics and examples."""
    content = [[each.topic, each.title, each.answer, *each.examples] for each in in_order(topics)]
    return hashlib.blake2b(json.dumps([recipe, content]).encode(), digest_size=12).hexdigest()


def versioned(digest: str, encoder: str) -> str:
    """The version of a model that answers with this encoder, or with none where its name is empty."""
    return f"{digest}-{encoder}" if encoder else digest


def encoder_of(version: str) -> str:
    """The name of the encoder of `versioned`."""
    return version.partition("-")[2]


def _shuffled(texts: Iterable[str]) -> tuple[str, ...]:
    # By digest and not by alphabet: neighbours in the alphabet say almost the same, and folds take turns.
    return tuple(sorted({text for text in texts if text.strip()}, key=_digest))


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
