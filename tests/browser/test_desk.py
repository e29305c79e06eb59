"""The agent's desk in a real browser: live, by keyboard, two agents at once."""

import re

from playwright.async_api import Browser, Page, Route, expect

from tests.make import claim, open_ticket, post_message, set_status
from tests.people import PASSWORD, Somebody
from tests.support.browser import PHONE, window
from tests.support.server import Server


async def desk(browser: Browser, server: Server, agent: Somebody, path: str = "/desk", *, phone: bool = False) -> Page:
    """The agent's own window, signed in, at this path."""
    context = await (window(browser, server.url, viewport=PHONE) if phone else window(browser, server.url))
    form = {**agent.account.credentials, "session": "cookie"}
    await context.request.post("/agent/login", data=form, headers={"Origin": server.url})
    page = await context.new_page()
    await page.goto(path)
    return page


async def test_whoever_claims_second_sees_who_was_first(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    ticket = await open_ticket(ana)
    page = await desk(browser, server, sam, f"/desk/tickets/{ticket['id']}")

    async def be_late(route: Route) -> None:
        await claim(priya, ticket["id"])
        await route.continue_()

    await page.route("**/claim", be_late)
    await page.get_by_role("button", name="Claim").click()
    await expect(page.get_by_text("Priya Nair has claimed this ticket already.")).to_be_visible()
    await expect(page.get_by_role("button", name=re.compile("Handled by Priya Nair"))).to_be_visible()


async def test_the_list_is_live_and_counts_its_queues(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    page = await desk(browser, server, priya)
    await expect(page.get_by_text("This queue is empty")).to_be_visible()
    ticket = await open_ticket(ana, priority="urgent")
    line = page.locator("desk-list a.desk-row", has_text="Cannot pay with my card")
    await expect(line).to_contain_text("Urgent")
    await expect(page.get_by_role("button", name="Unassigned 1")).to_be_visible()
    await post_message(ana, ticket["id"], "Hello? Anybody?")
    await expect(line).to_contain_text("Hello? Anybody?")
    await expect(line.locator(".count")).to_contain_text("1")
    await expect(page).to_have_title(re.compile(r"^\(1\)"))
    await claim(sam, ticket["id"])
    await page.get_by_role("button", name="Mine").click()
    await expect(line).to_be_hidden()
    await page.get_by_role("button", name="All open").click()
    await set_status(sam, ticket["id"], "resolved")
    await expect(line).to_be_hidden()


async def test_search_and_filters_narrow_the_list_and_stay_in_the_address(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    await open_ticket(ana, subject="Card declined")
    await open_ticket(ana, subject="App crashes", priority="urgent", issue_type="technical")
    page = await desk(browser, server, priya)
    rows = page.locator("desk-list .row-subject")
    await expect(rows).to_have_count(2)
    await page.get_by_label("Search tickets").fill("crashes")
    await expect(rows).to_have_text(["App crashes"])
    await page.get_by_label("Search tickets").fill("nowhere to be found")
    await page.get_by_role("button", name="Clear search and filters").click()
    await expect(rows).to_have_count(2)
    await page.get_by_role("button", name="Filters").click()
    await page.get_by_label("Category").select_option("billing")
    await expect(rows).to_have_text(["Card declined"])
    await page.reload()
    await expect(rows).to_have_text(["Card declined"])


async def test_the_desk_works_by_keyboard_alone(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    await open_ticket(ana, subject="The older one")
    await open_ticket(ana, subject="The newer one")
    page = await desk(browser, server, priya)
    await expect(page.locator("desk-list a.desk-row")).to_have_count(2)
    await page.keyboard.press("j")
    await expect(page.locator("desk-ticket h1")).to_have_text("The newer one")
    await page.keyboard.press("c")
    await expect(page.get_by_role("button", name=re.compile("Handled by Priya Nair"))).to_be_visible()
    await page.keyboard.press("r")
    await page.keyboard.type("On it.")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message-text")).to_have_text(["On it."])
    await page.keyboard.press("Escape")
    await page.keyboard.press("s")
    await page.keyboard.press("End")
    await page.keyboard.press("Escape")
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.keyboard.press("j")
    await expect(page.locator("desk-ticket h1")).to_have_text("The older one")
    await page.go_back()
    await expect(page.locator("desk-ticket h1")).to_have_text("The newer one")


async def test_replying_to_a_ticket_of_nobody_offers_to_take_it(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    ticket = await open_ticket(ana)
    page = await desk(browser, server, priya, f"/desk/tickets/{ticket['id']}", phone=True)
    await page.locator("chat-composer textarea").fill("Hello Ana")
    await page.get_by_role("button", name="Send").click()
    await page.get_by_role("button", name="Assign to me").click()
    await expect(page.get_by_role("button", name=re.compile("Handled by Priya Nair"))).to_be_visible()
    await page.get_by_role("button", name="Back to the list").click()
    await expect(page.locator("desk-list a.desk-row")).to_be_visible()


async def test_an_admin_makes_an_agent_and_switches_her_off(browser: Browser, server: Server, mona: Somebody) -> None:
    page = await desk(browser, server, mona, "/desk/agents")
    await page.get_by_role("button", name="New agent").click()
    await page.get_by_label("Name", exact=True).fill("Noor Aziz")
    await page.get_by_label("Username").fill("mona")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Make the account").click()
    await expect(page.get_by_text("Another agent has this username already.")).to_be_visible()
    await page.get_by_label("Username").fill("noor")
    await page.get_by_role("button", name="Make the account").click()
    await expect(page.get_by_text("Noor Aziz can sign in now.")).to_be_visible()

    hers = await (await window(browser, server.url)).new_page()
    await hers.goto("/desk/signin")
    await hers.get_by_label("User name").fill("noor")
    await hers.get_by_label("Password", exact=True).fill(PASSWORD)
    await hers.get_by_role("button", name="Sign in").click()
    await expect(hers.locator("desk-queues .queue").first).to_be_visible()

    await page.get_by_role("button", name="Deactivate Noor Aziz").click()
    await page.get_by_role("button", name="Deactivate", exact=True).click()
    await expect(page.get_by_text("Deactivated")).to_be_visible()
    await expect(hers.get_by_role("dialog")).to_be_visible()
