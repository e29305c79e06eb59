"""Questions with their topics, from a file, and what of them is learnt and what is asked."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from csts.bench.plan import Unmeasured

_HEAD = ["text", "category"]

Labelled = tuple[str, str]


@dataclass(frozen=True)
class Split:
    """Pairs of a question and its topic."""

    learnt: Sequence[Labelled]
    asked: Sequence[Labelled]


def read_labelled(file: Path) -> list[Labelled]:
    """Of a CSV file with the columns `text,category`. Raises Unmeasured with the line that is wrong."""
    try:
        with file.open(newline="", encoding="utf-8") as opened:
            return _rows(opened, file)
    except (OSError, UnicodeDecodeError) as error:
        raise Unmeasured(f"{file} cannot be read: {error}") from error


def read_questions(file: Path) -> list[str]:
    """One a line; empty lines are none."""
    try:
        return [line.strip() for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise Unmeasured(f"{file} cannot be read: {error}") from error


def split(
    rows: Sequence[Labelled], *, holdout: float, seed: int, examples: int | None, per_topic: int | None = None
) -> Split:
    """Of each topic the share `holdout` is asked, of the others at most `examples` are learnt; by chance, by `seed`.

    With `per_topic` so many are asked of each topic, whatever its size. Raises Unmeasured where nothing would be asked,
    or nothing learnt of a topic.
    """
    chance = np.random.default_rng(seed)
    learnt: list[Labelled] = []
    asked: list[Labelled] = []
    for topic in sorted({topic for _, topic in rows}):
        own = [row for row in rows if row[1] == topic]
        mixed = [own[each] for each in chance.permutation(len(own))]
        held = per_topic or round(len(own) * holdout)
        if held >= len(own):
            raise Unmeasured(f"nothing is left to learn of {topic}, which has {len(own)} questions.")
        asked += mixed[:held]
        learnt += mixed[held:][:examples]
    if not asked:
        raise Unmeasured("nothing is left to ask; change --holdout.")
    return Split(learnt, asked)


def _rows(opened: Iterable[str], file: Path) -> list[Labelled]:
    reader = csv.reader(opened, strict=True)
    found = []
    try:
        if next(reader, None) != _HEAD:
            raise Unmeasured(f"{file}, line 1: the columns are to be {','.join(_HEAD)}.")
        for row in reader:
            if len(row) != len(_HEAD) or not all(cell.strip() for cell in row):
                raise Unmeasured(
                    f"{file}, line {reader.line_num}: a question and its topic are expected, and not {row}."
                )
            found.append((row[0].strip(), row[1].strip()))
    except csv.Error as error:
        raise Unmeasured(f"{file}, line {reader.line_num}: {error}.") from error
    return found
