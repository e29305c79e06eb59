"""What one has begun to write is there on the other device, while one types and afterwards."""

from playwright.async_api import Browser, expect

from tests.browser.test_collisions import at
from tests.make import open_ticket, thread
from tests.people import Somebody
from tests.support.browser import PHONE, enter
from tests.support.server import Server


async def test_a_reply_is_begun_here_and_sent_there(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    ticket = await open_ticket(ana)
    here = await at(browser, server, priya, ticket["id"])
    there = await enter(browser, server, priya)
    await there.goto("/desk")
    row = there.locator("desk-list a.desk-row")
    await expect(row).to_contain_text("Nobody has written yet.")
    await here.keyboard.press("r")
    await here.keyboard.type("Your card")
    await expect(row).to_contain_text("Draft: Your card")
    await expect(here.locator("desk-list a.desk-row")).to_contain_text("Draft: Your card")

    await there.keyboard.press("j")
    field, mine = (page.locator("chat-composer textarea") for page in (there, here))
    await expect(field).to_have_value("Your card")
    await here.keyboard.type(" works again")
    await expect(field).to_have_value("Your card works again")
    await there.keyboard.press("r")
    await there.keyboard.press("End")
    await there.keyboard.type(", Ana.")
    await there.keyboard.press("Enter")
    await expect(there.locator('.message[data-side="own"][data-state="sent"]')).to_be_visible()
    await expect(mine).to_have_value("")
    await expect(here.locator("desk-list a.desk-row")).not_to_contain_text("Draft:")
    assert (await thread(ana, ticket["id"]))[-1]["content"] == "Your card works again, Ana."
    assert (await priya.get("/drafts")).json()["items"] == []


async def test_a_customer_goes_on_writing_on_the_phone(browser: Browser, server: Server, ana: Somebody) -> None:
    ticket = await open_ticket(ana)
    desktop, phone = await enter(browser, server, ana), await enter(browser, server, ana, viewport=PHONE)
    for page in (desktop, phone):
        await page.goto(f"/my/tickets/{ticket['id']}")
        await expect(page.locator(".thread-event").first).to_be_visible()
    field = desktop.locator("chat-composer textarea")
    await field.fill("It says")
    await expect(phone.locator("chat-composer textarea")).to_have_value("It says")
    # What is not saved when a page goes is saved by its last breath.
    await field.fill("It says declined")
    await desktop.goto("/my/tickets")
    await expect(phone.locator("chat-composer textarea")).to_have_value("It says declined")
