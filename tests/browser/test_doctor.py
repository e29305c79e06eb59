"""The page that says what stands between a reader and the desk, behind a right nginx and four wrong ones."""

from itertools import product
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.support.browser import DESKTOP, PHONE, violations, window
from tests.support.proxies import BROKEN, behind_nginx
from tests.support.server import Server

ROW_OF = {"upgrade_refused": "socket", "idle_timeout": "silence", "origin": "origin", "body_limit": "upload"}


async def examine(browser: Browser, url: str) -> Page:
    page = await (await window(browser, url)).new_page()
    # It listens to a silent socket for a minute, which a test lets pass at once.
    await page.clock.install()
    await page.goto("/signin")
    await page.get_by_role("link", name="Trouble connecting?").click()
    await page.get_by_role("button", name="Check now").click()
    return page


def row(page: Page, name: str, facts: str = "") -> Locator:
    return page.locator(f"[data-check={name}]{facts}")


async def faults(page: Page) -> list[str | None]:
    return [await fault.get_attribute("data-fault") for fault in await page.locator("[data-fault]").all()]


async def test_behind_the_documented_nginx_everything_works(browser: Browser, server: Server, tmp_path: Path) -> None:
    with behind_nginx(server.port, tmp_path) as nginx:
        page = await examine(browser, nginx.url)
        await expect(row(page, "upload", "[data-verdict=ok]")).to_be_visible()
        await expect(row(page, "silence").get_by_role("progressbar")).to_be_visible()
        await page.clock.fast_forward(65_000)
        await expect(page.get_by_text("All that the chat needs works.")).to_have_count(2)
        await expect(page.locator("[data-verdict=ok]")).to_have_count(7)


@pytest.mark.parametrize("fault", BROKEN)
async def test_a_classic_fault_is_named_with_its_cure(
    browser: Browser, server: Server, tmp_path: Path, fault: str
) -> None:
    with behind_nginx(server.port, tmp_path, fault=fault) as nginx:
        page = await examine(browser, nginx.url)
        found = row(page, ROW_OF[fault], f"[data-fault={fault}]")
        await expect(found).to_be_visible()
        await found.get_by_text("For the operator, in nginx").click()
        await expect(found.locator("pre")).to_be_visible()
        assert await faults(page) == [fault]


async def test_the_result_has_no_barrier_in_any_of_its_looks(browser: Browser, server: Server, tmp_path: Path) -> None:
    with behind_nginx(server.port, tmp_path, fault="body_limit") as nginx:
        page = await examine(browser, nginx.url)
        await expect(row(page, "upload", "[data-fault=body_limit]")).to_be_visible()
        await page.clock.fast_forward(65_000)
        await expect(page.get_by_role("button", name="Copy the result")).to_be_visible()
        found = []
        for viewport, theme in product((DESKTOP, PHONE), ("light", "dark")):
            await page.set_viewport_size(viewport)
            # Without motion: a colour on its way to the other theme is none of the two that are promised.
            looks = {"color_scheme": theme, "reduced_motion": "reduce"}
            await page.emulate_media(**looks)  # type: ignore[arg-type]  # literals that product() and dict widen
            found += [f"{theme} {violation}" for violation in await violations(page)]
            assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert found == []
