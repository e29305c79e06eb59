"""Who types, sends or clicks before the scripts of a page have come over a slow network loses nothing of it."""

import asyncio
import re

from playwright.async_api import Browser, Page, expect

from tests.make import open_ticket, write_article
from tests.people import ANA, PASSWORD, Somebody
from tests.support.browser import PHONE, SCREENSHOTS, enter, hold, violations, window
from tests.support.server import Server


async def open_early(page: Page, path: str, scripts: str = "**/packs/*.js") -> asyncio.Event:
    """Goes there while the scripts are still on their way; they come when the event is set."""
    may_come = await hold(page, scripts)
    await page.goto(path, wait_until="commit")
    return may_come


async def type_early(page: Page, path: str, label: str, words: str) -> None:
    may_come = await open_early(page, path)
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
    may_come = await open_early(page, "/desk", "**/desk+hands.3.js")
    await expect(page.locator("desk-list a.desk-row")).to_have_count(2)
    await page.keyboard.press("j")
    await page.keyboard.press("j")
    may_come.set()
    await expect(page.locator("desk-ticket h1")).to_have_text("First")


async def test_a_form_sent_early_is_sent(browser: Browser, server: Server) -> None:
    page = await (await window(browser, server.url)).new_page()
    may_come = await open_early(page, "/signup")
    await page.get_by_label("Your name").fill(ANA.name)
    await page.get_by_label("E-mail").fill(ANA.login)
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    send = page.get_by_role("button", name="Create an account")
    await send.click()
    await send.click()
    await expect(send).to_have_attribute("aria-busy", "true")
    may_come.set()
    await expect(page.get_by_role("heading", name="Your tickets")).to_be_visible()


async def test_what_is_clicked_and_chosen_early_is_done(
    browser: Browser, server: Server, mona: Somebody, ana: Somebody
) -> None:
    await write_article(mona, title="My card was declined")
    page = await enter(browser, server, mona)
    may_come = await open_early(page, "/desk/knowledge")
    await page.get_by_label("Which articles").select_option("Not published")
    # This one has its script last of all.
    await page.get_by_role("button", name="All commands").click()
    may_come.set()
    await expect(page.get_by_role("combobox", name="What do you want to do?")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page).to_have_url(re.compile(r"\?published=false$"))

    theirs = await page.context.new_page()
    may_come = await open_early(theirs, f"/desk/customers/{ana.id}")
    await theirs.get_by_role("button", name="Erase this customer").click()
    may_come.set()
    await expect(theirs.get_by_role("dialog", name="Erase this customer?")).to_be_visible()


async def test_a_page_without_its_scripts_says_so_and_keeps_what_was_typed(browser: Browser, server: Server) -> None:
    page = await (await window(browser, server.url, viewport=PHONE)).new_page()
    await page.route("**/gate.2.js", lambda route: route.abort())
    await page.goto("/signin")
    line = page.get_by_role("alert").filter(has_text="A part of this page did not arrive.")
    await expect(line).to_be_visible()
    assert await violations(page) == []
    await page.get_by_label("E-mail").fill(ANA.login)
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("E-mail")).to_have_value(ANA.login)
    await page.unroute_all()
    await line.get_by_role("button", name="Load it again").click()
    await expect(line).to_be_hidden()
    await page.get_by_label("E-mail").fill("nobody")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("That does not look like an e-mail address.")).to_be_visible()


async def test_a_ticket_sent_early_takes_its_picture_and_what_was_chosen_along(
    browser: Browser, server: Server, ana: Somebody
) -> None:
    page = await enter(browser, server, ana)
    await page.goto("/my/tickets/new")
    await page.get_by_label("What happened?").fill("It was to come on Monday.")
    await page.get_by_text("Billing").click()
    await page.goto("/my/tickets")
    may_come = await open_early(page, "/my/tickets/new")
    await page.get_by_label("In one line").fill("My parcel is late")
    await page.get_by_text("Technical").click()
    await page.locator("input[type=file]").set_input_files(SCREENSHOTS)
    await page.get_by_role("button", name="Send").click()
    may_come.set()
    await expect(page.locator("[data-subject]")).to_have_text("My parcel is late")
    (ticket,) = (await ana.get("/tickets")).json()["items"]
    assert ticket["issue_type"] == "technical"


async def test_an_article_begun_early_is_not_emptied(browser: Browser, server: Server, mona: Somebody) -> None:
    page = await enter(browser, server, mona)
    await type_early(page, "/desk/knowledge/new", "Title", "My card was declined")
    await expect(page.get_by_text("Not saved yet; kept on this device.")).to_be_visible()
    await expect(page.get_by_label("Title")).to_have_value("My card was declined")


async def test_signing_out_early_is_done_once(browser: Browser, server: Server, ana: Somebody) -> None:
    page = await enter(browser, server, ana)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    may_come = await open_early(page, "/my/tickets", "**/my-tickets.2.js")
    # What the first turn draws is there.
    await expect(page.locator(".account-button .avatar[data-name]")).to_have_count(0)
    await page.get_by_role("button", name=re.compile("Your account")).click()
    await page.get_by_role("button", name="Sign out").click()
    may_come.set()
    await page.wait_for_url("**/signin*")
    assert len([url for url in asked if url.endswith("/logout")]) == 1
