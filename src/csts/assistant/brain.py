"""What this process knows: rules, articles, and the newest model of them."""

import asyncio
import importlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from csts.assistant import learning
from csts.assistant.models import LearntModel
from csts.assistant.scene import Article, Guess
from csts.assistant.sense import Sense
from csts.intents.topics import encoder_of
from csts.kit.db import Database
from csts.kit.edge import forever
from csts.kit.tasks import enqueue
from csts.knowledge import queries as knowledge
from csts.knowledge.rules import Rule

if TYPE_CHECKING:
    from csts.intents.encoder import Encoder
    from csts.intents.model import Model

LOOK_SECONDS = 0.25
CANDIDATES = 5

_log = structlog.get_logger()


class Brain:
    """Looks four times a second whether there is anything new to know; asks for a model where there is none."""

    def __init__(self, database: Database, sense: Sense) -> None:
        self.rules: Sequence[Rule] = ()
        self._database = database
        self._sense = sense
        self._articles: dict[str, Article] = {}
        self._model: Model | None = None
        self._state = -1
        self._model_id = 0
        self._asked_for = -1

    @property
    def knows_articles(self) -> bool:
        return bool(self._articles)

    @property
    def is_ready(self) -> bool:
        """False where there are articles and nothing has been learnt of them yet."""
        return self._model is not None or not self._articles

    async def run(self) -> None:
        """Keep up, for as long as the desk is open."""
        await forever("brain_failed", self._turn, pause_seconds=LOOK_SECONDS)

    async def guess(self, question: str) -> Guess:
        """Which articles may be meant. In a thread: numbers are crunched past Python's lock."""
        if self._model is None:
            return Guess(0.0)
        ranking = await asyncio.to_thread(self._model.candidates, question, CANDIDATES)
        found = [each for each in ranking.candidates if each.topic in self._articles]
        # The best one may have been taken back since the model was made: nothing is sure then.
        is_best = bool(found) and found[0] is ranking.candidates[0]
        return Guess(
            ranking.confidence if is_best else 0.0,
            [self._articles[each.topic] for each in found],
            {each.topic: each.probability for each in found},
        )

    async def look(self) -> None:
        """Read what has changed since the last look."""
        encoder = await self._sense.encoder()
        name = encoder.name if encoder else ""
        async with self._database.read() as session:
            state = await knowledge.state(session)
            # They are few, and an admin who changes one tries it at once.
            self.rules = await knowledge.rules(session)
            if state != self._state:
                await self._read(session)
                self._state = state
            newest = await learning.newest(session, name)
            if newest and newest.id != self._model_id:
                await self._load(session, newest, encoder)
        is_latest = newest is not None and newest.state == state
        # One of words alone is there already where the sentence model is new, or has come back.
        is_best = newest is not None and not newest.quick and encoder_of(newest.version) == name
        if self._articles and state != self._asked_for and not (is_latest and is_best):
            await self._ask_to_learn()
            self._asked_for = state

    async def _turn(self) -> None:
        try:
            await self.look()
        except (SQLAlchemyError, OSError) as error:
            _log.warning("brain_waits", error=repr(error))
        await asyncio.sleep(LOOK_SECONDS)

    async def _read(self, session: AsyncSession) -> None:
        published = await knowledge.published(session)
        self._articles = {each.topic: Article(each.id, each.topic, each.title, each.answer) for each in published}

    async def _load(self, session: AsyncSession, newest: LearntModel, encoder: "Encoder | None") -> None:
        data = await learning.stored(session, newest)
        self._model_id = newest.id
        try:
            self._model = await asyncio.to_thread(_read_model, data, encoder)
        except ValueError as error:
            _log.warning("model_unreadable", version=newest.version, error=str(error))

    async def _ask_to_learn(self) -> None:
        """Merged with what has been asked already, by any process."""
        async with self._database.write() as session:
            await enqueue(session, learning.LEARN, {}, key=learning.LEARN)


def _read_model(data: bytes, encoder: "Encoder | None") -> "Model":
    """Raises ValueError for what is no model."""
    # Not at the top of the file: NumPy and SciPy would be a third of the time that a desk takes to start.
    model: Model = importlib.import_module("csts.intents.storage").from_bytes(data, encoder)
    return model
