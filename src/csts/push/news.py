"""What is news to whom: who may have to be called when a ticket moves, and what he is told once it is his turn."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import false, select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.kit import clock
from csts.kit.words import Language
from csts.preferences.queries import preferences_of
from csts.preferences.schemas import Preferences
from csts.push.models import PushSubscription
from csts.push.queries import Listener, listeners
from csts.push.schemas import Notice
from csts.tickets.events import AgentMentioned, TicketMoved
from csts.tickets.models import Mention, TicketEvent
from csts.tickets.rows import Line, lines_by_id, seen_by

Fact = TicketMoved | AgentMentioned
Kind = Literal["message", "opened", "assigned", "mentioned"]

# Who has more sees the rest on the desk: a phone must not buzz for each of a hundred.
MOST_AT_ONCE = 3
# What happened longer ago was told of when it did.
_JUST_NOW = timedelta(minutes=1)
_HOMES = {"agent": "/desk/tickets", "customer": "/my/tickets"}


@dataclass(frozen=True)
class Call:
    """Tell the owner of this browser, named by its digest, of this ticket."""

    browser: str
    ticket_id: int
    kind: Kind
    asked_at: datetime


async def calls_for(session: AsyncSession, facts: Sequence[Fact]) -> list[Call]:
    """For each browser its newest tickets; by the time that it is called some of that may be no news any more."""
    now = clock.now()
    found = await lines_by_id(session, {fact.ticket_id for fact in facts})
    lines = {number: line for number, line in found.items() if line.merged_into_id is None}
    agents = await listeners(session, "agent")
    handed = await _handed_over(session, lines, since=now - _JUST_NOW) if agents else set()
    called = {(fact.agent_id, fact.ticket_id) for fact in facts if isinstance(fact, AgentMentioned)}
    news: list[tuple[Listener, dict[int, Kind]]] = []
    for agent in agents:
        told = dict(_to_agent(agent, lines.values(), handed, now))
        news.append((agent, told | {number: "mentioned" for who, number in called if who == agent.id}))
    for customer in await listeners(session, "customer", {line.user_id for line in lines.values()}):
        his = [line.id for line in lines.values() if line.user_id == customer.id and line.staff_messages]
        news.append((customer, dict.fromkeys(his, "message")))
    return [
        Call(browser, number, told[number], now)
        for listener, told in news
        for number in sorted(told, reverse=True)[:MOST_AT_ONCE]
        for browser in listener.browsers
    ]


def _to_agent(
    agent: Listener, lines: Collection[Line], handed: set[tuple[int, int]], now: datetime
) -> Iterator[tuple[int, Kind]]:
    for line in lines:
        if (agent.id, line.id) in handed and line.agent_id == agent.id:
            yield line.id, "assigned"
        elif concerns(line, agent.preferences, agent.id):
            if line.customer_messages and line.awaiting_since:
                yield line.id, "message"
            elif line.created_at > now - _JUST_NOW and not line.customer_messages:
                yield line.id, "opened"


def concerns(line: Line, preferences: Preferences, agent_id: int) -> bool:
    """Whether this agent wants to hear of such a ticket."""
    about = preferences.notify_about
    return about == "all" or line.agent_id == agent_id or (about == "unassigned" and line.agent_id is None)


async def _handed_over(session: AsyncSession, lines: Mapping[int, Line], *, since: datetime) -> set[tuple[int, int]]:
    """Which agents have got which of these tickets from somebody else."""
    given = select(TicketEvent).where(
        TicketEvent.ticket_id.in_(lines), TicketEvent.kind == "assigned", TicketEvent.created_at > since
    )
    events = [(event, event.data["agent"]["id"]) for event in await session.scalars(given)]
    return {(agent_id, event.ticket_id) for event, agent_id in events if event.actor_id != agent_id}


async def notice_of(session: AsyncSession, browser: PushSubscription, call: Call, language: Language) -> Notice | None:
    """What is shown to the owner of this browser; None for what he has read by now, or does not want to hear of."""
    preferences = await preferences_of(session, browser.person_kind, browser.person_id)
    line = (await lines_by_id(session, [call.ticket_id])).get(call.ticket_id)
    if line is None or not preferences.notifications:
        return None
    by = await _mentioned_by(session, line.id, browser.person_id) if call.kind == "mentioned" else None
    marks = (await seen_by(session, [line.id]))[line.id, browser.person_kind]
    seen = marks.get(browser.person_id)
    if browser.person_kind == "customer":
        is_news = line.user_id == browser.person_id and line.staff_messages > (seen or 0)
    else:
        is_news = _is_news(call.kind, line, browser.person_id, seen=seen, by=by)
        is_news &= call.kind in {"assigned", "mentioned"} or concerns(line, preferences, browser.person_id)
    return _shown(browser, line, _said(call.kind, line, preferences, language, by), preferences) if is_news else None


def _is_news(kind: Kind, line: Line, agent_id: int, *, seen: int | None, by: str | None) -> bool:
    """To an agent; `seen` is None while he has never read anything there."""
    match kind:
        case "message":
            return line.awaiting_since is not None and line.customer_messages > (seen or 0)
        case "opened":
            return seen is None and line.awaiting_since is not None
        case "assigned":
            return line.agent_id == agent_id
        case "mentioned":
            return by is not None


async def _mentioned_by(session: AsyncSession, ticket_id: int, agent_id: int) -> str | None:
    """Who has called this agent, if he has not read that yet."""
    unread = select(Mention.author_name).where(
        Mention.ticket_id == ticket_id, Mention.agent_id == agent_id, Mention.seen == false()
    )
    found: str | None = await session.scalar(unread)
    return found


def _said(kind: Kind, line: Line, preferences: Preferences, language: Language, by: str | None) -> str:
    """In the words of the pages, which tell the same while one of them is open."""
    match kind:
        case "opened":
            return language.t("A new ticket")
        case "assigned":
            return language.t("Handed over to you")
        case "mentioned":
            return language.t("{name} mentioned you", name=by)
        case "message":
            quoted = line.last_message_preview if preferences.notification_text else ""
            return quoted or language.t("A new message")


def _shown(browser: PushSubscription, line: Line, body: str, preferences: Preferences) -> Notice:
    person = f"{browser.person_kind}-{browser.person_id}"
    return Notice(
        title=line.subject if preferences.notification_text else line.ticket_no,
        body=body,
        # As the pages call it.
        tag=f"csts-{browser.person_kind}-{line.id}",
        lang=browser.language,
        path=f"{_HOMES[browser.person_kind]}/{line.id}",
        person=person,
        ticket_id=line.id,
    )
