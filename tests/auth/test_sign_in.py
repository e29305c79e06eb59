"""Signing in: who gets a session, and how little the others learn."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response
from structlog.testing import capture_logs

from csts.auth.passwords import Passwords
from tests.auth.sessions import is_signed_in, refusal
from tests.people import ANA, PASSWORD, PRIYA, Account, Somebody

WRONG = "five grey owls at noon"


async def login(client: AsyncClient, account: Account, **changes: str) -> Response:
    return await client.post(f"{account.door}/login", json={**account.credentials, **changes})


async def test_a_customer_signs_in(client: AsyncClient, ana: Somebody) -> None:
    answer = await login(client, ANA)
    told = answer.json()
    assert set(told) == {"access_token", "refresh_token", "token_type", "expires_in", "user"}
    assert (told["token_type"], told["expires_in"]) == ("bearer", 900)
    assert told["user"] == {"id": ana.id, "name": "Ana Ruiz", "email": "ana@example.com", "role": "customer"}
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers


async def test_an_agent_signs_in_however_the_username_is_written(client: AsyncClient, priya: Somebody) -> None:
    told = (await login(client, PRIYA, username=" PRIYA ")).json()
    assert told["agent"] == {"id": priya.id, "name": "Priya Nair", "username": "priya", "role": "agent"}
    assert await is_signed_in(priya, told["access_token"])


async def test_everybody_may_ask_who_he_is(ana: Somebody, mona: Somebody) -> None:
    me = {"kind": "customer", "id": ana.id, "name": "Ana Ruiz", "role": "customer", "email": "ana@example.com"}
    assert (await ana.get("/user/me")).json() == me
    me = {"kind": "agent", "id": mona.id, "name": "Mona Haddad", "role": "admin", "username": "mona"}
    assert (await mona.get("/agent/me")).json() == me


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize("email", ["nobody@example.com", "no address at all"])
async def test_an_unknown_address_gets_the_answer_of_a_wrong_password(client: AsyncClient, email: str) -> None:
    wrong, unknown = await login(client, ANA, password=WRONG), await login(client, ANA, email=email)
    assert refusal(wrong) == (401, "bad_credentials")
    assert wrong.json() == unknown.json()


async def test_an_unknown_account_costs_what_a_wrong_password_costs() -> None:
    passwords = Passwords()
    stored = await passwords.hash(PASSWORD)
    wrong = await cpu_seconds(lambda: passwords.verify(WRONG, stored))
    unknown = await cpu_seconds(lambda: passwords.verify(WRONG, None))
    passwords.close()
    assert unknown > wrong / 2


async def cpu_seconds(work: Callable[[], Awaitable[bool]]) -> float:
    """Of all threads; the best of three, for the first one warms up."""
    spent = []
    for _ in range(3):
        started = time.process_time()
        assert not await work()
        spent.append(time.process_time() - started)
    return min(spent)


async def test_the_decoy_opens_nothing() -> None:
    passwords = Passwords()
    assert not await passwords.verify("nobody has this password", None)
    passwords.close()


async def test_a_damaged_hash_opens_nothing() -> None:
    passwords = Passwords()
    assert not await passwords.verify(PASSWORD, "plain text from another system")
    passwords.close()


@pytest.mark.usefixtures("ana")
async def test_a_customer_finds_no_account_at_the_agents_door(client: AsyncClient) -> None:
    answer = await client.post("/agent/login", json={"username": ANA.login, "password": PASSWORD})
    assert refusal(answer) == (401, "bad_credentials")


@pytest.mark.usefixtures("priya")
async def test_a_letter_with_an_accent_is_another_letter(client: AsyncClient) -> None:
    assert refusal(await login(client, PRIYA, username="priyá")) == (401, "bad_credentials")


@pytest.mark.parametrize(
    "changes", [{"session": "header"}, {"password": ""}, {"password": "x" * 2000}, {"email": ""}, {"remember": "me"}]
)
async def test_a_login_of_another_shape_is_refused(client: AsyncClient, changes: dict[str, str]) -> None:
    answer = await login(client, ANA, **changes)
    assert refusal(answer) == (422, "invalid_input")
    assert answer.json()["errors"][0]["field"] == next(iter(changes))


async def test_a_failure_is_logged_without_what_was_typed(client: AsyncClient, ana: Somebody) -> None:
    with capture_logs() as logs:
        await login(client, ANA, password=WRONG)
    failure = next(entry for entry in logs if entry["event"] == "sign_in_failed")
    assert (failure["kind"], failure["id"]) == ("customer", ana.id)
    assert WRONG not in str(logs)
    assert ANA.login not in str(logs)


class TestLimit:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"CSTS_LIMIT_LOGIN": "3/minute"}

    async def test_an_account_is_closed_for_a_while_after_too_many_failures(
        self, client: AsyncClient, ana: Somebody
    ) -> None:
        for _ in range(3):
            assert refusal(await login(client, ANA, password=WRONG)) == (401, "bad_credentials")
        answer = await login(client, ANA)
        assert refusal(answer) == (429, "too_many_requests")
        assert 1 <= int(answer.headers["retry-after"]) <= 60

    async def test_an_address_is_closed_for_a_while_whomever_it_tries(self, client: AsyncClient) -> None:
        answers = [await login(client, ANA, email=f"guess{number}@example.com") for number in range(4)]
        assert [answer.status_code for answer in answers] == [401, 401, 401, 429]

    async def test_guesses_that_come_all_at_once_are_counted_one_by_one(
        self, client: AsyncClient, ana: Somebody
    ) -> None:
        answers = await asyncio.gather(*(login(client, ANA, password=f"{WRONG} {number}") for number in range(12)))
        assert sorted(answer.status_code for answer in answers) == [401] * 3 + [429] * 9

    async def test_signing_in_well_counts_nothing(self, client: AsyncClient, ana: Somebody) -> None:
        answers = [await login(client, ANA) for _ in range(6)]
        assert {answer.status_code for answer in answers} == {200}

    async def test_one_ipv6_network_is_one_address(self, app: FastAPI) -> None:
        from_there = [await login_from(app, f"2001:db8:1:2::{number}") for number in range(4)]
        assert [answer.status_code for answer in from_there] == [401, 401, 401, 429]
        assert (await login_from(app, "2001:db8:1:3::1")).status_code == 401


async def login_from(app: FastAPI, address: str) -> Response:
    transport = ASGITransport(app, client=(address, 5000))
    async with AsyncClient(transport=transport, base_url="http://desk.test") as client:
        return await login(client, ANA, email=f"{address.replace(':', '-')}@example.com")
