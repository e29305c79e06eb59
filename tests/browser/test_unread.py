"""What is unread says so until it is read, and may be set back; by keyboard alone."""

from playwright.async_api import Browser, expect

from tests.browser.test_collisions import at
from tests.make import open_ticket, post_message
from tests.people import Somebody
from tests.support.browser import said
from tests.support.server import Server


async def test_a_ticket_is_set_back_to_unread_for_later(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    ticket = await open_ticket(ana)
    for words in ("My card is declined", "And I need it today"):
        await post_message(ana, ticket["id"], words)
    page = await at(browser, server, priya, ticket["id"])
    row = page.locator("desk-list a.desk-row")
    await expect(row.locator(".count")).to_be_hidden()
    await page.keyboard.press("u")
    await expect(page.get_by_text("Unread again, for you alone.")).to_be_visible()
    await expect(row.locator(".count")).to_contain_text("1")
    await page.keyboard.press("Escape")
    await expect(row.locator(".count")).to_contain_text("1")
    await page.keyboard.press("j")
    await expect(page.locator(".thread-new + .message .message-text")).to_have_text("And I need it today")
    await expect(row.locator(".count")).to_be_hidden()

    await page.keyboard.press("s")
    await page.get_by_role("menuitem", name="Mark as unread").press("Enter")
    await expect(row.locator(".count")).to_contain_text("1")
    # A word that comes while one looks on is read, and with it all before.
    await post_message(ana, ticket["id"], "Hello?")
    await expect(said(page)).to_have_count(3)
    await expect(row.locator(".count")).to_be_hidden()


async def test_who_has_waited_longest_stands_first_in_the_queue(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    first = await open_ticket(ana, subject="The first one")
    await open_ticket(ana, subject="The second one")
    await post_message(ana, first["id"], "Still nothing")
    page = await at(browser, server, priya, first["id"])
    rows = page.locator("desk-list .row-subject")
    await page.get_by_role("button", name="Awaiting reply 2").click()
    await expect(rows).to_have_text(["The first one", "The second one"])
    await open_ticket(ana, subject="The third one")
    await expect(rows).to_have_text(["The first one", "The second one", "The third one"])
    await post_message(priya, first["id"], "We are on it")
    await page.keyboard.press("j")
    await expect(page.locator("desk-ticket h1")).to_have_text("The second one")
    await expect(rows).to_have_text(["The second one", "The third one"])
