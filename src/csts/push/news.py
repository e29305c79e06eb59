"""What is news to whom, of tickets that have just moved."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import false, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.chat.models import Message
from csts.kit.words import Language
from csts.push.models import PushSubscription
from csts.push.queries import Listener, listeners
from csts.push.schemas import Notice
from csts.tickets.models import Mention, Ticket, TicketEvent
from csts.tickets.queries import written_to
from csts.tickets.rows import Line, lines_by_id, seen_by

Kind = Literal["message", "opened", "assigned", "mentioned"]

# A ticket moves for many reasons, and what is old by then was told of when it was new. Commits may be held up for long.
NEW_FOR = timedelta(minutes=1)
# Among so many lines the last one of each side is looked for: behind more of them nobody waits for a notice.
_LAST_LINES = 20
_HOMES = {"agent": "/desk/tickets", "customer": "/my/tickets"}


@dataclass(frozen=True)
class News:
    """What is told of this ticket: what happened, when, and by whom where that is said."""

    line: Line
    kind: Kind
    at: datetime
    by: str = ""

    @property
    def weight(self) -> tuple[bool, datetime]:
        """What is meant for one person comes before what is meant for all, and then the latest."""
        return self.kind in {"assigned", "mentioned"}, self.at


@dataclass(frozen=True)
class _Scene:
    """What has happened to some tickets, as far as it may be news: by ticket, and by whom it is for."""

    lines: Mapping[int, Line]
    seen: Mapping[tuple[int, str], Mapping[int, int]]
    said: Mapping[tuple[int, str], datetime]
    mentions: Mapping[tuple[int, int], Mention]
    given: Mapping[tuple[int, int], datetime]

    def has_unread(self, line: Line, kind: str, reader_id: int) -> bool:
        return written_to(kind, line) > self.seen.get((line.id, kind), {}).get(reader_id, 0)


async def news_for(session: AsyncSession, heard: Mapping[int, datetime]) -> list[tuple[Listener, list[News]]]:
    """For each who listens what is news to him of these tickets, which were heard of at those moments."""
    since = {ticket_id: at - NEW_FOR for ticket_id, at in heard.items()}
    agents = await listeners(session, "agent")
    lines = await lines_by_id(session, heard)
    customers = await listeners(session, "customer", {line.user_id for line in lines.values()})
    if not agents and not customers:
        return []
    scene = await _scene(session, {number: line for number, line in lines.items() if line.merged_into_id is None})
    told = [(agent, list(_to_agent(scene, agent, since))) for agent in agents]
    return [*told, *((customer, list(_to_customer(scene, customer, since))) for customer in customers)]


def _to_agent(scene: _Scene, agent: Listener, since: Mapping[int, datetime]) -> Iterator[News]:
    for line in scene.lines.values():
        new = [news for news in _of_ticket(scene, agent, line) if news.at > since[line.id]]
        yield from new[:1]


def _of_ticket(scene: _Scene, agent: Listener, line: Line) -> Iterator[News]:
    """What an agent has not read there, in the order in which he should be told."""
    if mention := scene.mentions.get((agent.id, line.id)):
        yield News(line, "mentioned", mention.mentioned_at, mention.author_name)
    said = scene.said.get((line.id, "customer"))
    waits = line.awaiting_since is not None and _concerns(agent, line)
    if said and waits and scene.has_unread(line, "agent", agent.id):
        yield News(line, "message", said)
    given = scene.given.get((agent.id, line.id))
    if given and line.agent_id == agent.id:
        yield News(line, "assigned", given)
    if waits and not said and agent.id not in scene.seen.get((line.id, "agent"), {}):
        yield News(line, "opened", line.created_at)


def _to_customer(scene: _Scene, customer: Listener, since: Mapping[int, datetime]) -> Iterator[News]:
    for line in scene.lines.values():
        said = scene.said.get((line.id, "staff"), since[line.id])
        # Who has written after it has read it.
        is_last = said > max(since[line.id], scene.said.get((line.id, "customer"), since[line.id]))
        if is_last and line.user_id == customer.id and scene.has_unread(line, "customer", customer.id):
            yield News(line, "message", said)


def _concerns(agent: Listener, line: Line) -> bool:
    about = agent.preferences.notify_about
    return about == "all" or line.agent_id == agent.id or (about == "unassigned" and line.agent_id is None)


async def _scene(session: AsyncSession, lines: Mapping[int, Line]) -> _Scene:
    return _Scene(
        lines,
        await seen_by(session, lines),
        await _said(session, lines),
        await _mentions(session, lines),
        await _given(session, lines),
    )


async def _said(session: AsyncSession, ticket_ids: Collection[int]) -> dict[tuple[int, str], datetime]:
    """When each side has written last, among the last lines of these tickets."""
    lines = select(Message.ticket_id, Message.sender, func.max(Message.timestamp).label("at")).join(
        Ticket, Ticket.id == Message.ticket_id
    )
    public = Message.internal == false(), Message.sender != "system", Message.seq > Ticket.last_seq - _LAST_LINES
    found = await session.execute(
        lines.where(Message.ticket_id.in_(ticket_ids), *public).group_by(Message.ticket_id, Message.sender)
    )
    said: dict[tuple[int, str], datetime] = {}
    for row in found:
        key = row.ticket_id, "customer" if row.sender == "customer" else "staff"
        said[key] = max(row.at, said.get(key, row.at))
    return said


async def _mentions(session: AsyncSession, ticket_ids: Collection[int]) -> dict[tuple[int, int], Mention]:
    """Those that have not been read, by agent and ticket."""
    unread = select(Mention).where(Mention.ticket_id.in_(ticket_ids), Mention.seen == false())
    return {(row.agent_id, row.ticket_id): row for row in await session.scalars(unread)}


async def _given(session: AsyncSession, ticket_ids: Collection[int]) -> dict[tuple[int, int], datetime]:
    """When an agent was handed a ticket by somebody else, by agent and ticket."""
    events = select(TicketEvent).where(TicketEvent.ticket_id.in_(ticket_ids), TicketEvent.kind == "assigned")
    given = [(event.data["agent"]["id"], event) for event in await session.scalars(events.order_by(TicketEvent.id))]
    return {
        (agent_id, event.ticket_id): event.created_at
        for agent_id, event in given
        if (event.actor_kind, event.actor_id) != ("agent", agent_id)
    }


def notice_of(browser: PushSubscription, listener: Listener, news: News, language: Language) -> Notice:
    """In the words of the pages, which tell the same while one of them is open."""
    line, quotes = news.line, listener.preferences.notification_text
    return Notice(
        title=line.subject if quotes else line.ticket_no,
        body=_said_of(news, language, quotes=quotes),
        # As the pages call it.
        tag=f"csts-{browser.person_kind}-{line.id}",
        lang=browser.language,
        path=f"{_HOMES[browser.person_kind]}/{line.id}",
        ticket_id=line.id,
    )


def _said_of(news: News, language: Language, *, quotes: bool) -> str:
    match news.kind:
        case "opened":
            return language.t("A new ticket")
        case "assigned":
            return language.t("Handed over to you")
        case "mentioned":
            return language.t("{name} mentioned you", name=news.by)
        case "message":
            return (quotes and news.line.last_message_preview) or language.t("A new message")
