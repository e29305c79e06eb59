"""The assistant in a ticket's room: a task for each ticket whose customer has said something new."""

import time
from collections.abc import Mapping
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from csts.assistant import deciding, queries
from csts.assistant.actions import ASSISTANT, carry_out, draft_name, may_speak
from csts.assistant.mind import Mind
from csts.assistant.scene import Scene
from csts.chat.schemas import DraftFrame, TypingFrame
from csts.kit.db import Database
from csts.kit.tasks import Later, Task, enqueue
from csts.realtime.broker import Broker
from csts.realtime.events import same_for_all
from csts.tickets.events import TicketOpened, question_task, room_channel

# Longer than a small model takes to be learnt for the first time.
UNLEARNT_SECONDS = 0.5
# As often as an eye can follow; each costs a look whether a person has come.
DRAFT_SECONDS = 0.2

_log = structlog.get_logger()


class Silenced(Exception):
    """Somebody of the desk has come while the assistant was writing."""


async def listen_to(session: AsyncSession, fact: TicketOpened) -> None:
    """A ticket has been opened: it is answered with the same certainty as it is stored."""
    name, key, payload = question_task(fact.ticket_id)
    await enqueue(session, name, payload, key=key)


class Participant:
    """Answers tickets. What it says is decided without a transaction, and said in one that looks again."""

    def __init__(self, database: Database, broker: Broker, mind: Mind) -> None:
        self._database = database
        self._broker = broker
        self._mind = mind

    async def answer(self, task: Task) -> None:
        """Raises Later while nothing has been learnt."""
        scene = await self._scene(task.payload)
        if scene is None:
            return
        await self._tell(scene, TypingFrame(ASSISTANT, typing=True))
        draft = Draft(self, scene)
        try:
            decision = await self._mind.decide(scene, draft.show)
            if decision.action == "handover":
                await draft.take_back()
        except Silenced:
            return
        async with self._database.write() as session:
            is_said = await carry_out(session, scene, decision)
            await task.finish(session)
        _log.info(
            "assistant_done" if is_said else "assistant_silent",
            ticket=scene.ticket_id,
            action=decision.action,
            source=decision.source,
            confidence=decision.confidence,
        )

    async def give_up(self, task: Task) -> None:
        """It could not be answered, again and again: a person will."""
        async with self._database.read() as session:
            scene = await queries.scene(session, task.payload["ticket_id"])
        if scene:
            async with self._database.write() as session:
                await carry_out(session, scene, deciding.hand_over("unavailable", "the assistant failed repeatedly"))

    async def show_draft(self, scene: Scene, text: str) -> None:
        """Raises Silenced. Told under the ticket's lock: a claim that is committed is behind it, or is seen here."""
        async with self._database.write() as session:
            if not await may_speak(session, scene.ticket_id):
                raise Silenced
            await self._tell(scene, DraftFrame(draft_name(scene), ASSISTANT, text))

    async def _scene(self, payload: Mapping[str, Any]) -> Scene | None:
        """None where there is nothing to say: a person is there, all is answered, or nothing is known."""
        async with self._database.read() as session:
            scene = await queries.scene(session, payload["ticket_id"])
        if scene is None or not (scene.is_first or scene.unanswered) or not self._mind.brain.knows_articles:
            return None
        if not self._mind.brain.is_ready:
            raise Later(UNLEARNT_SECONDS)
        return scene

    async def _tell(self, scene: Scene, frame: TypingFrame | DraftFrame) -> None:
        await self._broker.publish([(room_channel(scene.ticket_id), same_for_all(frame))])


class Draft:
    """An answer that is being written, shown a few times a second."""

    def __init__(self, participant: Participant, scene: Scene) -> None:
        self._participant = participant
        self._scene = scene
        self._shown = 0.0

    async def show(self, text: str) -> None:
        """Raises Silenced."""
        if time.monotonic() - self._shown >= DRAFT_SECONDS:
            await self._participant.show_draft(self._scene, text)
            self._shown = time.monotonic()

    async def take_back(self) -> None:
        """It came to nothing. Raises Silenced."""
        if self._shown:
            await self._participant.show_draft(self._scene, "")
