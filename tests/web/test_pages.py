"""Who sees which page, and where everybody else is sent."""

import html
import json
import re
from typing import Any

import pytest
from httpx2 import AsyncClient, Response

from tests import make
from tests.people import Account, Somebody, sign_up

pytestmark = pytest.mark.once

ORIGIN = {"Origin": "http://desk.test"}
BROWSER = {"Accept": "text/html,application/xhtml+xml"}
PRIVATE = [
    "/settings",
    "/my/tickets",
    "/my/tickets/new",
    "/my/tickets/1",
    "/desk",
    "/desk/tickets/1",
    "/desk/assistant",
    "/desk/agents",
    "/desk/settings",
    "/desk/knowledge",
    "/desk/knowledge/new",
    "/desk/knowledge/1",
    "/desk/knowledge/rules",
]


async def enter(client: AsyncClient, somebody: Somebody) -> None:
    """Sign in as a browser does: the client holds the cookies from now on."""
    account = somebody.account
    body = {**account.credentials, "session": "cookie"}
    (await client.post(f"{account.door}/login", json=body, headers=ORIGIN)).raise_for_status()


def facts(page: Response) -> dict[str, Any]:
    """What the page tells its scripts."""
    found = re.search(r'name="csts-page" content="([^"]*)"', page.text)
    assert found
    told: dict[str, Any] = json.loads(html.unescape(found[1]))
    return told


@pytest.mark.parametrize("path", ["/signin", "/signup", "/desk/signin"])
async def test_the_doors_are_open_to_everybody(client: AsyncClient, path: str) -> None:
    page = await client.get(path)
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert facts(page)["me"] is None


@pytest.mark.parametrize("path", PRIVATE)
async def test_who_is_not_signed_in_is_asked_to_and_comes_back(client: AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 303
    door = "/desk/signin" if path.startswith("/desk") else "/signin"
    assert answer.headers["location"] == f"{door}?next={path.replace('/', '%2F')}"


@pytest.mark.parametrize(
    "wanted, target",
    [
        ("/my/tickets/7", "/my/tickets/7"),
        ("//evil.example", "/my/tickets"),
        ("/\\evil.example", "/my/tickets"),
        ("https://evil.example", "/my/tickets"),
        ("/a\nb", "/my/tickets"),
        ("", "/my/tickets"),
    ],
)
async def test_the_way_back_leads_nowhere_else(client: AsyncClient, wanted: str, target: str) -> None:
    page = await client.get("/signin", params={"next": wanted})
    assert f'data-next="{target}"' in page.text


@pytest.mark.parametrize("path", ["/signin", "/my/nothing", "/static/x/nothing"])
async def test_no_page_may_run_a_script_of_its_own_or_be_framed(client: AsyncClient, path: str) -> None:
    page = await client.get(path, headers=BROWSER)
    policy = page.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "same-origin"


async def test_a_customer_lands_on_his_tickets(client: AsyncClient, ana: Somebody) -> None:
    await enter(client, ana)
    assert (await client.get("/")).headers["location"] == "/my/tickets"
    page = await client.get("/my/tickets")
    told = facts(page)
    assert told["me"] == {"kind": "customer", "id": ana.id, "name": "Ana Ruiz", "role": "customer"}
    assert 0 < told["expires_in"] <= 900
    assert page.headers["cache-control"] == "no-store"


async def test_the_start_leads_everybody_to_his_own_place(client: AsyncClient, priya: Somebody) -> None:
    assert (await client.get("/")).headers["location"] == "/signin"
    await enter(client, priya)
    assert (await client.get("/")).headers["location"] == "/desk"


async def test_who_is_signed_in_need_not_sign_in(client: AsyncClient, ana: Somebody) -> None:
    await enter(client, ana)
    assert (await client.get("/signin?next=/my/tickets/new")).headers["location"] == "/my/tickets/new"


async def test_a_session_without_its_access_token_goes_on_silently(client: AsyncClient, ana: Somebody) -> None:
    await enter(client, ana)
    client.cookies.delete("csts_user_access")
    before = client.cookies["csts_user_refresh"]
    page = await client.get("/my/tickets")
    assert facts(page)["me"]["id"] == ana.id
    assert client.cookies["csts_user_refresh"] != before
    assert "csts_user_access" in client.cookies


async def test_a_dead_session_is_sent_to_the_door(client: AsyncClient) -> None:
    client.cookies.set("csts_user_refresh", "made up")
    assert (await client.get("/my/tickets")).status_code == 303


async def test_a_ticket_of_somebody_else_is_a_page_that_says_so(
    client: AsyncClient, ana: Somebody, ben: Somebody
) -> None:
    ticket = await make.open_ticket(ben)
    await enter(client, ana)
    page = await client.get(f"/my/tickets/{ticket['id']}", headers=BROWSER)
    assert page.status_code == 404
    assert "We cannot find that page" in page.text


async def test_programs_get_problems_and_people_get_pages(client: AsyncClient) -> None:
    assert (await client.get("/my/nothing")).headers["content-type"] == "application/problem+json"
    assert (await client.get("/nothing", headers=BROWSER)).headers["content-type"] == "application/problem+json"
    opened = {**BROWSER, "Sec-Fetch-Mode": "navigate"}
    page = await client.get("/nothing", headers=opened)
    assert page.status_code == 404
    assert page.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("path", ["/desk/agents", "/desk/knowledge/new"])
async def test_an_agent_who_is_no_admin_is_kept_out_of_what_is_the_admins(
    client: AsyncClient, priya: Somebody, path: str
) -> None:
    await enter(client, priya)
    page = await client.get(path, headers=BROWSER)
    assert page.status_code == 403
    assert "This door is not yours" in page.text


async def test_an_admin_gets_the_desk_and_the_agents_page(client: AsyncClient, mona: Somebody) -> None:
    await enter(client, mona)
    for path in ("/desk", "/desk/agents"):
        assert facts(await client.get(path))["me"]["role"] == "admin"


async def test_a_customer_and_an_agent_may_share_a_browser(client: AsyncClient, ana: Somebody, priya: Somebody) -> None:
    await enter(client, ana)
    await enter(client, priya)
    assert facts(await client.get("/my/tickets"))["me"]["kind"] == "customer"
    assert facts(await client.get("/desk"))["me"]["kind"] == "agent"


async def test_the_page_speaks_the_reader_s_language(client: AsyncClient) -> None:
    page = await client.get("/signin", headers={"Accept-Language": "de-DE"})
    assert '<html lang="de"' in page.text
    assert "Anmelden" in page.text
    client.cookies.set("csts_locale", "es")
    assert '<html lang="es"' in (await client.get("/signin", headers={"Accept-Language": "de-DE"})).text


async def test_the_theme_is_there_before_any_script_runs(client: AsyncClient) -> None:
    client.cookies.set("csts_theme", "dark")
    assert 'data-theme="dark"' in (await client.get("/signin")).text
    client.cookies.set("csts_theme", '"><script>')
    assert "data-theme" not in (await client.get("/signin")).text


async def test_a_name_is_text_and_nothing_else(client: AsyncClient) -> None:
    name = '"><script>alert(1)</script>'
    eve = await sign_up(client, Account("customer", "eve@example.com", name, "customer"))
    await enter(client, eve)
    page = await client.get("/my/tickets")
    assert "<script>alert" not in page.text
    assert facts(page)["me"]["name"] == name


async def test_a_page_comes_packed_to_who_can_unpack_it(client: AsyncClient) -> None:
    packed = await client.get("/signin", headers={"Accept-Encoding": "gzip"})
    plain = await client.get("/signin", headers={"Accept-Encoding": "identity"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.text == plain.text
    assert int(packed.headers["Content-Length"]) < int(plain.headers["Content-Length"]) / 2
