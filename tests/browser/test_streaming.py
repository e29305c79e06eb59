"""A desk whose language model writes as slowly as a test wants: what both sides see of it, and what when it breaks."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.assistant.conftest import KNOWN, STRANGE
from tests.make import claim, open_ticket
from tests.people import Somebody
from tests.support.browser import enter, said
from tests.support.groq import Groq, Stream, groq, in_pieces, says
from tests.support.server import Server

pytestmark = [pytest.mark.timeout(400), pytest.mark.usefixtures("learnt")]

TITLE = "My new card has not arrived"
ARTICLE = "A new card takes five to seven working days. After ten days we send another one free of charge."
# Long enough for a page to be looked at many times meanwhile.
WORDS = "Your card is on its way: as a rule it takes five to seven working days from the day of your order. " * 12
HALF = '{"reply": "' + WORDS[:200]
STEP = len(HALF) // 4


@pytest.fixture
async def api() -> AsyncIterator[Groq]:
    async with groq() as server:
        yield server


@pytest.fixture
def environment(environment: dict[str, str], api: Groq) -> dict[str, str]:
    model = {"CSTS_GROQ_API_KEY": "gsk_only-for-tests", "CSTS_LLM_BASE_URL": api.url}
    return environment | model | {"CSTS_JOBS": "1", "CSTS_ASSISTANT": "1"}


def growing(page: Page) -> Locator:
    return page.locator('.message[data-state="drafting"]')


async def longer(page: Page, api: Groq, than: str) -> str:
    """Lets the model write on until the page shows more than this."""
    async with asyncio.timeout(60):
        while True:
            api.release()
            text = await growing(page).locator(".message-text").inner_text()
            if len(text) > len(than):
                return text


async def ask(browser: Browser, server: Server, api: Groq, ana: Somebody, question: dict[str, str]) -> tuple[int, Page]:
    """A new ticket, and the customer who looks at it while the model has begun to write."""
    asked = len(api.requests)
    page = await enter(browser, server, ana)
    ticket = (await open_ticket(ana, **question))["id"]
    await page.goto(f"/my/tickets/{ticket}")
    await expect(page.locator(".thread-event").first).to_be_visible()
    await api.asked(asked + 1)
    return ticket, page


async def half_said(page: Page, api: Groq) -> str:
    """What the page shows of an answer that breaks off; all but its last piece is written by then."""
    api.release(STEP - 1)
    await expect(growing(page).locator(".message-text")).to_contain_text("Your")
    return await growing(page).locator(".message-text").inner_text()


async def test_words_grow_on_the_page_until_the_checked_answer_takes_their_place(
    browser: Browser, server: Server, api: Groq, ana: Somebody, priya: Somebody
) -> None:
    api.pause()
    api.will(says(WORDS, confidence=0.93))
    ticket, page = await ask(browser, server, api, ana, KNOWN)
    api.release(6)
    await expect(growing(page)).to_have_count(1)
    await expect(page.locator(".room-people")).to_have_text("Assistant is typing…")
    seen = [""]
    for _ in range(3):
        seen.append(await longer(page, api, seen[-1]))
    assert all(WORDS.startswith(text) for text in seen), seen
    await expect(growing(page)).to_have_attribute("aria-live", "off")
    await expect(page.get_by_role("link", name=TITLE)).to_have_count(0)

    api.resume()
    await expect(growing(page)).to_have_count(0)
    answer = page.locator('.message[data-kind="assistant"]')
    await expect(answer).to_have_count(1)
    await expect(answer.locator(".message-text")).to_have_text(
        re.compile(rf"^{re.escape(WORDS.strip())}\s+Did that help")
    )
    await expect(answer.get_by_role("link", name=TITLE)).to_be_visible()
    await expect(page.locator(".sure, .verdict")).to_have_count(0)

    desk = await enter(browser, server, priya)
    await desk.goto(f"/desk/tickets/{ticket}")
    shown = desk.locator('.message[data-kind="assistant"]')
    await expect(shown.locator(".sure")).to_have_text(re.compile(r"^Sure: 9[0-3]\s?%$"))
    await expect(shown.locator(".behind-source")).to_contain_text(f"Written by the language model, from {TITLE}")
    await expect(shown).to_contain_text("Why: It is in the article.")


async def test_an_answer_that_breaks_off_leaves_no_half_of_it(
    browser: Browser, server: Server, api: Groq, ana: Somebody, priya: Somebody
) -> None:
    # Cut in the middle: the article is there, in place of what had been said.
    api.pause()
    api.otherwise = Stream(in_pieces(HALF), end="cut")
    _, page = await ask(browser, server, api, ana, KNOWN)
    assert WORDS.startswith(await half_said(page, api))
    api.resume()
    await expect(said(page)).to_have_text([re.compile(rf"^{re.escape(ARTICLE)}\s+Did that help")])
    await expect(growing(page)).to_have_count(0)
    await expect(page.get_by_text("Your card is on its way")).to_have_count(0)

    # Nothing is known instead: a person is called, and of the answer nothing is left.
    api.pause()
    _, page = await ask(browser, server, api, ana, STRANGE)
    await half_said(page, api)
    api.resume()
    await expect(page.get_by_text("so it hands over to a person")).to_be_visible()
    await expect(page.locator('.message[data-kind="assistant"]')).to_have_count(0)
    await page.reload()
    await expect(page.get_by_text("so it hands over to a person")).to_be_visible()
    await expect(said(page)).to_have_count(0)


async def test_half_an_answer_goes_when_an_agent_claims_the_ticket(
    browser: Browser, server: Server, api: Groq, ana: Somebody, priya: Somebody
) -> None:
    api.pause()
    api.will(says(WORDS))
    ticket, page = await ask(browser, server, api, ana, KNOWN)
    api.release(12)
    await expect(growing(page)).to_have_count(1)
    await claim(priya, ticket)
    await expect(growing(page)).to_have_count(0)
    api.resume()
    await expect(page.get_by_text("Priya Nair is looking into this ticket.")).to_be_visible()
    # A second ticket is answered, so by now the first one would have been.
    api.otherwise = says("Please see the article.")
    _, other = await ask(browser, server, api, ana, KNOWN)
    await expect(said(other)).to_contain_text(["Please see the article."])
    await expect(said(page)).to_have_count(0)
