"""A session goes on by trading its refresh token; a token that is traded twice ends it."""

import asyncio
from datetime import timedelta

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import select
from structlog.testing import capture_logs

from csts.auth.models import AgentRefreshToken, UserRefreshToken
from csts.kit import clock
from csts.kit.secrets import digest
from tests.auth.sessions import enter, is_signed_in, refresh, refusal
from tests.people import ANA, Somebody, sign_in


async def test_a_session_goes_on(ana: Somebody) -> None:
    answer = await refresh(ana)
    told = answer.json()
    assert set(told) == {"access_token", "refresh_token", "token_type", "expires_in", "user"}
    assert told["refresh_token"] != ana.refresh_token
    assert told["user"]["id"] == ana.id
    assert answer.headers["cache-control"] == "no-store"
    assert await is_signed_in(ana, told["access_token"])


async def test_an_agents_session_goes_on(priya: Somebody) -> None:
    told = (await refresh(priya)).json()
    assert told["agent"]["username"] == "priya"
    assert await is_signed_in(priya, told["access_token"])


async def test_only_digests_are_kept(ana: Somebody, priya: Somebody, app: FastAPI) -> None:
    async with app.state.database.read() as session:
        for table, somebody in ((UserRefreshToken, ana), (AgentRefreshToken, priya)):
            row = (await session.scalars(select(table))).one()
            assert (row.owner_id, row.token) == (somebody.id, digest(somebody.refresh_token))


async def test_a_second_use_ends_the_whole_session(ana: Somebody) -> None:
    newest = (await refresh(ana)).json()
    with capture_logs() as logs:
        assert refusal(await refresh(ana)) == (401, "token_reused")
    assert not await is_signed_in(ana)
    assert not await is_signed_in(ana, newest["access_token"])
    assert refusal(await refresh(ana, newest["refresh_token"])) == (401, "session_expired")
    assert {"event": "refresh_token_reused", "person": f"customer:{ana.id}", "log_level": "warning"} in logs
    assert ana.refresh_token not in str(logs)


async def test_a_second_use_leaves_other_sessions_alone(ana: Somebody) -> None:
    elsewhere = await sign_in(ana.client, ANA)
    await refresh(ana)
    await refresh(ana)
    assert await is_signed_in(elsewhere)
    assert (await refresh(elsewhere)).status_code == 200


async def test_of_two_programs_that_trade_one_token_at_once_one_wins_and_the_session_ends(ana: Somebody) -> None:
    answers = await asyncio.gather(refresh(ana), refresh(ana))
    assert sorted(answer.status_code for answer in answers) == [200, 401]
    winner = next(answer for answer in answers if answer.status_code == 200).json()
    assert not await is_signed_in(ana, winner["access_token"])


@pytest.mark.parametrize("token", ["unknown", "é\ud800", "x" * 200])
async def test_an_unknown_token_is_refused(ana: Somebody, token: str) -> None:
    body = b'{"refresh_token": "%s"}' % token.encode("unicode_escape")
    answer = await ana.client.post("/user/refresh", content=body, headers={"Content-Type": "application/json"})
    assert refusal(answer) in {(401, "bad_token"), (422, "invalid_input")}


async def test_a_customers_token_is_unknown_at_the_agents_door(ana: Somebody) -> None:
    answer = await ana.client.post("/agent/refresh", json={"refresh_token": ana.refresh_token})
    assert refusal(answer) == (401, "bad_token")
    assert await is_signed_in(ana)


async def test_an_access_token_is_no_refresh_token(ana: Somebody) -> None:
    answer = await refresh(ana, ana.token[:200])
    assert refusal(answer) == (401, "bad_token")


@pytest.mark.parametrize("body", [{"refresh_token": ""}, {"refresh_token": None}, {}, {"token": "x"}, []])
async def test_a_refresh_of_another_shape_is_refused(client: AsyncClient, body: object) -> None:
    assert refusal(await client.post("/user/refresh", json=body)) == (422, "invalid_input")


async def test_a_refresh_with_nothing_is_refused(client: AsyncClient) -> None:
    assert refusal(await client.post("/user/refresh")) == (401, "not_signed_in")


async def test_a_session_ends_when_it_is_not_used_for_thirty_days(ana: Somebody) -> None:
    with clock.at(clock.now() + timedelta(days=29)):
        told = (await refresh(ana)).json()
    with clock.at(clock.now() + timedelta(days=58)):
        told = (await refresh(ana, told["refresh_token"])).json()
    with clock.at(clock.now() + timedelta(days=89)):
        assert refusal(await refresh(ana, told["refresh_token"])) == (401, "session_expired")


async def test_dead_tokens_go_with_the_next_sign_in(ana: Somebody, app: FastAPI) -> None:
    with clock.at(clock.now() + timedelta(days=31)):
        await sign_in(ana.client, ANA)
    async with app.state.database.read() as session:
        assert len((await session.scalars(select(UserRefreshToken))).all()) == 1


@pytest.mark.usefixtures("ana")
async def test_two_tabs_that_wake_at_once_stay_signed_in(browser: AsyncClient, other_tab: AsyncClient) -> None:
    await enter(browser, ANA)
    other_tab.cookies.update(browser.cookies)
    answers = await asyncio.gather(browser.post("/user/refresh"), other_tab.post("/user/refresh"))
    assert [answer.status_code for answer in answers] == [200, 200]
    for tab in (browser, other_tab):
        assert (await tab.get("/user/me")).status_code == 200
        assert (await tab.post("/user/refresh")).status_code == 200


@pytest.mark.usefixtures("ana")
async def test_a_tab_that_wakes_late_with_an_old_cookie_ends_the_session(
    browser: AsyncClient, other_tab: AsyncClient
) -> None:
    await enter(browser, ANA)
    other_tab.cookies.update(browser.cookies)
    await browser.post("/user/refresh")
    with clock.at(clock.now() + timedelta(seconds=11)):
        answer = await other_tab.post("/user/refresh")
    assert refusal(answer) == (401, "token_reused")
    assert set(other_tab.cookies) == {"csts_user_device"}
    assert (await browser.get("/user/me")).status_code == 401


@pytest.mark.usefixtures("ana")
async def test_grace_ends_with_the_session(browser: AsyncClient, other_tab: AsyncClient) -> None:
    await enter(browser, ANA)
    other_tab.cookies.update(browser.cookies)
    await browser.post("/user/refresh")
    await browser.post("/user/logout")
    assert (await other_tab.post("/user/refresh")).status_code == 401


async def test_a_token_from_a_cookie_has_no_grace_in_a_programs_hands(ana: Somebody, browser: AsyncClient) -> None:
    await enter(browser, ANA)
    stolen = browser.cookies["csts_user_refresh"]
    await browser.post("/user/refresh")
    assert refusal(await refresh(ana, stolen)) == (401, "token_reused")
