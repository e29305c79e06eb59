"""From articles to a model: in a process of its own, so that nobody waits for it, and kept in the database for all."""

import asyncio
import os
import sys
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import structlog
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.assistant.models import LearntModel, LearntPart
from csts.intents.topics import Topic
from csts.kit.db import Database
from csts.knowledge import queries as knowledge

LEARN = "learn"
PART_BYTES = 256 * 1024
# Ten thousand examples take half a minute on a busy machine, and there are two models to learn.
PATIENCE_SECONDS = 600
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


async def learn(database: Database) -> None:
    """Learn what is published now, first quickly and then well; each model is stored for every process."""
    for quick in (True, False):
        async with database.read() as session:
            state = await knowledge.state(session)
            if await _is_known(session, state):
                return
            topics = [
                Topic(article.topic, article.title, article.answer, article.examples)
                for article in await knowledge.published(session)
            ]
        if not topics:
            return
        if quick and sum(len(topic.examples) for topic in topics) < FEW_EXAMPLES:
            continue
        learnt = await _learnt(topics, quick=quick)
        async with database.write() as session:
            await store(session, learnt, state=state, quick=quick)


async def _is_known(session: AsyncSession, state: int) -> bool:
    """Another process may have been asked for the same."""
    known = select(LearntModel.id).where(LearntModel.state == state, LearntModel.quick.is_(False))
    return await session.scalar(known.limit(1)) is not None


async def _learnt(topics: Sequence[Topic], *, quick: bool) -> Learnt:
    """Raises LearningFailed."""
    words = [sys.executable, "-m", "csts.intents.apart", *(["--quick"] if quick else [])]
    process = await asyncio.create_subprocess_exec(
        *words,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        # More threads take twice the time of the processor, which others need to talk.
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            told, complaint = await process.communicate(msgspec.json.encode(topics))
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise LearningFailed(complaint.decode(errors="replace")[-500:])
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
