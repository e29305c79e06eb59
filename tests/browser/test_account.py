"""Who has forgotten his password comes back by a letter; who is signed in elsewhere sees it, and ends it."""

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.auth.letters import link_in
from tests.make import open_ticket
from tests.people import ANA, MONA, PASSWORD, PRIYA, Account, Somebody, sign_in
from tests.support.browser import DESKTOP, PHONE, enter, violations, window
from tests.support.mailbox import Mailbox
from tests.support.server import Server

pytestmark = pytest.mark.signed_up

NEW = "five grey geese at dawn"


@pytest.fixture
def environment(environment: dict[str, str], mailbox: Mailbox) -> dict[str, str]:
    return environment | {"CSTS_SMTP_URL": mailbox.url, "CSTS_JOBS": "1"}


async def is_whole(page: Page) -> None:
    assert await violations(page) == []
    assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")


async def reset(page: Page, mailbox: Mailbox, account: Account, email: str) -> None:
    """From the page where one signs in to the letter and back, by keyboard."""
    desk = "/desk" if account.kind == "agent" else ""
    await page.goto(f"{desk}/signin")
    await page.get_by_role("link", name="Forgot your password?").click()
    await expect(page.get_by_label("E-mail address")).to_be_focused()
    await is_whole(page)
    count = len(mailbox.messages)
    await page.keyboard.type(email)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Look into your mail")).to_be_focused()
    await is_whole(page)
    *_, letter = await mailbox.until(count + 1)
    await page.goto(link_in(letter))
    await expect(page.get_by_label("New password")).to_be_focused()
    await is_whole(page)
    await page.keyboard.type("password123")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("This password is on every attacker's list.")).to_be_visible()
    await page.get_by_label("New password").fill(NEW)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Your password is changed")).to_be_focused()
    assert "#" not in page.url
    await is_whole(page)
    await page.goto(link_in(letter))
    await page.get_by_label("New password").fill(NEW)
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("This link has been used already, or it is too old.")).to_be_visible()
    await page.get_by_role("link", name="Send me a new link").click()
    await page.get_by_role("link", name="Back to the sign-in").click()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
async def test_a_customer_comes_back_by_a_letter(
    browser: Browser, server: Server, ana: Somebody, mailbox: Mailbox, viewport: ViewportSize
) -> None:
    await mailbox.until(1)
    signed_in = await enter(browser, server, ana, viewport=viewport)
    await signed_in.goto("/my/tickets")
    page = await (await window(browser, server.url, viewport=viewport, dark=True)).new_page()
    await reset(page, mailbox, ANA, ANA.login)
    await page.get_by_label("E-mail address").fill(ANA.login)
    await page.get_by_label("Password", exact=True).fill(NEW)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Your tickets")).to_be_visible()
    # Whoever had the old session is out, at once and on the open page.
    await expect(signed_in.get_by_role("heading", name="Please sign in again")).to_be_visible()
    letters = await mailbox.until(3)
    assert letters[-1]["Subject"] == "Your password was changed"


async def test_an_agent_comes_back_by_a_letter_once_an_admin_has_entered_his_address(
    browser: Browser, server: Server, priya: Somebody, mona: Somebody, mailbox: Mailbox
) -> None:
    admin = await enter(browser, server, mona)
    await admin.goto("/desk/agents")
    await admin.get_by_role("button", name="Edit Priya Nair").click()
    await admin.get_by_label("E-mail address").fill("priya@example.com")
    await is_whole(admin)
    await admin.get_by_role("button", name="Save").click()
    await expect(admin.get_by_text("Saved.")).to_be_visible()
    page = await (await window(browser, server.url)).new_page()
    await reset(page, mailbox, PRIYA, "priya@example.com")
    await page.get_by_label("User name").fill(PRIYA.login)
    await page.get_by_label("Password", exact=True).fill(NEW)
    await page.keyboard.press("Enter")
    await expect(page.locator("desk-list")).to_be_visible()


async def test_a_customer_confirms_his_address_by_a_button_of_the_page(
    browser: Browser, server: Server, ana: Somebody, mailbox: Mailbox
) -> None:
    page = await enter(browser, server, ana, viewport=PHONE)
    await page.goto("/my/tickets")
    banner = page.locator("confirm-banner")
    await expect(banner).to_contain_text("Please confirm ana@example.com")
    await is_whole(page)
    await banner.get_by_role("button", name="Send again").click()
    await expect(page.get_by_text("A new link is on its way.")).to_be_visible()
    *_, letter = await mailbox.until(2)
    await page.goto(link_in(letter))
    await is_whole(page)
    await page.get_by_role("button", name="Confirm the address").click()
    await expect(page.get_by_role("heading", name="Thank you")).to_be_focused()
    await page.get_by_role("link", name="Go on").click()
    await expect(page.get_by_role("heading", name="Your tickets")).to_be_visible()
    await expect(banner).to_have_count(0)


async def test_half_a_link_says_so(browser: Browser, server: Server) -> None:
    page = await (await window(browser, server.url, viewport=PHONE)).new_page()
    await page.goto("/reset-password")
    await expect(page.get_by_role("heading", name="This link is not whole")).to_be_focused()
    await is_whole(page)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
async def test_somebody_sees_where_he_is_signed_in_and_ends_it(
    browser: Browser, server: Server, ana: Somebody, viewport: ViewportSize
) -> None:
    ticket = await open_ticket(ana)
    lost = await enter(browser, server, ana)
    await lost.goto(f"/my/tickets/{ticket['id']}")
    await expect(lost.locator(".thread-event").first).to_be_visible()
    page = await enter(browser, server, ana, viewport=viewport)
    await page.goto("/settings")
    rows = page.locator("session-list .session")
    await expect(rows).to_have_count(3)
    await expect(rows.first).to_contain_text("Chrome on Linux")
    await expect(rows.first).to_contain_text("This one")
    await is_whole(page)
    await rows.filter(has_text="Chrome on Linux").nth(1).get_by_role("button", name="Sign out: Chrome on Linux").click()
    await expect(rows).to_have_count(2)
    await expect(page.get_by_role("heading", name="Where you are signed in")).to_be_focused()
    await expect(lost.get_by_role("heading", name="Please sign in again")).to_be_visible()
    await page.get_by_role("button", name="Sign out everywhere else").click()
    await expect(rows).to_have_count(1)
    await expect(page.get_by_role("button", name="Sign out everywhere else")).to_be_hidden()
    assert (await ana.get("/user/me")).status_code == 401


async def test_an_agent_changes_his_password_and_stays(
    browser: Browser, server: Server, mona: Somebody, priya: Somebody
) -> None:
    page = await enter(browser, server, priya)
    await page.goto("/desk/settings")
    await expect(page.locator("session-list .session")).to_have_count(2)
    form = page.locator("password-form")
    await form.get_by_label("Current password").fill("not the one")
    await form.get_by_label("New password").fill(NEW)
    await form.get_by_role("button", name="Change the password").click()
    await expect(form.get_by_text("That is not your current password.")).to_be_visible()
    await expect(form.get_by_label("Current password")).to_be_focused()
    await is_whole(page)
    await form.get_by_label("Current password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Your password is changed, and other sessions have ended.")).to_be_visible()
    await expect(page.locator("session-list .session")).to_have_count(1)
    assert (await priya.get("/agent/me")).status_code == 401
    assert (await sign_in(mona.client, MONA)).token


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
async def test_a_customer_changes_his_address_by_a_letter_to_the_new_one(
    browser: Browser, server: Server, ana: Somebody, mailbox: Mailbox, viewport: ViewportSize
) -> None:
    await mailbox.until(1)
    page = await enter(browser, server, ana, viewport=viewport)
    await page.goto("/settings")
    form = page.locator("email-form")
    await expect(form.get_by_text(ANA.login)).to_be_visible()
    await form.get_by_label("New e-mail address").fill("ana@elsewhere.example")
    await form.get_by_label("Your password").fill("not the one")
    await form.get_by_role("button", name="Change the address").click()
    await expect(form.get_by_text("This is not your password.")).to_be_visible()
    await form.get_by_label("Your password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(form.get_by_role("status")).to_contain_text("We have sent a link to ana@elsewhere.example.")
    await is_whole(page)
    letters = await mailbox.until(3)
    [letter] = [each for each in letters if each["To"] == "ana@elsewhere.example"]
    await page.goto(link_in(letter))
    await is_whole(page)
    link = page.url
    await page.get_by_role("button", name="Confirm the address").click()
    await expect(page.get_by_role("heading", name="Thank you")).to_be_focused()
    await page.goto(link)
    await page.get_by_role("button", name="Confirm the address").click()
    await expect(page.get_by_text("This link has been used already, or it is too old.")).to_be_visible()
    await page.get_by_role("link", name="Send me a new link").click()
    await expect(form.get_by_text("ana@elsewhere.example")).to_be_visible()
    await expect(form.get_by_role("status")).to_be_hidden()
