"""From sign-up to a solved ticket: two people, two windows, and a network that goes away in between."""

import re

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from tests import make
from tests.people import ANA, PASSWORD, PRIYA, Somebody, hire
from tests.support.browser import DESKTOP, PHONE, SCREENSHOTS, said, window, write
from tests.support.network import Network, network_to
from tests.support.server import Server

pytestmark = [pytest.mark.story]


async def sign_up(page: Page) -> None:
    await page.goto("/")
    await page.get_by_role("link", name="Create an account").click()
    await page.get_by_label("Your name").fill(ANA.name)
    await page.get_by_label("E-mail").fill(ANA.login)
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Create an account").click()
    await expect(page.get_by_role("heading", name="Your tickets")).to_be_visible()


async def open_ticket(page: Page) -> None:
    await page.get_by_role("link", name="New ticket").first.click()
    await page.get_by_label("In one line").fill("Cannot pay with my card")
    await page.get_by_label("What happened?").fill("At the last step it says: declined.")
    await page.get_by_text("Billing").click()
    await page.locator("input[type=file]").set_input_files(SCREENSHOTS)
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_text(re.compile(r"^L1-\d{6}$")).first).to_be_visible()


async def sign_in(page: Page) -> None:
    await page.goto("/desk")
    await page.get_by_label("User name").fill(PRIYA.login)
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.locator(".desk")).to_be_visible()


async def talk_through_a_cut(network: Network, customer: Page, agent: Page) -> None:
    """The customer's line goes away in the middle; both go on writing, and nothing is lost or doubled."""
    await write(agent, "I am looking into it.")
    await expect(said(customer)).to_have_text(["I am looking into it."])
    network.cut()
    await write(customer, "It happens with both cards")
    await write(customer, "and on my phone")
    await write(agent, "One moment.")
    await expect(customer.get_by_text("Reconnecting", exact=False)).to_be_visible(timeout=20_000)
    network.mend()
    everything = {"I am looking into it.", "It happens with both cards", "and on my phone", "One moment."}
    for page in (customer, agent):
        await expect(said(page)).to_have_count(len(everything), timeout=30_000)
    order = await said(agent).all_inner_texts()
    assert set(order) == everything
    assert await said(customer).all_inner_texts() == order


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_a_ticket_goes_from_sign_up_to_solved(
    browser: Browser, server: Server, database_url: str, viewport: ViewportSize
) -> None:
    await hire(database_url, PRIYA)
    async with network_to(server.port) as network:
        customer = await (await window(browser, network.url, viewport=viewport)).new_page()
        agent = await (await window(browser, server.url, viewport=viewport)).new_page()
        await sign_in(agent)
        await sign_up(customer)
        await open_ticket(customer)

        # The desk shows it without a reload.
        await agent.locator("desk-list").get_by_text("Cannot pay with my card").click()
        await agent.get_by_role("button", name="Claim").click()
        await expect(customer.get_by_text("Priya Nair is handling it", exact=False).first).to_be_visible()
        await agent.locator(".ticket-card a[data-lightbox]").first.click()
        await expect(agent.locator("dialog.lightbox img")).to_be_visible()
        await agent.keyboard.press("Escape")

        await agent.locator("chat-composer textarea").press_sequentially("I am")
        await expect(customer.get_by_text("Priya Nair is typing…")).to_be_visible()
        await talk_through_a_cut(network, customer, agent)

        await agent.locator(".status-button").click()
        await agent.get_by_role("menuitemradio", name="Resolved").click()
        await expect(customer.get_by_text("Solved", exact=True).first).to_be_visible()

        # Tomorrow both read the whole talk again.
        for page in (customer, agent):
            await page.reload()
            await expect(said(page)).to_have_count(4)


async def test_both_hold_the_same_talk_after_the_server_was_killed(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    """`kill -9` while both write; nobody touches a page until both are complete again."""
    ticket = await make.open_ticket(ana)
    pages = []
    for somebody, path in ((ana, "/my/tickets"), (priya, "/desk/tickets")):
        context = await window(browser, server.url)
        form = {**somebody.account.credentials, "session": "cookie"}
        await context.request.post(f"{somebody.account.door}/login", data=form, headers={"Origin": server.url})
        page = await context.new_page()
        await page.goto(f"{path}/{ticket['id']}")
        await expect(page.locator(".thread-event").first).to_be_visible()
        await page.evaluate("window.neverReloaded = true")
        pages.append(page)
    customer, agent = pages
    texts = [f"{who} {number}" for number in range(1, 6) for who in ("customer", "agent")]
    for number, text in enumerate(texts):
        if text == "customer 3":
            server.kill()
        if number < texts.index("customer 3"):
            # Who has begun before the other's words come is asked whether to send his anyway (test_collisions).
            await expect(said(agent)).to_have_count(number)
        await write(customer if text.startswith("customer") else agent, text)
    for page in pages:
        await page.locator("chat-composer textarea").press_sequentially("half a thought")
    server.start()
    for page in pages:
        await expect(page.locator('.message[data-state="sending"]')).to_have_count(0, timeout=40_000)
        await expect(said(page)).to_have_count(len(texts), timeout=40_000)
        await expect(page.locator("chat-composer textarea")).to_have_value("half a thought")
        assert await page.evaluate("window.neverReloaded")
    order = await said(agent).all_inner_texts()
    assert sorted(order) == sorted(texts)
    assert await said(customer).all_inner_texts() == order
    stored = await make.thread(ana, ticket["id"])
    assert [message["content"] for message in stored if message["sender"]["kind"] != "system"] == order
