"""Calls browsers: hears which tickets have moved, gathers for some seconds, and hands news to push services."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
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
from csts.push.news import News, news_for, notice_of
from csts.push.queries import Listener
from csts.push.schemas import Notice
from csts.push.services import Vapid, is_service
from csts.tickets.events import TicketRead

# Who sits before the ticket has read it by then, and the assistant may have answered.
GATHER_SECONDS = 5.0
# A service that did not answer, or has had enough, is left alone for so long; then what is not older than this is told.
AGAIN_SECONDS = 30.0
USEFUL_FOR = timedelta(minutes=15)
TIMEOUT_SECONDS = 10.0
AT_ONCE = 8
# Who has more sees the rest on the desk: a phone must not buzz for each of a hundred.
NOTICES_AT_ONCE = 3
# A desk where more moves within seconds has its own pages open; what is beyond is not told by this way.
MOST_TICKETS = 5_000
TICKETS_AT_ONCE = 500
_MOST_TOLD = 20_000
# The browser is not there any more, or was subscribed for another key of the desk: its next page subscribes anew.
_FORGOTTEN = {401, 403, 404, 410}
_BUSY = 429
_MOST_ANSWER_BYTES = 4096

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
        # Tickets, and when they were first heard of.
        self._heard: dict[int, datetime] = {}
        self._again: dict[int, datetime] = {}
        self._again_from = 0.0
        # What each browser was told last of each ticket, the newest last; and services, with until when they rest.
        self._told: dict[tuple[str, int], tuple[str, datetime]] = {}
        self._resting: dict[str, float] = {}
        self._has_news = asyncio.Event()
        self._few = asyncio.Semaphore(AT_ONCE)
        # No redirects: those would lead anywhere.
        self._http = httpx2.AsyncClient(timeout=TIMEOUT_SECONDS, follow_redirects=False)

    @property
    def key(self) -> str | None:
        """By which browsers name this desk to their services; None where it calls nobody."""
        return self._vapid.application_key if self._services else None

    def hear(self, fact: object) -> None:
        """As the board hears of it, after each commit."""
        ticket_id: int | None = getattr(fact, "ticket_id", None)
        if ticket_id and self._services and not isinstance(fact, TicketRead) and len(self._heard) < MOST_TICKETS:
            self._heard.setdefault(ticket_id, clock.now())
            self._has_news.set()

    async def run(self, database: Database) -> None:
        """For as long as the desk is open."""
        await forever("push_failed", partial(self._round, database), pause_seconds=AGAIN_SECONDS)

    async def close(self) -> None:
        await self._http.aclose()

    async def _round(self, database: Database) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(AGAIN_SECONDS if self._again else None):
                await self._has_news.wait()
        await asyncio.sleep(GATHER_SECONDS)
        heard = self._take()
        try:
            news = await _news(database, heard)
        except (SQLAlchemyError, OSError) as error:
            _log.warning("push_waits", why=repr(error))
            self._keep(heard)
            return
        async with asyncio.TaskGroup() as group:
            for listener, told in news:
                for browser in listener.browsers:
                    new = [each for each in told if self._told.get((browser, each.line.id)) != (each.kind, each.at)]
                    for each in sorted(new, key=lambda one: one.weight, reverse=True)[:NOTICES_AT_ONCE]:
                        group.create_task(self._try(database, browser, listener, each, heard[each.line.id]))

    def _take(self) -> dict[int, datetime]:
        taken = {number: self._heard.pop(number) for number in list(self._heard)[:TICKETS_AT_ONCE]}
        if not self._heard:
            self._has_news.clear()
        if self._again and time.monotonic() >= self._again_from:
            again, self._again = self._again, {}
            taken = {number: at for number, at in again.items() if clock.now() - at < USEFUL_FOR} | taken
        return taken

    def _keep(self, heard: Mapping[int, datetime]) -> None:
        """For the next time, which may be a better one."""
        if not self._again:
            self._again_from = time.monotonic() + AGAIN_SECONDS
        for number, at in heard.items():
            if len(self._again) < MOST_TICKETS:
                self._again.setdefault(number, at)

    async def _try(self, database: Database, digest: str, listener: Listener, news: News, heard: datetime) -> None:
        # One that cannot be told must not keep the others from hearing.
        async with self._few:
            with Edge("push_failed"):
                try:
                    await self._call(database, digest, listener, news)
                except (Unanswered, SQLAlchemyError, OSError) as error:
                    _log.info("push_waits", why=repr(error))
                    self._keep({news.line.id: heard})
                else:
                    self._remember(digest, news)

    def _remember(self, digest: str, news: News) -> None:
        key = digest, news.line.id
        self._told.pop(key, None)
        self._told[key] = news.kind, news.at
        if len(self._told) > _MOST_TOLD:
            del self._told[next(iter(self._told))]

    async def _call(self, database: Database, digest: str, listener: Listener, news: News) -> None:
        async with database.read() as session:
            browser = await queries.living(session, digest)
        # Looked at again, for the operator may have taken a service off his list.
        if browser is None or not is_service(browser.endpoint, self._services):
            return
        notice = notice_of(browser, listener, news, self._languages.choose(browser.language, ""))
        status = await self._post(browser, notice)
        if status in _FORGOTTEN:
            async with database.write() as session:
                await actions.forget(session, digest)
        if status not in {404, 410} and not httpx2.codes.is_success(status):
            _log.warning("push_refused", status=status)

    async def _post(self, browser: PushSubscription, notice: Notice) -> int:
        """The status of its service. Raises Unanswered, and then all of that service rests for a while."""
        service = "/".join(browser.endpoint.split("/", 3)[:3])
        if self._resting.get(service, 0.0) > time.monotonic():
            raise Unanswered(f"{service} rests")
        headers, body = self._vapid.seal(browser, msgspec.json.encode(notice))
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                status = await self._send(browser.endpoint, headers, body)
        except (httpx2.HTTPError, TimeoutError) as error:
            why = type(error).__name__
        else:
            if status != _BUSY and not httpx2.codes.is_server_error(status):
                return status
            why = str(status)
        self._resting[service] = time.monotonic() + AGAIN_SECONDS
        raise Unanswered(f"{service}: {why}")

    async def _send(self, endpoint: str, headers: Mapping[str, str], body: bytes) -> int:
        async with self._http.stream("POST", endpoint, headers=dict(headers), content=body) as answer:
            # Read so far that the connection can be kept, and no farther: nothing in it is for us.
            async for _ in answer.aiter_raw():
                if answer.num_bytes_downloaded > _MOST_ANSWER_BYTES:
                    break
            return answer.status_code


async def _news(database: Database, heard: Mapping[int, datetime]) -> list[tuple[Listener, list[News]]]:
    async with database.read() as session:
        # Most desks have nobody to call, and look no further.
        return await news_for(session, heard) if heard and await queries.is_anybody_there(session) else []
