"""Notices: a sound, a notification and a number in the title for what is not in view, and nothing for what is."""

import asyncio
import re
from typing import Any

from playwright.async_api import Browser, Page, WebSocket, expect

from tests.make import claim, open_ticket, post_message
from tests.people import Somebody
from tests.support.browser import enter
from tests.support.server import Server

LIVE_WITHIN_SECONDS = 20

# What a browser shows and plays stands outside of the page, so it is written down on its way there.
SPY = """
window.told = []; window.asked = 0;
const count = (what, by) => {
  const { dataset } = document.documentElement;
  dataset[what] = Number(dataset[what] ?? 0) + by;
};
class Told extends EventTarget {
  static get permission() { return localStorage.permission ?? 'default'; }
  static async requestPermission() { window.asked += 1; return localStorage.permission = 'granted'; }
  constructor(title, options) {
    super();
    window.told.push(Object.assign(this, options, { title }));
    count('told', 1);
  }
  close() {}
}
window.Notification = Told;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...given) { count('rang', 0.5); return start.apply(this, given); };
"""
# The other tabs know by a lock that somebody looks at a ticket here.
UNTIL_IN_VIEW = """async () => {
  const isHeld = async () => (await navigator.locks.query()).held.some(({ name }) => name.includes(':view:'));
  while (!(await isHeld())) await new Promise(requestAnimationFrame);
}"""


async def go_live(page: Page, path: str, line: str) -> None:
    """Open a page whose list hears everything from now on."""
    ready = asyncio.Event()

    def follow(socket: WebSocket) -> None:
        if line in socket.url:
            socket.on("framereceived", lambda _frame: ready.set())

    page.on("websocket", follow)
    await page.goto(path)
    async with asyncio.timeout(LIVE_WITHIN_SECONDS):
        await ready.wait()


async def told(page: Page, count: int) -> list[dict[str, Any]]:
    """The notifications so far, once there are so many."""
    await expect(page.locator("html")).to_have_attribute("data-told", str(count))
    return list(await page.evaluate("window.told.map(({ title, body, tag }) => ({ title, body, tag }))"))


async def settings(page: Page, path: str) -> None:
    """Switch notifications on by a click; opening the page asks for nothing."""
    await page.context.add_init_script(SPY)
    await page.goto(path)
    assert await page.evaluate("window.asked") == 0
    await page.get_by_label("Notifications", exact=True).check()
    await expect(page.get_by_text("This browser may show them.")).to_be_visible()
    await expect(page.get_by_text("Saved.")).to_be_visible()
    assert await page.evaluate("window.asked") == 1
    await page.get_by_role("button", name="Try it").click()
    await expect(page.locator("html")).to_have_attribute("data-rang", "1")
    assert len(await told(page, 1)) == 1


async def test_an_agent_hears_of_what_is_not_in_view(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    in_view, hers, his = [await open_ticket(ana, subject=subject) for subject in ("In view", "Hers", "His")]
    await claim(priya, hers["id"])
    await claim(sam, his["id"])
    page = await enter(browser, server, priya)
    await settings(page, "/desk/settings")
    await go_live(page, f"/desk/tickets/{in_view['id']}", "/ws/desk")
    await expect(page.locator(".message-text, .thread-event").first).to_be_visible()
    await expect(page.locator("desk-list a.desk-row")).to_have_count(3)
    await page.keyboard.press("Shift")

    # Neither for what is before her eyes, nor for what a colleague has; then for what is hers.
    await post_message(ana, in_view["id"], "Are you there?")
    await expect(page.locator("ticket-thread .message-text")).to_have_text(["Are you there?"])
    await post_message(ana, his["id"], "Sam?")
    await expect(page.locator("desk-list").get_by_text("Sam?")).to_be_visible()
    await post_message(ana, hers["id"], "Priya?")
    notice = {"title": "Hers", "body": "Priya?", "tag": f"csts-agent-{hers['id']}"}
    assert await told(page, 1) == [notice]
    await expect(page.locator("html")).to_have_attribute("data-rang", "1")
    await expect(page).to_have_title(re.compile(r"^\(3\) "))

    # In another tab of hers it is in view: this one is silent about it, and tells of the next.
    other = await page.context.new_page()
    await other.goto(f"/desk/tickets/{hers['id']}")
    await expect(other.locator("ticket-thread .message-text")).to_have_text(["Priya?"])
    await post_message(ana, hers["id"], "Still there?")
    await expect(other.locator("ticket-thread .message-text")).to_have_count(2)
    fresh = await open_ticket(ana, subject="A new one")
    assert (await told(page, 2))[1:] == [
        {"title": "A new one", "body": "A new ticket", "tag": f"csts-agent-{fresh['id']}"}
    ]

    # A click on it opens the ticket.
    await page.evaluate("window.told[1].dispatchEvent(new Event('click'))")
    await expect(page.locator("desk-ticket h1")).to_have_text("A new one")


async def test_a_customer_hears_that_somebody_answered(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    ticket = await open_ticket(ana, subject="My card")
    await claim(priya, ticket["id"])
    page = await enter(browser, server, ana)
    await settings(page, "/settings")
    await page.get_by_label("Show what was written").uncheck()
    await expect(page.get_by_text("Saved.")).to_be_visible()
    await go_live(page, "/my/tickets", "/ws/inbox")
    await expect(page.locator(".card-subject")).to_be_visible()
    await post_message(priya, ticket["id"], "Your PIN is 1234")
    assert await told(page, 1) == [
        {"title": ticket["ticket_no"], "body": "A new message", "tag": f"csts-customer-{ticket['id']}"}
    ]
    await expect(page).to_have_title("(1) Your tickets · L1 Desk")
    await page.locator(".card").click()
    await expect(page).to_have_title(f"My card · {ticket['ticket_no']}")

    # She looks at something else, and comes back.
    await page.evaluate(UNTIL_IN_VIEW)
    await page.evaluate("document.hasFocus = () => false")
    await post_message(priya, ticket["id"], "Hello?")
    await expect(page).to_have_title(f"(1) My card · {ticket['ticket_no']}")
    await page.evaluate("document.hasFocus = () => true; dispatchEvent(new Event('focus'))")
    await expect(page).to_have_title(f"My card · {ticket['ticket_no']}")
