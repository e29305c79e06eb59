"""What comes before what: the commit before the answer, the look at the session after its end can be heard."""

import asyncio
import uuid

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from sqlalchemy import func, select
from starlette.types import Message as AsgiMessage
from starlette.types import Receive, Scope, Send

from csts.chat.models import Message
from csts.realtime.broker import Subscriber
from csts.realtime.local import LocalBroker
from tests.make import open_ticket
from tests.people import Somebody
from tests.support.chat import open_socket


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
