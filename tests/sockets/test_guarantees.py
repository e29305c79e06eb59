"""The five guarantees of the contract, on one process and on two: killed, restarted and crowded."""

import asyncio
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.make import open_ticket, thread
from tests.people import Somebody
from tests.sockets.deaf import deaf, write_until_somebody_falls_behind
from tests.sockets.story import Line, Listener, Writer, whole_thread
from tests.support.chat import join
from tests.support.fleet import Fleet
from tests.support.server import Desk, Server

pytestmark = pytest.mark.sockets


@pytest.fixture(params=["one process", "two processes"])
def server(request: pytest.FixtureRequest, environment: dict[str, str], tmp_path: Path) -> Iterator[Desk]:
    desk = Server if request.param == "one process" else Fleet
    with desk(environment, tmp_path) as running:
        yield running


async def test_acknowledged_message_survives_kill_9(server: Desk, ana: Somebody, priya: Somebody) -> None:
    """And both sides, without a human hand, hold the same complete thread: guarantees 1, 2 and 4 in one story."""
    ticket_id = (await open_ticket(ana))["id"]
    line = Line(server)
    writers = [Writer(ana, ticket_id, line), Writer(priya, ticket_id, line)]
    listeners = [Listener(ana, ticket_id, line), Listener(priya, ticket_id, line)]
    async with asyncio.TaskGroup() as group:
        for someone in writers:
            group.create_task(someone.write(40))
        for listener in listeners:
            group.create_task(listener.listen(81))
        for someone in writers:
            await someone.has_spoken.wait()
        await line.kill_and_restart()
    stored = await whole_thread(priya, ticket_id)
    counted = Counter(frame["client_id"] for frame in stored)
    assert {client_id: counted[client_id] for someone in writers for client_id in someone.acknowledged} == {
        client_id: 1 for someone in writers for client_id in someone.sent
    }
    assert [frame["seq"] for frame in stored] == list(range(1, 82))
    assert listeners[0].lines() == listeners[1].lines() == [(frame["seq"], frame["content"]) for frame in stored]
    assert [listener.doubles for listener in listeners] == [[], []]


async def test_two_hundred_messages_of_two_writers_have_numbers_without_a_gap(
    server: Desk, ana: Somebody, priya: Somebody
) -> None:
    """Every fifth of the agent is a note: her numbers count them, the customer's do not, neither has a gap."""
    ticket_id = (await open_ticket(ana))["id"]
    line = Line(server)
    hers, his = Listener(priya, ticket_id, line), Listener(ana, ticket_id, line)
    async with asyncio.TaskGroup() as group:
        group.create_task(Writer(ana, ticket_id, line).write(100))
        group.create_task(Writer(priya, ticket_id, line).write(100, note_every=5))
        group.create_task(hers.listen(201))
        group.create_task(his.listen(181))
    assert [frame["seq"] for frame in await whole_thread(priya, ticket_id)] == list(range(1, 202))
    assert [frame["seq"] for frame in await whole_thread(ana, ticket_id)] == list(range(1, 182))
    public = [frame for _, frame in sorted(hers.held.items()) if not frame["internal"]]
    assert [frame["id"] for frame in public] == [frame["id"] for _, frame in sorted(his.held.items())]
    assert [frame["content"] for frame in public] == [content for _, content in his.lines()]


async def test_pipelined_messages_keep_the_order_of_their_sender(server: Desk, ana: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    async with join(server.sockets, ticket_id, ana.token) as chat:
        await chat.next("ready")
        for number in range(50):
            await chat.send("message", client_id=str(uuid.uuid4()), content=f"line {number}")
        await chat.next("message", content="line 49")
    assert [frame["content"] for frame in await thread(ana, ticket_id)][1:] == [f"line {n}" for n in range(50)]


async def test_same_client_id_is_stored_once_over_every_door(server: Desk, ana: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    client_id = str(uuid.uuid4())
    async with (
        join(server.sockets, ticket_id, ana.token) as phone,
        join(server.sockets, ticket_id, ana.token) as laptop,
    ):
        await phone.next("ready")
        await laptop.next("ready")
        first = await phone.say("Once", client_id=client_id)
        assert await phone.say("Once", client_id=client_id) == first
        assert await laptop.next("message") == first
        assert await laptop.say("Said differently", client_id=client_id) == first
    answer = await ana.post(f"/tickets/{ticket_id}/messages", {"client_id": client_id, "content": "Once"})
    assert answer.status_code == 200
    assert answer.json() == {name: value for name, value in first.items() if name != "type"}
    assert len(await thread(ana, ticket_id)) == 2


async def test_same_client_id_twenty_times_at_once_is_stored_once(server: Desk, ana: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    message = {"client_id": str(uuid.uuid4()), "content": "Once"}
    answers = await asyncio.gather(*(ana.post(f"/tickets/{ticket_id}/messages", message) for _ in range(20)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 19}
    assert len({answer.text for answer in answers}) == 1
    assert [frame["seq"] for frame in await thread(ana, ticket_id)] == [1, 2]


async def test_reconnect_after_a_long_absence_misses_nothing_and_doubles_nothing(
    server: Desk, ana: Somebody, priya: Somebody
) -> None:
    """More than a page of backlog, while the other side goes on writing."""
    ticket_id = (await open_ticket(ana))["id"]
    line = Line(server)
    await Writer(ana, ticket_id, line).write(230)
    listener = Listener(priya, ticket_id, line)
    async with asyncio.TaskGroup() as group:
        group.create_task(Writer(ana, ticket_id, line).write(60))
        group.create_task(listener.listen(291))
    assert sorted(listener.held) == list(range(1, 292))
    assert listener.doubles == []


async def test_slow_reader_slows_nobody_and_is_closed_with_1013(server: Desk, ana: Somebody, priya: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    async with (
        deaf(server, ana, ticket_id) as slow,
        join(server.sockets, ticket_id, priya.token) as agent,
        join(server.sockets, ticket_id, ana.token) as laptop,
    ):
        await agent.next("ready")
        await laptop.next("ready")
        assert await write_until_somebody_falls_behind(server, agent, laptop) < 2
        assert (await slow.closed())[0] == 1013
