"""The desk under an agent's hands: everything by keyboard, and nothing that cannot be taken back."""

import re
from typing import Any

from playwright.async_api import Browser, Page, expect

from tests.make import open_ticket, set_status
from tests.people import Somebody
from tests.support.browser import PHONE, enter, said, violations
from tests.support.server import Server


async def command(page: Page, typed: str) -> None:
    """Carries out what the palette puts first for these letters."""
    await page.keyboard.press("Control+k")
    await page.get_by_role("combobox", name="What do you want to do?").press_sequentially(typed)
    await page.keyboard.press("Enter")


async def test_a_day_of_tickets_by_keyboard_alone(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    first, second, third = [await open_ticket(ana, subject=subject) for subject in ("First", "Second", "Third")]
    await set_status(priya, second["id"], "waiting")
    page = await enter(browser, server, priya)
    subject = page.locator("desk-ticket h1")
    toast = page.locator(".toast")
    await page.goto("/desk?sort=created_at")
    await expect(page.locator("desk-list a.desk-row")).to_have_count(3)

    # To a ticket by its number, and a number that nobody has keeps the palette open.
    await command(page, "999999")
    await expect(page.get_by_text("There is no ticket with the number 999999.")).to_be_visible()
    await page.keyboard.press("Escape")
    await command(page, first["ticket_no"].lower())
    await expect(subject).to_have_text("First")
    await command(page, "prio urg")
    await expect(page.get_by_role("button", name="Priority: Urgent")).to_be_visible()
    await command(page, "claim")
    await expect(page.get_by_role("button", name=re.compile("Handled by Priya Nair"))).to_be_visible()

    # An answer that ends the ticket, and the next one with the hands where they were.
    await page.keyboard.press("r")
    await page.keyboard.type("It works again.")
    await page.keyboard.press("Control+Shift+Enter")
    await expect(subject).to_have_text("Second")
    await expect(toast).to_contain_text(f"{first['ticket_no']}: Resolved")
    await expect(page.locator("chat-composer textarea")).to_be_focused()
    answers = (await ana.get(f"/tickets/{first['id']}/messages", params={"after": 0})).json()["items"]
    assert "It works again." in [message["content"] for message in answers]

    await take_back(page, ana, priya, second, third)

    # The focus comes back to where the palette was called from, and what was used last stands first.
    await page.keyboard.press("r")
    await page.keyboard.press("Control+k")
    options = page.get_by_role("option")
    await expect(options.first).to_contain_text("Claim the ticket")
    field = page.get_by_role("combobox", name="What do you want to do?")
    await page.keyboard.press("ArrowUp")
    chosen = page.locator(f"#{await field.get_attribute('aria-activedescendant')}")
    await expect(chosen).to_have_attribute("aria-selected", "true")
    await expect(options.last).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("Escape")
    await expect(page.locator("chat-composer textarea")).to_be_focused()


async def take_back(page: Page, ana: Somebody, priya: Somebody, waiting: dict[str, Any], other: dict[str, Any]) -> None:
    subject = page.locator("desk-ticket h1")
    toast = page.locator(".toast")
    # Solved by mistake: back to waiting, although there is no straight way there.
    await page.keyboard.press("Escape")
    await page.keyboard.press("Shift+E")
    await expect(subject).to_have_text("Third")
    await page.keyboard.press("z")
    await expect(toast).to_contain_text(f"{waiting['ticket_no']}: Waiting for the customer")
    assert (await priya.get(f"/ticket/{waiting['id']}")).json()["status"] == "waiting"

    # The customer was quicker than the undo: nothing is overwritten.
    await page.keyboard.press("e")
    await expect(toast).to_contain_text("Resolved")
    await set_status(ana, other["id"], "open")
    await page.get_by_role("button", name="Undo").click()
    await expect(toast).to_contain_text("has changed in the meantime")


async def test_the_focus_stays_where_the_hands_are(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    for name in ("First", "Second", "Third"):
        await open_ticket(ana, subject=name)
    page = await enter(browser, server, priya)
    await page.goto("/desk?sort=created_at")
    row = page.locator("desk-list a.desk-row")
    subject = page.locator("desk-ticket h1")
    await expect(row).to_have_count(3)
    # On a row: it is the row of the ticket in view. In the composer: it is the next ticket's, and the draft stays.
    await row.first.press("j")
    await expect(subject).to_have_text("First")
    await page.keyboard.press("j")
    await expect(subject).to_have_text("Second")
    await expect(row.nth(1)).to_be_focused()
    await page.keyboard.press("r")
    await page.keyboard.type("Half a thought")
    await page.keyboard.press("Control+Alt+E")
    await expect(subject).to_have_text("Third")
    await expect(page.locator("chat-composer textarea")).to_be_focused()
    await expect(page.locator("chat-composer textarea")).to_have_value("")
    await expect(row).to_have_count(2)
    # A dismissed notice and an event from elsewhere take it nowhere.
    await open_ticket(ana, subject="Fourth")
    await expect(row).to_have_count(3)
    await expect(page.locator("chat-composer textarea")).to_be_focused()
    await page.keyboard.press("Escape")
    await page.keyboard.press("k")
    await expect(subject).to_have_text("First")


async def test_single_keys_can_be_switched_off_for_good(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    await open_ticket(ana)
    page = await enter(browser, server, priya)
    other_tab = await page.context.new_page()
    for each in (page, other_tab):
        await each.goto("/desk")
        await expect(each.locator("desk-list a.desk-row")).to_be_visible()
    await page.keyboard.press("?")
    async with page.expect_response("**/preferences"):
        await page.get_by_label("Single keys").uncheck()
    other_machine = await enter(browser, server, priya)
    await other_machine.goto("/desk/settings")
    await expect(other_machine.get_by_label("Single keys")).not_to_be_checked()
    await page.keyboard.press("Escape")
    for each in (page, other_tab):
        await each.keyboard.press("j")
        await each.keyboard.press("?")
        # What has Ctrl in it still works, and comes after those that must have done nothing.
        await command(each, "appear dark")
        await expect(each.locator("html")).to_have_attribute("data-theme", "dark")
        await expect(each.get_by_role("heading", name="Choose a ticket")).to_be_visible()
        await expect(each.get_by_role("dialog")).to_have_count(0)
    await other_machine.reload()
    await expect(other_machine.locator("html")).to_have_attribute("data-theme", "dark")
    await expect(other_machine.get_by_label("Colours")).to_have_value("dark")
    await other_machine.get_by_label("Single keys").check()
    await expect(other_machine.get_by_text("Saved.")).to_be_visible()


async def test_the_palette_finds_tickets_and_places_from_any_page(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    await open_ticket(ana, subject="The grinder hums")
    await open_ticket(ana, subject="The grinder smokes")
    page = await enter(browser, server, priya, viewport=PHONE)
    await page.goto("/desk/knowledge")
    await page.get_by_role("button", name="All commands").click()
    await page.keyboard.type("grinder smo")
    option = page.get_by_role("option", name="The grinder smokes")
    await expect(option).to_be_visible()
    assert await violations(page) == []
    assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")
    await option.click()
    await expect(page.locator("desk-ticket h1")).to_have_text("The grinder smokes")
    await command(page, "go know")
    # Keys that are pressed before the page has its script go nowhere: this waits until it is loaded.
    await page.wait_for_url(re.compile("/desk/knowledge$"))
    await page.keyboard.press("Control+k")
    await page.keyboard.type("grinder")
    await page.get_by_role("option", name="Search all tickets for “grinder”").click()
    await expect(page.locator("desk-list .row-subject")).to_have_count(2)
    await page.keyboard.press("Escape")
    await page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    await expect(sheet.get_by_text("Resolve and next")).to_be_visible()
    assert await violations(page) == []
    await page.keyboard.press("Escape")
    await expect(said(page)).to_have_count(0)
