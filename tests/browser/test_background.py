"""Background work that has failed for good, as an admin sees and mends it."""

from playwright.async_api import Browser, Page, Route, expect

from csts.kit.tasks import Work
from tests.jobs.test_failed import give_up
from tests.people import Somebody
from tests.support.browser import PHONE, enter, violations
from tests.support.firm import Book, Firm, rows
from tests.support.server import Server


async def opened(browser: Browser, server: Server, who: Somebody) -> Page:
    page = await enter(browser, server, who, viewport=PHONE)
    await page.goto("/desk/assistant")
    await expect(page.get_by_role("heading", name="Assistant")).to_be_visible()
    return page


async def test_an_admin_has_failed_work_tried_again_or_discards_it(
    browser: Browser, server: Server, database_url: str, mona: Somebody
) -> None:
    await give_up(database_url, {"ticket_id": 7}, {"name": "ana"})
    page = await opened(browser, server, mona)
    failed = page.locator("failed-tasks li")
    await expect(failed).to_have_count(2)
    await expect(failed.first).to_contain_text("2 tries")
    await expect(failed.first).to_contain_text("LookupError('the printer is on fire')")
    await expect(failed.last.get_by_role("link", name="Its ticket")).to_have_attribute("href", "/desk/tickets/7")
    assert await violations(page) == []

    await failed.first.get_by_role("button", name="Discard").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Cancel").click()
    await expect(failed).to_have_count(2)
    await failed.first.get_by_role("button", name="Try again").click()
    await expect(page.get_by_text("It is tried again.")).to_be_visible()
    await expect(failed).to_have_count(1)
    await expect(failed.get_by_role("button", name="Try again")).to_be_focused()
    book = Book()
    async with Firm(database_url, {"greet": Work(book.write)}):
        await book.until(1)
    assert book.lines[0].payload == {"name": "ana"}

    await failed.get_by_role("button", name="Discard").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Discard").click()
    await expect(page.get_by_role("heading", name="Nothing has failed")).to_be_visible()
    assert await rows(database_url) == []


async def test_what_cannot_be_mended_stays_and_what_is_mended_goes(
    browser: Browser, server: Server, database_url: str, mona: Somebody, priya: Somebody
) -> None:
    await give_up(database_url, {}, {})
    page = await opened(browser, server, mona)
    failed = page.locator("failed-tasks li")

    async def refuse(route: Route) -> None:
        await route.abort()

    await page.route("**/retry", refuse)
    await failed.first.get_by_role("button", name="Try again").click()
    await expect(page.get_by_role("alert").get_by_text("We cannot reach the server", exact=False)).to_be_visible()
    await expect(failed).to_have_count(2)
    await page.unroute("**/retry")
    for task in (await mona.get("/tasks/failed")).json()["items"]:
        await mona.delete(f"/tasks/failed/{task['id']}")
    await failed.first.get_by_role("button", name="Try again").click()
    await expect(page.get_by_text("Somebody else has looked after it already.")).to_be_visible()
    await expect(failed).to_have_count(1)

    reader = await opened(browser, server, priya)
    await expect(reader.get_by_text("Background work")).to_have_count(0)
