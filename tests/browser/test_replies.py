"""Canned replies and macros in a real browser, by keyboard alone: put in, sent, done, refused, and edited by two."""

import re

from playwright.async_api import Browser, Locator, Page, expect

from tests.make import can_reply, claim, open_ticket, set_status, thread
from tests.people import Somebody
from tests.support.browser import enter, said, violations
from tests.support.server import Server

COMPOSER = "chat-composer textarea"


async def tab_to(page: Page, target: Locator) -> None:
    """By the key, as whoever has no mouse."""
    await expect(target).to_be_visible()
    for _ in range(60):
        if await target.evaluate("element => element === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError("no way there by Tab")


async def test_a_canned_reply_is_put_in_and_a_macro_runs_in_one_key(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    text = "{{customer.first_name}}, {{ticket.number}} is refunded.\n\n{{agent.first_name}}"
    await can_reply(sam, shortcut="refund", title="Money is back", text=text)
    await can_reply(priya, shortcut="done", text="All well, {{customer.name}}.", status="resolved", priority="high")
    ticket = await open_ticket(ana)
    await claim(priya, ticket["id"])
    page = await enter(browser, server, priya)
    await page.goto("/desk?queue=mine")
    await expect(page.locator("a.desk-row")).to_be_visible()
    keys, field = page.keyboard, page.locator(COMPOSER)
    await keys.press("j")
    await expect(page.locator("ticket-thread").get_by_text("You can talk to us here")).to_be_visible()

    # What is written already stays, and undoing it brings back what was typed.
    await keys.press("r")
    await keys.type("Good news!")
    await keys.press("Shift+Enter")
    await keys.type("/mon")
    option = page.get_by_role("option")
    await expect(option).to_have_count(1)
    await expect(option).to_contain_text("Ana, L1-")
    await expect(field).to_have_attribute("aria-activedescendant", str(await option.get_attribute("id")))
    assert await violations(page) == []
    await keys.press("Enter")
    answer = f"Good news!\nAna, {ticket['ticket_no']} is refunded.\n\nPriya"
    await expect(field).to_have_value(answer)
    await keys.press("Control+z")
    await expect(field).to_have_value("Good news!\n/mon")
    await keys.press("Tab")
    await expect(field).to_have_value(answer)
    await keys.press("Enter")
    await expect(said(page)).to_have_text([answer])

    # One key, a macro, Enter: reply, priority and status, and the hands are back on the desk.
    await keys.press("Escape")
    await keys.press("m")
    await keys.type("don")
    await expect(page.get_by_role("dialog").get_by_role("option")).to_contain_text(["Reply · Resolved · High"])
    assert await violations(page) == []
    await keys.press("Enter")
    await expect(said(page)).to_have_text([answer, "All well, Ana Ruiz."])
    await expect(page.get_by_role("button", name="Status: Resolved")).to_be_visible()
    await expect(page.get_by_role("button", name="Priority: High")).to_be_visible()
    await expect(field).not_to_be_focused()


async def test_what_cannot_be_done_is_not_said_either(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    await can_reply(priya, shortcut="ask", text="Which card?", status="waiting", shared=False)
    ticket = await open_ticket(ana)
    await set_status(priya, ticket["id"], "resolved")
    page = await enter(browser, server, priya)
    await page.goto(f"/desk/tickets/{ticket['id']}")
    await expect(page.get_by_role("button", name="Status: Resolved")).to_be_visible()
    await page.keyboard.press("m")
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Enter")
    await expect(page.get_by_text(re.compile("Nothing was sent .* cannot be set to waiting"))).to_be_visible()
    await expect(page.locator(COMPOSER)).to_have_value("Which card?")
    await expect(said(page)).to_have_count(0)
    assert "Which card?" not in [line["content"] for line in await thread(ana, ticket["id"])]


async def test_a_macro_waits_where_something_else_is_written(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    await can_reply(priya, shortcut="ask", text="Which card?", status="waiting")
    await can_reply(priya, shortcut="take", text="", assign=True, status="in_progress")
    ticket = await open_ticket(ana)
    page = await enter(browser, server, priya)
    await page.goto(f"/desk/tickets/{ticket['id']}")
    await expect(page.locator("ticket-thread").get_by_text("You can talk to us here")).to_be_visible()
    keys = page.keyboard
    await keys.press("m")
    await keys.type("take")
    await expect(page.get_by_role("option")).to_have_count(1)
    await keys.press("Enter")
    await expect(page.get_by_role("button", name="Status: In progress")).to_be_visible()
    await expect(page.get_by_role("button", name=re.compile("Handled by Priya Nair"))).to_be_visible()

    # A slash that is meant as one: Esc closes the list, and Enter sends again.
    await keys.press("r")
    await keys.type("/")
    await expect(page.get_by_role("option")).to_have_count(2)
    await keys.press("ArrowUp")
    await expect(page.get_by_role("option", selected=True)).to_contain_text("/take")
    await keys.press("Escape")
    await keys.type("dev")
    await keys.press("Enter")
    await expect(said(page)).to_have_text(["/dev"])
    await keys.type("/refudn")
    await expect(page.get_by_text("No canned reply matches.").first).to_be_visible()
    await keys.press("Enter")
    await expect(page.locator(COMPOSER)).to_have_value("/refudn")
    await keys.press("Control+a")

    await keys.type("Hello Ana, /as")
    await keys.press("Enter")
    await expect(page.get_by_text("When you send this: Waiting for the customer")).to_be_visible()
    assert await violations(page) == []
    await keys.press("Control+z")
    await expect(page.get_by_text("When you send this")).to_have_count(0)
    await keys.press("Enter")
    await expect(page.get_by_text("When you send this")).to_be_visible()
    await keys.press("Enter")
    await expect(said(page)).to_have_text(["/dev", "Hello Ana, Which card?"])
    await expect(page.get_by_role("button", name="Status: Waiting for the customer")).to_be_visible()


async def write_one(page: Page) -> Locator:
    """A first canned reply by keyboard alone, after a misspelt placeholder; gives its row."""
    keys, dialog = page.keyboard, page.get_by_role("dialog")
    await tab_to(page, page.locator(".empty").get_by_role("button", name="New canned reply"))
    await keys.press("Enter")
    await keys.type("Refund")
    await keys.press("Tab")
    await keys.type("/Refund")
    await keys.press("Tab")
    await keys.type("Hi {{customer.nmae}}")
    await tab_to(page, dialog.get_by_role("button", name="Save", exact=True))
    await keys.press("Enter")
    await expect(page.get_by_text("There is no placeholder {{customer.nmae}}.")).to_be_visible()
    await keys.press("Control+a")
    await keys.type("Hi ")
    await tab_to(page, dialog.get_by_role("button", name="Customer's first name"))
    await keys.press("Space")
    await keys.type("!")
    await tab_to(page, dialog.get_by_label("For all agents"))
    await keys.press("Space")
    await tab_to(page, dialog.get_by_role("button", name="Save", exact=True))
    await keys.press("Enter")
    row = page.locator(".reply-row")
    await expect(row).to_contain_text("Hi {{customer.first_name}}!")
    return row


async def test_two_agents_at_one_reply_lose_nothing(
    browser: Browser, server: Server, priya: Somebody, sam: Somebody
) -> None:
    page = await enter(browser, server, priya)
    await page.goto("/desk/replies")
    row = await write_one(page)

    # The colleague is faster; both wrote the text, and only he the status.
    keys, dialog = page.keyboard, page.get_by_role("dialog")
    (made,) = (await sam.get("/canned")).json()["items"]
    await tab_to(page, row.get_by_role("button", name="Edit Refund"))
    await keys.press("Enter")
    await tab_to(page, dialog.get_by_label(re.compile("^Text")))
    await keys.press("End")
    await keys.type(" It is on its way.")
    await sam.put(f"/canned/{made['id']}", {"text": "Good day!", "status": "resolved"})
    await tab_to(page, dialog.get_by_role("button", name="Save", exact=True))
    await keys.press("Enter")
    await expect(page.get_by_text("Sam Lindqvist has saved version 2 in the meantime")).to_be_visible()
    await expect(page.locator(".clash-side")).to_contain_text(
        ["Good day!", "Hi {{customer.first_name}}! It is on its way."]
    )
    await expect(dialog.get_by_label("Set the status")).to_have_value("resolved")
    assert await violations(page) == []
    await tab_to(page, dialog.get_by_role("button", name="Save", exact=True))
    await keys.press("Enter")
    await expect(dialog).to_be_hidden()
    (stored,) = (await sam.get("/canned")).json()["items"]
    mine = ("Hi {{customer.first_name}}! It is on its way.", "resolved", 3)
    assert (stored["text"], stored["status"], stored["version"]) == mine

    # Nothing is lost for him either: his text stands in the history.
    await tab_to(page, row.locator(".rule-history > summary"))
    await keys.press("Enter")
    await expect(row.locator(".revisions > li")).to_have_count(3)
