"""A customer says how his ticket was solved, by keyboard alone, and the agent reads it while he looks on."""

from playwright.async_api import Browser, Page, expect

from tests.make import claim, open_ticket, set_status
from tests.people import Somebody
from tests.support.browser import PHONE, enter, violations
from tests.support.server import Server


async def test_a_solved_ticket_is_rated_and_changed_and_asked_for_again(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    ticket = await open_ticket(ana)
    await claim(priya, ticket["id"])
    customer = await enter(browser, server, ana, viewport=PHONE)
    agent = await enter(browser, server, priya)
    await customer.goto(f"/my/tickets/{ticket['id']}")
    await agent.goto(f"/desk/tickets/{ticket['id']}")
    await expect(customer.locator(".thread-event").first).to_be_visible()
    question = customer.get_by_role("group", name="How did we do?")
    await expect(question).to_have_count(0)
    await set_status(priya, ticket["id"], "resolved")
    await expect(question).to_be_visible()
    assert await violations(customer) == []
    assert not await customer.evaluate("document.documentElement.scrollWidth > innerWidth")

    await rate_by_keyboard(customer)
    context = agent.locator("desk-context")
    await expect(context.get_by_role("heading", name="Rating", exact=True)).to_be_visible()
    await expect(context.locator("blockquote")).to_have_text("Quick, and <b>kind</b>.")
    await expect(context.get_by_text("Ana Ruiz rated it 4 of 5, Good")).to_be_visible()
    assert await violations(agent) == []

    # He thinks better of it, after a reload.
    await customer.reload()
    await customer.get_by_role("button", name="Change").click()
    await expect(customer.get_by_role("radio", name="4 Good")).to_be_focused()
    await customer.keyboard.press("ArrowRight")
    await customer.get_by_role("button", name="Give rating").click()
    await expect(customer.get_by_text("You rated this 5 of 5, Great.")).to_be_visible()
    await expect(context.get_by_text("5 of 5, Great").first).to_be_visible()

    # Opened again, it is asked for once more when it is solved once more.
    await customer.get_by_role("button", name="Reopen").click()
    await expect(customer.locator("ticket-rating")).to_be_empty()
    await expect(context.get_by_role("heading", name="Rating before it was opened again")).to_be_visible()
    await set_status(priya, ticket["id"], "resolved")
    await expect(question).to_be_visible()
    await expect(customer.get_by_role("radio", checked=True)).to_have_count(0)


async def rate_by_keyboard(customer: Page) -> None:
    # Nothing chosen leads to the choice; the arrows choose.
    button = customer.get_by_role("button", name="Give rating")
    await button.focus()
    await customer.keyboard.press("Enter")
    await expect(customer.get_by_text("Please choose one.")).to_be_visible()
    await expect(customer.get_by_role("radio", name="1 Bad")).to_be_focused()
    for _ in range(3):
        await customer.keyboard.press("ArrowRight")
    await expect(customer.get_by_role("radio", name="4 Good")).to_be_checked()
    await customer.keyboard.press("Tab")
    await customer.keyboard.type("Quick, and <b>kind</b>.")
    await customer.keyboard.press("Tab")
    await customer.keyboard.press("Enter")
    thanks = customer.get_by_text("You rated this 4 of 5, Good.")
    await expect(thanks).to_be_focused()
