"""Calls browsers: hears what has moved, gathers for some seconds, and hands what is still news to push services."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial

import httpx2
import msgspec
import structlog
from sqlalchemy.exc import SQLAlchemyError

from csts.kit import clock
from csts.kit.db import Database
from csts.kit.edge import Edge, forever
from csts.kit.words import Languages
from csts.push import actions, queries
from csts.push.models import PushSubscription
from csts.push.news import Call, Fact, calls_for, notice_of
from csts.push.schemas import Notice
from csts.push.services import Vapid, is_service
from csts.tickets.events import AgentMentioned, TicketMoved

# Who sits before the ticket has read it by then, and the assistant has answered.
GATHER_SECONDS = 5.0
# A service that did not answer is asked again after so long, and told nothing that is older than this.
AGAIN_SECONDS = 30.0
USEFUL_FOR = timedelta(minutes=15)
TIMEOUT_SECONDS = 10.0
AT_ONCE = 4
FACTS_AT_ONCE = 500
_GONE = {404, 410}
_BUSY = 429

_log = structlog.get_logger()


class Unanswered(Exception):
    """The push service was not to be had; it may be the next time."""


class Caller:
    """Calls the browsers of those to whom a fact of this process is news. One round at a time: facts gather meanwhile.

    Nothing of it is kept: a notice that is lost with its process is no message, and the desk shows what waits.
    """

    def __init__(self, vapid: Vapid, services: str, languages: Languages) -> None:
        self._vapid = vapid
        self._services = services
        self._languages = languages
        self._facts: dict[tuple[int, int], Fact] = {}
        self._unanswered: list[Call] = []
        self._has_news = asyncio.Event()
        self._few = asyncio.Semaphore(AT_ONCE)
        # No redirects: those would lead anywhere.
        self._http = httpx2.AsyncClient(timeout=TIMEOUT_SECONDS, follow_redirects=False)

    def hear(self, fact: object) -> None:
        """As the board hears of it, after each commit."""
        if self._services and isinstance(fact, TicketMoved | AgentMentioned):
            self._facts[fact.ticket_id, getattr(fact, "agent_id", 0)] = fact
            self._has_news.set()

    @property
    def key(self) -> str | None:
        """By which browsers name this desk to their services; None where it calls nobody."""
        return self._vapid.application_key if self._services else None

    async def run(self, database: Database) -> None:
        """For as long as the desk is open."""
        await forever("push_failed", partial(self._round, database), pause_seconds=AGAIN_SECONDS)

    async def close(self) -> None:
        await self._http.aclose()

    async def _round(self, database: Database) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(AGAIN_SECONDS if self._unanswered else None):
                await self._has_news.wait()
            await asyncio.sleep(GATHER_SECONDS)
        again, self._unanswered = self._unanswered, []
        calls = [call for call in again if clock.now() - call.asked_at < USEFUL_FOR]
        if facts := self._take():
            try:
                calls += await _calls(database, facts)
            except (SQLAlchemyError, OSError) as error:
                _log.warning("push_not_passed_on", tickets=len(facts), error=repr(error))
        async with asyncio.TaskGroup() as group:
            for call in calls:
                group.create_task(self._try(database, call))

    def _take(self) -> Sequence[Fact]:
        taken = [self._facts.pop(key) for key in list(self._facts)[:FACTS_AT_ONCE]]
        if not self._facts:
            self._has_news.clear()
        return taken

    async def _try(self, database: Database, call: Call) -> None:
        # One that cannot be told must not keep the others from hearing.
        async with self._few:
            with Edge("push_failed"):
                try:
                    await self._tell(database, call)
                except (Unanswered, SQLAlchemyError, OSError) as error:
                    _log.info("push_waits", why=repr(error))
                    self._unanswered.append(call)

    async def _tell(self, database: Database, call: Call) -> None:
        async with database.read() as session:
            browser = await queries.living(session, call.browser)
            # Looked at again, for the operator may have taken a service off his list.
            if browser is None or not is_service(browser.endpoint, self._services):
                return
            language = self._languages.choose(browser.language, "")
            notice = await notice_of(session, browser, call, language)
        if notice:
            await self._post(database, browser, notice)

    async def _post(self, database: Database, browser: PushSubscription, notice: Notice) -> None:
        headers, body = self._vapid.seal(browser, msgspec.json.encode(notice))
        try:
            # What the service says beside its status is not read.
            async with self._http.stream("POST", browser.endpoint, headers=headers, content=body) as answer:
                status = answer.status_code
        except httpx2.HTTPError as error:
            raise Unanswered(type(error).__name__) from None
        if status in _GONE:
            async with database.write() as session:
                await actions.forget(session, browser.digest)
        elif status == _BUSY or answer.is_server_error:
            raise Unanswered(f"HTTP {status}")
        elif not answer.is_success:
            _log.warning("push_refused", status=status)


async def _calls(database: Database, facts: Sequence[Fact]) -> Sequence[Call]:
    async with database.read() as session:
        # Most desks have nobody to call, and look no further.
        return await calls_for(session, facts) if await queries.is_anybody_there(session) else ()
