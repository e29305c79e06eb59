"""A lockout that locks nobody out: whoever hammers an account closes it for strangers, not for its owner's browser."""

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response

from tests.auth.sessions import enter, refusal
from tests.people import ANA, BEN, PRIYA, Account, Somebody

WRONG = "five grey owls at noon"
MANY = 5

pytestmark = pytest.mark.once


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return environment | {"CSTS_LIMIT_LOGIN": "3/minute"}


async def login(client: AsyncClient, account: Account, **changes: str) -> Response:
    body = {**account.credentials, "session": "cookie", **changes}
    return await client.post(f"{account.door}/login", json=body)


async def hammer(app: FastAPI, account: Account, address: str = "203.0.113.9") -> None:
    """Somebody elsewhere guesses until the account is closed."""
    async with AsyncClient(transport=ASGITransport(app, client=(address, 5000)), base_url="http://desk.test") as thief:
        answers = [await login(thief, account, password=WRONG) for _ in range(MANY)]
    assert answers[-1].status_code == 429


@pytest.mark.usefixtures("ana", "priya")
@pytest.mark.parametrize("account", [ANA, PRIYA], ids=["customer", "agent"])
async def test_the_owner_gets_in_while_somebody_hammers_his_account(
    app: FastAPI, browser: AsyncClient, client: AsyncClient, account: Account
) -> None:
    await enter(browser, account)
    await hammer(app, account)
    assert refusal(await login(client, account)) == (429, "too_many_requests"), "a browser that nobody knows"
    assert (await login(browser, account)).status_code == 200


@pytest.mark.usefixtures("ana")
async def test_a_signed_out_browser_is_still_known(app: FastAPI, browser: AsyncClient) -> None:
    await enter(browser, ANA)
    assert (await browser.post("/user/logout")).status_code == 204
    await hammer(app, ANA)
    assert (await login(browser, ANA)).status_code == 200


@pytest.mark.usefixtures("ana")
async def test_a_session_goes_on_while_somebody_hammers_the_account(app: FastAPI, ana: Somebody) -> None:
    await hammer(app, ANA)
    answer = await ana.client.post("/user/refresh", json={"refresh_token": ana.refresh_token})
    assert answer.status_code == 200


@pytest.mark.usefixtures("ana")
async def test_neighbours_behind_one_address_do_not_close_it_for_a_known_browser(browser: AsyncClient) -> None:
    await enter(browser, ANA)
    for number in range(MANY):
        await login(browser, ANA, email=f"guess{number}@example.com", password=WRONG)
    assert (await login(browser, ANA)).status_code == 200


@pytest.mark.usefixtures("ana")
async def test_a_known_browser_may_not_guess_for_ever(browser: AsyncClient) -> None:
    await enter(browser, ANA)
    answers = [await login(browser, ANA, password=WRONG) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]


@pytest.mark.usefixtures("ana", "ben")
async def test_a_browser_is_known_to_its_own_account_only(app: FastAPI, browser: AsyncClient) -> None:
    await enter(browser, BEN)
    await hammer(app, ANA)
    assert refusal(await login(browser, ANA)) == (429, "too_many_requests")


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize("made_of", ["access", "nonsense"])
async def test_nobody_makes_himself_known(app: FastAPI, browser: AsyncClient, made_of: str) -> None:
    await enter(browser, ANA)
    access = browser.cookies["csts_user_access"]
    browser.cookies.clear()
    browser.cookies.set("csts_user_device", access if made_of == "access" else "e30.e30.e30")
    await hammer(app, ANA)
    assert (await login(browser, ANA)).status_code == 429


@pytest.mark.usefixtures("ana")
async def test_a_known_browser_is_not_a_session(browser: AsyncClient) -> None:
    answer = await enter(browser, ANA)
    cookies = [value for name, value in answer.headers.multi_items() if name == "set-cookie"]
    device = next(cookie for cookie in cookies if cookie.startswith("csts_user_device="))
    assert "HttpOnly" in device
    assert "SameSite=lax" in device
    token = browser.cookies["csts_user_device"]
    browser.cookies.clear()
    told = await browser.get("/user/me", headers={"Authorization": f"Bearer {token}"})
    assert told.status_code == 401
    browser.cookies.set("csts_user_access", token)
    assert (await browser.get("/user/me")).status_code == 401
