"""Guessing: passwords from one address and from many, and who has an account at all."""

import json
import statistics
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient, AsyncHTTPTransport, Response
from starlette.requests import HTTPConnection

from csts.kit.throttle import client_address
from tests.people import ANA, BEN, PRIYA, Account, Somebody, sign_up
from tests.support.live import serving
from tests.support.nginx import Nginx

pytestmark = pytest.mark.once

WRONG = "a wrong guess"
ADDRESSES = [f"198.51.100.{number}" for number in range(1, 9)]


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return {**environment, "CSTS_LIMIT_LOGIN": "5/minute", "CSTS_LIMIT_REGISTER": "5/minute"}


@pytest.fixture
async def proxy(app: FastAPI, tmp_path: Path) -> AsyncIterator[AsyncClient]:
    """Somebody beyond the recommended nginx."""
    async with serving(app) as url:
        nginx = Nginx(tmp_path / "nginx", [int(url.rpartition(":")[2])])
        nginx.start()
        # From another address than this machine's own, which nginx and the desk believe what it says of others.
        beyond = AsyncHTTPTransport(local_address="127.0.0.2")
        async with AsyncClient(transport=beyond, base_url=nginx.url) as client:
            yield client
        nginx.stop()


@pytest.fixture
async def trusted(app: FastAPI) -> AsyncIterator[AsyncClient]:
    """A proxy of this machine, which may say for whom it asks."""
    async with serving(app) as url, AsyncClient(base_url=url.replace("ws:", "http:")) as client:
        yield client


async def guess(client: AsyncClient, account: Account, *, at: str = "", password: str = WRONG) -> Response:
    headers = {"X-Forwarded-For": at} if at else {}
    form = {**account.credentials, "password": password}
    return await client.post(f"{account.door}/login", json=form, headers=headers)


@pytest.mark.sockets
async def test_who_claims_to_be_somebody_else_each_time_is_counted_as_himself(proxy: AsyncClient) -> None:
    """What he writes into the headers of a proxy stands behind what the proxy itself has seen."""
    names = [Account("customer", f"nobody-{number}@example.com", "X", "customer") for number in range(6)]
    headers = ["X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Client-IP", "CF-Connecting-IP", "True-Client-IP"]
    answers = []
    for number, account in enumerate(names):
        lies = dict.fromkeys(headers, f"203.0.113.{number}")
        form = {**account.credentials, "password": WRONG}
        answers.append((await proxy.post("/user/login", json=form, headers=lies)).status_code)
    assert answers == [401] * 5 + [429]


@pytest.mark.sockets
@pytest.mark.usefixtures("ana", "ben")
async def test_one_account_is_not_guessed_from_many_addresses(trusted: AsyncClient) -> None:
    answers = [(await guess(trusted, ANA, at=address)).status_code for address in ADDRESSES[:6]]
    assert answers == [401] * 5 + [429]
    # Who has nothing to do with it signs in, from an address that has guessed, too.
    assert (await guess(trusted, BEN, at=ADDRESSES[0], password=BEN.credentials["password"])).status_code == 200


@pytest.mark.sockets
async def test_one_address_does_not_try_many_accounts(trusted: AsyncClient) -> None:
    names = [Account("customer", f"nobody-{number}@example.com", "X", "customer") for number in range(6)]
    answers = [await guess(trusted, account, at=ADDRESSES[0]) for account in names]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
    assert (await guess(trusted, PRIYA, at=ADDRESSES[0])).status_code == 429
    assert (await guess(trusted, PRIYA, at=ADDRESSES[1])).status_code == 401


@pytest.mark.usefixtures("ana", "priya")
async def test_the_limit_counts_a_name_however_it_is_written(client: AsyncClient, priya: Somebody) -> None:
    for spelt in ("priya", "PRIYA", " priya", "Priya ", "pRiYa"):
        await client.post("/agent/login", json={"username": spelt, "password": "a wrong guess"})
    assert (await guess(client, PRIYA)).status_code == 429


@pytest.mark.usefixtures("ana")
async def test_a_wrong_password_and_an_unknown_address_are_told_apart_by_nothing(client: AsyncClient) -> None:
    nobody = Account("customer", "nobody@example.com", "X", "customer")
    wrong, unknown = await guess(client, ANA), await guess(client, nobody)
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.content == unknown.content
    own = {"x-request-id", "date"}
    assert {*wrong.headers.items()} ^ {*unknown.headers.items()} <= {
        (name, value) for answer in (wrong, unknown) for name, value in answer.headers.items() if name in own
    }


class TestByTheClock:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return {**environment, "CSTS_LIMIT_LOGIN": ""}

    async def test_nor_by_the_time_that_they_take(self, client: AsyncClient) -> None:
        """Ten of each in turn; an answer without the work of a hash would take a tenth of the time."""
        await sign_up(client, ANA)
        nobody = Account("customer", "nobody@example.com", "X", "customer")
        took: dict[str, list[float]] = {ANA.login: [], nobody.login: []}
        for _ in range(10):
            for account in (ANA, nobody):
                began = time.perf_counter()
                await guess(client, account)
                took[account.login].append(time.perf_counter() - began)
        known, unknown = (statistics.median(each) for each in took.values())
        assert 1 / 3 < known / unknown < 3


@pytest.mark.parametrize(
    "host,counted",
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("unix", "unix"),
    ],
)
def test_an_address_is_whoever_could_choose_it(host: str, counted: str) -> None:
    """All of IPv4 lies in one /64 of IPv6: counted by that, one stranger would shut out everybody."""
    asked = HTTPConnection({"type": "http", "headers": [], "client": (host, 1)})
    assert client_address(asked) == counted


async def test_nobody_makes_accounts_without_an_end(client: AsyncClient) -> None:
    answers = []
    for number in range(6):
        form = {"name": "X", "email": f"new-{number}@example.com", "password": ANA.credentials["password"]}
        answers.append((await client.post("/user/register", json=form)).status_code)
    assert answers == [201] * 5 + [429]


async def test_a_refusal_of_an_account_holds_no_hint(client: AsyncClient, mona: Somebody) -> None:
    """Neither how many guesses are left, nor whether the account is one, or switched off."""
    agent = {"username": "gone", "name": "Gone", "password": ANA.credentials["password"], "active": False}
    await mona.post("/agents", agent)
    told = []
    for name, password in (("gone", ANA.credentials["password"]), ("gone", "wrong one"), ("never", "wrong one")):
        answer = await client.post("/agent/login", json={"username": name, "password": password})
        told.append((answer.status_code, json.dumps(answer.json(), sort_keys=True)))
    assert len(set(told)) == 1
