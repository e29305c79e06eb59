"""Messages that are written on several connections at once."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from csts.chat.writer import Writer
from csts.tickets.board import Board
from tests.chat.test_batches import letter
from tests.make import open_ticket, thread
from tests.people import Somebody


@pytest.fixture
async def writer(app: FastAPI) -> AsyncIterator[Writer]:
    carriers = [app.state.database.carrier() for _ in range(3)]
    yield Writer(carriers, Board(app.state.broker))
    for carrier in carriers:
        await carrier.close()


async def test_each_ticket_keeps_the_order_in_which_it_was_written_to(
    writer: Writer, ana: Somebody, priya: Somebody
) -> None:
    tickets = [(await open_ticket(ana))["id"] for _ in range(5)]
    words = [f"line {number}" for number in range(12)]
    async with asyncio.TaskGroup() as group:
        group.create_task(writer.run())
        told = [
            asyncio.ensure_future(writer.say(letter(who, number, content)))
            for content in words
            for number in tickets
            for who in (ana, priya)
        ]
        await asyncio.gather(*told)
        writer.close()
    for number in tickets:
        frames = (await thread(priya, number))[1:]
        assert [frame["content"] for frame in frames] == [content for content in words for _ in range(2)]
        assert [frame["seq"] for frame in frames] == list(range(2, 26))


async def test_what_was_handed_in_before_the_close_is_written_on_every_lane(writer: Writer, ana: Somebody) -> None:
    tickets = [(await open_ticket(ana))["id"] for _ in range(3)]
    waiting = asyncio.gather(*(writer.say(letter(ana, number)) for number in tickets))
    await asyncio.sleep(0)
    writer.close()
    await writer.run()
    assert [posted.line.seq for posted in await waiting] == [2, 2, 2]
