"""What somebody hears who does not see the page, and how far the Tab key is."""

import asyncio
import re
from pathlib import Path

from playwright.async_api import BrowserContext, Locator, Page

_LISTENER = (Path(__file__).parent / "listener.js").read_text()
_CLOCK = re.compile(r"\s*\b\d{1,2}:\d\d(\s[AP]M)?\b")
_FARTHEST = 60
_PATIENCE_SECONDS = 20


async def listen(context: BrowserContext) -> None:
    """From the next page on, what its live regions say is kept."""
    await context.add_init_script(_LISTENER)


async def heard(page: Page) -> list[str]:
    """What has been said since one last asked, in order, without the times of day."""
    return [_CLOCK.sub("", said) for said in await page.evaluate("window.heard.splice(0)")]


async def next_heard(page: Page) -> list[str]:
    """The same, as soon as there is something."""
    async with asyncio.timeout(_PATIENCE_SECONDS):
        await page.evaluate("window.hear()")
    return await heard(page)


async def tab_to(page: Page, place: Locator) -> list[str]:
    """Presses Tab until this has the focus; the names of what was passed by, and its own."""
    passed = []
    for _ in range(_FARTHEST):
        await page.keyboard.press("Tab")
        passed.append(await focused(page))
        if await place.evaluate("element => element === document.activeElement"):
            return passed
    raise AssertionError(f"Tab does not lead there: {passed}")


async def focused(page: Page) -> str:
    """Role and name of what has the focus, such as `button "Send"`."""
    place = page.locator(":focus")
    if not await place.count():
        return "nothing"
    return (await place.aria_snapshot()).split("\n")[0].strip("- '").rstrip(":'")
