"""What the assistant changes. Whether it may still speak is looked at under the ticket's lock, where it speaks."""

from uuid import UUID, uuid5

from msgspec import to_builtins
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.assistant.models import AssistantReply, AssistantTalk
from csts.assistant.scene import Decision, Scene
from csts.assistant.wording import likely
from csts.auth.actor import Actor
from csts.chat.actions import post_message
from csts.chat.refusals import AssistantSilent, TicketClosed
from csts.chat.schemas import MessageDraft
from csts.chat.sheet import Letter
from csts.kit import clock, metrics
from csts.kit.errors import NotFound
from csts.knowledge.actions import add_example
from csts.realtime.people import Person
from csts.tickets.actions import hand_over, move
from csts.tickets.models import Ticket
from csts.tickets.status import Status

ASSISTANT = Person("assistant", 0, "Assistant")
# The same answer to the same words has the same name, however often it is tried: it is stored once.
_NAMES = UUID("3f6c1f0e-6d0b-4c1e-9a53-6a1f54f3b7a2")
# What figures tell apart: nine in ten are right, two in three, fewer.
HIGH, FAIR = 0.9, 0.67


async def carry_out(session: AsyncSession, scene: Scene, decision: Decision) -> bool:
    """Say what was decided, and do what goes with it; false where a person was faster, and nothing is said.

    Locks the ticket.
    """
    ticket = await may_speak(session, scene.ticket_id)
    if ticket is None:
        return False
    talk = await _talk(session, scene)
    if decision.action == "handover":
        await _hand_over(session, ticket, talk, scene, decision)
        return True
    try:
        await _say(session, scene, decision)
    except (AssistantSilent, TicketClosed):
        return False
    talk.turns += 1
    talk.misses = decision.misses
    if decision.action == "solved":
        talk.outcome, talk.reason = "solved", decision.reason
        move(session, ticket, ASSISTANT, Status.RESOLVED)
    return True


async def may_speak(session: AsyncSession, ticket_id: int) -> Ticket | None:
    """The ticket, locked; None where a person looks after it."""
    ticket = await session.get(Ticket, ticket_id, with_for_update=True, populate_existing=True)
    return ticket if ticket and ticket.assisted else None


def draft_name(scene: Scene) -> str:
    """The `client_id` of the answer to what has been said by now."""
    return str(uuid5(_NAMES, f"{scene.ticket_id}:{scene.last_seq}"))


async def judge(session: AsyncSession, actor: Actor, reply_id: int, *, right: bool) -> AssistantReply:
    """An agent's word on an answer. A right one makes the question an example of its article. Raises NotFound."""
    reply = await session.get(AssistantReply, reply_id, with_for_update=True)
    if reply is None:
        raise NotFound
    if right and reply.topic and reply.verdict != "right":
        await add_example(session, reply.topic, reply.question, by=actor)
    reply.verdict = "right" if right else "wrong"
    reply.verdict_by, reply.verdict_at = actor.id, clock.now()
    return reply


async def settle_review(session: AsyncSession, reply_id: int) -> None:
    """Somebody has looked after what was wrong. Raises NotFound."""
    reply = await session.get(AssistantReply, reply_id, with_for_update=True)
    if reply is None or reply.verdict != "wrong":
        raise NotFound
    reply.verdict = "settled"


async def _talk(session: AsyncSession, scene: Scene) -> AssistantTalk:
    talk = await session.get(AssistantTalk, scene.ticket_id)
    if talk is None:
        talk = AssistantTalk(ticket_id=scene.ticket_id, turns=0, misses=0)
        session.add(talk)
    talk.answered_seq = scene.last_seq
    return talk


async def _say(session: AsyncSession, scene: Scene, decision: Decision) -> None:
    """Raises AssistantSilent, TicketClosed."""
    draft = MessageDraft(client_id=draft_name(scene), content=decision.text)
    posted = await post_message(session, Letter(ASSISTANT, scene.ticket_id, draft, clock.now()))
    if not posted.is_new:
        return
    # Counted before the commit: of a thousand one may be told of that came to nothing.
    metrics.ANSWERS.labels(decision.source, _band(decision.confidence)).inc()
    is_from_article = decision.source in {"knowledge", "llm"} and decision.citations
    session.add(
        AssistantReply(
            ticket_id=scene.ticket_id,
            message_id=posted.line.id,
            question=scene.words,
            topic=decision.citations[0].topic if is_from_article else None,
            source=decision.source,
            confidence=decision.confidence,
            reason=decision.reason,
            citations=to_builtins(decision.citations),
        )
    )


def _band(confidence: float) -> str:
    if confidence >= HIGH:
        return "high"
    return "fair" if confidence >= FAIR else "low"


async def _hand_over(
    session: AsyncSession, ticket: Ticket, talk: AssistantTalk, scene: Scene, decision: Decision
) -> None:
    talk.outcome, talk.reason, talk.summary = "handed_over", decision.reason, await _summary(session, scene, decision)
    note = MessageDraft(client_id=draft_name(scene), content=talk.summary, internal=True)
    await post_message(session, Letter(ASSISTANT, ticket.id, note, clock.now()))
    hand_over(session, ticket, ASSISTANT, decision.text)


async def _summary(session: AsyncSession, scene: Scene, decision: Decision) -> str:
    """For the agent who takes over: why, what was asked, what was said, and what it may be about."""
    told = await session.execute(
        select(AssistantReply.citations, AssistantReply.confidence).where(
            AssistantReply.ticket_id == scene.ticket_id, AssistantReply.topic.is_not(None)
        )
    )
    lines = [f"Handed over: {decision.reason}."]
    lines += [f"Answered with “{each[0]['title']}” ({likely(sure)} sure)." for each, sure in told if each]
    if decision.citations:
        lines.append("It may be about: " + ", ".join(f"“{each.title}”" for each in decision.citations) + ".")
    asked = " ".join(scene.words.split())
    lines.append(f"Asked last: {asked[:400]}{'…' if len(asked) > 400 else ''}")  # noqa: PLR2004
    return "\n".join(lines)
