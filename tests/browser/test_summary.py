"""A long thread in short, for the agent who comes to it: asked for by a button, read out, and shown to nobody else."""

import asyncio

from playwright.async_api import Browser, Route, expect

from tests.make import open_ticket, post_message
from tests.people import Somebody
from tests.support.browser import enter, said, violations, write
from tests.support.server import Server


async def test_an_agent_has_a_long_thread_summed_up_by_keyboard(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    ticket = (await open_ticket(ana, subject="Card", description="My card was declined"))["id"]
    for number in range(9):
        await post_message(ana, ticket, f"Try {number} failed, too.")
    page = await enter(browser, server, priya)
    await page.goto(f"/desk/tickets/{ticket}")
    await expect(said(page).last).to_have_text("Try 8 failed, too.")
    button = page.get_by_role("button", name="Summarise")
    await expect(button).to_be_hidden()
    # Ten lines by now; the system's first word is one of them.
    for text in ("Is anybody there?", "Hello?"):
        await post_message(ana, ticket, text)
    await expect(page.get_by_text("This conversation has 12 lines.")).to_be_visible()

    may_answer = asyncio.Event()

    async def hold(route: Route) -> None:
        await may_answer.wait()
        await route.continue_()

    await page.route("**/assistant/summary", hold)
    await button.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status").filter(has_text="Summing up…")).to_be_visible()
    await expect(button).to_have_attribute("aria-busy", "true")
    may_answer.set()
    summary = page.locator(".assistant-summary")
    await expect(summary).to_contain_text("customer: Card My card was declined")
    await expect(summary).to_contain_text("customer: Hello?")
    await expect(summary).to_have_attribute("role", "status")
    await expect(page.get_by_role("button", name="Summarise again")).to_be_focused()
    assert await violations(page) == []

    # What was said of one ticket is not said of another.
    other = (await open_ticket(ana, subject="Another"))["id"]
    await page.goto(f"/desk/tickets/{other}")
    await expect(page.get_by_role("heading", name="Another")).to_be_visible()
    await expect(page.get_by_role("button", name="Summarise")).to_be_hidden()


async def test_a_summary_that_cannot_be_had_says_why_and_may_be_asked_for_again(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    ticket = (await open_ticket(ana))["id"]
    for number in range(12):
        await post_message(ana, ticket, f"Try {number} failed, too.")
    page = await enter(browser, server, priya)
    await page.goto(f"/desk/tickets/{ticket}")
    answer = '{"status": 429, "code": "too_many_requests", "detail": "Slowly."}'
    await page.route("**/assistant/summary", lambda route: route.fulfill(status=429, body=answer))
    await page.get_by_role("button", name="Summarise").click()
    await expect(page.locator(".assistant-summary")).to_have_text("There is no summary now. Slowly.")
    await page.unroute("**/assistant/summary")
    await page.get_by_role("button", name="Summarise").click()
    await expect(page.locator(".assistant-summary")).to_contain_text("Try 11 failed, too.")

    customer = await enter(browser, server, ana)
    await customer.goto(f"/my/tickets/{ticket}")
    await write(customer, "Thank you all the same.")
    await expect(said(customer).last).to_have_text("Thank you all the same.")
    await expect(customer.get_by_role("button", name="Summarise")).to_have_count(0)
