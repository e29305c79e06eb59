"""The night story from both sides: the assistant answers and calls a person; an agent sees what it did."""

import json
import re

import pytest
from playwright.async_api import Browser, Page, Route, ViewportSize, WebSocketRoute, expect

from tests.assistant.conftest import KNOWN
from tests.make import claim, open_ticket
from tests.people import Somebody
from tests.support.browser import DESKTOP, PHONE, enter, said, violations, write
from tests.support.server import Server

ASSISTANT = {"kind": "assistant", "id": 0, "name": "Assistant"}
TITLE = "My new card has not arrived"


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return environment | {"CSTS_JOBS": "1", "CSTS_ASSISTANT": "1"}


async def ask_for_a_person(page: Page) -> None:
    """The customer reads the answer with its source, and wants to talk to somebody all the same."""
    answer = page.locator('.message[data-kind="assistant"]')
    await expect(answer).to_contain_text("A new card takes five to seven working days.")
    await expect(answer.locator(".message-author")).to_have_text("Assistant")
    await expect(answer.get_by_role("link", name=TITLE)).to_have_attribute("href", re.compile(r"^/help/\d+$"))
    await expect(page.get_by_text("The assistant is answering")).to_be_visible()
    await expect(page.locator(".sure, .verdict")).to_have_count(0)
    assert await violations(page) == []
    await expect(page.locator(".ask-person")).to_be_visible()
    await answer.get_by_role("button", name="Talk to a person").click()
    await expect(said(page)).to_contain_text(["A new card", "I want to talk to a person."])
    await expect(page.get_by_text("The assistant hands over to a person, as you asked.")).to_be_visible()
    for gone in (page.locator(".quick-words"), page.locator(".ask-person"), page.get_by_text("is answering")):
        await expect(gone).to_be_hidden()
    # Its source stays to be read.
    await expect(answer.get_by_role("link", name=TITLE)).to_be_visible()


async def see_what_it_did(page: Page) -> None:
    """An agent opens the ticket in the morning."""
    answer = page.locator('.message[data-kind="assistant"]:not([data-note])')
    await expect(answer.locator(".sure")).to_have_text(re.compile(r"^Sure: [89]\d\s?%$"))
    await expect(answer.get_by_role("link", name=TITLE)).to_have_attribute("href", re.compile(r"^/desk/knowledge/\d+$"))
    await expect(answer).to_contain_text(f"Why: the question is like those for “{TITLE}”")
    section = page.locator(".context-assistant")
    await expect(section).to_contain_text("Handed over to a person")
    await expect(section).to_contain_text("Why: the customer asked for a person")
    await expect(section).to_contain_text(f"Answered with “{TITLE}”")
    await expect(page.locator('.message[data-kind="assistant"][data-note]')).to_contain_text("Only agents see this")
    assert await violations(page) == []


async def judge_it(page: Page) -> None:
    """By keyboard; a word may be taken back by the other one, and the focus stays."""
    verdict = page.get_by_role("group", name="Was this right?")
    yes, no = verdict.get_by_role("button", name="Yes"), verdict.get_by_role("button", name="No")
    await yes.focus()
    await page.keyboard.press("Enter")
    await expect(yes).to_have_attribute("aria-pressed", "true")
    await expect(yes).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    await expect(no).to_have_attribute("aria-pressed", "true")
    await expect(yes).to_have_attribute("aria-pressed", "false")
    await page.reload()
    await expect(no).to_have_attribute("aria-pressed", "true")


async def fail_to_judge(page: Page) -> None:
    async def refuse(route: Route) -> None:
        await route.abort()

    await page.route("**/verdict", refuse)
    await page.get_by_role("group", name="Was this right?").get_by_role("button", name="Yes").click()
    await expect(page.get_by_role("alert").get_by_text("We cannot reach the server", exact=False)).to_be_visible()
    await expect(page.locator('.verdict-button[data-right="false"]')).to_have_attribute("aria-pressed", "true")
    await page.unroute("**/verdict")


async def use_a_suggestion(page: Page, customer: Page) -> None:
    """It goes behind what is written, and nowhere by itself."""
    text = page.locator("chat-composer textarea")
    await text.fill("Good morning!")
    await page.get_by_role("button", name="Suggest a reply").click()
    panel = page.locator(".suggestion")
    await expect(panel).to_contain_text("We refund within a week")
    await expect(panel.get_by_role("link", name="How refunds work")).to_be_visible()
    await expect(panel.locator(".sure")).to_be_visible()
    assert await violations(page) == []
    await panel.get_by_role("button", name="Use it").click()
    await expect(panel).to_be_hidden()
    await expect(text).to_have_value("Good morning!\n\nWe refund within a week, to the account that you paid from.")
    await expect(text).to_be_focused()
    await expect(said(customer).filter(has_text="We refund")).to_have_count(0)
    await page.get_by_text("Note", exact=True).click()
    await expect(page.get_by_role("button", name="Suggest a reply")).to_be_hidden()
    await page.get_by_text("Reply", exact=True).click()
    await page.get_by_role("button", name="Send").click()
    await expect(said(customer).filter(has_text="We refund")).to_have_count(1)


async def look_after_it(page: Page) -> None:
    """The admin sees how it did, and takes the wrong answer off the list."""
    await page.goto("/desk")
    await page.get_by_role("link", name="Assistant").click()
    await expect(page.locator(".figure", has_text="Handed over to a person")).to_contain_text("100%")
    await expect(page.locator(".figure", has_text="Wrong answers")).to_contain_text("of 1 answer that")
    wrong = page.locator("review-list li")
    await expect(wrong).to_contain_text(KNOWN["description"])
    await expect(wrong.get_by_role("link", name=TITLE)).to_be_visible()
    await wrong.get_by_role("button", name="Done").click()
    await expect(page.get_by_role("heading", name="Nothing to look after")).to_be_visible()


@pytest.mark.story
@pytest.mark.timeout(300)
@pytest.mark.usefixtures("learnt")
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_the_night_story_from_both_sides(
    browser: Browser, server: Server, ana: Somebody, mona: Somebody, viewport: ViewportSize
) -> None:
    ticket = (await open_ticket(ana, **KNOWN))["id"]
    customer = await enter(browser, server, ana, viewport=viewport)
    await customer.goto(f"/my/tickets/{ticket}")
    await ask_for_a_person(customer)
    for question in ("how do I get a refund", "I want my money back"):
        await write(customer, question)
    await expect(said(customer)).to_have_count(4)

    agent = await enter(browser, server, mona)
    await agent.goto(f"/desk/tickets/{ticket}")
    await see_what_it_did(agent)
    await judge_it(agent)
    await fail_to_judge(agent)
    await use_a_suggestion(agent, customer)
    await look_after_it(agent)


@pytest.mark.timeout(300)
@pytest.mark.usefixtures("learnt")
async def test_what_helped_is_said_by_one_button_and_solves_the_ticket(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    ticket = (await open_ticket(ana, **KNOWN))["id"]
    page = await enter(browser, server, ana, viewport=PHONE)
    await page.goto(f"/my/tickets/{ticket}")
    await page.get_by_role("button", name="That helped").click()
    await expect(said(page).nth(1)).to_have_text("Yes, that helped, thank you.")
    await expect(page.get_by_text("Solved. If it is not")).to_be_visible()
    await expect(page.locator(".quick-words, .ask-person:visible")).to_have_count(0)
    desk = await enter(browser, server, priya)
    await desk.goto(f"/desk/tickets/{ticket}")
    await expect(desk.locator(".context-assistant")).to_contain_text("Solved by the assistant")
    await desk.goto("/desk/assistant")
    await expect(desk.locator(".figure", has_text="Settled without a person")).to_contain_text("100%")
    await expect(desk.locator("review-list")).to_have_count(0)


async def test_an_answer_grows_on_the_page_until_its_message_takes_its_place(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    ticket = (await open_ticket(ana))["id"]
    page = await enter(browser, server, ana)
    lines: list[WebSocketRoute] = []

    async def listen_in(line: WebSocketRoute) -> None:
        line.connect_to_server()
        lines.append(line)

    await page.route_web_socket(re.compile(r"/ws/tickets/"), listen_in)
    await page.goto(f"/my/tickets/{ticket}")
    await expect(page.locator(".thread-event").first).to_be_visible()
    draft = {"type": "draft", "client_id": "0b6c6f2e-5a53-4d1e-9a0f-3c1d7a4b5e6f", "sender": ASSISTANT}
    growing = page.locator('.message[data-state="drafting"]')

    def tell(**frame: object) -> None:
        lines[-1].send(json.dumps(frame))

    for content in ("A new <b>card</b>", "A new <b>card</b> takes five"):
        tell(**draft, content=content)
        await expect(growing.locator(".message-text")).to_have_text(content)
    await expect(growing).to_have_attribute("aria-live", "off")
    await expect(page.locator(".room-people")).to_have_text("Assistant is typing…")

    whole = {"id": 999, "seq": 2, "timestamp": "2026-03-01T10:00:00Z", "attachments": [], "internal": False}
    tell(**{**draft, "type": "message"}, **whole, content="A new card takes five days.")
    await expect(said(page)).to_have_text(["A new card takes five days."])
    await expect(growing).to_have_count(0)

    tell(**{**draft, "client_id": "5e6f0b6c-5a53-4d1e-9a0f-3c1d7a4b5e6f"}, content="And another")
    await expect(growing).to_have_count(1)
    await claim(priya, ticket)
    await expect(growing).to_have_count(0)
