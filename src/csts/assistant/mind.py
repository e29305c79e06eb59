"""Decides what is said: rules first, then articles, a language model where there is one, and else a person."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing

import structlog

from csts.assistant import deciding, wording
from csts.assistant.brain import Brain
from csts.assistant.deciding import Limits
from csts.assistant.scene import Decision, Guess, Scene
from csts.llm.client import Llm
from csts.llm.errors import LlmError
from csts.llm.shapes import Answer, Question, Role, Source, Turn

# Gets the reply as far as it has come; what it raises ends the answer.
Show = Callable[[str], Awaitable[None]]

ROLES: dict[str, Role] = {"customer": "customer", "assistant": "assistant", "agent": "agent"}

_log = structlog.get_logger()


class Mind:
    """What a process answers with. Nothing leaves the machine unless `llm` is given."""

    def __init__(self, brain: Brain, llm: Llm | None, limits: Limits, *, brand: str) -> None:
        self.brain = brain
        self.limits = limits
        self._llm = llm
        self._brand = brand

    async def decide(self, scene: Scene, show: Show | None = None) -> Decision:
        """What to do about what has been said; below the threshold that is a person, and never a guess."""
        if decision := deciding.at_once(scene, self.brain.rules, self.limits):
            return decision
        return await self.answer(scene, show)

    async def answer(self, scene: Scene, show: Show | None = None) -> Decision:
        """The same without rules: for who wants to know what the articles say."""
        guess = await self.brain.guess(scene.words)
        known = deciding.from_knowledge(scene, guess, self.limits)
        better = await self._written(scene, guess, known, show)
        return better or known or deciding.give_up(scene, guess)

    async def summary(self, scene: Scene) -> str:
        """What a thread is about, for an agent: the model's words, or else the first and the last of the thread's."""
        if self._llm:
            opening = Turn("customer", scene.opening)
            try:
                return await self._llm.summarise([opening, *_turns(scene)], brand=self._brand)
            except LlmError as error:
                _log.warning("summary_without_llm", reason=error.reason, why=error.why)
        return wording.outline(scene)

    async def _written(self, scene: Scene, guess: Guess, known: Decision | None, show: Show | None) -> Decision | None:
        """In the model's words, from the articles that were found; None where there is no model, or it fails."""
        if self._llm is None or not guess.articles:
            return None
        said = ""
        try:
            async with aclosing(self._llm.answer(self._question(scene, guess))) as pieces:
                async for piece in pieces:
                    if isinstance(piece, Answer):
                        return deciding.from_model(scene, piece, guess, known, self.limits)
                    said += piece
                    if show:
                        await show(said)
        except LlmError as error:
            # Whatever it is, the articles are still there.
            _log.warning("answer_without_llm", reason=error.reason, why=error.why)
        return None

    def _question(self, scene: Scene, guess: Guess) -> Question:
        sources = [Source(article.id, article.title, article.answer) for article in guess.articles]
        before = [] if scene.is_first else [Turn("customer", scene.opening), *_turns(scene, up_to=scene.answered_seq)]
        return Question(scene.words, before, sources, brand=self._brand)


def _turns(scene: Scene, *, up_to: int | None = None) -> Sequence[Turn]:
    return [
        Turn(ROLES[said.kind], said.text)
        for said in scene.thread
        if said.kind in ROLES and (up_to is None or said.seq <= up_to)
    ]
