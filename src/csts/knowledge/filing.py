"""Reads a file of articles: JSON Lines, one article a line. Either all of it is good, or nothing of it is taken."""

import re
from collections.abc import Iterator

from pydantic import ValidationError

from csts.knowledge.schemas import NewArticle

# Enough to see what is wrong with a file, without a screen for each of its lines.
MOST_COMPLAINTS = 10


class BadFile(Exception):
    """`complaints` name the line and what is wrong with it."""

    def __init__(self, complaints: list[str]) -> None:
        more = len(complaints) - MOST_COMPLAINTS
        shown = complaints[:MOST_COMPLAINTS] + ([f"and {more} more"] if more > 0 else [])
        super().__init__("; ".join(shown))
        self.complaints = complaints


def read_articles(content: bytes) -> list[NewArticle]:
    """Empty lines are passed over. Raises BadFile."""
    articles: list[NewArticle] = []
    complaints: list[str] = []
    seen: dict[str, int] = {}
    for number, line in _lines(content):
        try:
            article = NewArticle.model_validate_json(line)
        except ValidationError as error:
            complaints.append(f"line {number}: {_reason(error)}")
            continue
        if first := seen.get(article.topic):
            complaints.append(f"lines {first} and {number} have the same topic: {article.topic}")
        seen.setdefault(article.topic, number)
        articles.append(article)
    if complaints:
        raise BadFile(complaints)
    return articles


def _lines(content: bytes) -> Iterator[tuple[int, bytes]]:
    # Only at line ends: Python's `splitlines` would cut a text at each of Unicode's separators.
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if line.strip():
            yield number, line


def _reason(error: ValidationError) -> str:
    """The first thing that is wrong; "line 1" would be of the line itself."""
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"]))
    sentence = re.sub(r" at line 1 column (\d+)$", r" at column \1", first["msg"].removeprefix("Value error, "))
    return f"{place}: {sentence}" if place else sentence
