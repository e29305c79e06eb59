"""The system's Chromium, quiet and alone; nothing is downloaded for it."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import (
    Browser,
    BrowserContext,
    FilePayload,
    Locator,
    Page,
    Route,
    ViewportSize,
    async_playwright,
)

from tests.make import png_bytes
from tests.people import Somebody
from tests.support.server import Server

# As people have it; without a window it starts sooner, and draws another way.
WHOLE = ("chromium", "chromium-browser", "google-chrome")
NAMES = ("chromium-headless-shell", *WHOLE)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 360, "height": 740}
SCREENSHOTS: list[FilePayload] = [
    {"name": f"screen-{number}.png", "mimeType": "image/png", "buffer": png_bytes(320, 200)} for number in (1, 2)
]


def installed(names: Sequence[str] = NAMES) -> str:
    for name in names:
        if found := shutil.which(name):
            return found
    raise FileNotFoundError("Chromium is not installed; on Debian and Ubuntu: apt-get install chromium")


@asynccontextmanager
async def chromium(names: Sequence[str] = NAMES) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=installed(names), args=QUIET)
        try:
            yield browser
        finally:
            await browser.close()


async def window(browser: Browser, url: str, *, viewport: ViewportSize = DESKTOP, dark: bool = False) -> BrowserContext:
    """A window of somebody else's: its own cookies and storage. Paths are relative to `url`."""
    context = await browser.new_context(
        base_url=url,
        viewport=viewport,
        has_touch=viewport is PHONE,
        color_scheme="dark" if dark else "light",
        locale="en-GB",
    )
    context.set_default_timeout(10_000)
    return context


async def enter(browser: Browser, server: Server, somebody: Somebody, *, viewport: ViewportSize = DESKTOP) -> Page:
    """Somebody's own window, signed in, with nothing in it yet."""
    context = await window(browser, server.url, viewport=viewport)
    form = {**somebody.account.credentials, "session": "cookie"}
    await context.request.post(f"{somebody.account.door}/login", data=form, headers={"Origin": server.url})
    return await context.new_page()


async def hold(page: Page, pattern: str | re.Pattern[str]) -> asyncio.Event:
    """Requests to these addresses wait until the event is set."""
    may_go = asyncio.Event()

    async def wait(route: Route) -> None:
        await may_go.wait()
        await route.continue_()

    await page.route(pattern, wait)
    return may_go


async def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page as it stands: the rule and the first element of each."""
    # What is on its way in would be measured half transparent.
    await page.emulate_media(reduced_motion="reduce")
    found = await Axe().run(page)
    return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found.response["violations"]]


async def write(page: Page, text: str) -> None:
    await page.locator("chat-composer textarea").fill(text)
    await page.get_by_role("button", name="Send", exact=True).click()


def said(page: Page) -> Locator:
    return page.locator("ticket-thread .message-text")
