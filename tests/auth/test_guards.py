"""The doors: who passes, who is sent to sign in, who has the wrong role, and that no forged token opens any."""

import base64
import json
from datetime import timedelta
from typing import Any

import jwt
import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from websockets.typing import Subprotocol

from csts.agents.models import Agent
from csts.kit import clock
from tests.auth.sessions import enter, refusal
from tests.people import ANA, PRIYA, Somebody, quick_hash, sign_in
from tests.queries import count_queries
from tests.support.chat import open_socket
from tests.support.server import Server

pytestmark = pytest.mark.once

KEY = "a key that only tests know, long enough to sign with"


def forged(who: Somebody, *, key: str = KEY, algorithm: str = "HS256", **changes: Any) -> str:
    """The access token of this person with other claims; None leaves a claim out."""
    claims = jwt.decode(who.token, options={"verify_signature": False}) | changes
    return jwt.encode({name: value for name, value in claims.items() if value is not None}, key, algorithm)


def unsigned(who: Somebody) -> str:
    head = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode()).decode().rstrip("=")
    return f"{head}.{who.token.split('.')[1]}."


async def test_a_forger_who_had_the_key_could_write_a_good_token(ana: Somebody) -> None:
    """Else the tests below would prove nothing."""
    ana.token = forged(ana)
    assert (await ana.get("/user/me")).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"key": "another key that is long enough to sign with"},
        {"algorithm": "HS512", "key": KEY * 2},
        {"sub": "999999"},
        {"sub": "-1"},
        {"sub": "1 OR 1=1"},
        {"sub": None},
        {"sid": "another-session"},
        {"sid": None},
        {"aud": "agent"},
        {"aud": "admin"},
        {"aud": ["customer", "agent"]},
        {"aud": None},
        {"exp": 1},
        {"exp": "tomorrow"},
        {"exp": None},
        {"iat": None},
    ],
    ids=str,
)
async def test_a_forged_token_opens_nothing(ana: Somebody, priya: Somebody, changes: dict[str, Any]) -> None:
    ana.token = forged(ana, **changes)
    for path in ("/user/me", "/agent/me", "/tickets"):
        assert refusal(await ana.get(path)) == (401, "not_signed_in")
    assert (await priya.get("/agent/me")).status_code == 200


async def test_an_unsigned_token_opens_nothing(ana: Somebody) -> None:
    ana.token = unsigned(ana)
    assert refusal(await ana.get("/user/me")) == (401, "not_signed_in")


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer a.b.c", "Bearer ..", "Token x", "bearer é", "B" * 5000]
)
async def test_garbage_opens_nothing(client: AsyncClient, header: str) -> None:
    answer = await client.get("/user/me", headers={b"Authorization": header.encode("latin-1")})
    assert refusal(answer) == (401, "not_signed_in")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_an_access_token_lives_for_fifteen_minutes(ana: Somebody) -> None:
    with clock.at(clock.now() + timedelta(seconds=890)):
        assert (await ana.get("/user/me")).status_code == 200
    with clock.at(clock.now() + timedelta(seconds=901)):
        assert refusal(await ana.get("/user/me")) == (401, "not_signed_in")


async def test_doors_of_the_other_kind_stay_shut(ana: Somebody, priya: Somebody) -> None:
    for path in ("/agent/me", "/agents", "/tickets/counts"):
        assert refusal(await ana.get(path)) == (403, "wrong_role")
    assert refusal(await priya.get("/user/me")) == (403, "wrong_role")
    assert refusal(await priya.post("/user/createticket")) == (403, "wrong_role")


async def test_an_admins_doors_stay_shut_for_agents(priya: Somebody) -> None:
    assert refusal(await priya.post("/agents", {})) == (403, "wrong_role")
    assert refusal(await priya.put("/agents/1", {"role": "admin"})) == (403, "wrong_role")


async def test_a_customer_and_an_agent_of_one_number_are_two_people(app: FastAPI, ana: Somebody) -> None:
    async with app.state.database.write() as session:
        session.add(Agent(id=ana.id, username=PRIYA.login, name=PRIYA.name, role="agent", password_hash=quick_hash()))
    priya = await sign_in(ana.client, PRIYA)
    assert (await ana.get("/user/me")).json()["name"] == "Ana Ruiz"
    assert (await priya.get("/agent/me")).json()["name"] == "Priya Nair"
    assert refusal(await ana.get("/agent/me")) == (403, "wrong_role")


async def test_a_guard_asks_the_database_once(app: FastAPI, ana: Somebody) -> None:
    with count_queries(app.state.database.engine) as sent:
        await ana.get("/user/me")
    assert len(sent) == 2, "one for the guard, one for the account that is shown"


@pytest.mark.sockets
class TestSockets:
    async def test_a_header_or_a_subprotocol_opens_a_socket(self, server: Server, ana: Somebody) -> None:
        inbox = f"{server.sockets}/ws/inbox"
        async with open_socket(inbox, ana.token) as socket:
            await socket.next("ready")
        async with open_socket(inbox, additional_headers={"Authorization": f"Bearer {ana.token}"}) as socket:
            await socket.next("ready")

    async def test_no_token_a_bad_one_or_one_in_the_address_open_no_socket(self, server: Server, ana: Somebody) -> None:
        inbox = f"{server.sockets}/ws/inbox"
        for address, token in ((inbox, None), (inbox, "nonsense"), (f"{inbox}?token={ana.token}", None)):
            async with open_socket(address, token) as socket:
                assert (await socket.closed())[0] == 4401

    @pytest.mark.parametrize("origin, code", [("own", 0), (None, 4403), ("null", 4403), ("https://evil.test", 4403)])
    async def test_cookies_open_a_socket_only_for_our_own_pages(
        self, server: Server, ana: Somebody, browser: AsyncClient, origin: str | None, code: int
    ) -> None:
        await enter(browser, ANA)
        headers = {"Cookie": f"csts_user_access={browser.cookies['csts_user_access']}"}
        if origin:
            headers["Origin"] = server.url if origin == "own" else origin
        async with open_socket(f"{server.sockets}/ws/inbox", additional_headers=headers) as socket:
            if code:
                assert (await socket.closed())[0] == code
            else:
                await socket.next("ready")
        assert ana.id

    async def test_in_a_browser_of_two_people_a_socket_says_who_opens_it(
        self, server: Server, ana: Somebody, priya: Somebody, browser: AsyncClient
    ) -> None:
        await enter(browser, ANA)
        await enter(browser, PRIYA)
        cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        headers = {"Cookie": cookies, "Origin": server.url}
        for address, somebody in (
            ("desk?as=agent", priya),
            ("inbox?as=customer", ana),
            ("desk", priya),
            ("inbox", ana),
        ):
            async with open_socket(f"{server.sockets}/ws/{address}", additional_headers=headers) as socket:
                await socket.next("ready")
                assert somebody.id
        async with open_socket(f"{server.sockets}/ws/desk?as=customer", additional_headers=headers) as socket:
            assert (await socket.closed())[0] == 4403

    async def test_the_server_answers_with_its_own_subprotocol_and_not_with_the_token(
        self, server: Server, ana: Somebody
    ) -> None:
        async with open_socket(f"{server.sockets}/ws/inbox", ana.token) as socket:
            assert socket._connection.subprotocol == Subprotocol("csts.v1")


@pytest.mark.sockets
class TestShortLives:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"CSTS_ACCESS_TOKEN_SECONDS": "5"}

    async def test_a_socket_ends_with_its_access_token(self, server: Server, ana: Somebody) -> None:
        fresh = await sign_in(ana.client, ANA)
        async with open_socket(f"{server.sockets}/ws/inbox", fresh.token) as socket:
            await socket.next("ready")
            assert (await socket.closed())[0] == 4401
