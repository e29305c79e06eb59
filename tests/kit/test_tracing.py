"""A desk that sends traces: what a collector is told of a day, and that nothing in it is somebody's words."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from httpx2 import AsyncClient

from tests.kit.test_log import messages_pulled_away
from tests.make import open_ticket, post_message
from tests.people import ANA, PASSWORD, Somebody
from tests.support.chat import join
from tests.support.collector import Collector, Seen
from tests.support.groq import Groq, Status, Stream, groq
from tests.support.mailbox import Mailbox
from tests.support.server import Server

pytestmark = [pytest.mark.sockets, pytest.mark.alone, pytest.mark.signed_up]

WORDS = "the cat sleeps on the warm modem"
SUBJECT = "Something confidential about invoices"
KEY = "gsk_a-key-that-nobody-may-read-anywhere-0123456789"
REQUEST_ID = "of-the-proxy-in-front-0001"
# Longer than a test: whatever arrives was sent when the desk ended.
LATER = {"OTEL_BSP_SCHEDULE_DELAY": "600000"}


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as running:
        yield running


@pytest.fixture
async def model() -> AsyncIterator[Groq]:
    async with groq() as server:
        yield server


@pytest.fixture
def environment(environment: dict[str, str], collector: Collector, mailbox: Mailbox, model: Groq) -> dict[str, str]:
    desk = {
        "CSTS_LOG_FORMAT": "json",
        "CSTS_JOBS": "1",
        "CSTS_SMTP_URL": mailbox.url,
        "CSTS_GROQ_API_KEY": KEY,
        "CSTS_LLM_BASE_URL": model.url,
    }
    # What a library would tell by itself must not come along.
    telling = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "FASTAPI_OTEL_AUTO_CONFIGURE": "true"}
    return environment | desk | telling | LATER


@dataclass(frozen=True)
class World:
    """A desk, and what stands around it."""

    desk: Server
    collector: Collector
    mailbox: Mailbox
    model: Groq
    database_url: str


@pytest.fixture
def world(server: Server, collector: Collector, mailbox: Mailbox, model: Groq, database_url: str) -> World:
    return World(server, collector, mailbox, model, database_url)


async def live_through_a_day(client: AsyncClient, world: World, ana: Somebody, priya: Somebody) -> None:
    """Does a bit of everything, well and badly."""
    ticket = await open_ticket(ana, subject=SUBJECT, description=WORDS)
    await ana.get("/tickets", params={"q": WORDS}, headers={"X-Request-ID": REQUEST_ID})
    await ana.get(f"/{WORDS}")
    await ana.get("/static/none.js")
    await client.post("/user/login", json={"email": ANA.login, "password": "a wrong password"})
    async with join(world.desk.sockets, ticket["id"], ana.token) as chat:
        await chat.next("ready")
        await chat.say(WORDS)
    await post_message(ana, ticket["id"], WORDS)
    world.model.will(Stream(["Ana's cat sleeps on the modem."]), Status(500))
    for _ in range(2):
        await priya.post(f"/tickets/{ticket['id']}/assistant/summary")
    async with messages_pulled_away(world.database_url):
        draft = {"client_id": str(uuid.uuid4()), "content": WORDS}
        await ana.post(f"/tickets/{ticket['id']}/messages", draft)
        await ana.get(f"/tickets/{ticket['id']}/messages")


async def test_a_collector_is_told_of_a_day_and_of_no_word_that_was_said(
    client: AsyncClient, world: World, ana: Somebody, priya: Somebody
) -> None:
    collector = world.collector
    await world.mailbox.until(1)
    world.mailbox.refuses = "550 No such mailbox as ana@example.com"
    await client.post("/user/password/reset-request", json={"email": ANA.login})
    await world.mailbox.until_refused(1)
    await live_through_a_day(client, world, ana, priya)
    assert collector.spans == []
    assert await asyncio.to_thread(world.desk.stop) == 0
    assert set(collector.paths) == {"/v1/traces"}
    assert {(span.service, span.scope) for span in collector.spans} == {("csts", "csts")}
    check_requests(collector)
    check_batches(collector)
    check_letters(collector)
    check_the_model(collector)
    check_the_log(world.desk, collector)
    check_that_nothing_is_quoted(collector, [ana.token, ana.refresh_token, priya.token])


def check_requests(collector: Collector) -> None:
    """Each under its route, with its status and its id."""
    [listed] = [span for span in collector.spans if span.attributes.get("csts.request_id") == REQUEST_ID]
    assert (listed.name, listed.kind, listed.parent) == ("GET /tickets", "SERVER", "")
    assert listed.attributes == {
        "http.request.method": "GET",
        "http.route": "/tickets",
        "http.response.status_code": 200,
        "csts.request_id": REQUEST_ID,
    }
    assert statuses(collector, "GET none") == [404]
    assert statuses(collector, "POST /user/login") == [200, 401]
    [fallen] = [span for span in collector.named("GET /tickets/{ticket_id}/messages") if span.has_failed]
    # SQLite and MariaDB each call a table that is gone by another name.
    assert fallen.attributes["error.type"] in {"sqlalchemy.exc.OperationalError", "sqlalchemy.exc.ProgrammingError"}
    assert not [span for span in collector.spans if "static" in span.name or "ready" in span.name]


def check_batches(collector: Collector) -> None:
    """One for a commit; it leads to the requests that had a part in it, and sockets have none."""
    [posted, failed] = collector.named("POST /tickets/{ticket_id}/messages")
    [of_socket, of_request, *more] = collector.named("batch")
    assert (of_socket.links, of_socket.parent, of_socket.attributes) == ([], "", {"csts.batch.size": 1})
    assert (of_request.links, of_request.has_failed) == ([posted.place], False)
    assert all(span.has_failed and span.links == [failed.place] for span in more)
    assert more


def check_letters(collector: Collector) -> None:
    """A task leads to the request that has left it, and to the task that did; its letter is within it."""
    [registered] = collector.named("POST /user/register")
    [asked] = collector.named("POST /user/password/reset-request")
    [forgotten] = collector.named("task password_reset")
    assert (forgotten.kind, forgotten.links) == ("CONSUMER", [asked.place])
    welcome, refused = tried(collector, "done"), tried(collector, "given_up")
    assert (welcome.links, refused.links) == ([registered.place], [forgotten.place])
    assert (welcome.has_failed, refused.has_failed) == (False, True)
    first, second = collector.named("send letter")
    assert (first.parent, second.parent) == (welcome.id, refused.id)
    assert (first.attributes["csts.letter"], first.has_failed) == ("email_confirmation", False)
    assert (second.attributes["error.type"], second.message) == ("csts.kit.tasks.Hopeless", "")


def check_the_model(collector: Collector) -> None:
    [answered, failed] = collector.named("chat openai/gpt-oss-120b")
    assert answered.parent in {span.id for span in collector.named("POST /tickets/{ticket_id}/assistant/summary")}
    assert answered.attributes["gen_ai.usage.output_tokens"] == 30
    assert (failed.has_failed, failed.attributes["error.type"]) == (True, "server_error")


def check_the_log(server: Server, collector: Collector) -> None:
    """A line and a span find each other, by the trace and by the id of the request."""
    lines = [json.loads(line) for line in server.said().splitlines() if line.startswith("{")]
    listed = told(lines, "request", request_id=REQUEST_ID)
    assert {listed["trace_id"]} == {span.trace for span in collector.named("GET /tickets")}
    assert told(lines, "letter_sent")["trace_id"] == tried(collector, "done").trace
    assert told(lines, "task_given_up")["trace_id"] == tried(collector, "given_up").trace


def tried(collector: Collector, outcome: str) -> Seen:
    """The attempt at a letter that ended so."""
    [found] = [span for span in collector.named("task mail") if span.attributes["csts.task.outcome"] == outcome]
    return found


def told(lines: list[dict[str, Any]], event: str, **facts: str) -> dict[str, Any]:
    return next(line for line in lines if line["event"] == event and facts.items() <= line.items())


def statuses(collector: Collector, name: str) -> list[int]:
    return sorted({int(span.attributes["http.response.status_code"]) for span in collector.named(name)})


def check_that_nothing_is_quoted(collector: Collector, tokens: list[str]) -> None:
    sent = b"".join(collector.bodies).decode(errors="replace")
    said = [WORDS, "warm", "cat", SUBJECT, PASSWORD, "wrong password", ANA.login, ANA.name, "priya", KEY, "SELECT"]
    assert [word for word in (*said, *tokens) if word in sent] == []
