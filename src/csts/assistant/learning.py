"""From articles to a model: in a process of its own, so that nobody waits for it, and kept in the database for all."""

import asyncio
import os
import sys
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import structlog
from sqlalchemy import Select, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.assistant.models import LearntModel, LearntPart
from csts.assistant.sense import Sense
from csts.intents.topics import Topic, encoder_of
from csts.kit.db import Database
from csts.knowledge import queries as knowledge

LEARN = "learn"
PART_BYTES = 256 * 1024
# Ten thousand examples take half a minute on a busy machine, their meaning five; and there are two models to learn.
PATIENCE_SECONDS = 1200
LEARN_SECONDS = 2.0 * PATIENCE_SECONDS
# The newest, and what a process may be reading just now.
KEPT = 3
# Of so few the good model is learnt as quickly as the quick one.
FEW_EXAMPLES = 300

_log = structlog.get_logger()


class Learnt(NamedTuple):
    """A model as it is kept, by who need not read it."""

    version: str
    data: bytes


class LearningFailed(RuntimeError):
    """The process that learns has ended without a model; the task is tried again."""


async def learn(database: Database, sense: Sense) -> None:
    """Learn what is published now, first quickly and then well; each model is stored for every process.

    The quick one is of words alone: to encode what they mean may take minutes.
    """
    encoder = await sense.encoder()
    name = encoder.name if encoder else ""
    for quick in (True, False):
        async with database.read() as session:
            state = await knowledge.state(session)
            if await _is_known(session, state, name):
                return
            topics = [
                Topic(article.topic, article.title, article.answer, article.examples)
                for article in await knowledge.published(session)
            ]
        if not topics:
            return
        if quick and sum(len(topic.examples) for topic in topics) < FEW_EXAMPLES:
            continue
        if quick or not encoder:
            learnt = await _learnt(topics, ["--quick"] if quick else [])
        else:
            async with database.read() as session:
                before = await newest(session, name)
                known = await stored(session, before) if before else b""
            learnt = await _learnt(topics, [str(sense.folder)], known)
        async with database.write() as session:
            await store(session, learnt, state=state, quick=quick)


async def newest(session: AsyncSession, encoder: str) -> LearntModel | None:
    """The newest model that a process with this encoder can answer from: one of it, or one of words alone."""
    return await session.scalar(_readable(encoder).order_by(LearntModel.id.desc()).limit(1))


async def stored(session: AsyncSession, model: LearntModel) -> bytes:
    parts = select(LearntPart.data).where(LearntPart.model_id == model.id).order_by(LearntPart.place)
    return b"".join(await session.scalars(parts))


async def _is_known(session: AsyncSession, state: int, encoder: str) -> bool:
    """Another process may have been asked for the same."""
    known = _readable(encoder).where(LearntModel.state == state, LearntModel.quick.is_(False))
    return any(encoder_of(model.version) == encoder for model in await session.scalars(known))


def _readable(encoder: str) -> Select[LearntModel]:
    of_words, of_meaning = LearntModel.version.not_like("%-%"), LearntModel.version.like(f"%-{encoder}")
    return select(LearntModel).where(or_(of_words, of_meaning) if encoder else of_words)


async def _learnt(topics: Sequence[Topic], how: Sequence[str], known: bytes = b"") -> Learnt:
    """Raises LearningFailed."""
    process = await asyncio.create_subprocess_exec(
        *[sys.executable, "-m", "csts.intents.apart", *how],
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        # More threads take twice the time of the processor, which others need to talk.
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            told, complaint = await process.communicate(msgspec.json.encode(topics) + b"\n" + known)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise LearningFailed(complaint.decode(errors="replace")[-500:])
    if complaint:
        _log.warning("learning_complains", words=complaint.decode(errors="replace")[-500:])
    version, _, data = told.partition(b"\n")
    return Learnt(version.decode(), data)


async def store(session: AsyncSession, learnt: Learnt, *, state: int, quick: bool) -> None:
    """Keep a model, and forget all but the last ones."""
    version, data = learnt
    model = LearntModel(version=version, state=state, quick=quick)
    session.add(model)
    await session.flush()
    for place, start in enumerate(range(0, len(data), PART_BYTES)):
        session.add(LearntPart(model_id=model.id, place=place, data=data[start : start + PART_BYTES]))
    old = list(await session.scalars(select(LearntModel.id).order_by(LearntModel.id.desc()).offset(KEPT)))
    await session.execute(delete(LearntPart).where(LearntPart.model_id.in_(old)))
    await session.execute(delete(LearntModel).where(LearntModel.id.in_(old)))
    _log.info("model_learnt", version=model.version, state=state, quick=quick, size=len(data))
