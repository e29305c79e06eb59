"""How databases carry out what is written for them past SQLAlchemy."""

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from csts.chat import posting

pytestmark = pytest.mark.once


async def test_look_up_on_sqlite_asks_the_index_for_the_whole_key(app: FastAPI) -> None:
    """Else every message would cost as much as its thread is long."""
    query = posting._known([(1, "customer", 1, "x")]).shape.sqlite([(1, "customer", 1, "x")])
    async with app.state.database.read() as session:
        connection = await session.connection()
        plan = (await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query.text}", (query.parameter,))).all()
        version = await session.scalar(text("SELECT sqlite_version()"))
    told = " ".join(row[-1] for row in plan)
    assert "(ticket_id=? AND sender=? AND sender_id=? AND client_id=?)" in told, version
