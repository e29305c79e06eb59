"""Working the pile: many tickets at once, by keyboard, while colleagues work on the same ones."""

import re

from playwright.async_api import Browser, Route, expect

from tests.make import claim, open_ticket, post_message
from tests.people import Somebody
from tests.support.browser import enter, violations
from tests.support.server import Server


async def test_many_tickets_are_taken_at_once_and_given_back(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    tickets = [await open_ticket(ana, subject=f"Ticket {number}") for number in range(4)]
    page = await enter(browser, server, priya)
    await page.goto("/desk")
    rows = page.locator("desk-list li[data-row]")
    await expect(rows).to_have_count(4)

    async def be_late(route: Route) -> None:
        await claim(sam, tickets[2]["id"])
        await route.continue_()

    await page.route("**/tickets/bulk", be_late, times=1)
    await page.keyboard.press("j")
    await expect(page.locator("desk-ticket h1")).to_have_text("Ticket 3")
    await page.keyboard.press("x")
    await page.keyboard.press("j")
    await page.keyboard.press("j")
    await page.keyboard.press("Shift+X")
    await expect(page.get_by_text("3 selected")).to_be_visible()
    await expect(page.locator("desk-ticket h1")).to_have_text("Ticket 1")
    await page.get_by_role("button", name="Assign", exact=True).press("Enter")
    await page.get_by_role("menuitemradio", name="Assign to me").press("Enter")
    told = page.locator(".toasts").get_by_role("alert")
    await expect(told).to_contain_text("2 tickets changed.")
    await expect(told).to_contain_text(f"{tickets[2]['ticket_no']}: Somebody has changed this ticket in the meantime.")
    await expect(page.get_by_role("button", name=re.compile("Handled by Priya"))).to_be_visible()
    assert await violations(page) == []

    # What could not be done stays chosen; what was done goes back by one key, and nothing else with it.
    await expect(page.get_by_text("1 selected")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("toolbar")).to_be_hidden()
    await page.keyboard.press("z")
    await expect(page.locator(".toasts").filter(has_text="2 tickets are as they were before.")).to_be_visible()
    await expect(page.get_by_role("button", name="Claim")).to_be_visible()
    await page.get_by_label("Add a tag").fill("Card fraud, VIP")
    await page.get_by_label("Add a tag").press("Enter")
    await page.get_by_role("button", name="Remove VIP").press("Enter")
    await page.get_by_role("button", name="Card fraud", exact=True).press("Enter")
    await expect(rows).to_have_count(1)
    await expect(rows.locator(".row-tag")).to_have_text(["Card fraud"])
    assert page.url.endswith("?queue=all&tag=Card+fraud")
    assert await violations(page) == []
    # A colleague's tag brings a ticket into the list without a reload.
    await sam.put(f"/tickets/{tickets[0]['id']}/tags", {"add": ["card FRAUD"]})
    await expect(rows).to_have_count(2)
    holders = [(await priya.get(f"/ticket/{ticket['id']}")).json()["agent"] for ticket in tickets]
    assert [holder and holder["id"] for holder in holders] == [None, None, sam.id, None]


async def test_a_snoozed_ticket_comes_back_when_its_customer_writes(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    away, _other = await open_ticket(ana, subject="Away"), await open_ticket(ana, subject="Here")
    page = await enter(browser, server, priya)
    await page.goto(f"/desk/tickets/{away['id']}?queue=unassigned")
    rows = page.locator("desk-list .row-subject")
    await expect(rows).to_have_text(["Here", "Away"])
    await expect(page.get_by_role("button", name="Snooze", exact=True)).to_be_visible()
    await page.keyboard.press("b")
    await page.get_by_role("menuitemradio", name="Tomorrow morning").press("Enter")
    await expect(page.get_by_role("button", name=re.compile("Snoozed until"))).to_be_visible()
    await expect(rows).to_have_text(["Away", "Here"])
    await page.keyboard.press("j")
    await expect(rows).to_have_text(["Here"])
    await expect(page.get_by_role("button", name="Snoozed 1")).to_be_visible()
    await post_message(ana, away["id"], "It is on fire now")
    await expect(rows).to_have_text(["Away", "Here"])
    await page.locator("desk-list a", has_text="Away").press("Enter")
    await expect(page.locator(".context-history li").first).to_contain_text("It came back when Ana Ruiz wrote")
    await expect(page.get_by_role("button", name="Snooze", exact=True)).to_be_visible()


async def test_a_view_is_saved_shared_and_opened_by_a_colleague(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    await open_ticket(ana, subject="Burning", priority="urgent")
    await open_ticket(ana, subject="Later", priority="low")
    page = await enter(browser, server, priya)
    await page.goto("/desk?priority=urgent&sort=created_at")
    await page.get_by_role("button", name="Save this view").click()
    await page.get_by_label("Name").fill("On fire")
    await page.get_by_label("Share it with all agents").check()
    assert await violations(page) == []
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("link", name="On fire")).to_have_attribute("aria-current", "true")

    his = await enter(browser, server, sam)
    await his.goto("/desk")
    await expect(his.locator("desk-list .row-subject")).to_have_count(2)
    await his.get_by_role("link", name="On fire").click()
    await expect(his.locator("desk-list .row-subject")).to_have_text(["Burning"])
    assert his.url.endswith("/desk?sort=created_at&priority=urgent")
    await expect(his.get_by_role("button", name="Edit On fire")).to_have_count(0)

    await page.get_by_role("button", name="Edit On fire").click()
    await page.get_by_role("button", name="Delete").click()
    await expect(page.get_by_role("link", name="On fire")).to_have_count(0)
