"""Two tickets about one thing, with two agents and their customer in them; by keyboard alone, and no word is lost."""

import json
import re
from typing import Any

from playwright.async_api import Browser, Page, WebSocketRoute, expect

from tests.browser.test_collisions import at
from tests.make import open_ticket, post_message, set_status, thread
from tests.people import Somebody
from tests.support.browser import PHONE, enter, said, violations
from tests.support.server import Server


async def room_of(browser: Browser, server: Server, customer: Somebody, ticket_id: int) -> Page:
    page = await enter(browser, server, customer, viewport=PHONE)
    await page.goto(f"/my/tickets/{ticket_id}")
    await expect(page.locator(".thread-event").first).to_be_visible()
    return page


async def merge_by_keys(page: Page, source: dict[str, Any], subject: str) -> None:
    """As an agent does who has the source before him, and finds the other one by what it is about."""
    await page.keyboard.press("Shift+M")
    dialog = page.get_by_role("dialog", name=f"Merge {source['ticket_no']} into another ticket")
    offer = dialog.get_by_role("radio", name=re.compile(subject))
    await expect(offer).to_be_focused()
    await expect(dialog.get_by_role("radio")).to_have_count(1)
    await expect(offer).not_to_be_checked()
    assert await violations(page) == []
    await page.keyboard.press("Space")
    await page.keyboard.press("Enter")


async def go_on(page: Page, target: dict[str, Any]) -> None:
    """To where the ticket in view has gone, with what has been typed."""
    assert await violations(page) == []
    await page.get_by_role("link", name=f"Go on in {target['ticket_no']}").press("Enter")
    await expect(page).to_have_url(re.compile(rf"/tickets/{target['id']}\b"))


async def read_there(page: Page, source: dict[str, Any]) -> None:
    """What was said in the merged ticket, unfolded in the thread of the one that goes on."""
    await page.locator("summary", has_text=f"Read {source['ticket_no']} here").press("Enter")
    earlier = page.get_by_role("region", name=f"Conversation of {source['ticket_no']}")
    await expect(earlier.locator(".message-text")).to_have_text(["It says error 51"])
    assert await violations(page) == []


async def test_an_agent_merges_and_everybody_goes_on_in_the_other_ticket(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    target, source = await open_ticket(ana, subject="Card declined"), await open_ticket(ana, subject="Still declined")
    await post_message(ana, source["id"], "It says error 51")
    hers, his = [await at(browser, server, agent, source["id"]) for agent in (priya, sam)]
    customer = await room_of(browser, server, ana, source["id"])
    field = customer.locator("chat-composer textarea")
    await field.fill("It is a blue card")
    await his.keyboard.press("r")
    await his.keyboard.type("One moment")

    await merge_by_keys(hers, source, "Card declined")
    line = f"Priya Nair merged {source['ticket_no']} into this ticket."
    await expect(hers.locator("desk-ticket h1")).to_have_text("Card declined")
    await expect(hers.get_by_text(f"{source['ticket_no']} is a part of {target['ticket_no']} now.")).to_be_visible()
    await expect(hers.locator("desk-list .row-subject")).to_have_text(["Card declined"])
    await expect(hers.locator(".thread-event").last).to_contain_text(line)
    await expect(hers.locator(".context-history li").first).to_contain_text(f"merged {source['ticket_no']} into it")

    await expect(his.locator("desk-ticket .desk-acts")).to_have_text(f"Merged into {target['ticket_no']}")
    await go_on(his, target)
    await expect(his.locator("desk-ticket h1")).to_have_text("Card declined")
    await expect(his.locator("chat-composer textarea")).to_have_value("One moment")

    told = customer.get_by_role("status").filter(has_text="We put this ticket together with")
    await expect(told).to_contain_text(target["ticket_no"])
    await expect(customer.get_by_role("button", name="Reopen")).to_have_count(0)
    await expect(field).to_have_value("It is a blue card")
    await go_on(customer, target)
    await expect(field).to_have_value("It is a blue card")
    for page in (customer, hers):
        await read_there(page, source)
    await field.press("Control+Enter")
    await expect(said(hers).last).to_have_text("It is a blue card")
    assert [each["content"] for each in await thread(ana, source["id"])][1:] == ["It says error 51"]
    assert [each["content"] for each in await thread(ana, target["id"])][1:] == [line, "It is a blue card"]


async def test_a_merged_ticket_says_so_in_the_list_and_keeps_no_draft(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    target, source = await open_ticket(ana), await open_ticket(ana)
    page = await room_of(browser, server, ana, source["id"])
    await page.locator("chat-composer textarea").fill("It is a blue card")
    assert (await priya.post(f"/tickets/{source['id']}/merge", {"into": target["id"]})).status_code == 200
    await go_on(page, target)
    await page.goto("/my/tickets")
    await expect(page.locator(".card .pill")).to_have_text(["Open", "Merged"])
    await expect(page.locator(".card").last).to_contain_text(f"goes on in {target['ticket_no']}")
    assert await violations(page) == []
    await page.goto(f"/my/tickets/{source['id']}")
    await expect(page.get_by_role("link", name=f"Go on in {target['ticket_no']}")).to_be_visible()
    await expect(page.locator("chat-composer textarea")).to_have_value("")


async def test_a_merge_that_cannot_be_says_why_and_the_way_there_is_the_palette(
    browser: Browser, server: Server, ana: Somebody, ben: Somebody, priya: Somebody
) -> None:
    mine, solved, his = [await open_ticket(who) for who in (ana, ana, ben)]
    await set_status(priya, solved["id"], "resolved")
    page = await at(browser, server, priya, mine["id"])
    await page.keyboard.press("Control+k")
    await page.keyboard.type("merge")
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="into another ticket")
    await expect(dialog.get_by_text("There is no other one.")).to_be_visible()
    field, wrong = dialog.get_by_label("Or its number"), dialog.get_by_role("alert")
    await expect(field).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(wrong).to_have_text("Please choose a ticket, or type its number.")
    for number, why in (
        (mine["ticket_no"], "A ticket cannot be merged into itself."),
        (str(his["id"]), "These two tickets are of different customers"),
        (f"l1 {solved['id']}", "That ticket is solved or closed."),
        ("999999", "There is no ticket with that number."),
    ):
        await field.fill(number)
        await page.keyboard.press("Enter")
        await expect(wrong).to_contain_text(why)
    assert await violations(page) == []
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    assert (await priya.get(f"/ticket/{mine['id']}")).json()["merged_into"] is None


async def test_what_a_customer_sends_too_late_comes_back_and_goes_with_him(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    target, source = await open_ticket(ana), await open_ticket(ana)
    page = await enter(browser, server, ana)

    def without_news(line: WebSocketRoute) -> None:
        desk = line.connect_to_server()
        desk.on_message(lambda frame: None if json.loads(frame)["type"] == "ticket" else line.send(frame))

    await page.route_web_socket("**/ws/tickets/*", without_news)
    await page.goto(f"/my/tickets/{source['id']}")
    await expect(page.locator(".thread-event").first).to_be_visible()
    assert (await priya.post(f"/tickets/{source['id']}/merge", {"into": target["id"]})).status_code == 200
    field = page.locator("chat-composer textarea")
    await field.fill("Is anybody there?")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert").filter(has_text="Your message was not sent.")).to_be_attached()
    await expect(field).to_have_value("Is anybody there?")
    await page.get_by_role("link", name=f"Go on in {target['ticket_no']}").press("Enter")
    await expect(page).to_have_url(re.compile(f"/my/tickets/{target['id']}$"))
    await expect(field).to_have_value("Is anybody there?")
    assert len(await thread(ana, source["id"])) == 1
