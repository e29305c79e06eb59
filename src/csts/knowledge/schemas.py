"""The wire shapes of knowledge: articles and rules as they come in, and what lists and readers are shown."""

from datetime import datetime
from typing import Annotated, TypeVar

import msgspec
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from csts.kit.columns import MAX_ID
from csts.kit.fields import Switch, between
from csts.kit.text import clean_line, clean_text
from csts.knowledge.rules import Rule, RuleAction
from csts.knowledge.words import words_of
from csts.realtime.people import Person

EXAMPLE_CHARS = 500
MOST_EXAMPLES = 1000
MOST_PHRASES = 50
EXCERPT_CHARS = 160

T = TypeVar("T")


def _once_each(values: list[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _has_words(phrase: str) -> str:
    if not words_of(phrase):
        raise ValueError("Please write at least one word.")
    return phrase


# Whatever somebody else calls a topic: the data sets that people import have question marks in them.
Topic = Annotated[str, AfterValidator(clean_line), between(1, 80), Field(max_length=80, examples=["card_declined"])]
Title = Annotated[
    str, AfterValidator(clean_line), between(1, 200), Field(max_length=200, examples=["My card was declined"])
]
Answer = Annotated[
    str,
    AfterValidator(clean_text),
    between(1, 10_000),
    Field(max_length=10_000, examples=["Your bank has refused the payment; please try another card."]),
]
Example = Annotated[str, AfterValidator(clean_line), between(1, EXAMPLE_CHARS), Field(max_length=EXAMPLE_CHARS)]
Examples = Annotated[
    list[Example],
    Field(max_length=MOST_EXAMPLES, examples=[["Why was my payment refused?"]]),
    AfterValidator(_once_each),
]
RuleName = Annotated[str, AfterValidator(clean_line), between(1, 80), Field(max_length=80, examples=["Opening hours"])]
Phrase = Annotated[str, AfterValidator(clean_line), between(1, 100), AfterValidator(_has_words), Field(max_length=100)]
Phrases = Annotated[
    list[Phrase],
    Field(min_length=1, max_length=MOST_PHRASES, examples=[["when are you open"]]),
    AfterValidator(_once_each),
]
Reply = Annotated[
    str, AfterValidator(clean_text), between(1, 2000), Field(max_length=2000, examples=["We are there from 9 to 17."])
]
# Strict, for JSON's `true` would be 1.
Position = Annotated[int, Field(ge=1, le=MAX_ID, strict=True)]


class NewArticle(BaseModel):
    """An article to write; also one line of a file that is imported."""

    model_config = ConfigDict(extra="forbid")

    topic: Topic
    title: Title
    answer: Answer
    examples: Examples = []
    published: Switch = True


class ArticleChanges(BaseModel):
    """What to change; a field that is not given stays as it is. `version` is the one that the editor has seen."""

    model_config = ConfigDict(extra="forbid")

    # These are never written: only what was given counts. None would make null a value that a client may send.
    topic: Topic = ""
    title: Title = ""
    answer: Answer = ""
    examples: Examples = []
    published: Switch = True
    version: Position = 1


class NewRule(BaseModel):
    """A rule to make, behind all others unless a position is given."""

    model_config = ConfigDict(extra="forbid")

    name: RuleName
    phrases: Phrases
    reply: Reply
    action: RuleAction = "answer"
    whole: Switch = False
    enabled: Switch = True
    position: Position = MAX_ID


class RuleChanges(BaseModel):
    """What to change; a field that is not given stays as it is. `version` is the one that the editor has seen."""

    model_config = ConfigDict(extra="forbid")

    # As in ArticleChanges: never written.
    name: RuleName = ""
    phrases: Phrases = []
    reply: Reply = ""
    action: RuleAction = "answer"
    whole: Switch = False
    enabled: Switch = True
    position: Position = 1
    version: Position = 1


class ArticleRow(msgspec.Struct, frozen=True):
    """An article in the desk's list; `examples` is their number."""

    id: int
    topic: str
    title: str
    published: bool
    version: int
    updated_at: datetime
    updated_by: Person | None
    examples: int


class ArticleOut(msgspec.Struct, frozen=True):
    """The whole article, as agents see it; nobody has changed what a command has written."""

    id: int
    topic: str
    title: str
    answer: str
    examples: list[str]
    published: bool
    version: int
    created_at: datetime
    updated_at: datetime
    updated_by: Person | None


class RevisionOut(msgspec.Struct, frozen=True):
    """An article as one change left it."""

    version: int
    at: datetime
    by: Person | None
    topic: str
    title: str
    answer: str
    examples: list[str]
    published: bool


class RuleOut(Rule, frozen=True):
    """A rule, as agents see it; nobody has changed what a desk begins with."""

    version: int
    updated_at: datetime
    updated_by: Person | None


class RuleRevisionOut(msgspec.Struct, frozen=True):
    """A rule as one change left it."""

    version: int
    at: datetime
    by: Person | None
    position: int
    name: str
    phrases: list[str]
    reply: str
    action: RuleAction
    whole: bool
    enabled: bool
    deleted: bool


class Matched(msgspec.Struct, frozen=True):
    """Which rule speaks, if any."""

    rule: RuleOut | None


class PublishedArticle(msgspec.Struct, frozen=True):
    """What there is to learn from, and to look things up in."""

    id: int
    topic: str
    title: str
    answer: str
    examples: list[str]


class HelpRow(msgspec.Struct, frozen=True):
    """A published article in a list; `excerpt` is how its answer begins."""

    id: int
    topic: str
    title: str
    excerpt: str


class HelpArticle(msgspec.Struct, frozen=True):
    """A published article, as anybody may read it."""

    id: int
    topic: str
    title: str
    answer: str
    updated_at: datetime


def shaped(row: object, shape: type[T]) -> T:
    """The row's attributes as this shape."""
    return msgspec.convert(row, shape, from_attributes=True)


def excerpt_of(answer: str) -> str:
    """One line of at most 160 characters, cut between words where there are any."""
    line = " ".join(answer.split())
    if len(line) <= EXCERPT_CHARS:
        return line
    head = line[: EXCERPT_CHARS - 1]
    return (head.rpartition(" ")[0] or head).rstrip(",;:.") + "…"
