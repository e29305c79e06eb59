"""A browser's session: what its cookies are, whose word it needs, and which of two people speaks."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response

from tests.auth.sessions import enter, refusal
from tests.make import ticket_form
from tests.people import ANA, PRIYA, Account, Somebody

pytestmark = [pytest.mark.usefixtures("ana", "priya"), pytest.mark.once]

COOKIES = {"customer": ["csts_user_access", "csts_user_refresh"], "agent": ["csts_agent_access", "csts_agent_refresh"]}


def cookie_lines(answer: Response) -> dict[str, list[str]]:
    """The attributes of each cookie that is set, sorted, by name."""
    lines = (line.split("; ") for line in answer.headers.get_list("set-cookie"))
    return {first.partition("=")[0]: sorted(rest) for first, *rest in lines}


@pytest.mark.parametrize("account", [ANA, PRIYA], ids=lambda account: account.kind)
async def test_a_browser_gets_cookies_that_no_script_can_read(browser: AsyncClient, account: Account) -> None:
    answer = await enter(browser, account)
    access, renewal = COOKIES[account.kind]
    assert cookie_lines(answer) == {
        access: ["HttpOnly", "Max-Age=900", "Path=/", "SameSite=lax"],
        renewal: ["HttpOnly", "Max-Age=2592000", "Path=/", "SameSite=lax"],
        access.replace("access", "device"): ["HttpOnly", "Max-Age=15552000", "Path=/", "SameSite=lax"],
    }
    assert set(answer.json()) == {"expires_in", "user" if account is ANA else "agent"}


async def test_a_browser_goes_on_with_new_cookies(browser: AsyncClient) -> None:
    await enter(browser, ANA)
    before = dict(browser.cookies)
    answer = await browser.post("/user/refresh")
    assert set(answer.json()) == {"expires_in", "user"}
    assert set(cookie_lines(answer)) == set(COOKIES["customer"])
    assert before["csts_user_refresh"] != browser.cookies["csts_user_refresh"]
    assert (await browser.get("/user/me")).status_code == 200


async def test_a_login_from_a_page_of_another_site_is_refused(client: AsyncClient) -> None:
    form = {**ANA.credentials, "session": "cookie"}
    answer = await client.post("/user/login", json=form, headers={"Origin": "https://evil.test"})
    assert refusal(answer) == (403, "cross_origin")


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "https://evil.test",
        "http://desk.test.evil.test",
        "http://evil.test/http://desk.test",
        "https://desk.test",
        "http://desk.test:8080",
        "http://other.desk.test",
        "http://desk.test, http://evil.test",
        "",
    ],
)
class TestForeignOrigin:
    @pytest.fixture
    async def cookies(self, browser: AsyncClient) -> dict[str, str]:
        await enter(browser, ANA)
        await enter(browser, PRIYA)
        return dict(browser.cookies)

    @pytest.fixture
    async def page(self, app: FastAPI, cookies: dict[str, str], origin: str | None) -> AsyncIterator[AsyncClient]:
        headers = {} if origin is None else {"Origin": origin}
        transport = ASGITransport(app, raise_app_exceptions=False)
        async with AsyncClient(
            transport=transport, base_url="http://desk.test", cookies=cookies, headers=headers
        ) as page:
            yield page

    async def test_nothing_changes_by_cookie(self, page: AsyncClient) -> None:
        for method, path in (
            ("POST", "/user/createticket"),
            ("PUT", "/tickets/1/status"),
            ("POST", "/agents"),
            ("POST", "/user/refresh"),
            ("POST", "/agent/refresh"),
            ("POST", "/user/logout"),
            ("POST", "/agent/logout"),
        ):
            assert refusal(await page.request(method, path)) == (403, "cross_origin"), path

    async def test_reading_and_bearers_need_no_origin(self, page: AsyncClient, ana: Somebody) -> None:
        assert (await page.get("/user/me")).status_code == 200
        headers = {"Authorization": f"Bearer {ana.token}"}
        answer = await page.post("/user/createticket", data=ticket_form(), headers=headers)
        assert answer.status_code == 422


async def test_a_page_of_the_desk_may_change_things(browser: AsyncClient) -> None:
    await enter(browser, ANA)
    assert (await browser.post("/user/createticket", data=ticket_form())).status_code == 422


@pytest.mark.parametrize(
    "hint, path, expected",
    [
        (None, "/user/me", (200, "customer")),
        (None, "/agent/me", (200, "agent")),
        ("customer", "/user/me", (200, "customer")),
        ("agent", "/agent/me", (200, "agent")),
        ("customer", "/agent/me", (403, "wrong_role")),
        ("agent", "/user/me", (403, "wrong_role")),
        ("nobody", "/user/me", (200, "customer")),
    ],
)
async def test_a_browser_of_two_people_says_who_speaks(
    browser: AsyncClient, hint: str | None, path: str, expected: tuple[int, str]
) -> None:
    await enter(browser, ANA)
    await enter(browser, PRIYA)
    answer = await browser.get(path, headers={"CSTS-As": hint} if hint else {})
    told = answer.json()
    assert (answer.status_code, told.get("kind") or told.get("code")) == expected


async def test_of_two_people_the_agent_speaks_where_both_may(browser: AsyncClient) -> None:
    await enter(browser, ANA)
    await enter(browser, PRIYA)
    assert (await browser.get("/tickets/counts")).status_code == 200
    assert (await browser.get("/tickets/counts", headers={"CSTS-As": "customer"})).status_code == 403


async def test_where_the_agents_session_is_over_the_customer_speaks(browser: AsyncClient) -> None:
    await enter(browser, ANA)
    await enter(browser, PRIYA)
    old = dict(browser.cookies)
    await browser.post("/agent/logout")
    browser.cookies.update(old)
    assert (await browser.get("/tickets")).status_code == 200
    assert refusal(await browser.get("/tickets", headers={"CSTS-As": "agent"})) == (401, "not_signed_in")


async def test_a_bearer_speaks_before_the_cookies(browser: AsyncClient, priya: Somebody) -> None:
    await enter(browser, ANA)
    headers = {"Authorization": f"Bearer {priya.token}"}
    assert (await browser.get("/agent/me", headers=headers)).json()["id"] == priya.id
    answer = await browser.get("/user/me", headers={"Authorization": "Bearer nonsense"})
    assert refusal(answer) == (401, "not_signed_in")


async def test_a_proxys_own_password_leaves_the_cookies_alone(browser: AsyncClient) -> None:
    await enter(browser, ANA)
    assert (await browser.get("/user/me", headers={"Authorization": "Basic cHJveHk6cHJveHk="})).status_code == 200


class TestHttps:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"CSTS_PUBLIC_URL": "https://desk.test"}

    async def test_cookies_stay_on_https(self, client: AsyncClient) -> None:
        form = {**ANA.credentials, "session": "cookie"}
        answer = await client.post("/user/login", json=form, headers={"Origin": "https://desk.test"})
        lines = cookie_lines(answer)
        assert set(lines) == {f"__Host-{name}" for name in (*COOKIES["customer"], "csts_user_device")}
        assert all({"Secure", "Path=/"} <= set(attributes) for attributes in lines.values())
        assert "Domain" not in answer.headers["set-cookie"]

    async def test_a_neighbour_under_the_same_domain_signs_nobody_in(self, client: AsyncClient, ana: Somebody) -> None:
        """The name that it could set is not looked at; the one that it cannot set is."""
        for name, status in (("csts_user_access", 401), ("__Host-csts_user_access", 200)):
            answer = await client.get("/user/me", headers={"Cookie": f"{name}={ana.token}"})
            assert answer.status_code == status
        for name in ("csts_user_refresh", "csts_user_access"):
            page = await client.get("/my/tickets", headers={"Cookie": f"{name}={ana.refresh_token}"})
            assert page.status_code == 303
