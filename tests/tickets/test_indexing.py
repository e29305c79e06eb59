"""The index of search follows what is written: all of it, once, in whatever order it is committed, and by itself."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest
from fastapi import FastAPI
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.chat.models import Message
from csts.kit import clock
from csts.kit.db import Database
from csts.search.models import DESCRIPTION, MESSAGE, TITLE, SearchPiece
from csts.tickets import indexing
from tests.make import open_ticket, post_message
from tests.people import Somebody


async def pieces(database: Database) -> list[int | None]:
    async with database.read() as session:
        return list(await session.scalars(select(SearchPiece.message_id).order_by(SearchPiece.id)))


async def found(who: Somebody, words: str) -> int:
    return len((await who.get("/tickets", params={"q": words})).json()["items"])


async def test_a_search_finds_what_was_committed_just_before_it(ana: Somebody, priya: Somebody) -> None:
    ticket = await open_ticket(ana)
    for number in range(5):
        await post_message(ana, ticket["id"], f"word{number}")
        assert await found(priya, f"word{number}") == 1


async def test_short_rounds_take_in_each_text_once(app: FastAPI, ana: Somebody) -> None:
    database: Database = app.state.database
    ticket = await open_ticket(ana)
    sent = [(await post_message(ana, ticket["id"], f"word{number}"))["id"] for number in range(5)]
    rounds = 0
    while await database.carry_out(partial(indexing.take_in, most=2)):
        rounds += 1
    await database.carry_out(indexing.take_in)
    assert rounds >= 2
    # A ticket has two pieces of its own, and the line that the system says is none.
    assert await pieces(database) == [None, None, *sent]


async def test_after_an_upgrade_tickets_are_taken_in_beside_their_talk(app: FastAPI, ana: Somebody) -> None:
    database: Database = app.state.database
    for number in range(3):
        ticket = await open_ticket(ana)
        await post_message(ana, ticket["id"], f"word{number}")
    while await database.carry_out(partial(indexing.take_in, most=2)):
        pass
    async with database.read() as session:
        kinds = list(await session.scalars(select(SearchPiece.kind).order_by(SearchPiece.id)))
    assert kinds == [TITLE, DESCRIPTION, MESSAGE] * 3


async def test_rounds_at_the_same_moment_write_nothing_twice(app: FastAPI, ana: Somebody) -> None:
    database: Database = app.state.database
    ticket = await open_ticket(ana)
    sent = [(await post_message(ana, ticket["id"], f"word{number}"))["id"] for number in range(5)]
    await asyncio.gather(*(database.carry_out(partial(indexing.take_in, most=2)) for _ in range(8)))
    assert await pieces(database) == [None, None, *sent]


async def write(database: Database, ticket: int, number: int, seq: int) -> None:
    """A message with this id, as another transaction would commit it."""
    values = {"id": number, "ticket_id": ticket, "ticket_no": "L1", "seq": seq, "public_seq": seq, "sender": "customer"}
    names = {"sender_id": 1, "sender_name": "Ana", "client_id": str(seq), "content": f"word{seq}", "internal": False}
    async with database.write() as session:
        await session.execute(insert(Message).values(**values, **names, timestamp=clock.now()))


async def test_a_message_that_is_committed_late_is_found_all_the_same(
    app: FastAPI, ana: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ids are given before the commit: of two lanes the one with the higher id may be first."""
    database: Database = app.state.database
    ticket = await open_ticket(ana)
    last = (await post_message(ana, ticket["id"], "first"))["id"]
    await database.carry_out(indexing.take_in)
    await write(database, ticket["id"], last + 3, 100)
    await database.carry_out(indexing.take_in)
    await write(database, ticket["id"], last + 1, 101)
    async with database.read() as session:
        assert await indexing.is_behind(session, by_late_ones=True)
    await database.carry_out(indexing.take_in)
    assert await found(ana, "word100") == await found(ana, "word101") == 1
    assert (await pieces(database)).count(last + 1) == 1
    # What is missing for longer than any transaction lives is waited for no more.
    later = clock.now() + timedelta(seconds=indexing.MISSING_SECONDS + 1)
    monkeypatch.setattr("csts.tickets.indexing.time.time", later.timestamp)
    await database.carry_out(indexing.take_in)
    async with database.read() as session:
        assert not await indexing.is_behind(session, by_late_ones=True)


async def test_a_broken_round_leaves_nothing_and_is_made_again(app: FastAPI, ana: Somebody) -> None:
    database: Database = app.state.database
    await open_ticket(ana)

    async def break_off(session: AsyncSession) -> None:
        await indexing.take_in(session)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.carry_out(break_off)
    assert await pieces(database) == []
    await database.carry_out(indexing.take_in)
    assert await pieces(database) == [None, None]


class TestADeskThatWorks:
    """With its jobs, as a desk runs."""

    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"CSTS_JOBS": "1"}

    async def test_it_follows_by_itself(self, app: FastAPI, ana: Somebody) -> None:
        database: Database = app.state.database
        ticket = await open_ticket(ana)
        sent = (await post_message(ana, ticket["id"], "hello"))["id"]

        async def is_there() -> bool:
            async with database.read() as session:
                return await session.scalar(select(SearchPiece.id).where(SearchPiece.message_id == sent)) is not None

        async with asyncio.timeout(30):
            while not await is_there():  # noqa: ASYNC110 - the index tells nobody
                await asyncio.sleep(0.02)
