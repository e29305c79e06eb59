"""Searching on the pages: what was found is marked, and every other end is told in words."""

import json
import re

import pytest
from playwright.async_api import Browser, Page, Route, ViewportSize, expect

from tests.make import open_ticket, post_message
from tests.people import Somebody
from tests.support.browser import DESKTOP, PHONE, violations, window
from tests.support.server import Server


async def page_of(
    browser: Browser, server: Server, who: Somebody, path: str, *, viewport: ViewportSize = DESKTOP
) -> Page:
    context = await window(browser, server.url, viewport=viewport)
    form = {**who.account.credentials, "session": "cookie"}
    await context.request.post(f"{who.account.door}/login", data=form, headers={"Origin": server.url})
    page = await context.new_page()
    await page.goto(path)
    return page


async def test_an_agent_finds_last_months_talk_by_a_word_of_it(
    browser: Browser, server: Server, ana: Somebody, ben: Somebody, priya: Somebody
) -> None:
    found = await open_ticket(ana, subject="Parcel <b>lost</b>")
    await post_message(ana, found["id"], "It was a red umbrella")
    noted = await open_ticket(ben, subject="Something else")
    await post_message(priya, noted["id"], "He asked for an umbrella, too", internal=True)
    await open_ticket(ben, subject="Neither")
    page = await page_of(browser, server, priya, "/desk")
    await page.keyboard.press("/")
    await page.keyboard.type("umbrel")
    await expect(page.locator("desk-list mark")).to_have_text(["umbrella", "umbrella"])
    await expect(page.locator("desk-list .row-subject")).to_have_count(2)
    await expect(page.locator("desk-list")).to_contain_text("Note:")
    await expect(page.locator("desk-list [role=status]")).to_have_text("2 tickets found")
    await page.get_by_label("Search tickets").fill("lost parcel")
    await expect(page.locator("desk-list .row-subject")).to_have_text(["Parcel <b>lost</b>"])
    await expect(page.locator("desk-list .row-subject mark")).to_have_text(["Parcel", "lost"])
    assert await violations(page) == []
    await page.reload()
    await expect(page.locator("desk-list .row-subject mark").first).to_be_visible()
    await page.locator("desk-list a.desk-row").click()
    await expect(page.get_by_text("It was a red umbrella").last).to_be_visible()


async def test_a_search_says_when_there_is_nothing_to_ask_and_nothing_to_find(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    await open_ticket(ana, subject="Printer")
    page = await page_of(browser, server, priya, "/desk")
    field = page.get_by_label("Search tickets")
    await field.fill("p")
    await expect(page.get_by_text("Type a little more")).to_be_visible()
    await field.fill("***")
    await expect(page.get_by_text("Type a little more")).to_be_visible()
    await field.fill("umbrella")
    await expect(page.get_by_text("Nothing matches")).to_be_visible()
    await expect(page.locator("desk-list [role=status]")).to_have_text("Nothing found")
    await field.fill("")
    await expect(page.locator("desk-list .row-subject")).to_have_text(["Printer"])


@pytest.mark.parametrize(
    "code,title", [("search_too_slow", "This search takes too long"), ("search_busy", "Many people are searching")]
)
async def test_a_search_that_had_no_answer_can_be_made_again(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody, code: str, title: str
) -> None:
    await open_ticket(ana, subject="Printer")
    page = await page_of(browser, server, priya, "/desk")
    await expect(page.locator("desk-list .row-subject")).to_have_count(1)

    async def refuse(route: Route) -> None:
        body = {"status": 503, "code": code, "detail": "Please try again."}
        await route.fulfill(status=503, content_type="application/problem+json", body=json.dumps(body))

    await page.route(re.compile(r"/tickets\?.*q="), refuse)
    await page.get_by_label("Search tickets").fill("printer")
    await expect(page.locator("desk-list [role=alert]")).to_contain_text(title)
    await page.unroute(re.compile(r"/tickets\?.*q="))
    await page.get_by_role("button", name="Try again").click()
    await expect(page.locator("desk-list mark")).to_have_text(["Printer"])


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
async def test_a_customer_finds_his_own_tickets_alone(
    browser: Browser, server: Server, ana: Somebody, ben: Somebody, priya: Somebody, viewport: ViewportSize
) -> None:
    hers = await open_ticket(ana, subject="Parcel")
    await post_message(priya, hers["id"], "Your umbrella is on its way")
    await post_message(priya, hers["id"], "secretive umbrella", internal=True)
    await open_ticket(ana, subject="Printer")
    await open_ticket(ben, subject="My umbrella")
    page = await page_of(browser, server, ana, "/my/tickets", viewport=viewport)
    field = page.get_by_label("Search your tickets")
    await field.fill("umbrella")
    await expect(page.locator("ticket-cards .card-subject")).to_have_text(["Parcel"])
    await expect(page.locator("ticket-cards mark")).to_have_text(["umbrella"])
    await expect(page.locator("[data-said]")).to_have_text("1 ticket found")
    assert await violations(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await field.fill("secretive")
    await expect(page.get_by_role("heading", name="Nothing found")).to_be_visible()
    await field.fill("u")
    await expect(page.get_by_role("heading", name="Type a little more")).to_be_visible()
    await field.fill("")
    await expect(page.locator("ticket-cards .card-subject")).to_have_count(2)
