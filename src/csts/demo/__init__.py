"""The demo: four weeks of a small shop's desk, so that a first look finds something to look at."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import State

from csts.agents.actions import add_agent
from csts.agents.models import Agent
from csts.auth.actor import Actor
from csts.chat.actions import tell_story
from csts.customers.actions import register
from csts.customers.models import User
from csts.demo import people
from csts.demo.articles import EDITOR, write_articles
from csts.demo.replies import write_replies
from csts.demo.stories import stories
from csts.demo.telling import Teller
from csts.kit import clock
from csts.kit.db import Database, Reaction
from csts.tickets import indexing
from csts.tickets.events import TicketStoryGrew
from csts.tickets.views import NewView, ViewFilters, save_view


async def _tell_nobody(_news: object) -> None:
    """Nobody is at the desk yet, and to make frames for nobody would take as long as all the rest."""


_INDEXED_AT_ONCE = 1000

REACTIONS: dict[type, Reaction] = {TicketStoryGrew: tell_story}

# What one agent has put in order for all.
FIRMWARE = NewView(name="Firmware", filters=ViewFilters(queue="all", tag="firmware"), shared=True)
LOGINS = f"""\
Demo logins:
  customer  {people.email_of("ana")}  {people.CUSTOMER_PASSWORD}  at /signin
  agent     priya            {people.AGENT_PASSWORD}  at /desk/signin
  admin     mona             {people.ADMIN_PASSWORD}   at /desk/signin"""


async def fill_once(state: State) -> bool:
    """Fill the database of this started application; false, and nothing is touched, if it has any account."""
    now = clock.now()
    cast = await _invite(state, now)
    if cast is None:
        return False
    database = Database(state.settings.resolved_database_url, publish=_tell_nobody, reactions=REACTIONS)
    teller = Teller(database, state.storage, cast, state.settings.categories)
    try:
        async with database.write() as session:
            is_ours = await write_articles(session, cast[EDITOR])
            await write_replies(session, cast)
        for story in stories(now):
            # Of somebody else's articles nobody knows what the assistant would have said.
            if is_ours or not story.is_assisted:
                await teller.tell(story)
        # A first search finds all of it.
        async for _ in indexing.build(database, most=_INDEXED_AT_ONCE):
            pass
        async with database.write() as session:
            await save_view(session, cast[EDITOR], FIRMWARE)
    finally:
        await database.close()
    return True


async def logins_work(state: State) -> bool:
    """Whether the demo's agent is still there with the password that `LOGINS` tells."""
    async with state.database.read() as session:
        stored = await session.scalar(select(Agent.password_hash).where(Agent.username == "priya", Agent.active))
    return bool(await state.passwords.verify(people.AGENT_PASSWORD, stored))


async def _invite(state: State, now: datetime) -> dict[str, Actor] | None:
    """Accounts for everybody, in one transaction, so that of two that start at once only one fills."""
    passwords = {people.CUSTOMER_PASSWORD, *(agent.password for agent in people.AGENTS.values())}
    # One for each password, not for each person: hashing is slow on purpose, and somebody waits for his first page.
    hashes = {password: await state.passwords.hash(password) for password in passwords}
    async with state.database.write() as session:
        if await _has_accounts(session):
            return None
        cast = {}
        for key, colleague in people.AGENTS.items():
            with clock.at(people.joined(key, now)):
                agent = await add_agent(
                    session,
                    username=key,
                    name=colleague.name,
                    password_hash=hashes[colleague.password],
                    role=colleague.role,
                    by=None,
                )
            cast[key] = _actor(now, kind="agent", id=agent.id, role=colleague.role, name=agent.name)
        for key, name in people.CUSTOMERS.items():
            with clock.at(people.joined(key, now)):
                user = await register(
                    session, name=name, email=people.email_of(key), password_hash=hashes[people.CUSTOMER_PASSWORD]
                )
            user.email_confirmed_at = user.created_at
            cast[key] = _actor(now, kind="customer", id=user.id, role="customer", name=name)
        return cast


async def _has_accounts(session: AsyncSession) -> bool:
    return bool(await session.scalar(select(exists(select(User.id)) | exists(select(Agent.id)))))


def _actor(now: datetime, **who: Any) -> Actor:
    return Actor(session="demo", expires_at=now + timedelta(hours=1), **who)
