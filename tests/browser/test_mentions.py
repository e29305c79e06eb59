"""Mentions in a real browser, by keyboard alone: a colleague is called, hears of it, and the customer sees nothing."""

import re

from playwright.async_api import Browser, Page, expect

from tests.browser.test_notices import SPY, go_live, told
from tests.make import claim, open_ticket, post_message
from tests.people import Somebody
from tests.support.browser import PHONE, enter, said, violations
from tests.support.server import Server

COMPOSER = "chat-composer textarea"
SECRET = "xylophone"


async def open_first(page: Page) -> None:
    """The ticket on top of the list, by its key."""
    await expect(page.locator("a.desk-row").first).to_be_visible()
    await page.keyboard.press("j")
    await expect(page.locator("ticket-thread").get_by_text("You can talk to us here")).to_be_visible()


async def write_note(page: Page) -> None:
    """Calls Sam by keyboard alone: he is found by his name as well, and an address is left alone."""
    keys, field, option = page.keyboard, page.locator(COMPOSER), page.get_by_role("option")
    await keys.press("n")
    await keys.type("Write to ana@example.com. @")
    await expect(option).to_have_count(2)
    await keys.type("lindq")
    await expect(option).to_have_count(1)
    await expect(option).to_contain_text("@sam")
    await expect(field).to_have_attribute("aria-activedescendant", str(await option.get_attribute("id")))
    assert await violations(page) == []
    await keys.press("Enter")
    await expect(field).to_have_value("Write to ana@example.com. @sam ")
    await keys.type(f"the {SECRET}?")
    await keys.press("Enter")
    await expect(said(page)).to_have_text([f"Write to ana@example.com. @sam the {SECRET}?"])
    await expect(page.locator("mark.mention")).to_have_text(["@sam"])
    await expect(page.locator("mark.mention[data-me]")).to_have_count(0)


async def test_a_colleague_is_called_hears_of_it_and_has_seen_it(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody, sam: Somebody, mona: Somebody
) -> None:
    ticket = await open_ticket(ana, subject="The refund")
    await claim(priya, ticket["id"])
    await sam.put("/preferences", {"notifications": True, "notify_about": "mine"})
    his = await enter(browser, server, sam)
    await his.add_init_script(f"{SPY} localStorage.permission = 'granted';")
    await go_live(his, "/desk?queue=mentions", "/ws/desk")
    await expect(his.get_by_role("heading", name="Nobody has mentioned you")).to_be_visible()
    page = await enter(browser, server, priya)
    await page.goto("/desk?queue=mine")
    await open_first(page)
    await write_note(page)

    # Wherever he is on the desk: in his queue, its number, the title, and once aloud, although the ticket is not his.
    row, queue = his.locator("a.desk-row"), his.get_by_role("button", name="Mentions")
    await expect(row).to_contain_text(["Priya Nair mentioned you"])
    await expect(row).to_have_class(re.compile("unread"))
    await expect(his.get_by_text(f"Priya Nair mentioned you in {ticket['ticket_no']}.")).to_be_visible()
    body, tag = "Priya Nair mentioned you", f"csts-agent-{ticket['id']}"
    assert await told(his, 1) == [{"title": "The refund", "body": body, "tag": tag}]
    await expect(queue.locator(".count")).to_have_text("1")
    await expect(his).to_have_title("(2) L1 Desk")

    # To read it is to have seen it, in the list and in the number; the row stays, for it is not done.
    await open_first(his)
    await expect(his.locator("mark.mention[data-me]")).to_have_text(["@sam"])
    assert await violations(his) == []
    await expect(queue).to_have_text("Mentions0")
    await expect(his).to_have_title("(1) L1 Desk")
    await expect(row).not_to_have_class(re.compile("unread"))
    await expect(row).to_contain_text(["Priya Nair mentioned you"])


async def test_the_customer_hears_what_comes_behind_a_note_and_nothing_of_it(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    page = await enter(browser, server, ana)
    await go_live(page, f"/my/tickets/{ticket_id}", f"/ws/tickets/{ticket_id}")
    await expect(page.locator("ticket-thread").get_by_text("You can talk to us here")).to_be_visible()
    await post_message(priya, ticket_id, f"@sam the {SECRET}?", internal=True)
    await post_message(priya, ticket_id, "It is on its way.")
    await expect(said(page)).to_have_text(["It is on its way."])
    assert SECRET not in await page.content()
    await page.locator(COMPOSER).focus()
    await page.keyboard.type("@sa")
    await expect(page.get_by_role("option")).to_have_count(0)


async def test_a_reply_offers_no_names_and_a_note_can_be_sent_without_one(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    ticket = await open_ticket(ana)
    await claim(priya, ticket["id"])
    page = await enter(browser, server, priya, viewport=PHONE)
    await page.goto(f"/desk/tickets/{ticket['id']}")
    await expect(page.locator("ticket-thread").get_by_text("You can talk to us here")).to_be_visible()
    keys, field = page.keyboard, page.locator(COMPOSER)
    button = page.get_by_role("button", name="Mention a colleague")
    await field.focus()
    await keys.type("@sa")
    await expect(page.get_by_role("option")).to_have_count(0)
    await expect(button).to_be_hidden()

    # What was begun as a reply waits there. The button is for those who have no key for the sign.
    await keys.press("Alt+n")
    await expect(field).to_have_value("")
    await button.tap()
    await expect(page.get_by_role("option")).to_have_count(1)
    assert await violations(page) == []
    await keys.press("Alt+n")
    await expect(page.get_by_role("option")).to_have_count(0)
    await keys.press("Alt+n")

    # Esc closes the list, and the sign is a sign.
    await keys.press("Control+a")
    await keys.type("@sam")
    await expect(page.get_by_role("option")).to_have_count(1)
    await keys.press("Escape")
    await expect(page.get_by_role("option")).to_have_count(0)
    await keys.type(" or @nobody")
    await expect(page.get_by_text("Nobody here is called so.").first).to_be_visible()
    await keys.press("Enter")
    await expect(field).to_have_value("@sam or @nobody")
    await keys.press("Control+Enter")
    await expect(said(page)).to_have_text(["@sam or @nobody"])
    await expect(page.locator("mark.mention")).to_have_text(["@sam"])
