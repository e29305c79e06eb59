"""What somebody has written and not sent, in a browser that the next one sits down at."""

from typing import Any

import pytest
from playwright.async_api import Browser, Dialog, Page, ViewportSize, expect

from tests.make import open_ticket
from tests.people import BEN, Account, Somebody
from tests.support.browser import DESKTOP, PHONE, enter, violations, write
from tests.support.server import Server

STORED = "JSON.stringify(localStorage)"


async def sign_out(page: Page) -> None:
    await page.locator(".account-button").click()
    await page.get_by_role("button", name="Sign out", exact=True).click()


async def sign_in(page: Page, account: Account) -> None:
    label = "User name" if account.kind == "agent" else "E-mail address"
    await page.get_by_label(label).fill(account.login)
    await page.get_by_label("Password", exact=True).fill(account.credentials["password"])
    await page.keyboard.press("Enter")


async def without_a_line(page: Page) -> None:
    """Nothing that is said in a room arrives, and the rest of the desk answers."""
    await page.route_web_socket("**/ws/**", lambda socket: socket.close())
    await page.route(
        "**/messages*", lambda route: route.abort() if route.request.method == "POST" else route.fallback()
    )


async def is_kept(who: Somebody, ticket: dict[str, Any]) -> list[str]:
    return [
        draft["content"] for draft in (await who.get("/drafts")).json()["items"] if draft["ticket_id"] == ticket["id"]
    ]


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
async def test_who_signs_out_is_told_what_is_not_sent_and_leaves_nothing_of_it(
    browser: Browser, server: Server, ana: Somebody, viewport: ViewportSize
) -> None:
    ticket = await open_ticket(ana)
    page = await enter(browser, server, ana, viewport=viewport)
    await without_a_line(page)
    await page.goto(f"/my/tickets/{ticket['id']}")
    await write(page, "My zebra is ill.")
    await expect(page.locator('.message[data-side="own"]')).to_contain_text("zebra")
    await sign_out(page)
    dialog = page.get_by_role("dialog", name="Sign out all the same?")
    await expect(dialog).to_contain_text("One message has not been sent yet.")
    assert await violations(page) == []
    await dialog.get_by_role("button", name="Stay signed in").click()
    await expect(dialog).to_have_count(0)
    assert "zebra" in await page.evaluate(STORED)

    await page.goto("/my/tickets/new")
    await page.get_by_label("In one line").fill("Another zebra")
    await sign_out(page)
    await expect(dialog).to_contain_text("One message has not been sent yet.")
    await expect(dialog).to_contain_text("One text that you have begun is kept in this browser alone.")
    await dialog.get_by_role("button", name="Delete and sign out").click()
    await page.wait_for_url("**/signin")
    assert "zebra" not in await page.evaluate(STORED)
    await page.go_back()
    await page.wait_for_url("**/signin*")


async def test_a_draft_goes_to_the_server_and_its_other_tabs_leave_too(
    browser: Browser, server: Server, priya: Somebody, ana: Somebody
) -> None:
    ticket = await open_ticket(ana)
    page = await enter(browser, server, priya)
    other = await page.context.new_page()
    for each in (other, page):
        await each.goto(f"/desk/tickets/{ticket['id']}")
        await expect(each.locator("chat-composer textarea")).to_be_visible()
    await page.locator("chat-composer textarea").fill("My zebra")
    await sign_out(page)
    for each in (page, other):
        await each.wait_for_url("**/desk/signin")
        assert "zebra" not in await each.evaluate(STORED)
    assert await is_kept(priya, ticket) == ["My zebra"]


async def test_who_was_signed_out_elsewhere_finds_his_words_again_and_nobody_else_does(
    browser: Browser, server: Server, ana: Somebody, ben: Somebody, priya: Somebody
) -> None:
    page = await enter(browser, server, ana)
    await page.goto("/my/tickets/new")
    await page.get_by_label("In one line").fill("My zebra")
    await ana.delete("/sessions")
    await page.goto("/my/tickets/new")
    await sign_in(page, ana.account)
    await expect(page.get_by_label("In one line")).to_have_value("My zebra")

    await ana.delete("/sessions")
    await page.goto("/my/tickets/new")
    assert "zebra" in await page.evaluate(STORED)
    await sign_in(page, BEN)
    await expect(page.get_by_label("In one line")).to_have_value("")
    assert "zebra" not in await page.evaluate(STORED)


async def test_words_of_a_customer_go_as_well_when_an_agent_comes_after_him(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    page = await enter(browser, server, ana)
    await page.goto("/my/tickets/new")
    await page.get_by_label("In one line").fill("My zebra")
    await page.goto("/desk/signin")
    await sign_in(page, priya.account)
    await expect(page.locator("desk-list")).to_be_visible()
    assert "zebra" in await page.evaluate(STORED), "both are signed in"
    await ana.delete("/sessions")
    await sign_out(page)
    await page.wait_for_url("**/desk/signin")
    await sign_in(page, priya.account)
    await expect(page.locator("desk-list")).to_be_visible()
    assert "zebra" not in await page.evaluate(STORED)


async def test_who_could_not_be_signed_out_is_told_and_loses_nothing(
    browser: Browser, server: Server, ana: Somebody
) -> None:
    page = await enter(browser, server, ana)
    await page.goto("/my/tickets/new")
    await page.get_by_label("In one line").fill("A zebra")
    told = page.get_by_role("alert").get_by_text("We cannot reach the server.")
    dialog = page.get_by_role("dialog", name="Sign out all the same?")
    await page.context.set_offline(True)
    page.once("dialog", lambda alert: alert.accept())
    async with page.expect_event("dialog") as shown:
        await sign_out(page)
    alert: Dialog = await shown.value
    assert alert.message == "We cannot reach the server. Check your connection; nothing you typed is lost."
    await page.keyboard.press("Escape")
    await page.context.set_offline(False)
    await sign_out(page)
    await expect(dialog).to_be_visible()
    await page.context.set_offline(True)
    await dialog.get_by_role("button", name="Delete and sign out").click()
    # In sight, and not somewhere below the page.
    await expect(told).to_be_in_viewport()
    await page.context.set_offline(False)
    await page.reload()
    await expect(page.get_by_label("In one line")).to_have_value("A zebra")
