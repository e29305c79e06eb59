"""Knowledge in a real browser: who writes it, who reads it, and who is helped by it before he asks."""

import re

import pytest
from playwright.async_api import Browser, Dialog, Page, Route, ViewportSize, expect

from tests.make import write_article
from tests.people import Somebody
from tests.support.browser import DESKTOP, PHONE, window
from tests.support.server import Server


async def opened(
    browser: Browser, server: Server, path: str, who: Somebody | None = None, *, viewport: ViewportSize = DESKTOP
) -> Page:
    """A window of this person's own, or of nobody's, at this path."""
    context = await window(browser, server.url, viewport=viewport)
    if who:
        form = {**who.account.credentials, "session": "cookie"}
        await context.request.post(f"{who.account.door}/login", data=form, headers={"Origin": server.url})
    page = await context.new_page()
    await page.goto(path)
    return page


def row(name: str) -> str:
    return f".rule-row:has(strong:text-is('{name}'))"


async def write(page: Page) -> None:
    """A new article, in the form of the admin."""
    await page.locator(".page-title").get_by_role("link", name="New article").click()
    await expect(page.locator("article-editor:defined")).to_be_visible()
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("Please fill this in.")).to_have_count(3)
    await page.get_by_label("Title").fill("My card was declined")
    await page.get_by_label("Topic").fill("card_declined")
    await page.get_by_label("Answer").fill("Try another card.\n\n<b>Or</b> ask your bank.")
    await page.get_by_label("Other ways to ask").fill("payment refused\n\nvisa does not work\n")
    await expect(page.get_by_text("2 examples")).to_be_visible()
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_role("heading", name="My card was declined")).to_be_visible()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_what_an_admin_writes_helps_a_customer_before_he_asks(
    browser: Browser, server: Server, ana: Somebody, mona: Somebody, viewport: ViewportSize
) -> None:
    desk = await opened(browser, server, "/desk/knowledge", mona, viewport=viewport)
    await expect(desk.get_by_text("No articles yet")).to_be_visible()
    await write(desk)
    await desk.get_by_role("link", name="Knowledge").first.click()
    await expect(desk.locator(".article-row:not(.skeleton)")).to_contain_text("card_declined2 examplesMona Haddad")

    help_page = await opened(browser, server, "/signin", viewport=viewport)
    await help_page.get_by_role("link", name="Help").click()
    await help_page.get_by_label("Search the help").press_sequentially("visa refused")
    await expect(help_page.get_by_text("Best matches")).to_be_visible()
    await help_page.get_by_role("link", name="My card was declined").click()
    await expect(help_page.locator(".written")).to_have_text("Try another card.\n\n<b>Or</b> ask your bank.")
    await expect(help_page.get_by_role("link", name="Sign in and open a ticket")).to_be_visible()

    form = await opened(browser, server, "/my/tickets/new", ana, viewport=viewport)
    before = await form.get_by_text("Billing").bounding_box()
    await form.get_by_label("In one line").press_sequentially("Why is my card declined?")
    suggestion = form.get_by_role("link", name="My card was declined")
    await expect(suggestion).to_be_visible()
    assert await form.get_by_text("Billing").bounding_box() == before
    async with form.context.expect_page() as read:
        await suggestion.click()
    await expect((await read.value).get_by_role("heading", name="My card was declined")).to_be_visible()
    await expect(form.get_by_label("In one line")).to_have_value("Why is my card declined?")


async def test_suggestions_are_silent_when_they_cannot_be_had(
    browser: Browser, server: Server, ana: Somebody, mona: Somebody
) -> None:
    await write_article(mona, title="My card was declined")
    page = await opened(browser, server, "/my/tickets/new", ana)
    answer = '{"status": 429, "code": "too_many_requests", "detail": "Slowly."}'
    await page.route("**/help/articles?*", lambda route: route.fulfill(status=429, body=answer))
    async with page.expect_response("**/help/articles?*"):
        await page.get_by_label("In one line").fill("My card")
    await expect(page.get_by_text("While you write, articles that may help appear here.")).to_be_visible()
    await expect(page.get_by_text("Slowly.")).to_have_count(0)
    await page.unroute("**/help/articles?*")
    await page.get_by_label("What happened?").fill("It was declined.")
    await expect(page.get_by_role("link", name="My card was declined")).to_be_visible()


async def test_what_was_typed_before_is_looked_at_after_a_reload(
    browser: Browser, server: Server, ana: Somebody, mona: Somebody
) -> None:
    await write_article(mona, title="My card was declined")
    page = await opened(browser, server, "/my/tickets/new", ana)
    await page.get_by_label("In one line").fill("card declined")
    await page.reload()
    await expect(page.get_by_role("link", name="My card was declined")).to_be_visible()


async def test_the_help_keeps_what_it_found_when_the_search_fails(
    browser: Browser, server: Server, mona: Somebody
) -> None:
    await write_article(mona, title="My card was declined")
    page = await opened(browser, server, "/help")
    await page.route("**/help?q=*", lambda route: route.abort())
    await page.get_by_label("Search the help").fill("parcel")
    await expect(page.get_by_text("The search did not answer.")).to_be_attached()
    await expect(page.get_by_role("link", name="My card was declined")).to_be_visible()
    await page.unroute("**/help?q=*")
    await page.get_by_label("Search the help").press("Enter")
    await expect(page.get_by_role("heading", name="Nothing found for “parcel”")).to_be_visible()
    await expect(page).to_have_url(re.compile(r"/help\?q=parcel$"))


async def test_an_agent_reads_what_an_admin_may_change(
    browser: Browser, server: Server, mona: Somebody, priya: Somebody
) -> None:
    article = await write_article(mona, title="My card was declined", answer="Try\n\nanother.", examples=["visa"])
    page = await opened(browser, server, "/desk", priya)
    await page.get_by_role("link", name="Knowledge").click()
    await expect(page.get_by_role("link", name="New article")).to_have_count(0)
    await page.get_by_role("link", name="My card was declined").click()
    await expect(page.locator(".written")).to_have_text("Try\n\nanother.")
    await expect(page.get_by_text("Version 1")).to_be_visible()
    await expect(page.locator("form")).to_have_count(0)
    await page.goto("/desk/knowledge/rules")
    await expect(page.locator(row("Greeting"))).to_be_visible()
    await expect(page.get_by_role("button", name="Edit Greeting")).to_have_count(0)
    await page.get_by_label("Try a sentence").fill("Hello there!")
    await expect(page.get_by_text("Rule 5 answers: Greeting")).to_be_visible()
    await page.goto(f"/desk/knowledge/{article['id']}")
    await expect(page.get_by_role("link", name="As customers see it")).to_have_attribute(
        "href", f"/help/{article['id']}"
    )


async def test_two_admins_at_once_lose_nothing(browser: Browser, server: Server, mona: Somebody) -> None:
    article = await write_article(mona, title="Card declined", answer="Try another card.")
    path = f"/knowledge/articles/{article['id']}"
    page = await opened(browser, server, f"/desk{path.replace('/articles', '')}", mona)
    await page.get_by_label("Answer").fill("Ask your bank.")
    await mona.put(path, {"title": "My card was declined"})
    await page.get_by_role("button", name="Save", exact=True).click()

    # They wrote in different places: both changes stand in the form.
    await expect(page.get_by_text("Mona Haddad has saved version 2 in the meantime")).to_be_visible()
    await expect(page.get_by_label("Title")).to_have_value("My card was declined")
    await expect(page.get_by_label("Answer")).to_have_value("Ask your bank.")

    # And now in the same one: both texts are there to choose from.
    await mona.put(path, {"answer": "Wait a day."})
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("Mona Haddad has saved version 3 in the meantime")).to_be_visible()
    sides = page.locator(".clash-side")
    await expect(sides).to_contain_text(["Wait a day.", "Ask your bank."])
    await sides.get_by_role("button", name="Use the saved text").click()
    await expect(page.get_by_label("Answer")).to_have_value("Wait a day.")
    await sides.get_by_role("button", name="Use my text").click()
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    stored = (await mona.get(path)).json()
    assert (stored["version"], stored["title"], stored["answer"]) == (4, "My card was declined", "Ask your bank.")

    # The history tells what happened, and brings back what was.
    await expect(page.locator(".revisions > li")).to_have_count(4)
    await page.get_by_text("Version 4").click()
    await expect(page.locator(".difference del").first).to_have_text("Wait a day.")
    await page.get_by_text("Version 1").click()
    await page.get_by_role("button", name="Put this version into the form").click()
    await expect(page.get_by_label("Answer")).to_have_value("Try another card.")


async def test_what_was_kept_on_a_device_meets_what_was_saved_since(
    browser: Browser, server: Server, mona: Somebody
) -> None:
    article = await write_article(mona, answer="Try another card.")
    path = f"/desk/knowledge/{article['id']}"
    page = await opened(browser, server, path, mona)
    await page.get_by_label("Answer").fill("Ask your bank.")
    await page.goto("/desk/knowledge")
    await mona.put(f"/knowledge/articles/{article['id']}", {"answer": "Wait a day."})
    await page.goto(path)
    await expect(page.get_by_text("Mona Haddad has saved version 2 in the meantime")).to_be_visible()
    await expect(page.locator(".clash-side")).to_contain_text(["Wait a day.", "Ask your bank."])
    await expect(page.get_by_label("Answer")).to_have_value("Ask your bank.")


async def test_what_an_admin_typed_outlives_refusals_and_reloads(
    browser: Browser, server: Server, mona: Somebody
) -> None:
    await write_article(mona, topic="card")
    page = await opened(browser, server, "/desk/knowledge/new", mona)
    await page.get_by_label("Title").fill("Where is my parcel?")
    await page.get_by_label("Topic").fill("card")
    await page.get_by_label("Answer").fill("On its way.")
    await page.get_by_label("Other ways to ask").fill("where\n" + "x" * 501)
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("Line 2 has 501 characters; the limit is 500.")).to_be_visible()
    await page.get_by_label("Other ways to ask").fill("where")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.locator("#topic-error")).to_contain_text("There is an article with this topic already.")
    await expect(page.get_by_text("Not saved yet; kept on this device.")).to_be_visible()

    asked = []

    async def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        await dialog.accept()

    page.on("dialog", leave)
    await page.reload()
    await expect(page.get_by_text("Here is what you typed before")).to_be_visible()
    assert asked == ["beforeunload"]
    await expect(page.get_by_label("Answer")).to_have_value("On its way.")
    await page.get_by_label("Topic").fill("parcel")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_role("heading", name="Where is my parcel?")).to_be_visible()
    await page.goto("/desk/knowledge/new")
    await expect(page.get_by_label("Answer")).to_have_value("")


async def test_the_list_is_searched_and_filtered_and_the_address_keeps_it(
    browser: Browser, server: Server, mona: Somebody
) -> None:
    for number in range(51):
        # Under a topic of its own choosing, for one that was drawn may hold what is searched for.
        await write_article(mona, topic=f"card-{number:02}", title=f"Card {number:02}", published=number > 1)
    page = await opened(browser, server, "/desk/knowledge", mona)
    rows = page.locator(".article-row code")
    await expect(rows).to_have_count(50)
    await page.get_by_role("button", name="More articles").click()
    await expect(rows).to_have_count(51)
    await expect(page.get_by_role("link", name="Card 50")).to_be_focused()
    await page.get_by_label("Which articles").select_option("Not published")
    await expect(rows).to_have_count(2)
    await page.get_by_label("Search the articles").fill("01")
    await expect(rows).to_have_count(1)
    await page.reload()
    await expect(rows).to_have_count(1)
    await expect(page.get_by_text("Not published").last).to_be_visible()
    await page.get_by_label("Search the articles").fill("zebra")
    await expect(page.get_by_role("heading", name="Nothing found")).to_be_visible()


async def test_an_admin_keeps_the_rules(browser: Browser, server: Server, mona: Somebody) -> None:
    page = await opened(browser, server, "/desk/knowledge/rules", mona)
    await page.get_by_role("button", name="New rule").click()
    await page.get_by_label("Name").fill("Weather")
    await page.get_by_label("Phrases").fill("how is the weather\n")
    await page.keyboard.press("Escape")
    await expect(page.get_by_text("This is not saved yet.")).to_be_visible()
    await page.get_by_label("Reply").fill("It is fine where I am.")
    await page.get_by_role("button", name="Save", exact=True).click()
    weather = page.locator(row("Weather"))
    await expect(weather).to_contain_text("7")

    await page.get_by_label("Try a sentence").fill("Hi, how is the weather?")
    await expect(page.get_by_text("Rule 7 answers: Weather")).to_be_visible()
    await page.get_by_role("button", name="Move Weather up").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Rule 6 answers: Weather")).to_be_visible()
    await expect(page.get_by_role("button", name="Move Weather up")).to_be_focused()

    await page.get_by_role("button", name="Switch Weather off").click()
    await expect(page.get_by_text("No rule answers this")).to_be_visible()
    await expect(weather).to_contain_text("Off")
    await page.get_by_role("button", name="Edit Weather").click()
    await page.get_by_label("Switched on").check()
    await page.get_by_label("What happens").select_option("handover")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(weather).to_contain_text("Hands over")
    await page.get_by_role("button", name="Delete Weather").click()
    await page.get_by_role("button", name="Delete", exact=True).click()
    await expect(weather).to_have_count(0)


async def test_what_could_not_be_read_is_asked_for_again(browser: Browser, server: Server, mona: Somebody) -> None:
    article = await write_article(mona, title="Card declined")
    page = await opened(browser, server, "/desk", mona)
    await page.route("**/knowledge/articles**", fail)
    await page.route("**/knowledge/rules", fail)
    for path in ("", f"/{article['id']}", "/rules"):
        await page.goto(f"/desk/knowledge{path}")
        await expect(page.get_by_role("button", name="Try again").first).to_be_visible()
    await page.unroute_all()
    await page.goto("/desk/knowledge")
    await page.route("**/knowledge/articles**", fail, times=1)
    await page.reload()
    await page.get_by_role("button", name="Try again").click()
    await expect(page.get_by_role("link", name="Card declined")).to_be_visible()


async def fail(route: Route) -> None:
    """As when the line is gone; the pages themselves come through."""
    if route.request.resource_type == "document":
        await route.continue_()
    else:
        await route.abort()
