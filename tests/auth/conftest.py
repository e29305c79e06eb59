"""Two browsers, which keep cookies and say where they are, as the pages of the desk do; and where letters go."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from httpx2 import AsyncBaseTransport, AsyncClient

from csts.agents.models import Agent
from tests.auth.letters import MAIL, delivered
from tests.people import ANA, PRIYA, Account, Somebody
from tests.support.mailbox import Mailbox


@pytest.fixture
async def browser(transport: AsyncBaseTransport, base_url: str) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(transport=transport, base_url=base_url, headers={"Origin": base_url}) as client:
        yield client


@pytest.fixture
async def other_tab(transport: AsyncBaseTransport, base_url: str) -> AsyncIterator[AsyncClient]:
    """Shares no memory with `browser`: a test gives it the cookies that it woke up with."""
    async with AsyncClient(transport=transport, base_url=base_url, headers={"Origin": base_url}) as client:
        yield client


@pytest.fixture
async def people(app: FastAPI, ana: Somebody, priya: Somebody, mailbox: Mailbox) -> dict[Account, Somebody]:
    """With addresses, and an empty mailbox."""
    async with app.state.database.write() as session:
        (await session.get_one(Agent, priya.id)).email = MAIL[PRIYA]
    await delivered(app, mailbox)
    mailbox.messages.clear()
    return {ANA: ana, PRIYA: priya}
