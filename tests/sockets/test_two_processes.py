"""Two processes of one desk, with clocks an hour apart: what is said in one is heard in the other, at once and once."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from httpx2 import AsyncClient

from tests.make import open_ticket, thread
from tests.people import ANA, Somebody, sign_in
from tests.support.chat import Chat, join, open_socket
from tests.support.fleet import Fleet

pytestmark = pytest.mark.sockets


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return {**environment, "CSTS_ACCESS_TOKEN_SECONDS": "86400", "CSTS_LIMIT_LOGIN": "3/second"}


@pytest.fixture
def server(environment: dict[str, str], tmp_path: Path) -> Iterator[Fleet]:
    """The clock of the second one is an hour ahead."""
    with Fleet(environment, tmp_path, ahead=[timedelta(), timedelta(hours=1)]) as fleet:
        yield fleet


@pytest.fixture
async def ticket_id(ana: Somebody) -> int:
    return int((await open_ticket(ana))["id"])


@pytest.fixture
async def hers(server: Fleet, ana: Somebody, ticket_id: int) -> AsyncIterator[Chat]:
    """Ana's socket at the first process."""
    async with join(server.servers[0].sockets, ticket_id, ana.token) as chat:
        await chat.next("ready")
        yield chat


@pytest.fixture
async def his(server: Fleet, priya: Somebody, ticket_id: int) -> AsyncIterator[Chat]:
    """The agent's socket at the second."""
    async with join(server.servers[1].sockets, ticket_id, priya.token) as chat:
        await chat.next("ready")
        yield chat


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


async def test_what_is_said_at_one_process_is_heard_at_the_other(hers: Chat, his: Chat) -> None:
    said = await hers.say("Can you hear me?")
    assert await his.next("message") == said
    await his.send("typing", typing=True)
    await hers.next("typing")
    answer = await his.say("Loud and clear")
    assert {**await hers.next("message"), "seq": answer["seq"]} == answer


async def test_a_message_that_two_processes_get_at_once_is_stored_once(
    server: Fleet, ana: Somebody, ticket_id: int, his: Chat
) -> None:
    """Forty of them; both processes answer each, with the same message."""
    drafts = [{"client_id": str(uuid.uuid4()), "content": f"Twice {number}"} for number in range(40)]
    urls = [f"{one.url}/tickets/{ticket_id}/messages" for one in server.servers]
    for draft in drafts:
        first, second = await asyncio.gather(*(ana.post(url, draft) for url in urls))
        assert sorted([first.status_code, second.status_code]) == [200, 201]
        assert first.json() == second.json()
    assert [row["content"] for row in await thread(ana, ticket_id)][1:] == [draft["content"] for draft in drafts]
    await his.next("message", content="Twice 39")
    assert len(his.messages()) == 40


async def test_tickets_that_are_opened_at_once_are_all_opened(ana: Somebody, ben: Somebody) -> None:
    """Each locks rows of its own only: on a young desk MariaDB made them wait for each other's."""
    opened = await asyncio.gather(*(open_ticket(who) for _ in range(12) for who in (ana, ben)))
    assert len({ticket["ticket_no"] for ticket in opened}) == 24


async def test_people_at_two_processes_see_each_other_come_and_go(
    server: Fleet, hers: Chat, ana: Somebody, priya: Somebody, ticket_id: int
) -> None:
    async with join(server.servers[1].sockets, ticket_id, priya.token) as agent:
        assert (await agent.next("ready"))["online"] == [priya.person, ana.person]
        await hers.next("presence", online=[priya.person, ana.person])
    await hers.next("presence", online=[ana.person])


async def test_drafts_and_looks_at_one_process_are_told_at_the_other(
    server: Fleet, his: Chat, priya: Somebody, ticket_id: int
) -> None:
    """The later draft is the later one, also where it is saved by the slow clock."""
    path = f"/tickets/{ticket_id}/drafts/reply"
    async with open_socket(f"{server.servers[0].sockets}/ws/desk", priya.token) as desk:
        await desk.next("ready")
        fast = (await priya.put(f"{server.servers[1].url}{path}", {"content": "Let me"})).json()
        slow = (await priya.put(f"{server.servers[0].url}{path}", {"content": "Let me see"})).json()
        assert moment(fast["updated_at"]) < moment(slow["updated_at"])
        for saved in (fast, slow):
            assert await desk.next("own_draft") == {"type": "own_draft", "draft": saved}
        await his.send("looking", looking=True)
        looks = {"id": priya.id, "name": priya.name, "looking": True}
        while {"ticket_id": ticket_id, "agents": [looks]} not in (await desk.next("viewing"))["tickets"]:
            pass


@pytest.mark.once
async def test_a_process_that_is_killed_takes_its_people_with_it(
    server: Fleet, hers: Chat, his: Chat, ana: Somebody, priya: Somebody, ticket_id: int
) -> None:
    """Their leases run out, by the clock of neither process."""
    await hers.next("presence", online=[priya.person, ana.person])
    await his.send("looking", looking=True)
    await asyncio.to_thread(server.servers[1].kill)
    await hers.next("presence", online=[ana.person], seconds=30)
    viewers = await priya.get(f"{server.servers[0].url}/tickets/viewers", params={"ticket_id": ticket_id})
    assert viewers.json()["items"] == []


async def test_clocks_an_hour_apart_order_nothing(hers: Chat, his: Chat, priya: Somebody, ticket_id: int) -> None:
    """The thread is in the order of its numbers, and a ticket never becomes older than it was."""
    changed = []
    for number in range(6):
        speaker = (hers, his)[number % 2]
        await speaker.say(f"line {number}")
        changed.append(moment((await priya.get(f"/ticket/{ticket_id}")).json()["updated_at"]))
    rows = await thread(priya, ticket_id)
    assert [row["content"] for row in rows][1:] == [f"line {number}" for number in range(6)]
    assert [row["seq"] for row in rows] == list(range(1, 8))
    assert changed == sorted(changed)


async def test_a_limit_that_was_used_up_at_the_fast_clock_opens_in_time_at_the_slow_one(
    server: Fleet, client: AsyncClient, ana: Somebody
) -> None:
    wrong = {**ANA.credentials, "password": "not this one"}
    slow, fast = server.servers
    codes = [(await client.post(f"{fast.url}/user/login", json=wrong)).status_code for _ in range(5)]
    assert codes[-1] == 429
    # A second later it is open, whatever the clocks say; the answer says when.
    async with asyncio.timeout(10):
        while (await client.post(f"{slow.url}/user/login", json=ANA.credentials)).status_code == 429:
            pass
    await sign_in(client, ANA)


async def test_a_sign_out_at_one_process_hangs_up_at_the_other(server: Fleet, ana: Somebody) -> None:
    async with open_socket(f"{server.servers[0].sockets}/ws/inbox", ana.token) as inbox:
        await inbox.next("ready")
        answer = await ana.post(f"{server.servers[1].url}/user/logout", {"refresh_token": ana.refresh_token})
        assert answer.status_code == 204
        assert (await inbox.closed())[0] == 4401
