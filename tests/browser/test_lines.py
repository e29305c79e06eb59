"""Lines that are blocked, sessions that end, tabs that sleep: the talk goes on, and nobody signs in twice."""

import asyncio
from pathlib import Path

import pytest
from httpx2 import AsyncClient
from playwright.async_api import Browser, BrowserContext, Locator, Page, Response, expect

from tests.make import open_ticket, post_message
from tests.people import ANA, PRIYA, Somebody, sign_in
from tests.support.browser import said, window, write
from tests.support.chat import open_socket
from tests.support.nginx import recommended
from tests.support.proxies import behind_nginx
from tests.support.server import Server

TOKEN_SECONDS = 5
# The moments at which a tab hears that its session goes on.
THREE_RENEWALS = """() => new Promise((resolve) => {
    const moments = [];
    document.addEventListener("session-renewed", () => {
        moments.push(Date.now());
        if (moments.length === 3) resolve(moments);
    });
})"""


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return {**environment, "CSTS_ACCESS_TOKEN_SECONDS": str(TOKEN_SECONDS)}


async def signed_in(browser: Browser, url: str, somebody: Somebody) -> BrowserContext:
    context = await window(browser, url)
    form = {**somebody.account.credentials, "session": "cookie"}
    answer = await context.request.post(f"{somebody.account.door}/login", data=form, headers={"Origin": url})
    assert answer.ok
    return context


async def room(context: BrowserContext, ticket_id: int) -> Page:
    page = await context.new_page()
    await page.goto(f"/my/tickets/{ticket_id}")
    await expect(page.locator(".thread-event").first).to_be_visible()
    return page


def sent(page: Page) -> Locator:
    """One's own messages that the server has acknowledged."""
    return page.locator('.message[data-side="own"][data-state="sent"]')


async def test_where_sockets_are_blocked_the_talk_goes_on_and_comes_back_to_them(
    browser: Browser, server: Server, client: AsyncClient, tmp_path: Path, ana: Somebody, priya: Somebody
) -> None:
    ticket = await open_ticket(ana)
    with behind_nginx(server.port, tmp_path, fault="upgrade_refused") as nginx:
        context = await signed_in(browser, nginx.url, ana)
        tickets = await context.new_page()
        await tickets.goto("/my/tickets")
        page = await room(context, ticket["id"])
        pill = page.locator("connection-pill")
        await expect(pill).to_contain_text("Live updates are blocked; chat goes on more slowly", timeout=30_000)
        await expect(pill.get_by_role("link", name="Why?")).to_have_attribute("href", "/connection")
        await expect(tickets.get_by_text("this list is read anew every few seconds")).to_be_visible(timeout=30_000)
        await write(page, "Can you read this?")
        await expect(sent(page)).to_have_count(1)
        await post_message(await sign_in(client, PRIYA), ticket["id"], "Every word.")
        await expect(said(page)).to_have_text(["Can you read this?", "Every word."])
        nginx.reload(site=recommended())
        await expect(pill).to_have_attribute("data-state", "online", timeout=30_000)
        await write(page, "Live again")
        await expect(sent(page)).to_have_count(2)
        await expect(said(page)).to_have_count(3)


async def test_a_tab_that_slept_longer_than_its_session_comes_back_signed_in_and_complete(
    browser: Browser, server: Server, client: AsyncClient, ana: Somebody, priya: Somebody
) -> None:
    ticket = await open_ticket(ana)
    context = await signed_in(browser, server.url, ana)
    page = await room(context, ticket["id"])
    await write(page, "Good night")
    await expect(sent(page)).to_have_count(1)
    await page.locator("chat-composer textarea").press_sequentially("half a thought")
    phone = await context.new_cdp_session(page)
    await phone.send("Page.setWebLifecycleState", {"state": "frozen"})
    token = (await sign_in(client, ANA)).token
    async with open_socket(f"{server.sockets}/ws/inbox", token) as younger:
        # Its token is younger than the page's: when it ends, so has the other.
        assert (await younger.closed())[0] == 4401
    awake = await sign_in(client, PRIYA)
    for text in ("Good morning", "It works now"):
        await post_message(awake, ticket["id"], text)
    await phone.send("Page.setWebLifecycleState", {"state": "active"})
    await expect(said(page)).to_have_text(["Good night", "Good morning", "It works now"], timeout=20_000)
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.locator("chat-composer textarea")).to_have_value("half a thought")
    await page.get_by_role("button", name="Send").click()
    await expect(sent(page)).to_have_count(2)
    await expect(said(page)).to_have_count(4)


async def test_two_tabs_renew_their_session_once_and_before_it_ends(
    browser: Browser, server: Server, ana: Somebody
) -> None:
    ticket = await open_ticket(ana)
    context = await signed_in(browser, server.url, ana)
    statuses: list[tuple[str, int]] = []

    def note(response: Response) -> None:
        statuses.append((response.url.removeprefix(server.url), response.status))

    context.on("response", note)
    pages = [await room(context, ticket["id"]) for _ in range(2)]
    for moments in await asyncio.gather(*(page.evaluate(THREE_RENEWALS) for page in pages)):
        # Each renewal is heard in both tabs, so that one by each of them would be heard in half the time.
        assert moments[2] - moments[0] > TOKEN_SECONDS * 1000 * 0.8
    assert {status for path, status in statuses if path == "/user/refresh"} == {200}
    assert [path for path, status in statuses if status == 401] == []
