"""Signing out: the session is dead at once, for requests and for sockets."""

import pytest
from httpx2 import AsyncClient, Response

from tests.auth.sessions import enter, is_signed_in, refresh, refusal
from tests.people import ANA, PRIYA, Somebody, sign_in
from tests.support.chat import open_socket
from tests.support.server import Server


async def sign_out(who: Somebody, token: str | None = None) -> Response:
    return await who.client.post(f"{who.account.door}/logout", json={"refresh_token": token or who.refresh_token})


async def test_a_session_is_dead_after_signing_out(ana: Somebody, priya: Somebody) -> None:
    for somebody in (ana, priya):
        answer = await sign_out(somebody)
        assert (answer.status_code, answer.content) == (204, b"")
        assert not await is_signed_in(somebody)
        assert refusal(await refresh(somebody)) == (401, "session_expired")


async def test_an_older_token_of_the_session_signs_out_as_well(ana: Somebody) -> None:
    newest = (await refresh(ana)).json()
    await sign_out(ana)
    assert not await is_signed_in(ana, newest["access_token"])


async def test_signing_out_here_leaves_me_signed_in_elsewhere(ana: Somebody) -> None:
    elsewhere = await sign_in(ana.client, ANA)
    await sign_out(ana)
    assert await is_signed_in(elsewhere)


async def test_signing_out_twice_or_with_a_strangers_token_ends_nothing(ana: Somebody) -> None:
    for token in ("nobody's", ana.refresh_token, ana.refresh_token):
        assert (await sign_out(ana, token)).status_code == 204


async def test_an_access_token_alone_signs_nobody_out(ana: Somebody) -> None:
    assert refusal(await ana.post("/user/logout")) == (401, "not_signed_in")
    assert await is_signed_in(ana)


@pytest.mark.usefixtures("ana")
async def test_a_browser_forgets_its_cookies(browser: AsyncClient) -> None:
    await enter(browser, ANA)
    assert set(browser.cookies) == {"csts_user_access", "csts_user_refresh", "csts_user_device"}
    answer = await browser.post("/user/logout")
    assert answer.status_code == 204
    assert set(browser.cookies) == {"csts_user_device"}, "which opens nothing"
    assert (await browser.get("/user/me")).status_code == 401


@pytest.mark.usefixtures("ana", "priya")
async def test_a_browser_that_leaves_the_desk_stays_a_customer(browser: AsyncClient) -> None:
    await enter(browser, ANA)
    await enter(browser, PRIYA)
    await browser.post("/agent/logout")
    assert (await browser.get("/user/me")).status_code == 200
    assert refusal(await browser.get("/agent/me")) == (403, "wrong_role")


@pytest.mark.sockets
async def test_signing_out_hangs_up_this_sessions_sockets(server: Server, ana: Somebody) -> None:
    elsewhere = await sign_in(ana.client, ANA)
    async with (
        open_socket(f"{server.sockets}/ws/inbox", ana.token) as here,
        open_socket(f"{server.sockets}/ws/inbox", elsewhere.token) as there,
    ):
        await here.next("ready")
        await there.next("ready")
        await sign_out(ana)
        assert await here.closed() == (4401, "signed out")
        await there.send("ping")
        await there.next("pong")


@pytest.mark.sockets
async def test_a_stolen_token_hangs_up_the_thief_and_the_owner(server: Server, ana: Somebody) -> None:
    thief = (await refresh(ana)).json()
    async with open_socket(f"{server.sockets}/ws/inbox", thief["access_token"]) as socket:
        await socket.next("ready")
        await refresh(ana)
        assert (await socket.closed())[0] == 4401
