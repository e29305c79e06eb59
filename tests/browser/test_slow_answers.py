"""An agent quicker than the network: nothing he asks for is dropped, and no menu goes from under his hands."""

import asyncio
import re

from playwright.async_api import Browser, Page, Route, expect

from tests.make import claim, open_ticket
from tests.people import Somebody
from tests.support.browser import enter
from tests.support.server import Server


async def held(page: Page, pattern: str) -> asyncio.Event:
    """Requests to these addresses wait until the event is set."""
    may_go = asyncio.Event()

    async def hold(route: Route) -> None:
        await may_go.wait()
        await route.continue_()

    await page.route(pattern, hold)
    return may_go


async def test_what_is_asked_for_during_an_answer_is_done_behind_it(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    ticket = await open_ticket(ana)
    page = await enter(browser, server, priya)
    await page.goto(f"/desk/tickets/{ticket['id']}")
    may_go = await held(page, "**/priority")
    await page.get_by_role("button", name="Priority: Medium").click()
    await page.get_by_role("menuitemradio", name="Urgent").press("Enter")
    await expect(page.locator(".desk-acts")).to_have_attribute("aria-busy", "true")
    await page.keyboard.press("c")
    await page.keyboard.press("c")
    may_go.set()
    await expect(page.get_by_role("button", name=re.compile("Handled by Priya Nair"))).to_be_visible()
    await expect(page.get_by_role("button", name="Priority: Urgent")).to_be_visible()
    await expect(page.locator(".desk-acts")).not_to_have_attribute("aria-busy", re.compile(""))
    await expect(page.locator(".toast")).to_have_count(0)


async def test_a_menu_stays_open_while_a_colleague_changes_the_ticket(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    ticket = await open_ticket(ana)
    page = await enter(browser, server, priya)
    await page.goto(f"/desk/tickets/{ticket['id']}")
    await expect(page.get_by_role("button", name="Claim")).to_be_visible()
    await page.keyboard.press("s")
    await expect(page.get_by_role("menuitemradio", name="Open")).to_be_focused()
    await claim(sam, ticket["id"])
    await expect(page.locator("desk-list .row-foot")).to_contain_text("Assigned to Sam Lindqvist")
    await expect(page.get_by_role("menuitemradio", name="Open")).to_be_focused()
    # What Esc shuts is the menu, and not the ticket; what the colleague has done is shown then, and the focus stays.
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name=re.compile("Handled by Sam Lindqvist"))).to_be_visible()
    await expect(page.get_by_role("button", name=re.compile("^Status:"))).to_be_focused()
    await expect(page.locator("desk-ticket h1")).to_be_visible()


async def test_a_menu_of_colleagues_fills_itself_when_they_have_come(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    ticket = await open_ticket(ana)
    page = await enter(browser, server, priya)
    may_go = await held(page, "**/agents")
    await page.goto(f"/desk/tickets/{ticket['id']}")
    await page.get_by_role("button", name="Hand over to a colleague").click()
    give = page.get_by_role("menuitemradio", name=re.compile(sam.account.name))
    await expect(page.get_by_role("menu", name="Hand over to a colleague")).to_be_visible()
    assert await give.count() == 0
    may_go.set()
    await expect(give).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name=re.compile(f"Handled by {sam.account.name}"))).to_be_visible()
