"""Where somebody is signed in: a list that he recognises himself in, and the end of what he does not know."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from csts.auth.devices import browser_of, system_of
from csts.kit import clock
from tests.auth.sessions import enter, is_signed_in, refresh, refusal
from tests.people import ANA, PRIYA, Somebody, sign_in
from tests.queries import count_queries
from tests.support.chat import open_socket
from tests.support.server import Server

GECKO, KHTML = "Mozilla/5.0", "(KHTML, like Gecko)"
FIREFOX = f"{GECKO} (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = f"{GECKO} (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 {KHTML} Chrome/141.0.0.0 Safari/537.36"
CHROMEBOOK = CHROME.replace("Windows NT 10.0; Win64; x64", "X11; CrOS x86_64 16181.61.0")
EDGE, OPERA = f"{CHROME} Edg/141.0.0.0", f"{CHROME} OPR/120.0.0.0"
ANDROID = f"{GECKO} (Linux; Android 16; K) AppleWebKit/537.36 {KHTML} Chrome/141.0.0.0 Mobile Safari/537.36"
SAMSUNG = ANDROID.replace("Chrome/", "SamsungBrowser/28.0 Chrome/")
SAFARI = f"{GECKO} (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 {KHTML} Version/26.0 Safari/605.1.15"
IPHONE = f"{GECKO} (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1 {KHTML} Version/26.0 Safari/604.1"
IPAD_CHROME = f"{GECKO} (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1 {KHTML} CriOS/141.0 Safari/604.1"


async def sessions(who: Somebody) -> list[dict[str, Any]]:
    answer = await who.get("/sessions")
    assert answer.status_code == 200, answer.text
    return list(answer.json())


@pytest.mark.parametrize(
    "user_agent, browser, system",
    [
        (FIREFOX, "Firefox", "Linux"),
        (CHROME, "Chrome", "Windows"),
        (EDGE, "Edge", "Windows"),
        (OPERA, "Opera", "Windows"),
        (ANDROID, "Chrome", "Android"),
        (SAMSUNG, "Samsung Internet", "Android"),
        (SAFARI, "Safari", "macOS"),
        (IPHONE, "Safari", "iPhone"),
        (IPAD_CHROME, "Chrome", "iPad"),
        (CHROMEBOOK, "Chrome", "ChromeOS"),
        ("curl/8.9.1", None, None),
        ("", None, None),
    ],
)
def test_a_browser_is_told_by_what_it_says(user_agent: str, browser: str | None, system: str | None) -> None:
    assert (browser_of(user_agent), system_of(user_agent)) == (browser, system)


async def test_a_session_says_where_it_is_and_since_when(client: AsyncClient, ana: Somebody) -> None:
    client.headers["User-Agent"] = FIREFOX
    here = await sign_in(client, ANA)
    begun = clock.now()
    with clock.at(begun + timedelta(hours=1)):
        client.headers["User-Agent"] = EDGE
        renewed = (await refresh(here)).json()
        here.token = renewed["access_token"]
        newest, other = await sessions(here)
    assert (newest["browser"], newest["system"], newest["current"]) == ("Edge", "Windows", True)
    assert newest["begun_at"] < newest["last_used_at"], "the session is as old as its sign-in, not as its last token"
    assert (other["browser"], other["current"]) == (None, False)
    assert newest["address"]
    assert await is_signed_in(ana)


async def test_only_living_sessions_of_ones_own_are_told(
    app: FastAPI, ana: Somebody, ben: Somebody, priya: Somebody
) -> None:
    elsewhere = await sign_in(ana.client, ANA)
    await elsewhere.post("/user/logout", {"refresh_token": elsewhere.refresh_token})
    for somebody in (ana, ben, priya):
        [only] = await sessions(somebody)
        assert only["current"]
    with count_queries(app.state.database.engine) as sent:
        await sessions(ana)
    assert len(sent) == 2, "one for the guard, one for the list"


async def test_a_session_without_a_browser_or_with_a_story_for_one_is_a_session(client: AsyncClient) -> None:
    client.headers["User-Agent"] = "é<script>" * 200
    form = {"name": "Ana", **ANA.credentials}
    await client.post("/user/register", json=form)
    ana = await sign_in(client, ANA)
    assert [each["browser"] for each in await sessions(ana)] == [None]


async def test_one_session_ends_and_the_others_live(ana: Somebody) -> None:
    phone, laptop = await sign_in(ana.client, ANA), await sign_in(ana.client, ANA)
    lost = next(each["id"] for each in await sessions(phone) if each["current"])
    answer = await ana.delete(f"/sessions/{lost}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert [await is_signed_in(each) for each in (ana, phone, laptop)] == [True, False, True]
    assert refusal(await refresh(phone)) == (401, "session_expired")
    assert refusal(await ana.delete(f"/sessions/{lost}")) == (404, "not_found")


async def test_all_others_end_and_this_one_lives(ana: Somebody) -> None:
    phone, laptop = await sign_in(ana.client, ANA), await sign_in(ana.client, ANA)
    assert (await laptop.delete("/sessions")).status_code == 204
    assert [await is_signed_in(each) for each in (ana, phone, laptop)] == [False, False, True]
    assert (await refresh(laptop)).status_code == 200


async def test_nobody_ends_a_strangers_session(ana: Somebody, ben: Somebody, priya: Somebody) -> None:
    for thief, owner in ((ben, ana), (priya, ana), (ana, priya)):
        [theirs] = await sessions(owner)
        assert refusal(await thief.delete(f"/sessions/{theirs['id']}")) == (404, "not_found")
        await thief.delete("/sessions")
        assert await is_signed_in(owner)
    assert refusal(await ana.delete("/sessions/none")) == (404, "not_found")


async def test_another_site_ends_nothing(ana: Somebody, browser: AsyncClient) -> None:
    await enter(browser, ANA)
    answer = await browser.delete("/sessions", headers={"Origin": "https://evil.test"})
    assert refusal(answer) == (403, "cross_origin")
    assert await is_signed_in(ana)


@pytest.mark.sockets
@pytest.mark.parametrize("account, feed", [(ANA, "inbox"), (PRIYA, "desk")])
@pytest.mark.parametrize("path", ["/sessions/{id}", "/sessions"])
async def test_sockets_of_an_ended_session_close(
    server: Server, ana: Somebody, priya: Somebody, account: Any, feed: str, path: str
) -> None:
    here = ana if account is ANA else priya
    there = await sign_in(here.client, account)
    address = f"{server.sockets}/ws/{feed}"
    async with open_socket(address, here.token) as stays, open_socket(address, there.token) as ends:
        await stays.next("ready")
        await ends.next("ready")
        ended = next(each["id"] for each in await sessions(there) if each["current"])
        await here.delete(path.format(id=ended))
        assert (await ends.closed())[0] == 4401
        await stays.send("ping")
        await stays.next("pong")
