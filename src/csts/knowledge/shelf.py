"""The index of what is published, kept in this process and built anew when another number says so."""

import asyncio

from csts.kit.db import Database
from csts.knowledge import queries
from csts.knowledge.search import Index


class Shelf:
    """One for each application."""

    def __init__(self) -> None:
        self._state = -1
        self._index = Index([])
        self._turn = asyncio.Lock()

    async def index(self, database: Database) -> Index:
        """What is published now: one small statement, unless something has changed since the last time."""
        async with database.read() as session:
            state = await queries.state(session)
        if state != self._state:
            # One builds it, and the others wait without a connection in their hands.
            async with self._turn:
                await self._read(database)
        return self._index

    async def _read(self, database: Database) -> None:
        async with database.read() as session:
            state = await queries.state(session)
            if state == self._state:
                return
            articles = await queries.published(session)
        self._index = await asyncio.to_thread(Index, articles)
        self._state = state
