"""How good answers from a labelled file are: learnt from one part of it, asked from the other."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from csts.bench.calibration import Operating, adaptive_calibration_error, calibration_error, operating
from csts.bench.labelled import Labelled, Split, read_labelled, read_questions, split
from csts.bench.plan import Unmeasured
from csts.intents.encoder import NoEncoder, encoder_at
from csts.intents.memory import Memory
from csts.intents.model import ANSWER_FROM, Model
from csts.intents.storage import from_bytes, to_bytes
from csts.intents.topics import Topic
from csts.intents.training import train

_TIMED = 500
# So many texts are encoded before the next word about it.
_TOLD = 1_000


@dataclass(frozen=True)
class Exam:
    """What is measured. Of each topic `examples` are learnt at most; `quick` takes the model that is trained first.

    With `per_topic` so many questions are asked of each topic, in place of the share `holdout`.
    """

    file: Path
    outside: Path | None = None
    examples: int | None = None
    holdout: float = 0.2
    seed: int = 0
    precision: float = 0.95
    quick: bool = False
    semantic: Path | None = None
    per_topic: int | None = None

    @property
    def held_out(self) -> str:
        return f"{self.per_topic} of each topic" if self.per_topic else f"{self.holdout:.0%}"


@dataclass(frozen=True)
class Figures:
    """Shares from 0 to 1, CPU times of this process; `at_precision` and `at_default` are two thresholds."""

    topics: int
    learnt: int
    asked: int
    outside: int
    accuracy: float
    calibration_error: float
    adaptive_calibration_error: float
    at_precision: Operating
    at_default: Operating
    training_seconds: float
    p50_ms: float
    p99_ms: float


def measure(exam: Exam, say: Callable[[str], None]) -> Figures:
    """Trains and asks. Raises Unmeasured where a file cannot be read or nothing is left of it.

    `say` is told how far the encoding of texts has come, which takes minutes for ten thousand.
    """
    rows = read_labelled(exam.file)
    parts = split(rows, holdout=exam.holdout, seed=exam.seed, examples=exam.examples, per_topic=exam.per_topic)
    outside = read_questions(exam.outside) if exam.outside else []
    memory = _memory(exam.semantic) if exam.semantic else None
    started = time.process_time()
    if memory:
        _encode([text for text, _ in parts.learnt], memory, say)
    trained = train(_articles(parts.learnt), quick=exam.quick, memory=memory)
    training = time.process_time() - started
    # As a desk has it: with an encoder, and without the memory of what was learnt.
    model = from_bytes(to_bytes(trained, memory), memory.encoder if memory else None)
    sure, right = _answers(model, parts)
    strangers = np.array([ranking.confidence for ranking in model.rank(outside)]) if outside else np.array([])
    p50, p99 = np.percentile(_times_ms(model, [text for text, _ in parts.asked][:_TIMED]), (50, 99))
    return Figures(
        topics=len(model.topics),
        learnt=len(parts.learnt),
        asked=len(parts.asked),
        outside=len(outside),
        accuracy=float(right.mean()),
        calibration_error=calibration_error(sure, right),
        adaptive_calibration_error=adaptive_calibration_error(sure, right),
        at_precision=operating(sure, right, strangers, precision=exam.precision),
        at_default=operating(sure, right, strangers, threshold=ANSWER_FROM),
        training_seconds=training,
        p50_ms=float(p50),
        p99_ms=float(p99),
    )


def lines(exam: Exam, found: Figures) -> Iterator[str]:
    """The figures as people read them, after the split that they are of."""
    few = "all" if exam.examples is None else f"at most {exam.examples} a topic"
    yield f"{found.topics} topics of {exam.file.name}; seed {exam.seed}, {exam.held_out} held out:"
    yield f"{found.learnt:,} examples learnt ({few}), {found.asked:,} questions asked, {found.outside:,} out of scope."
    if exam.semantic:
        yield f"Meaning by {exam.semantic}."
    yield f"{'accuracy':<36}{found.accuracy:8.1%}"
    yield f"{'calibration error (15 equal bins)':<36}{found.calibration_error:8.3f}"
    yield f"{'calibration error (adaptive bins)':<36}{found.adaptive_calibration_error:8.3f}"
    yield f"{'threshold':<36}{'answered':>10}{'right':>10}{'out of scope answered':>24}"
    yield _operating(f"at {exam.precision:.0%} precision", found.at_precision)
    yield _operating("by default", found.at_default)
    yield f"Training took {found.training_seconds:.1f} s of CPU time;"
    yield f"a question {found.p50_ms:.1f} ms (p50) and {found.p99_ms:.1f} ms (p99)."


def as_json(exam: Exam, found: Figures) -> dict[str, object]:
    asked = {name: str(value) if isinstance(value, Path) else value for name, value in asdict(exam).items()}
    return {"exam": asked, "figures": asdict(found)}


def _operating(name: str, found: Operating) -> str:
    head = f"{name} ({found.threshold:.2f})"
    outside = "-" if found.outside is None else f"{found.outside:.1%}"
    return f"{head:<36}{found.answered:10.1%}{found.right:10.1%}{outside:>24}"


def _articles(learnt: Sequence[Labelled]) -> list[Topic]:
    names = sorted({topic for _, topic in learnt})
    return [
        Topic(name, name.replace("_", " "), "", [text for text, topic in learnt if topic == name]) for name in names
    ]


def _memory(folder: Path) -> Memory:
    try:
        return Memory(encoder_at(folder))
    except NoEncoder as reason:
        raise Unmeasured(f"{reason}.") from reason


def _encode(texts: Sequence[str], memory: Memory, say: Callable[[str], None]) -> None:
    for start in range(0, len(texts), _TOLD):
        memory(texts[start : start + _TOLD])
        say(f"{min(start + _TOLD, len(texts)):,} of {len(texts):,} texts are encoded.")


def _answers(model: Model, parts: Split) -> tuple[np.ndarray, np.ndarray]:
    """The confidence of each answer, and whether it is right."""
    rankings = model.rank([text for text, _ in parts.asked], limit=1)
    best = [ranking.candidates[0].topic for ranking in rankings]
    right = [name == topic for name, (_, topic) in zip(best, parts.asked, strict=True)]
    return np.array([ranking.confidence for ranking in rankings]), np.array(right, float)


def _times_ms(model: Model, questions: Sequence[str]) -> list[float]:
    """CPU time of each question by itself, as a server answers it."""
    found = []
    for question in questions:
        started = time.thread_time()
        model.candidates(question)
        found.append(1000 * (time.thread_time() - started))
    return found
