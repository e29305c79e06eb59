"""Two browsers: they keep cookies and say where they are, as the pages of the desk do."""

from collections.abc import AsyncIterator

import pytest
from httpx2 import AsyncBaseTransport, AsyncClient


@pytest.fixture
async def browser(transport: AsyncBaseTransport, base_url: str) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(transport=transport, base_url=base_url, headers={"Origin": base_url}) as client:
        yield client


@pytest.fixture
async def other_tab(transport: AsyncBaseTransport, base_url: str) -> AsyncIterator[AsyncClient]:
    """Shares no memory with `browser`: a test gives it the cookies that it woke up with."""
    async with AsyncClient(transport=transport, base_url=base_url, headers={"Origin": base_url}) as client:
        yield client
