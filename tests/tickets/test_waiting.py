"""A picture that takes its time holds up nobody but its sender."""

import asyncio

from fastapi import FastAPI

from csts.attachments.storage import Storage
from tests.make import claim, open_ticket, post_message
from tests.people import Somebody


class SlowStorage(Storage):
    """A disk that answers when it is told to."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.asked = asyncio.Event()
        self.may_answer = asyncio.Event()

    async def put(self, path: str, data: bytes) -> None:
        self.asked.set()
        await self.may_answer.wait()
        await super().put(path, data)


async def test_others_write_while_screenshots_are_stored(
    app: FastAPI, ana: Somebody, ben: Somebody, priya: Somebody
) -> None:
    ticket = await open_ticket(ana)
    app.state.storage = slow = SlowStorage(app.state.settings.resolved_uploads)
    opening = asyncio.create_task(open_ticket(ben))
    await slow.asked.wait()
    async with asyncio.timeout(20):
        await claim(priya, ticket["id"])
        await post_message(ana, ticket["id"])
    assert not opening.done()
    slow.may_answer.set()
    assert (await opening)["ticket_no"]
