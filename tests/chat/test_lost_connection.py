"""The database hangs up on everybody, as it does when it restarts: the next message does not notice."""

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from csts.kit.db import Database
from tests.make import open_ticket
from tests.people import Somebody
from tests.support.chat import join
from tests.support.database import engine_for

pytestmark = pytest.mark.sockets

OTHERS = "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()"


async def test_message_after_the_database_has_hung_up_is_stored(
    app: FastAPI, sockets: str, database_url: str, ana: Somebody
) -> None:
    database: Database = app.state.database
    if database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has no connection to lose")
    ticket_id = (await open_ticket(ana))["id"]
    async with join(sockets, ticket_id, ana.token) as chat:
        await chat.next("ready")
        engine = engine_for(database_url)
        async with engine.connect() as connection:
            for number in (await connection.execute(text(OTHERS))).scalars().all():
                await connection.execute(text(f"KILL {number}"))
        await engine.dispose()
        assert (await chat.say("Still there?"))["type"] == "message"
