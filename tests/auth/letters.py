"""A desk that sends mail in this process: what it has sent, once its queue is empty."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage

from fastapi import FastAPI
from httpx2 import AsyncClient, Response
from sqlalchemy import func, select

from csts.jobs.tasks import Runner
from csts.kit.tasks import Bell, StoredTask
from tests.people import ANA, PRIYA, Account
from tests.support.firm import PATIENCE_SECONDS
from tests.support.mailbox import Mailbox, text_of

# Where the cast reads its mail.
MAIL = {ANA: ANA.login, PRIYA: "priya@desk.example"}
_LINK = re.compile(r"http\S+")
POLL_SECONDS = 0.02


async def _deaf(_announced: object) -> None:
    return


@asynccontextmanager
async def working(app: FastAPI) -> AsyncIterator[None]:
    """The queue of this application at work."""
    runner = Runner(app.state.database, app.state.works, Bell(_deaf))
    running = asyncio.create_task(runner.run())
    try:
        yield
    finally:
        runner.close()
        await running


async def delivered(app: FastAPI, mailbox: Mailbox) -> list[EmailMessage]:
    """All that was sent, once there is nothing left to send: also that nothing was."""
    async with asyncio.timeout(PATIENCE_SECONDS), working(app):
        await _until_empty(app)
    return mailbox.messages


async def _until_empty(app: FastAPI) -> None:
    """The queue's own table tells nobody that it is."""
    while True:
        async with app.state.database.read() as session:
            if not await session.scalar(select(func.count()).select_from(StoredTask)):
                return
        await asyncio.sleep(POLL_SECONDS)


def link_in(message: EmailMessage) -> str:
    found = _LINK.search(text_of(message))
    assert found, text_of(message)
    return found[0]


def token_in(message: EmailMessage) -> str:
    return link_in(message).partition("#")[2]


async def ask(client: AsyncClient, account: Account, email: str, headers: dict[str, str] | None = None) -> Response:
    return await client.post(f"{account.door}/password/reset-request", json={"email": email}, headers=headers)


async def reset(client: AsyncClient, account: Account, token: str, password: str) -> Response:
    return await client.post(f"{account.door}/password/reset", json={"token": token, "password": password})
