"""The customer's ticket page in a real browser against a real server."""

from playwright.async_api import Browser, Page, expect

from tests.make import open_ticket, post_message, set_status, thread
from tests.people import Somebody
from tests.support.browser import DESKTOP, PHONE, said, violations, window, write
from tests.support.server import Server


async def enter(browser: Browser, server: Server, ana: Somebody, ticket_id: int, *, phone: bool = False) -> Page:
    """Ana's own window with her ticket open."""
    context = await window(browser, server.url, viewport=PHONE if phone else DESKTOP)
    form = {**ana.account.credentials, "session": "cookie"}
    await context.request.post("/user/login", data=form, headers={"Origin": server.url})
    page = await context.new_page()
    await page.goto(f"/my/tickets/{ticket_id}")
    await expect(page.locator("ticket-thread .thread-day").first).to_be_attached()
    return page


async def test_a_reply_appears_and_markup_in_it_stays_text(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    ticket = await open_ticket(ana)
    page = await enter(browser, server, ana, ticket["id"])
    await post_message(priya, ticket["id"], "<img src=x onerror=alert(1)> & so on")
    await expect(said(page)).to_have_text(["<img src=x onerror=alert(1)> & so on"])


async def test_what_is_written_while_the_server_is_dead_arrives_once_and_in_order(
    browser: Browser, server: Server, ana: Somebody
) -> None:
    ticket = await open_ticket(ana)
    page = await enter(browser, server, ana, ticket["id"])
    await write(page, "before")
    await expect(page.locator('.message[data-state="sent"]')).to_have_count(1)
    server.kill()
    await write(page, "one")
    await write(page, "two")
    await expect(page.locator('.message[data-state="sending"]')).to_have_count(2)
    server.start()
    await expect(page.locator('.message[data-state="sent"]')).to_have_count(3, timeout=30_000)
    stored = [
        message["content"] for message in await thread(ana, ticket["id"]) if message["sender"]["kind"] == "customer"
    ]
    assert stored == ["before", "one", "two"]


async def test_a_message_and_a_draft_survive_a_reload_without_a_connection(
    browser: Browser, server: Server, ana: Somebody
) -> None:
    ticket = await open_ticket(ana)
    page = await enter(browser, server, ana, ticket["id"])
    await page.route("**/tickets/*/messages*", lambda route: route.abort())
    await page.route_web_socket("**/ws/**", lambda socket: socket.close())
    await page.reload()
    await write(page, "on its way")
    await page.locator("chat-composer textarea").fill("half a thought")
    await page.unroute_all()
    await page.reload()
    await expect(said(page)).to_have_text(["on its way"], timeout=30_000)
    await expect(page.locator("chat-composer textarea")).to_have_value("half a thought")


async def test_the_page_says_at_that_moment_that_the_ticket_is_solved(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    ticket = await open_ticket(ana)
    page = await enter(browser, server, ana, ticket["id"])
    await set_status(priya, ticket["id"], "resolved")
    await expect(page.get_by_text("Solved. If it is not")).to_be_visible()
    await page.get_by_role("button", name="Reopen").click()
    await expect(page.get_by_text("Solved. If it is not")).to_be_hidden()


async def test_reading_back_a_long_talk_keeps_the_readers_place(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    ticket = await open_ticket(ana)
    for number in range(1, 231):
        await post_message(ana if number % 2 else priya, ticket["id"], f"message {number}")
    page = await enter(browser, server, ana, ticket["id"], phone=True)
    await expect(page.locator(".thread-new")).to_be_in_viewport()
    marker = page.get_by_text("message 194", exact=True)
    scroller = page.locator(".thread-scroll")
    # Nothing is fetched from above before one goes there, so nothing moves.
    await expect(page.get_by_text("message 190", exact=True)).to_have_count(0)
    await scroller.evaluate("element => element.scrollBy(0, -20)")
    await expect(page.get_by_text("message 160", exact=True)).to_be_attached()
    await expect(marker).to_be_in_viewport()
    for oldest in (120, 80, 40, 1):
        await scroller.evaluate("element => { element.scrollTop = 0; }")
        await expect(page.get_by_text(f"message {oldest}", exact=True)).to_be_attached()
    await scroller.evaluate("element => { element.scrollTop = 0; }")
    await expect(page.get_by_text("What you told us")).to_be_visible()

    # What is out of sight is not laid out, and takes its room nevertheless.
    await post_message(priya, ticket["id"], "the last one")
    await expect(page.locator(".thread-block.settled")).not_to_have_count(0)
    await marker.scroll_into_view_if_needed()
    place = await marker.bounding_box()
    await post_message(priya, ticket["id"], "the very last one")
    await expect(page.get_by_role("button", name="2 new")).to_be_visible()
    assert await marker.bounding_box() == place


async def test_the_ticket_page_has_no_barrier_that_axe_knows(browser: Browser, server: Server, ana: Somebody) -> None:
    ticket = await open_ticket(ana)
    for phone in (False, True):
        page = await enter(browser, server, ana, ticket["id"], phone=phone)
        assert await violations(page) == []
