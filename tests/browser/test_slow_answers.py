"""Whoever is quicker than the network: nothing he asks for is dropped, and no late answer undoes what he has seen."""

import asyncio
import re

from playwright.async_api import Browser, Page, Route, WebSocketRoute, expect

from tests.make import claim, open_ticket, post_message, write_article
from tests.people import Somebody
from tests.support.browser import enter, hold, said, violations, write
from tests.support.server import Server


async def hold_socket(page: Page, address: str) -> asyncio.Event:
    """What the desk says on this line waits until the event is set."""
    may_come = asyncio.Event()

    async def hold(line: WebSocketRoute) -> None:
        desk = line.connect_to_server()
        said: list[str | bytes] = []

        def hear(frame: str | bytes) -> None:
            if may_come.is_set():
                line.send(frame)
            else:
                said.append(frame)

        desk.on_message(hear)
        await may_come.wait()
        for frame in said:
            line.send(frame)

    await page.route_web_socket(lambda url: address in url, hold)
    return may_come


async def test_what_is_asked_for_during_an_answer_is_done_behind_it(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    ticket = await open_ticket(ana)
    page = await enter(browser, server, priya)
    await page.goto(f"/desk/tickets/{ticket['id']}")
    may_go = await hold(page, re.compile("/(priority|claim)$"))
    await page.get_by_role("button", name="Priority: Medium").click()
    await page.get_by_role("menuitemradio", name="Urgent").press("Enter")
    await expect(page.locator(".desk-acts")).to_have_attribute("aria-busy", "true")
    await page.keyboard.press("c")
    await page.keyboard.press("c")
    # Who has just taken a ticket is not asked whether he takes it.
    await write(page, "One moment.")
    await expect(said(page)).to_have_text(["One moment."])
    may_go.set()
    await expect(page.get_by_role("button", name=re.compile("Handled by Priya Nair"))).to_be_visible()
    await expect(page.get_by_role("button", name="Priority: Urgent")).to_be_visible()
    await expect(page.locator(".desk-acts")).not_to_have_attribute("aria-busy", re.compile(""))
    assert await page.locator(".toast").all_inner_texts() == []


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
    may_go = await hold(page, "**/agents")
    await page.goto(f"/desk/tickets/{ticket['id']}")
    await page.get_by_role("button", name="Hand over to a colleague").click()
    give = page.get_by_role("menuitemradio", name=re.compile(sam.account.name))
    await expect(page.get_by_role("menu", name="Hand over to a colleague")).to_be_visible()
    await expect(page.get_by_role("menuitem", name="Loading…")).to_be_focused()
    assert await violations(page) == []
    may_go.set()
    await expect(give).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name=re.compile(f"Handled by {sam.account.name}"))).to_be_visible()


async def test_a_history_that_is_read_twice_stands_there_once(browser: Browser, server: Server, mona: Somebody) -> None:
    article = await write_article(mona, title="My card was declined")
    page = await enter(browser, server, mona)
    may_go = await hold(page, "**/history")
    await page.goto(f"/desk/knowledge/{article['id']}")
    await page.get_by_label("Title").fill("My card was refused")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    may_go.set()
    await expect(page.locator(".revisions strong")).to_have_text(["Version 2", "Version 1"])


async def test_a_list_that_was_read_before_a_message_does_not_undo_its_count(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    ticket = await open_ticket(ana)
    await claim(priya, ticket["id"])
    page = await enter(browser, server, ana)
    told = page.get_by_role("link", name=re.compile("1 unread"))
    answers = []

    async def be_late(route: Route) -> None:
        answer = await route.fetch()
        answers.append(answer.status)
        # The second reading: the first that has the line is asked behind the one of the page.
        if len(answers) == 2:
            await post_message(priya, ticket["id"], "It works again")
            await expect(told).to_be_visible()
        await route.fulfill(response=answer)

    await page.route("**/tickets?*", be_late)
    async with page.expect_event("requestfinished", lambda _: len(answers) == 2):
        await page.goto("/my/tickets")
    await page.evaluate("() => new Promise(requestAnimationFrame)")
    await expect(told).to_be_visible()
    await expect(page).to_have_title(re.compile(r"^\(1\) "))


async def test_what_was_done_to_the_last_ticket_is_not_taken_for_this_one(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    other, ticket = await open_ticket(ana, subject="Other"), await open_ticket(ana, subject="In view")
    page = await enter(browser, server, priya)
    await page.goto(f"/desk/tickets/{other['id']}")
    head = page.locator("desk-ticket h1")
    await expect(head).to_have_text("Other")
    may_go = await hold(page, "**/claim")
    await page.keyboard.press("c")
    room = await hold_socket(page, f"/ws/tickets/{ticket['id']}")
    await page.locator("desk-list a", has_text="In view").click()
    await expect(page).to_have_url(re.compile(f"/desk/tickets/{ticket['id']}$"))
    async with page.expect_event("requestfinished", lambda request: request.url.endswith("/claim")):
        may_go.set()
    room.set()
    await expect(head).to_have_text("In view")
    await expect(page.get_by_role("button", name="Claim")).to_be_visible()


async def test_a_list_that_comes_late_folds_nothing_up(browser: Browser, server: Server, mona: Somebody) -> None:
    page = await enter(browser, server, mona)
    await page.goto("/desk/knowledge/rules")
    row = page.locator(".rule-row", has_text="Talk to a human")
    await row.get_by_role("button", name="Switch Talk to a human off").click()
    await expect(row.get_by_role("button", name="Switch Talk to a human on")).to_be_focused()
    may_go = await hold(page, "**/knowledge/rules")
    async with page.expect_response("**/knowledge/rules/*"):
        await row.get_by_role("button", name="Switch Talk to a human on").press("Enter")
    history = row.locator(".rule-history > summary")
    await history.press("Enter")
    await expect(row.locator(".revisions > li")).to_have_count(3)
    may_go.set()
    await expect(row.get_by_role("button", name="Switch Talk to a human off")).to_be_visible()
    await expect(row.locator(".revisions > li")).to_have_count(3)
    await expect(history).to_be_focused()
