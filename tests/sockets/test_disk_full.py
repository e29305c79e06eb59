"""A disk that fills up under a running desk: who writes is told so, and what was confirmed stays."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx2 import AsyncClient

from tests.make import open_ticket, png_of_size, post_message, thread
from tests.people import ANA, Somebody, sign_in, sign_up
from tests.support.chat import join
from tests.support.server import Server

pytestmark = [pytest.mark.sockets, pytest.mark.once, pytest.mark.alone]

# More than the empty database, less than its log may grow to before it is folded into the database.
FULL_AT_BYTES = 1_500_000


@pytest.fixture
def server(environment: dict[str, str], tmp_path: Path) -> Iterator[Server]:
    running = Server(environment, tmp_path)
    running.start(most_bytes=FULL_AT_BYTES)
    yield running
    running.stop()


async def test_a_full_disk_costs_nobody_what_was_confirmed(server: Server, client: AsyncClient) -> None:
    ana = await sign_up(client, ANA)
    ticket_id = (await open_ticket(ana))["id"]
    confirmed = await _write_until_it_is_full(server, ana, ticket_id)

    by_http = await ana.post(
        f"/tickets/{ticket_id}/messages", {"client_id": "6f1e4c1e-5d0a-4a52-9a39-0d8f3f8f5c11", "content": "One more"}
    )
    by_form = await ana.put(f"/tickets/{ticket_id}/status", {"status": "closed"})
    picture = {"file": ("large.png", png_of_size(2_000_000))}
    by_file = await ana.post(f"/tickets/{ticket_id}/attachments", files=picture)
    assert [(each.status_code, each.json()["code"]) for each in (by_http, by_form, by_file)] == [
        (503, "cannot_save"),
        (503, "cannot_save"),
        (503, "cannot_save"),
    ]
    assert (await ana.get("/tickets")).status_code == 200, "what is there can be read"
    assert "Traceback" not in server.said()

    await asyncio.to_thread(server.stop)
    await asyncio.to_thread(server.start)
    again = await sign_in(client, ANA)
    stored = await _contents(again, ticket_id)
    assert stored[1:] == confirmed
    assert (await post_message(again, ticket_id, "There is room again"))["seq"] == len(confirmed) + 2


async def _write_until_it_is_full(server: Server, who: Somebody, ticket_id: int) -> list[str]:
    confirmed: list[str] = []
    async with join(server.sockets, ticket_id, who.token) as chat:
        await chat.next("ready")
        while True:
            text = f"{len(confirmed)} {'x' * 3900}"
            told = await chat.say(text)
            if told["type"] == "error":
                assert told["code"] == "cannot_save"
                return confirmed
            confirmed.append(text)


async def _contents(who: Somebody, ticket_id: int) -> list[str]:
    found = await thread(who, ticket_id)
    while len(
        page := (await who.get(f"/tickets/{ticket_id}/messages", params={"after": found[-1]["seq"]})).json()["items"]
    ):
        found += page
    return [message["content"] for message in found]
