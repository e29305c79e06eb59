"""The desk's list keeps its calm: nothing flashes, nothing jumps, and what was asked for is what is shown."""

import re

from playwright.async_api import Browser, Locator, Page, ViewportSize, expect

from tests.make import claim, open_ticket, set_status
from tests.people import Somebody
from tests.support.browser import DESKTOP, PHONE, hold, window
from tests.support.server import Server


async def desk(
    browser: Browser, server: Server, agent: Somebody, path: str = "/desk", *, viewport: ViewportSize = DESKTOP
) -> Page:
    context = await window(browser, server.url, viewport=viewport)
    form = {**agent.account.credentials, "session": "cookie"}
    await context.request.post("/agent/login", data=form, headers={"Origin": server.url})
    page = await context.new_page()
    await page.goto(path)
    return page


def row(page: Page, subject: str) -> Locator:
    return page.locator("desk-list a.desk-row", has_text=subject)


async def test_a_slow_queue_shows_a_skeleton_and_never_calls_itself_empty(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    await open_ticket(ana, subject="Only one")
    page = await desk(browser, server, priya)
    await expect(row(page, "Only one")).to_be_visible()
    let_go = await hold(page, re.compile(r"/tickets\?"))
    await page.get_by_role("button", name="Unassigned").click()
    await expect(page.locator("desk-list .skeleton").first).to_be_visible()
    await expect(page.get_by_text("This queue is empty")).to_have_count(0)
    let_go.set()
    await expect(row(page, "Only one")).to_be_visible()


async def test_a_skeleton_of_the_conversation_goes_when_the_conversation_comes(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    ticket = await open_ticket(ana)
    page = await desk(browser, server, priya)
    let_go = await hold(page, re.compile(r"/messages"))
    await page.locator("desk-list a.desk-row").click()
    await expect(page.locator(".thread-skeleton")).to_be_visible()
    let_go.set()
    await expect(page.get_by_text(f"Ticket {ticket['ticket_no']} is open.", exact=False)).to_be_visible()
    await expect(page.locator(".thread-skeleton")).to_have_count(0)


async def test_a_ticket_that_left_its_queue_stays_while_it_is_read(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    ticket = await open_ticket(ana, subject="Read by Priya")
    await open_ticket(ana, subject="Read by nobody")
    page = await desk(browser, server, priya, "/desk?queue=unassigned")
    await row(page, "Read by Priya").click()
    await claim(sam, ticket["id"])
    await expect(page.get_by_role("button", name=re.compile("Handled by Sam"))).to_be_visible()
    await expect(row(page, "Read by Priya")).to_be_visible()
    await row(page, "Read by nobody").click()
    await expect(row(page, "Read by Priya")).to_have_count(0)


async def test_back_on_a_phone_returns_to_the_same_place_in_the_list(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    for number in range(14):
        await open_ticket(ana, subject=f"Ticket {number:02}")
    page = await desk(browser, server, priya, viewport=PHONE)
    await row(page, "Ticket 02").scroll_into_view_if_needed()
    place = await page.locator(".list-scroll").evaluate("list => list.scrollTop")
    assert place > 0
    await row(page, "Ticket 02").click()
    await expect(page.locator("desk-ticket h1")).to_have_text("Ticket 02")
    await expect(page.locator("desk-ticket h1")).to_be_focused()
    await page.go_back()
    await expect(row(page, "Ticket 02")).to_be_in_viewport()
    assert await page.locator(".list-scroll").evaluate("list => list.scrollTop") == place


async def test_the_list_narrows_to_one_agents_tickets(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    hers = await open_ticket(ana, subject="With Priya")
    his = await open_ticket(ana, subject="With Sam")
    await claim(priya, hers["id"])
    await claim(sam, his["id"])
    page = await desk(browser, server, priya)
    await page.get_by_role("button", name="Filters").click()
    await page.get_by_label("Assigned to").select_option("Sam Lindqvist")
    await expect(page.locator("desk-list .row-subject")).to_have_text(["With Sam"])
    await page.reload()
    await expect(page.locator("desk-list .row-subject")).to_have_text(["With Sam"])


async def test_an_unowned_ticket_goes_straight_to_a_colleague(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    ticket = await open_ticket(ana)
    page = await desk(browser, server, priya, f"/desk/tickets/{ticket['id']}")
    await page.get_by_role("button", name="Hand over to a colleague").click()
    await page.get_by_role("menuitemradio", name=re.compile(sam.account.name)).click()
    await expect(page.get_by_role("button", name=re.compile(f"Handled by {sam.account.name}"))).to_be_visible()


async def test_a_search_reaches_what_is_closed(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    ticket = await open_ticket(ana, subject="Long forgotten")
    await set_status(priya, ticket["id"], "closed")
    page = await desk(browser, server, priya)
    await page.get_by_label("Search tickets").fill("forgotten")
    await page.get_by_role("button", name="Search all tickets").click()
    await expect(row(page, "Long forgotten")).to_be_visible()
