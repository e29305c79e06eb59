"""No page has a barrier that axe knows, in either theme, on a desk and on a phone, and none scrolls sideways."""

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.make import open_ticket, post_message
from tests.people import Somebody
from tests.support.browser import DESKTOP, PHONE, violations, window
from tests.support.server import Server

# Each page, and what is there when it is ready.
OPEN_PAGES = {
    "/signin": "form",
    "/signup": "form",
    "/desk/signin": "form",
    "/my/tickets/999": "form",
    "/connection": "[data-check=silence]",
}
CUSTOMER_PAGES = {
    "/my/tickets": ".card-subject",
    "/my/tickets/new": "form",
    "/my/tickets/{id}": ".message-text",
    "/my/tickets/999": "h1",
}
DESK_PAGES = {
    "/desk": ".row-subject",
    "/desk/tickets/{id}": ".message-text",
    "/desk/agents": ".agent-row strong",
    "/desk/tickets/999": "h1",
}


async def enter(context: BrowserContext, server: Server, somebody: Somebody) -> None:
    form = {**somebody.account.credentials, "session": "cookie"}
    answer = await context.request.post(f"{somebody.account.door}/login", data=form, headers={"Origin": server.url})
    assert answer.ok


async def barriers(page: Page, pages: dict[str, str], ticket_id: int) -> list[str]:
    found = []
    for path, ready in pages.items():
        await page.goto(path.format(id=ticket_id))
        await expect(page.locator(ready).first).to_be_visible()
        found += [f"{path} {violation}" for violation in await violations(page)]
        if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{path} scrolls sideways")
    return found


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_no_page_has_a_barrier(
    browser: Browser, server: Server, ana: Somebody, mona: Somebody, viewport: dict[str, int], *, dark: bool
) -> None:
    ticket = await open_ticket(ana, subject="A very long subject " + "without an end " * 10)
    await post_message(ana, ticket["id"], "Is anybody there?")
    await post_message(mona, ticket["id"], "averyverylongwordwithoutanyspace" * 12)
    context = await window(browser, server.url, viewport=viewport, dark=dark)  # type: ignore[arg-type]  # both are ViewportSize
    page = await context.new_page()
    found = await barriers(page, OPEN_PAGES, ticket["id"])
    await enter(context, server, ana)
    found += await barriers(page, CUSTOMER_PAGES, ticket["id"])
    await enter(context, server, mona)
    found += await barriers(page, DESK_PAGES, ticket["id"])
    assert found == []
