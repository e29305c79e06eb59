"""The second factor in a real browser: set up, asked for at the door and in the dialog, lost, and turned off."""

from playwright.async_api import Browser, Page, expect

from tests.people import PASSWORD, PRIYA, Somebody
from tests.support.authenticator import Phone, set_up
from tests.support.browser import PHONE, enter, violations, window
from tests.support.server import Server


async def sign_in_by_hand(page: Page) -> None:
    await page.goto("/desk/signin")
    await page.get_by_label("User name").fill(PRIYA.login)
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Code")).to_be_focused()


async def test_an_agent_sets_it_up_and_signs_in_with_it(browser: Browser, server: Server, priya: Somebody) -> None:
    page = await enter(browser, server, priya)
    await page.goto("/desk/settings")
    factor = page.locator("second-factor")
    await factor.get_by_role("button", name="Set it up").click()
    await expect(factor.get_by_label("Your password")).to_be_focused()
    await page.keyboard.type("not my password")
    await page.keyboard.press("Enter")
    await expect(factor.get_by_text("This is not your password.")).to_be_visible()
    await factor.get_by_label("Your password").fill(PASSWORD)
    await page.keyboard.press("Enter")

    # The picture can be scanned, and the secret typed; a wrong code turns nothing on.
    picture = factor.get_by_role("img", name="QR code")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth > 100)")
    phone = Phone((await factor.locator("[data-secret]").inner_text()).replace(" ", ""), [])
    assert await violations(page) == []
    await page.keyboard.type(phone.wrong_code())
    await page.keyboard.press("Enter")
    await expect(factor.get_by_text("This code is not right")).to_be_visible()
    await factor.get_by_label("Code").fill(phone.code())
    await page.keyboard.press("Enter")

    # Ten recovery codes, to be kept as a file as well.
    codes = factor.get_by_role("list", name="Recovery codes").get_by_role("listitem")
    await expect(codes).to_have_count(10)
    phone.codes = await codes.all_inner_texts()
    assert await violations(page) == []
    async with page.expect_download() as downloading:
        await factor.get_by_role("link", name="Download").click()
    assert (await (await downloading.value).path()).read_text().split() == phone.codes
    await factor.get_by_role("button", name="I have kept them").click()
    await expect(factor.get_by_text("10 recovery codes are left.")).to_be_visible()
    assert await violations(page) == []

    elsewhere = await (await window(browser, server.url, viewport=PHONE)).new_page()
    await sign_in_by_hand(elsewhere)
    await get_past_the_second_step(elsewhere, phone)


async def get_past_the_second_step(page: Page, phone: Phone) -> None:
    """A wrong code is told, and the next one opens."""
    assert await violations(page) == []
    await page.keyboard.type(phone.wrong_code())
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("This code is not right")
    await page.get_by_label("Code").fill(phone.next_code())
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/desk")


async def test_it_is_turned_off_with_a_code_of_the_paper(browser: Browser, server: Server, priya: Somebody) -> None:
    phone = await set_up(priya)
    page = await (await window(browser, server.url)).new_page()
    await sign_in_by_hand(page)
    await get_past_the_second_step(page, phone)
    await page.goto("/desk/settings")
    factor = page.locator("second-factor")
    await factor.get_by_role("button", name="Turn it off").click()
    assert await violations(page) == []
    await factor.get_by_label("Your password").fill(PASSWORD)
    await factor.get_by_label("Code").fill(phone.codes[0])
    await page.keyboard.press("Enter")
    await expect(factor.get_by_role("button", name="Set it up")).to_be_visible()


async def test_a_recovery_code_opens_the_door_without_the_phone(
    browser: Browser, server: Server, priya: Somebody
) -> None:
    phone = await set_up(priya)
    page = await (await window(browser, server.url)).new_page()
    await sign_in_by_hand(page)
    await page.get_by_role("button", name="Use a recovery code").click()
    await expect(page.get_by_label("Recovery code")).to_be_focused()
    await page.keyboard.type(phone.codes[0].upper())
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/desk")
    await page.goto("/desk/settings")
    await expect(page.get_by_text("9 recovery codes are left.")).to_be_visible()


async def test_an_ended_session_asks_for_the_code_over_the_page(
    browser: Browser, server: Server, priya: Somebody
) -> None:
    page = await enter(browser, server, priya)
    await page.goto("/desk/settings")
    await expect(page.locator("second-factor").get_by_role("button", name="Set it up")).to_be_visible()
    phone = await set_up(priya)  # elsewhere, which ends this session
    await page.get_by_label("Sound").click()
    dialog = page.get_by_role("dialog", name="Please sign in again")
    await dialog.get_by_label("User name").fill(PRIYA.login)
    await dialog.get_by_label("Password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(dialog.get_by_label("Code")).to_be_focused()
    assert await violations(page) == []
    await page.keyboard.type(phone.next_code())
    await page.keyboard.press("Enter")
    await expect(dialog).to_be_hidden()
    await expect(page.get_by_text("Saved.")).to_be_visible()


async def test_an_admin_resets_it(browser: Browser, server: Server, priya: Somebody, mona: Somebody) -> None:
    await set_up(priya)
    page = await enter(browser, server, mona)
    await page.goto("/desk/agents")
    await page.get_by_role("button", name="Edit Priya Nair").click()
    await page.get_by_role("button", name="Reset the second factor").click()
    question = page.get_by_role("alertdialog", name="Reset the second factor?")
    assert await violations(page) == []
    await question.get_by_role("button", name="Reset").click()
    await expect(page.get_by_text("Priya Nair signs in with the password alone now.")).to_be_visible()
    assert (await priya.client.post("/agent/login", json=PRIYA.credentials)).status_code == 200
