"""The log of a real server after a real day: what happened is there, and nothing that somebody said or proved."""

import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from httpx2 import AsyncClient
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.make import claim, open_ticket, post_message, upload
from tests.people import PASSWORD, Somebody, sign_in
from tests.support.chat import join
from tests.support.database import engine_for
from tests.support.server import Server

pytestmark = [pytest.mark.sockets, pytest.mark.once, pytest.mark.alone]

WORDS = "the cat sleeps on the warm modem"
NOTE = "he called us names on the phone"
SUBJECT = "Something confidential about invoices"
FILE = "passport-of-ana.png"


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return {**environment, "CSTS_LOG_FORMAT": "json"}


async def live_through_a_day(client: AsyncClient, server: Server, ana: Somebody, priya: Somebody) -> list[str]:
    """Does a bit of everything, right and wrong; the secrets that came up on the way."""
    ticket = await open_ticket(ana, subject=SUBJECT, description=WORDS, callback_number="+4930901820")
    await claim(priya, ticket["id"])
    await post_message(ana, ticket["id"], WORDS)
    await post_message(priya, ticket["id"], NOTE, internal=True)
    await upload(ana, ticket["id"], name=FILE)
    await ana.post(f"/tickets/{ticket['id']}/attachments", files={"file": (FILE, b"not a picture")})
    await ana.get("/tickets", params={"q": WORDS})
    async with join(server.sockets, ticket["id"], ana.token, after=0) as chat:
        await chat.next("ready")
        await chat.say(WORDS)
        await chat.send_raw(json.dumps({"type": "message", "content": WORDS}))
        await chat.next("error")
    again = await sign_in(client, ana.account)
    await client.post("/user/login", json={"email": ana.account.login, "password": "a wrong password"})
    await client.post("/user/register", json={"name": "X", "email": PASSWORD, "password": PASSWORD, "pin": PASSWORD})
    for _ in range(2):
        await client.post("/user/refresh", json={"refresh_token": again.refresh_token})
    return [ana.token, priya.token, ana.refresh_token, again.refresh_token, again.token]


async def test_the_log_tells_what_happened_and_no_secret(
    client: AsyncClient, server: Server, ana: Somebody, priya: Somebody
) -> None:
    secrets = await live_through_a_day(client, server, ana, priya)
    server.stop()
    log = server.said()
    said = [WORDS, "warm", NOTE, SUBJECT, FILE, PASSWORD, "wrong password", "4930901820", ana.account.login]
    assert [word for word in (*secrets, *said) if word in log] == []
    lines = events(log)
    assert {"request", "upload_refused", "socket_opened", "socket_closed", "sign_in_failed"} <= set(lines)
    assert "refresh_token_reused" in lines
    assert all(len(line["request_id"]) == 32 for line in lines["request"])
    assert lines["socket_closed"][0]["code"] in {1000, 1005}


def events(log: str) -> dict[str, list[dict[str, Any]]]:
    """The lines of the log by their event."""
    found: dict[str, list[dict[str, Any]]] = {}
    for line in log.splitlines():
        if line.startswith("{"):
            told = json.loads(line)
            found.setdefault(told["event"], []).append(told)
    return found


async def test_a_fall_is_logged_without_what_was_in_hand(
    client: AsyncClient, server: Server, ana: Somebody, database_url: str
) -> None:
    """A table is pulled from under the server; the traceback holds neither text nor parameters."""
    ticket = await open_ticket(ana)
    draft = {"client_id": str(uuid.uuid4()), "content": WORDS}
    async with messages_pulled_away(database_url):
        answer = await ana.post(f"/tickets/{ticket['id']}/messages", draft)
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    server.stop()
    log = server.said()
    assert events(log)["request_failed"][0]["request_id"] == answer.headers["x-request-id"]
    assert [word for word in (WORDS, ana.token, PASSWORD) if word in log] == []


@asynccontextmanager
async def messages_pulled_away(database_url: str) -> AsyncIterator[None]:
    engine = engine_for(database_url)
    await rename(engine, "messages", "letters")
    try:
        yield
    finally:
        await rename(engine, "letters", "messages")
        await engine.dispose()


async def rename(engine: AsyncEngine, old: str, new: str) -> None:
    async with engine.begin() as connection:
        await connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))
