"""No page has a barrier that axe knows, in either theme, on a desk and on a phone, and none scrolls sideways."""

import pytest
from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.make import can_reply, open_ticket, post_message, write_article
from tests.people import Somebody
from tests.support.browser import DESKTOP, PHONE, violations, window
from tests.support.server import Server

LONG_WORD = "averyverylongwordwithoutanyspace" * 12

# Each page, and what is there when it is ready.
OPEN_PAGES = {
    "/signin": "form",
    "/signup": "form",
    "/desk/signin": "form",
    "/my/tickets/999": "form",
    "/forgot-password": ".gate-form",
    "/desk/forgot-password": ".gate-form",
    "/reset-password": "[data-lost]",
    "/confirm-email#token": "form",
    "/confirm-new-email#token": "form",
    "/desk/confirm-new-email#token": "form",
    "/reset-password#token": "form",
    "/desk/reset-password#token": "form",
    "/connection": "[data-check=silence]",
    "/help": ".help-row",
    "/help?q=zebra": "h2",
    "/help/{article}": ".written",
}
CUSTOMER_PAGES = {
    "/my/tickets": ".card-subject",
    "/my/tickets/new": "form",
    "/my/tickets/{id}": ".message-text",
    "/my/tickets/999": "h1",
    "/settings": ".session strong",
    "/help": ".help-row",
}
AGENT_PAGES = {
    "/desk/knowledge/{article}": ".revisions strong",
    "/desk/knowledge/rules": ".rule-row",
    "/help/{article}": ".written",
}
DESK_PAGES = {
    "/desk": ".row-subject",
    "/desk/tickets/{id}": ".message-text",
    "/desk/assistant": "review-list h3",
    "/desk/agents": ".agent-row strong",
    "/desk/audit": ".audit-row",
    "/desk/settings": "second-factor [data-to=begin]",
    "/desk/knowledge": ".article-row code",
    "/desk/knowledge?q=zebra": ".empty h2",
    "/desk/knowledge/new": "form",
    "/desk/knowledge/{article}": ".revisions strong",
    "/desk/knowledge/rules": ".rule-row",
    "/desk/replies": ".reply-row",
    "/desk/tickets/999": "h1",
}


async def enter(context: BrowserContext, server: Server, somebody: Somebody) -> None:
    form = {**somebody.account.credentials, "session": "cookie"}
    answer = await context.request.post(f"{somebody.account.door}/login", data=form, headers={"Origin": server.url})
    assert answer.ok


async def barriers(page: Page, pages: dict[str, str], **places: int) -> list[str]:
    found = []
    for path, ready in pages.items():
        await page.goto(path.format(**places))
        await expect(page.locator(ready).first).to_be_visible()
        await expect(page.locator("h1").first).to_be_attached()  # an article comes by itself, beside its revisions
        found += [f"{path} {violation}" for violation in await violations(page)]
        if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{path} scrolls sideways")
    return found


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_no_page_has_a_barrier(
    browser: Browser, server: Server, ana: Somebody, mona: Somebody, viewport: ViewportSize, *, dark: bool
) -> None:
    ticket = await open_ticket(ana, subject="A very long subject " + "without an end " * 10)
    await post_message(ana, ticket["id"], "Is anybody there?")
    await post_message(mona, ticket["id"], LONG_WORD)
    article = await write_article(mona, title=LONG_WORD[:200], answer=LONG_WORD, examples=[LONG_WORD])
    await can_reply(mona, title=LONG_WORD[:80], text=LONG_WORD, status="waiting", priority="urgent", shared=False)
    page = await (await window(browser, server.url, viewport=viewport, dark=dark)).new_page()
    places = {"id": ticket["id"], "article": article["id"]}
    found = await barriers(page, OPEN_PAGES, **places)
    await enter(page.context, server, ana)
    found += await barriers(page, CUSTOMER_PAGES, **places)
    await enter(page.context, server, mona)
    found += await barriers(page, DESK_PAGES, **places)
    assert found == []


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_what_opens_in_a_page_has_no_barrier_either(
    browser: Browser, server: Server, mona: Somebody, viewport: ViewportSize
) -> None:
    article = await write_article(mona)
    await mona.put(f"/knowledge/articles/{article['id']}", {"answer": LONG_WORD})
    page = await (await window(browser, server.url, viewport=viewport)).new_page()
    await enter(page.context, server, mona)
    await page.goto(f"/desk/knowledge/{article['id']}")
    await page.locator(".revisions summary").first.click()
    await expect(page.locator(".difference ins")).to_be_visible()
    found = await violations(page)
    await page.goto("/desk/knowledge/rules")
    await page.get_by_label("Try a sentence").fill("Hello there")
    await expect(page.locator(".rule-row[data-matched]")).to_be_visible()
    found += await violations(page)
    await page.get_by_role("button", name="Edit Greeting").click()
    await expect(page.get_by_role("dialog", name="Edit Greeting")).to_be_visible()
    assert [*found, *await violations(page)] == []


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_what_an_agent_reads_has_no_barrier(
    browser: Browser, server: Server, mona: Somebody, priya: Somebody, viewport: ViewportSize
) -> None:
    article = await write_article(mona, examples=["Why was my payment refused?"])
    page = await (await window(browser, server.url, viewport=viewport)).new_page()
    await enter(page.context, server, priya)
    assert await barriers(page, AGENT_PAGES, article=article["id"]) == []
