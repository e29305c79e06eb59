"""Agents see in their lists which tickets their colleagues have before them; customers do not."""

import asyncio
from typing import Any

import msgspec
import pytest

from csts.chat.schemas import Viewer, Viewers, ViewingFrame
from csts.chat.viewing import Viewing
from csts.kit.edge import end
from csts.realtime.events import Frames
from csts.realtime.local import LocalBroker
from csts.tickets.events import DESK, room_channel
from tests.make import open_ticket
from tests.people import Somebody
from tests.realtime.ears import PRIYA, Ear
from tests.support.chat import Chat, join, open_socket

pytestmark = pytest.mark.sockets


async def viewers(who: Somebody, *ticket_ids: int) -> list[dict[str, Any]]:
    answer = await who.get("/tickets/viewers", params={"ticket_id": list(ticket_ids)})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def seen(ticket_id: int, *agents: tuple[Somebody, bool]) -> dict[str, Any]:
    told = [{"id": agent.id, "name": agent.name, "looking": looking} for agent, looking in agents]
    return {"ticket_id": ticket_id, "agents": sorted(told, key=lambda each: each["id"])}


async def hears(desk: Chat, wanted: dict[str, Any]) -> None:
    """Waits until this is what the desk has last been told of the ticket."""
    while wanted not in (await desk.next("viewing"))["tickets"]:
        pass


async def test_who_looks_at_a_ticket_and_who_looks_away_is_told_to_the_desk(
    sockets: str, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    async with open_socket(f"{sockets}/ws/desk", sam.token) as desk, join(sockets, ticket_id, ana.token) as customer:
        await asyncio.gather(desk.next("ready"), customer.next("ready"))
        async with join(sockets, ticket_id, priya.token) as room, join(sockets, ticket_id, priya.token) as other_tab:
            await asyncio.gather(room.next("ready"), other_tab.next("ready"))
            await hears(desk, seen(ticket_id, (priya, False)))
            await room.send("looking", looking=True)
            await room.send("looking", looking=True)
            await hears(desk, seen(ticket_id, (priya, True)))
            assert await viewers(sam, ticket_id, 2**30) == [seen(ticket_id, (priya, True))]
            # She looks while one of her tabs does.
            await other_tab.send("looking", looking=True)
            await other_tab.send("ping")
            await other_tab.next("pong")
            await room.send("looking", looking=False)
            async with join(sockets, ticket_id, sam.token) as his:
                await his.next("ready")
                await hears(desk, seen(ticket_id, (priya, True), (sam, False)))
            await other_tab.send("looking", looking=False)
            await hears(desk, seen(ticket_id, (priya, False)))
            await room.send("looking", looking=True)
            await hears(desk, seen(ticket_id, (priya, True)))
        # Whoever leaves takes his eyes along.
        await hears(desk, seen(ticket_id))
        assert await viewers(sam, ticket_id) == []
        await customer.send("looking", looking=True)
        await customer.send("ping")
        await customer.next("pong")
        assert {frame["type"] for frame in customer.seen} == {"ready", "presence", "pong"}
        assert await viewers(sam, ticket_id) == []


async def test_a_walk_through_many_tickets_is_told_in_one_frame() -> None:
    broker, ear = LocalBroker(), Ear()
    viewing = Viewing(broker)
    await broker.subscribe(DESK, ear)
    await broker.enter(room_channel(6), PRIYA)
    for ticket_id in range(1, 7):
        viewing.note(ticket_id)
    running = asyncio.create_task(viewing.run())
    left = [Viewers(number, []) for number in range(1, 6)]
    frame = ViewingFrame([*left, Viewers(6, [Viewer(PRIYA.id, PRIYA.name, looking=False)])])
    await ear.hears(Frames(staff=msgspec.json.encode(frame)))
    await end([running])
