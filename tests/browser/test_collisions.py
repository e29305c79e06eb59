"""Two agents in one ticket: nobody answers past what somebody else has just said. By keyboard alone."""

import json
import re
from typing import Any

from playwright.async_api import Browser, Page, WebSocketRoute, expect

from tests.make import open_ticket, post_message, thread
from tests.people import Somebody
from tests.support.browser import enter, said, violations
from tests.support.server import Server

# Chromium without a window never hides a tab.
HIDDEN = """() => {
  Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


async def at(browser: Browser, server: Server, agent: Somebody, ticket_id: int) -> Page:
    page = await enter(browser, server, agent)
    await page.goto(f"/desk/tickets/{ticket_id}")
    await expect(page.locator(".thread-event").first).to_be_visible()
    return page


async def test_a_reply_waits_while_a_colleague_has_written(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    ticket = await open_ticket(ana)
    hers = await at(browser, server, priya, ticket["id"])
    his = await at(browser, server, sam, ticket["id"])
    colleague = hers.locator("desk-list a.desk-row .row-viewer")
    await expect(colleague).to_have_attribute("title", "Sam Lindqvist is looking at this")
    for page, words in ((hers, "You get your money back"), (his, "We are looking into it")):
        await page.keyboard.press("r")
        await page.keyboard.type(words)
    await expect(colleague).to_have_attribute("title", "Sam Lindqvist is typing…")
    await his.keyboard.press("Enter")
    await expect(said(hers)).to_have_text(["We are looking into it"])

    notice = hers.get_by_role("alert").filter(has_text="Sam Lindqvist wrote while you were typing.")
    await hers.keyboard.press("Enter")
    await expect(notice).to_contain_text("We are looking into it")
    await expect(hers.locator(".thread-new")).to_be_in_viewport()
    assert await violations(hers) == []
    field = hers.locator("chat-composer textarea")
    await expect(field).to_have_value("You get your money back")
    await expect(field).to_be_focused()
    assert [line["content"] for line in await thread(ana, ticket["id"])][1:] == ["We are looking into it"]

    await hers.keyboard.press("Escape")
    await expect(notice).to_be_hidden()
    await hers.keyboard.type(", Ana")
    # What comes behind what was shown holds it again, until it is sent all the same.
    await post_message(ana, ticket["id"], "Never mind")
    await expect(said(hers)).to_have_count(2)
    await hers.keyboard.press("Enter")
    await expect(hers.get_by_text("Ana Ruiz wrote while you were typing.")).to_be_visible()
    await hers.keyboard.press("Control+Enter")
    await expect(said(his)).to_have_text(["We are looking into it", "Never mind", "You get your money back, Ana"])
    await expect(field).to_have_value("")

    await his.evaluate(HIDDEN)
    await expect(colleague).to_have_attribute("title", "Sam Lindqvist has this open")
    assert await violations(hers) == []
    await his.keyboard.press("Escape")
    await his.keyboard.press("Escape")
    await expect(colleague).to_be_hidden()
    # Who comes later finds her there.
    await his.reload()
    await expect(his.locator("desk-list a.desk-row .row-viewer")).to_contain_text("Priya Nair is looking at this")


async def test_a_reply_waits_also_where_the_colleagues_word_is_still_on_its_way(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    ticket = await open_ticket(ana)
    hers = await enter(browser, server, priya)

    def without_his(line: WebSocketRoute) -> None:
        desk = line.connect_to_server()
        desk.on_message(lambda frame: None if is_his(json.loads(frame)) else line.send(frame))

    def is_his(frame: dict[str, Any]) -> bool:
        return bool(frame["type"] == "message" and frame["sender"] == sam.person)

    await hers.route_web_socket("**/ws/tickets/*", without_his)
    await hers.goto(f"/desk/tickets/{ticket['id']}")
    await expect(hers.locator(".thread-event").first).to_be_visible()
    await hers.keyboard.press("r")
    await hers.keyboard.type("Mine")
    await post_message(sam, ticket["id"], "His")
    await hers.keyboard.press("Enter")
    await expect(hers.get_by_text("Sam Lindqvist wrote while you were typing.")).to_be_visible()
    await expect(said(hers)).to_have_text(["His"])
    await expect(hers.locator("chat-composer textarea")).to_have_value("Mine")
    await hers.get_by_role("button", name="Send anyway").click()
    await expect(hers.locator("stale-guard")).to_be_hidden()
    await expect(hers.locator('.message[data-side="own"][data-state="sent"]')).to_have_text(re.compile("Mine"))
    assert [line["content"] for line in await thread(ana, ticket["id"])][1:] == ["His", "Mine"]


async def test_a_draft_that_was_answered_meanwhile_comes_back_with_a_word_about_it(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    ticket = await open_ticket(ana)
    page = await at(browser, server, priya, ticket["id"])
    await page.keyboard.press("r")
    await page.keyboard.type("Which card is it?")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")
    await post_message(ana, ticket["id"], "It is a blue card")
    await page.keyboard.press("j")
    await expect(page.get_by_text("Ana Ruiz wrote after you began this reply.")).to_be_visible()
    await expect(page.locator("chat-composer textarea")).to_have_value("Which card is it?")
    assert len(await thread(ana, ticket["id"])) == 2
    # A note is among agents: it waits for nobody.
    await page.keyboard.press("n")
    await page.keyboard.type("A blue one")
    await expect(page.locator("stale-guard")).to_be_hidden()
    await page.keyboard.press("Enter")
    await expect(said(page)).to_have_text(["It is a blue card", "A blue one"])
