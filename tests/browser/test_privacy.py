"""A customer's data in a real browser: a copy of it, and its end, by himself and by an admin."""

import io
import zipfile

from playwright.async_api import Browser, expect

from tests.make import open_ticket
from tests.people import ANA, PASSWORD, Somebody
from tests.support.browser import PHONE, enter, violations
from tests.support.server import Server


async def test_a_customer_takes_a_copy_and_erases_his_account(browser: Browser, server: Server, ana: Somebody) -> None:
    await open_ticket(ana)
    page = await enter(browser, server, ana, viewport=PHONE)
    await page.goto("/settings")
    async with page.expect_download() as downloading:
        await page.get_by_role("link", name="Download a copy").click()
    archive = zipfile.ZipFile(io.BytesIO((await (await downloading.value).path()).read_bytes()))
    assert "account.json" in archive.namelist()

    await page.get_by_role("button", name="Erase my account").click()
    dialog = page.get_by_role("dialog", name="Erase my account?")
    await expect(dialog.get_by_label("The e-mail address")).to_be_focused()
    assert await violations(page) == []
    await page.keyboard.type("ben@example.com")
    await dialog.get_by_label("Your password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(dialog.get_by_text("This is not the e-mail address of the account.")).to_be_visible()
    await dialog.get_by_label("The e-mail address").fill(ANA.login)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/signin")
    answer = await ana.client.post("/user/login", json=ANA.credentials)
    assert answer.status_code == 401


async def test_an_admin_does_it_from_the_customers_ticket(
    browser: Browser, server: Server, ana: Somebody, mona: Somebody
) -> None:
    ticket = await open_ticket(ana)
    page = await enter(browser, server, mona)
    await page.goto(f"/desk/tickets/{ticket['id']}")
    await page.get_by_role("link", name="Data of this customer").click()
    await expect(page.get_by_role("heading", name=ana.name)).to_be_visible()
    assert await violations(page) == []
    await page.get_by_role("button", name="Erase this customer").click()
    dialog = page.get_by_role("dialog", name="Erase this customer?")
    await dialog.get_by_label("The e-mail address").fill(ANA.login)
    await dialog.get_by_role("button", name="Erase for good").click()
    await expect(page.get_by_text("This customer has been erased.")).to_be_visible()
    assert await violations(page) == []
