"""Who types before the scripts of a page have come over a slow network loses nothing of it."""

import asyncio
import re

from playwright.async_api import Browser, Page, Route, expect

from tests.make import open_ticket, write_article
from tests.people import Somebody
from tests.support.browser import enter, window
from tests.support.server import Server


async def type_early(page: Page, path: str, label: str, words: str) -> None:
    """Goes there and types while the scripts are still on their way; then they come."""
    may_come = asyncio.Event()

    async def hold(route: Route) -> None:
        await may_come.wait()
        await route.continue_()

    await page.route("**/*.js*", hold)
    await page.goto(path, wait_until="commit")
    await page.get_by_label(label).fill(words)
    assert await page.locator(":not(:defined)").count() > 0
    may_come.set()


async def test_the_help_is_searched_for_what_was_typed_early(browser: Browser, server: Server, mona: Somebody) -> None:
    await write_article(mona, title="My card was declined")
    page = await (await window(browser, server.url)).new_page()
    await type_early(page, "/help", "Search the help", "card")
    await expect(page.get_by_text("Best matches")).to_be_visible()
    await expect(page).to_have_url(re.compile(r"/help\?q=card$"))


async def test_a_sentence_typed_early_is_tried(browser: Browser, server: Server, mona: Somebody) -> None:
    page = await enter(browser, server, mona)
    await type_early(page, "/desk/knowledge/rules", "Try a sentence", "Hello there!")
    await expect(page.get_by_text("Rule 5 answers: Greeting")).to_be_visible()


async def test_articles_are_searched_for_what_was_typed_early(browser: Browser, server: Server, mona: Somebody) -> None:
    for title in ("My card was declined", "Where is my parcel?"):
        await write_article(mona, title=title)
    page = await enter(browser, server, mona)
    await type_early(page, "/desk/knowledge?q=card", "Search the articles", "parcel")
    await expect(page).to_have_url(re.compile(r"\?q=parcel$"))
    await expect(page.locator(".article-row")).to_have_count(1)


async def test_ones_own_tickets_are_searched_for_what_was_typed_early(
    browser: Browser, server: Server, ana: Somebody
) -> None:
    for subject in ("My card was declined", "Where is my parcel?"):
        await open_ticket(ana, subject=subject)
    page = await enter(browser, server, ana)
    await type_early(page, "/my/tickets", "Search your tickets", "parcel")
    await expect(page.locator(".card-subject")).to_have_text(["Where is my parcel?"])


async def test_a_draft_does_not_take_the_place_of_what_was_typed_early(
    browser: Browser, server: Server, ana: Somebody, mona: Somebody
) -> None:
    await write_article(mona, title="My card was declined")
    page = await enter(browser, server, ana)
    await page.goto("/my/tickets/new")
    await page.get_by_label("In one line").fill("My parcel is late")
    await page.get_by_label("What happened?").fill("It was to come on Monday.")
    await page.goto("/my/tickets")
    await type_early(page, "/my/tickets/new", "In one line", "My card")
    await expect(page.get_by_role("link", name="My card was declined")).to_be_visible()
    await expect(page.get_by_label("In one line")).to_have_value("My card")
    await expect(page.get_by_label("What happened?")).to_have_value("It was to come on Monday.")


async def test_keys_pressed_before_the_hands_have_come_are_not_lost(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    for subject in ("First", "Second"):
        await open_ticket(ana, subject=subject)
    page = await enter(browser, server, priya)
    may_come = asyncio.Event()

    async def hold(route: Route) -> None:
        await may_come.wait()
        await route.continue_()

    await page.route("**/desk+hands.3.js", hold)
    await page.goto("/desk", wait_until="commit")
    await expect(page.locator("desk-list a.desk-row")).to_have_count(2)
    await page.keyboard.press("j")
    await page.keyboard.press("j")
    may_come.set()
    await expect(page.locator("desk-ticket h1")).to_have_text("First")
