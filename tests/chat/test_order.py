"""What comes before what: the commit before the answer, the look at the session after its end can be heard."""

import asyncio
import uuid

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from sqlalchemy import func, select
from starlette.types import Message as AsgiMessage
from starlette.types import Receive, Scope, Send

from csts.chat import connection
from csts.chat.models import Message
from csts.realtime.broker import Broker, Subscriber
from csts.realtime.local import LocalBroker
from tests.make import open_ticket, post_message
from tests.people import Somebody
from tests.queries import count_queries
from tests.support.chat import join, open_socket


async def test_answer_is_sent_after_the_commit(app: FastAPI, ana: Somebody) -> None:
    """The default scope of a dependency commits behind the answer: a client would be told of what is not there."""
    ticket_id = (await open_ticket(ana))["id"]
    counted: list[int | None] = []

    async def watched(scope: Scope, receive: Receive, send: Send) -> None:
        async def counting(message: AsgiMessage) -> None:
            if message["type"] == "http.response.start":
                async with app.state.database.read() as session:
                    counted.append(await session.scalar(select(func.count(Message.id))))
            await send(message)

        await app(scope, receive, counting)

    async with AsyncClient(transport=ASGITransport(watched), base_url="http://desk.test") as client:
        answer = await client.post(
            f"/tickets/{ticket_id}/messages",
            json={"client_id": str(uuid.uuid4()), "content": "Hello"},
            headers={"Authorization": f"Bearer {ana.token}"},
        )
    assert (answer.status_code, counted) == (201, [2])


class HesitantBroker(LocalBroker):
    """Subscribes only when it is told to, as one across a slow network would."""

    def __init__(self) -> None:
        super().__init__()
        self.is_asked = asyncio.Event()
        self.may_go_on = asyncio.Event()

    async def subscribe(self, channel: str, subscriber: Subscriber) -> None:
        self.is_asked.set()
        await self.may_go_on.wait()
        await super().subscribe(channel, subscriber)


@pytest.mark.sockets
async def test_session_that_ends_while_a_socket_opens_ends_the_socket(
    app: FastAPI, sockets: str, ana: Somebody
) -> None:
    """The sign-out was announced when nobody listened yet."""
    broker = app.state.broker = HesitantBroker()
    async with open_socket(f"{sockets}/ws/inbox", ana.token) as inbox:
        await broker.is_asked.wait()
        await ana.post("/user/logout", {"refresh_token": ana.refresh_token})
        broker.may_go_on.set()
        assert (await inbox.closed())[0] == 4401
        assert inbox.seen == []


class LateBroker:
    """Subscribes at once, and says so only when it is told to; everything else is another's."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self.is_heard = asyncio.Event()
        self.may_go_on = asyncio.Event()

    def __getattr__(self, name: str) -> object:
        return getattr(self._broker, name)

    async def subscribe(self, channel: str, subscriber: Subscriber) -> None:
        await self._broker.subscribe(channel, subscriber)
        self.is_heard.set()
        await self.may_go_on.wait()


@pytest.mark.sockets
@pytest.mark.parametrize("after, told", [(None, ["ready", "message"]), ("1", ["message", "ready"])])
async def test_what_is_posted_while_a_room_opens_is_told_once(
    app: FastAPI, sockets: str, ana: Somebody, after: str | None, told: list[str]
) -> None:
    """It is live to who asked for no backlog, and part of the backlog to who did."""
    ticket_id = (await open_ticket(ana))["id"]
    broker = app.state.broker = LateBroker(app.state.broker)
    async with join(sockets, ticket_id, ana.token, after=after) as chat:
        await broker.is_heard.wait()
        await post_message(ana, ticket_id)
        broker.may_go_on.set()
        await chat.next("ready")
        await chat.send("ping")
        await chat.next("pong")
        seen = [frame for frame in chat.seen if frame["type"] in {"ready", "message"}]
        assert [frame["type"] for frame in seen] == told
        assert chat.messages()[0]["seq"] == 2


@pytest.mark.sockets
async def test_opening_a_room_costs_five_statements_and_a_backlog_two_more(
    app: FastAPI, sockets: str, ana: Somebody, priya: Somebody
) -> None:
    """After an outage all sockets come back at once, most of them having missed nothing."""
    ticket_id = (await open_ticket(ana))["id"]
    async with open_socket(f"{sockets}/ws/inbox", ana.token) as inbox:
        await inbox.next("ready")
        await post_message(priya, ticket_id)
        # The lists have been told, whose reads would count as well.
        await inbox.next("unread", unread=1)
    for somebody in (ana, priya):
        for after, statements in ((None, 5), ("2", 5), ("99", 5), ("0", 7)):
            with count_queries(app.state.database.engine, by_all=True) as sent:
                async with join(sockets, ticket_id, somebody.token, after=after) as chat:
                    await chat.next("ready")
            assert (after, len(sent)) == (after, statements)


@pytest.mark.sockets
async def test_who_waits_too_long_for_his_turn_to_open_is_told_to_come_again(
    app: FastAPI, sockets: str, ana: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "TURN_SECONDS", 0.01)
    turns = app.state.open_sockets.opening
    taken = 0
    while not turns.locked():
        await turns.acquire()
        taken += 1
    async with open_socket(f"{sockets}/ws/inbox", ana.token) as early:
        assert await early.closed() == (1013, "the database does not answer")
    for _ in range(taken):
        turns.release()
    async with open_socket(f"{sockets}/ws/inbox", ana.token) as late:
        await late.next("ready")
