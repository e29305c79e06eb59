"""Reads of the assistant: the scene that it is asked in, what it has said, and how it did."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.assistant.models import AssistantReply, AssistantTalk
from csts.assistant.scene import Said, Scene
from csts.assistant.schemas import Citation, Figures, ReplyOut, TalkOut, Wrong
from csts.auth.actor import Actor
from csts.chat.models import Message
from csts.kit import clock
from csts.tickets import queries as tickets
from csts.tickets.models import Ticket, TicketEvent
from csts.tickets.status import Status

# What a talk with a machine may hold; a longer one has been handed over by then.
THREAD_LINES = 60
WRONG_LINES = 100
# Of a reply; what agents think of it, and how sure it was, is theirs.
_HIDDEN = {"id": None, "confidence": None, "reason": None, "verdict": None}


async def scene(session: AsyncSession, ticket_id: int) -> Scene | None:
    """What the assistant has to answer in this ticket; None where it may not speak."""
    ticket = await session.get(Ticket, ticket_id)
    if ticket is None or not ticket.assisted or not Status(ticket.status).is_active:
        return None
    return await scene_of(session, ticket)


async def scene_of(session: AsyncSession, ticket: Ticket) -> Scene:
    """The same for any ticket, also for one that people look after."""
    talk = await session.get(AssistantTalk, ticket.id)
    told = await session.scalars(
        select(AssistantReply.topic).where(AssistantReply.ticket_id == ticket.id, AssistantReply.topic.is_not(None))
    )
    return Scene(
        ticket_id=ticket.id,
        issue_type=ticket.issue_type,
        opening=f"{ticket.subject}\n{ticket.description}",
        thread=await _thread(session, ticket.id),
        answered_seq=talk.answered_seq if talk else 0,
        turns=talk.turns if talk else 0,
        misses=talk.misses if talk else 0,
        told=frozenset(topic for topic in told if topic),
        status_line=status_line([ticket]),
    )


async def _thread(session: AsyncSession, ticket_id: int) -> list[Said]:
    """Public lines only: what agents say among themselves never reaches the assistant."""
    rows = await session.execute(
        select(Message.sender, Message.content, Message.public_seq)
        .where(Message.ticket_id == ticket_id, Message.public_seq.is_not(None))
        .order_by(Message.public_seq.desc())
        .limit(THREAD_LINES)
    )
    return [Said(sender, content, seq or 0) for sender, content, seq in reversed(rows.all())]


async def own_status_line(session: AsyncSession, actor: Actor) -> str:
    """Where the newest tickets of this customer are."""
    mine = tickets.visible_to(actor).order_by(Ticket.id.desc()).limit(3)
    return status_line(list(await session.scalars(mine))) if actor.kind == "customer" else ""


def status_line(mine: Sequence[Ticket]) -> str:
    said = {
        Status.OPEN: "is open and waits for an agent",
        Status.IN_PROGRESS: "is being worked on",
        Status.WAITING: "waits for your answer",
        Status.RESOLVED: "is solved; write in it to open it again",
        Status.CLOSED: "is closed; you can open it again",
    }
    return "\n".join(f"{each.ticket_no}, “{each.subject}”, {said[Status(each.status)]}." for each in mine)


async def talk(session: AsyncSession, actor: Actor, ticket_id: int) -> TalkOut:
    """What stands behind the assistant's messages; confidence and reasons are for agents. Raises NotFound."""
    ticket = await tickets.get(session, actor, ticket_id)
    rows = await session.scalars(
        select(AssistantReply).where(AssistantReply.ticket_id == ticket_id).order_by(AssistantReply.id)
    )
    found = await session.get(AssistantTalk, ticket_id)
    if actor.kind == "customer":
        replies = [msgspec.structs.replace(reply_out(row), **_HIDDEN) for row in rows]
        return TalkOut(ticket.assisted, replies, found.outcome if found else None)
    shown = [reply_out(row) for row in rows]
    if found is None:
        return TalkOut(ticket.assisted, shown)
    return TalkOut(ticket.assisted, shown, found.outcome, found.reason or None, found.summary or None)


def reply_out(row: AssistantReply) -> ReplyOut:
    """As agents see it."""
    return ReplyOut(
        message_id=row.message_id,
        citations=citations_of(row.citations),
        source=row.source,  # type: ignore[arg-type]  # a stored Source
        id=row.id,
        confidence=row.confidence,
        reason=row.reason,
        verdict=row.verdict,
    )


async def review(session: AsyncSession) -> list[Wrong]:
    """Answers that agents called wrong and nobody has looked after, newest first."""
    rows = await session.execute(
        select(AssistantReply, Message.content)
        .join(Message, Message.id == AssistantReply.message_id)
        .where(AssistantReply.verdict == "wrong")
        .order_by(AssistantReply.id.desc())
        .limit(WRONG_LINES)
    )
    return [
        Wrong(row.id, row.ticket_id, row.question, content, row.confidence, citations_of(row.citations), row.created_at)
        for row, content in rows
    ]


async def figures(session: AsyncSession, days: int) -> Figures:
    """How it did with tickets of the last `days` days."""
    since = clock.now() - timedelta(days=days)
    talks = select(AssistantTalk.outcome, func.count()).where(AssistantTalk.created_at >= since)
    by_outcome = _counted(await session.execute(talks.group_by(AssistantTalk.outcome)))
    said = select(AssistantReply.verdict, func.count()).where(AssistantReply.created_at >= since)
    by_verdict = _counted(await session.execute(said.group_by(AssistantReply.verdict)))
    solved, handed_over = by_outcome.get("solved", 0), by_outcome.get("handed_over", 0)
    judged = by_verdict.get("right", 0) + by_verdict.get("wrong", 0)
    reopened = await _reopened(session, since_days=days)
    ended = solved + handed_over
    return Figures(
        days=days,
        talks=sum(by_outcome.values()),
        solved=solved,
        handed_over=handed_over,
        answers=sum(by_verdict.values()),
        right=by_verdict.get("right", 0),
        wrong=by_verdict.get("wrong", 0),
        reopened=reopened,
        containment=_share(solved, ended),
        handover=_share(handed_over, ended),
        wrong_answers=_share(by_verdict.get("wrong", 0), judged),
        reopen=_share(reopened, solved),
    )


async def _reopened(session: AsyncSession, *, since_days: int) -> int:
    """Solved by the assistant, and moved by a person later."""
    since = clock.now() - timedelta(days=since_days)
    back = (
        select(func.count(AssistantTalk.ticket_id.distinct()))
        .join(TicketEvent, TicketEvent.ticket_id == AssistantTalk.ticket_id)
        .where(
            AssistantTalk.outcome == "solved",
            AssistantTalk.created_at >= since,
            TicketEvent.kind == "status_changed",
            TicketEvent.data["from"].as_string() == Status.RESOLVED,
            TicketEvent.data["to"].as_string() != Status.CLOSED,
        )
    )
    return await session.scalar(back) or 0


def citations_of(rows: Sequence[dict[str, object]]) -> list[Citation]:
    return [Citation(**row) for row in rows]  # type: ignore[arg-type]  # as they were stored


def _counted(rows: Iterable[tuple[str | None, int]]) -> dict[str | None, int]:
    return {name: count for name, count in rows}  # noqa: C416 - rows are no pairs to `dict`, which asks for keys


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
