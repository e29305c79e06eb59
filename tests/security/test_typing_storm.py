"""Typing is told to every agent on the desk, so nobody may tell of it as often as he likes."""

import pytest

from tests.make import open_ticket
from tests.people import Somebody
from tests.support.chat import join, open_socket
from tests.support.server import Server

pytestmark = [pytest.mark.sockets, pytest.mark.once]


async def test_a_typing_storm_does_not_reach_the_desk(server: Server, ana: Somebody, priya: Somebody) -> None:
    """Thirty sockets of one customer sent the desk three hundred of them a second."""
    ticket_id = (await open_ticket(ana))["id"]
    async with (
        open_socket(f"{server.sockets}/ws/desk", priya.token) as desk,
        join(server.sockets, ticket_id, ana.token) as customer,
    ):
        await desk.next("ready")
        for turn in range(200):
            await customer.send("typing", typing=turn % 2 == 0)
        await desk.next("typing")
        await customer.say("There you are.")
        await desk.next("unread")
        assert len([frame for frame in desk.seen if frame["type"] == "typing"]) < 30
