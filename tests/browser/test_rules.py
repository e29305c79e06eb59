"""Two admins at one rule, in real browsers: the second is told, and nothing that either wrote is lost."""

from playwright.async_api import Browser, expect

from tests.make import make_rule
from tests.people import Somebody
from tests.support.browser import enter, violations
from tests.support.server import Server


async def test_two_admins_at_one_rule_lose_nothing(browser: Browser, server: Server, mona: Somebody) -> None:
    made = await make_rule(mona)
    path = f"/knowledge/rules/{made['id']}"
    page = await enter(browser, server, mona)
    await page.goto("/desk/knowledge/rules")
    await page.get_by_role("button", name="Edit Weather").click()
    await page.get_by_label("Reply").fill("It rains.")
    await mona.put(path, {"phrases": ["will it rain"]})
    await page.get_by_role("button", name="Save", exact=True).click()

    # They wrote in different places: both changes stand in the form.
    await expect(page.get_by_text("Mona Haddad has saved version 2 in the meantime")).to_be_visible()
    await expect(page.get_by_label("Phrases")).to_have_value("will it rain")
    await expect(page.get_by_label("Reply")).to_have_value("It rains.")
    assert await violations(page) == []

    # And now in the same one: both texts are there to choose from.
    await mona.put(path, {"reply": "It snows."})
    await page.get_by_role("button", name="Save", exact=True).click()
    sides = page.locator(".clash-side")
    await expect(sides).to_contain_text(["It snows.", "It rains."])
    await sides.get_by_role("button", name="Use the saved text").click()
    await expect(page.get_by_label("Reply")).to_have_value("It snows.")
    await sides.get_by_role("button", name="Use my text").click()
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    stored = (await mona.get("/knowledge/rules")).json()["items"][-1]
    assert (stored["version"], stored["reply"], stored["phrases"]) == (4, "It rains.", ["will it rain"])

    # The history tells what happened, and brings back what was.
    row = page.locator(".rule-row", has_text="Weather")
    await row.get_by_text("History").click()
    await expect(row.locator(".revisions > li")).to_have_count(4)
    await row.get_by_text("Version 4").click()
    await expect(row.locator(".difference del").first).to_have_text("snows.")
    await row.get_by_text("Version 1").click()
    assert await violations(page) == []
    await row.get_by_role("button", name="Put this version into the form").click()
    await expect(page.get_by_label("Reply")).to_have_value("It is fine where I am.")
    await expect(page.get_by_text("Version 1 stands in the form")).to_be_visible()


async def test_a_rule_that_somebody_has_changed_is_neither_switched_nor_deleted(
    browser: Browser, server: Server, mona: Somebody, priya: Somebody
) -> None:
    made = await make_rule(mona)
    page = await enter(browser, server, mona)
    await page.goto("/desk/knowledge/rules")
    row = page.locator(".rule-row", has_text="Weather")
    await expect(row).to_be_visible()
    for number, act in enumerate(("Switch Weather off", "Delete Weather"), 1):
        await mona.put(f"/knowledge/rules/{made['id']}", {"reply": f"It is {number} degrees."})
        await page.get_by_role("button", name=act).click()
        if act.startswith("Delete"):
            await page.get_by_role("button", name="Delete", exact=True).click()
        await expect(page.get_by_text("Weather was changed by somebody else").last).to_be_visible()
        await expect(row).to_contain_text(f"It is {number} degrees.")

    # What nobody has changed is deleted, and comes back to its place.
    rows = page.locator(".rule-row strong")
    before = await rows.all_text_contents()
    await page.get_by_role("button", name="Delete Weather").click()
    await page.get_by_role("button", name="Delete", exact=True).click()
    await expect(row).to_have_count(0)
    await page.get_by_role("button", name="Undo").click()
    await expect(row).to_contain_text("It is 2 degrees.")
    await expect(rows).to_have_text(before)
    await page.get_by_role("button", name="Edit Weather").click()
    await page.get_by_label("Reply").fill("It is 3 degrees.")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(row).to_contain_text("It is 3 degrees.")

    reader = await enter(browser, server, priya)
    await reader.goto("/desk/knowledge/rules")
    await reader.locator(".rule-row", has_text="Weather").get_by_text("History").click()
    await expect(reader.locator(".revisions > li")).to_have_count(2)
    await reader.get_by_text("Version 2").click()
    await expect(reader.locator(".difference ins").first).to_be_visible()
    await expect(reader.get_by_role("button", name="Put this version")).to_have_count(0)
