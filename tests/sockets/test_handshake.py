"""Who may open which socket, and with which code everybody else is told no; always after an accepted handshake."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from websockets.asyncio.client import connect

from tests.make import open_ticket
from tests.people import ANA, PRIYA, Account, Somebody, sign_in
from tests.support.chat import Chat, open_socket
from tests.support.server import Server

pytestmark = [pytest.mark.sockets, pytest.mark.once]


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    """Short-lived access tokens, and few sockets for each person."""
    return {**environment, "CSTS_ACCESS_TOKEN_SECONDS": "5", "CSTS_SOCKETS_PER_PERSON": "3"}


async def refusal(url: str, token: str | None = None, **options: Any) -> int:
    """The close code of a socket that says nothing before it."""
    async with open_socket(url, token, **options) as chat:
        code, _ = await chat.closed()
        assert chat.seen == []
        return code


async def cookies_of(somebody: Somebody) -> str:
    """The cookies of a browser session of his, as a header."""
    login = {**somebody.account.credentials, "session": "cookie"}
    answer = await somebody.client.post(f"{somebody.account.door}/login", json=login)
    cookies = "; ".join(f"{name}={value}" for name, value in answer.cookies.items())
    somebody.client.cookies.clear()
    return cookies


async def test_each_way_to_show_an_access_token_opens_the_room(server: Server, ana: Somebody) -> None:
    ticket = await open_ticket(ana)
    url = f"{server.sockets}/ws/tickets/{ticket['id']}"
    async with connect(url, additional_headers={"Authorization": f"Bearer {ana.token}"}) as by_header:
        assert by_header.subprotocol is None
        await Chat(by_header).next("ready")
    protocols: Any = ["csts.v1", f"bearer.{ana.token}"]
    async with connect(url, subprotocols=protocols) as by_subprotocol:
        assert by_subprotocol.subprotocol == "csts.v1"
        await Chat(by_subprotocol).next("ready")
    headers = {"Cookie": await cookies_of(ana)}
    async with connect(url, additional_headers=headers, origin=_origin(server.url)) as by_cookie:
        await Chat(by_cookie).next("ready")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None, "http://127.0.0.1"])
async def test_cookie_from_another_origin_is_4403(server: Server, ana: Somebody, origin: str | None) -> None:
    ticket = await open_ticket(ana)
    headers = {"Cookie": await cookies_of(ana)}
    url = f"{server.sockets}/ws/tickets/{ticket['id']}"
    assert await refusal(url, additional_headers=headers, origin=origin) == 4403


async def test_missing_and_wrong_credentials_are_4401(server: Server, ana: Somebody) -> None:
    ticket = await open_ticket(ana)
    url = f"{server.sockets}/ws/tickets/{ticket['id']}"
    garbage: list[Mapping[str, Any]] = [
        {},
        {"token": "garbage"},
        {"token": f"{ana.token[:-4]}AAAA"},
        {"additional_headers": {"Authorization": "Bearer "}},
        {"additional_headers": {"Authorization": "Basic YW5hOmFuYQ=="}},
        {"additional_headers": {"Authorization": f"Bearer {ana.refresh_token}"}},
        {"additional_headers": {"Cookie": "csts_user_access=garbage"}, "origin": _origin(server.url)},
    ]
    for options in garbage:
        assert await refusal(url, **options) == 4401
    for path in ("/ws/desk", "/ws/inbox"):
        assert await refusal(server.sockets + path) == 4401


@pytest.mark.parametrize("name", ["token", "access_token", "authorization", "bearer"])
async def test_token_in_the_query_string_is_refused_and_not_logged(server: Server, ana: Somebody, name: str) -> None:
    ticket = await open_ticket(ana)
    assert await refusal(f"{server.sockets}/ws/tickets/{ticket['id']}?{name}={ana.token}") == 4401
    assert ana.token not in server.said()


async def test_ticket_that_is_not_there_and_one_of_another_customer_are_the_same_4404(
    server: Server, ana: Somebody, ben: Somebody, priya: Somebody
) -> None:
    ticket = await open_ticket(ana)
    wrong = (ticket["id"] + 1, "abc", "9" * 30, "9" * 5000, -1, 0, "1_0", "%D9%A1", "1%20")
    for number in wrong:
        assert (number, await refusal(f"{server.sockets}/ws/tickets/{number}", priya.token)) == (number, 4404)
    assert await refusal(f"{server.sockets}/ws/tickets/{ticket['id']}", ben.token) == 4404


@pytest.mark.alone
async def test_zero_byte_is_no_ticket_either(server: Server, priya: Somebody) -> None:
    """By itself, for nginx answers such an address with 400."""
    assert await refusal(f"{server.sockets}/ws/tickets/%00", priya.token) == 4404


async def test_list_of_the_other_kind_of_account_is_4403(server: Server, ana: Somebody, priya: Somebody) -> None:
    assert await refusal(f"{server.sockets}/ws/desk", ana.token) == 4403
    assert await refusal(f"{server.sockets}/ws/inbox", priya.token) == 4403


@pytest.mark.alone
async def test_too_many_sockets_at_once_are_4429(server: Server, ana: Somebody) -> None:
    """Eight handshakes at the same moment; three of them get through, and one more when one of these has gone."""
    ticket = await open_ticket(ana)
    url = f"{server.sockets}/ws/tickets/{ticket['id']}"
    said: asyncio.Queue[str] = asyncio.Queue()
    leave = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for _ in range(8):
            group.create_task(_stay(url, ana.token, said, leave))
        heard = sorted([await said.get() for _ in range(8)])
        leave.set()
    assert heard == ["4429"] * 5 + ["ready"] * 3
    async with open_socket(url, ana.token) as chat:
        await chat.next("ready")


async def _stay(url: str, token: str, said: asyncio.Queue[str], leave: asyncio.Event) -> None:
    async with open_socket(url, token) as chat:
        said.put_nowait(await chat.opening())
        await leave.wait()


async def test_socket_ends_with_its_access_token(server: Server, ana: Somebody) -> None:
    async with open_socket(f"{server.sockets}/ws/inbox", ana.token) as inbox:
        await inbox.next("ready")
        assert await inbox.closed() == (4401, "the access token expired")
    assert await refusal(f"{server.sockets}/ws/inbox", ana.token) == 4401


@pytest.mark.parametrize("account", [ANA, PRIYA], ids=lambda account: account.kind)
async def test_signing_out_closes_the_sockets_of_that_session_only(
    server: Server, ana: Somebody, priya: Somebody, account: Account
) -> None:
    here = ana if account is ANA else priya
    there = await sign_in(here.client, account)
    path = "/ws/inbox" if account is ANA else "/ws/desk"
    async with (
        open_socket(server.sockets + path, here.token) as closing,
        open_socket(server.sockets + path, there.token) as staying,
    ):
        await closing.next("ready")
        await staying.next("ready")
        await here.post(f"{account.door}/logout", {"refresh_token": here.refresh_token})
        assert (await closing.closed())[0] == 4401
        await staying.send("ping")
        await staying.next("pong")
    assert await refusal(server.sockets + path, here.token) == 4401


async def test_deactivated_agent_is_hung_up_on_at_once(
    server: Server, ana: Somebody, priya: Somebody, mona: Somebody
) -> None:
    ticket = await open_ticket(ana)
    async with (
        open_socket(f"{server.sockets}/ws/tickets/{ticket['id']}", priya.token) as room,
        open_socket(f"{server.sockets}/ws/desk", priya.token) as desk,
    ):
        await room.next("ready")
        await desk.next("ready")
        answer = await mona.put(f"/agents/{priya.id}", {"active": False})
        assert answer.status_code == 200
        assert (await room.closed())[0] == 4401
        assert (await desk.closed())[0] == 4401
    assert await refusal(f"{server.sockets}/ws/desk", priya.token) == 4401


def _origin(url: str) -> Any:
    return url
