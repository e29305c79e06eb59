"""The audit log in a real browser: an admin reads it, narrows it down, and takes it along."""

from playwright.async_api import Browser, expect

from tests.make import make_rule
from tests.people import PRIYA, Somebody
from tests.support.browser import enter, violations
from tests.support.server import Server


async def test_an_admin_finds_who_did_what(browser: Browser, server: Server, priya: Somebody, mona: Somebody) -> None:
    await make_rule(mona, name="Weather")
    await priya.client.post("/agent/login", json={**PRIYA.credentials, "password": "five grey owls at noon"})
    page = await enter(browser, server, mona)
    await page.goto("/desk/agents")
    await page.get_by_role("link", name="Audit log").click()
    rows = page.locator("audit-list").get_by_role("listitem")
    await expect(rows.first).to_contain_text("Mona Haddad signed in")
    await expect(rows.filter(has_text="Somebody failed to sign in as Priya Nair")).to_have_count(1)
    assert await violations(page) == []

    # Narrowed down, which the address keeps.
    await page.get_by_label("What").select_option("Articles and rules")
    await expect(rows).to_have_count(1)
    await expect(rows).to_contain_text("Mona Haddad made the rule “Weather”")
    await page.get_by_label("Who").select_option("Priya Nair")
    await expect(page.get_by_role("heading", name="Nothing was put down")).to_be_visible()
    assert await violations(page) == []
    await page.reload()
    await expect(page.get_by_label("Who")).to_have_value(str(priya.id))
    await page.get_by_role("button", name="Show everything").click()
    await expect(rows.filter(has_text="Priya Nair signed in")).to_have_count(1)

    async with page.expect_download() as downloading:
        await page.get_by_role("link", name="Download as CSV").click()
    file = await (await downloading.value).path()
    assert "rule_added" in file.read_text()
