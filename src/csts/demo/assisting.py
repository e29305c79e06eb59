"""The assistant's part in the stories: what it would do, by its own rules, with a guess that the story tells."""

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.assistant import actions, deciding, queries
from csts.assistant.deciding import Limits
from csts.assistant.models import AssistantReply
from csts.assistant.scene import Article, Decision, Guess, Scene
from csts.auth.actor import Actor
from csts.demo.stories import Step
from csts.kit.tasks import StoredTask
from csts.knowledge import models as knowledge
from csts.knowledge import queries as articles
from csts.tickets.events import question_task

# What a desk has that has set nothing.
LIMITS = Limits(threshold=0.85, turns=6, misses=2, people_only=frozenset())


async def speak(session: AsyncSession, step: Step, ticket_id: int) -> None:
    """`answers`, `doubts`: an article, which it holds for so likely. `hears`: what the customer says to its answer."""
    scene = await queries.scene(session, ticket_id)
    if scene is None:
        raise LookupError(f"the assistant has no part any more in the ticket of {step}")
    await actions.carry_out(session, scene, await _decision(session, step, scene))
    # Done: nobody else shall answer this when the desk opens.
    name, key, _ = question_task(ticket_id)
    await session.execute(delete(StoredTask).where(StoredTask.name == name, StoredTask.merge_key == key))


async def judge(session: AsyncSession, actor: Actor, ticket_id: int, *, right: bool) -> None:
    """An agent's word on what it answered last."""
    last = select(AssistantReply.id).where(AssistantReply.ticket_id == ticket_id).order_by(AssistantReply.id.desc())
    await actions.judge(session, actor, await session.scalar(last.limit(1)) or 0, right=right)


async def _decision(session: AsyncSession, step: Step, scene: Scene) -> Decision:
    """Raises LookupError for what a story cannot mean."""
    decided = deciding.at_once(scene, await articles.rules(session), LIMITS)
    if step.act == "hears" and decided:
        return decided
    guess = await _guess(session, step)
    answer = deciding.from_knowledge(scene, guess, LIMITS) if step.act == "answers" else deciding.give_up(scene, guess)
    if decided or not answer:
        raise LookupError(f"the assistant would not do this: {step}")
    return answer


async def _guess(session: AsyncSession, step: Step) -> Guess:
    row = (await session.scalars(select(knowledge.Article).where(knowledge.Article.topic == step.to))).one()
    article = Article(row.id, row.topic, row.title, row.answer)
    return Guess(step.percent / 100, [article], {row.topic: step.percent / 100})
