"""The evaluator's tour, followed to its last tick: each link and each button shows what its stop says."""

import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.people import PASSWORD
from tests.support.browser import PHONE, said, violations, window, write
from tests.support.server import Server

# Twenty stops on a desk that makes its demo first and then learns its articles.
pytestmark = [pytest.mark.story, pytest.mark.timeout(400)]

LEARNT_WITHIN_MS = 120_000
ALL = [*(f"F{number}" for number in range(1, 10)), *(f"N{number}" for number in range(1, 9)), "T", "L", "A1"]


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Each stop opens a page with all its scripts and lines, and two other windows stay open."""
    expect.set_options(timeout=20_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return {**environment, "CSTS_DEMO": "1", "CSTS_ASSISTANT": "1", "CSTS_JOBS": "1"}


@dataclass
class Visit:
    """The page of the tour, and the windows that it has opened, by whose they are."""

    tour: Page
    windows: dict[str, Page]
    folder: Path

    async def follow(self, stop: str, link: str, whose: str) -> Page:
        """Click the link of a stop: it opens somebody's window, or leads the one that is open."""
        place = self.tour.locator(f"#{stop}").get_by_role("link", name=link)
        if whose in self.windows:
            page = self.windows[whose]
            async with page.expect_navigation():
                await place.click()
            return page
        async with self.tour.context.expect_page() as opened:
            await place.click()
        self.windows[whose] = page = await opened.value
        return page

    async def enter(self, stop: str, link: str, whose: str) -> Page:
        """The same where nobody or somebody else is signed in: the form is filled in, its button does the rest."""
        page = await self.follow(stop, link, whose)
        await page.get_by_role("button", name="Sign in").click()
        return page

    async def save(self, stop: str, button: str) -> Path:
        async with self.tour.expect_download() as download:
            await self.tour.locator(f"#{stop}").get_by_role("button", name=button).click()
        file = await download.value
        path = self.folder / file.suggested_filename
        await file.save_as(path)
        return path

    async def tick(self, stop: str) -> None:
        await self.tour.locator(f"#{stop}").get_by_role("checkbox").check()

    async def both(self, stop: str) -> tuple[Page, Page]:
        return await self.follow(stop, "Ana’s side", "ana"), await self.follow(stop, "Priya’s side", "priya")


async def registers(visit: Visit) -> None:
    page = await visit.follow("F1", "Create an account", "new")
    await page.get_by_role("button", name="Create an account").click()
    await expect(page.get_by_text("Please fill this in.")).to_have_count(3)
    await page.get_by_label("Your name").fill("Eva Luator")
    await page.get_by_label("E-mail").fill("eva@example.com")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Create an account").click()
    await expect(page.get_by_role("heading", name="Your tickets")).to_be_visible()
    ana = await visit.enter("F1", "Sign in as Ana", "ana")
    await expect(ana.locator(".card-subject").first).to_be_visible()


async def opens_a_ticket(visit: Visit) -> None:
    picture = await visit.save("F2", "Save a sample picture")
    ana = await visit.follow("F2", "New ticket", "ana")
    await ana.get_by_label("In one line").fill("The tour came by")
    await ana.get_by_label("What happened?").fill("Somebody ticks off what we promised.")
    await ana.get_by_text("Billing").click()
    await ana.locator("input[type=file]").set_input_files(picture)
    await ana.get_by_role("button", name="Send").click()
    await expect(ana.locator("[data-subject]")).to_have_text("The tour came by")


async def has_a_number_and_a_room(visit: Visit) -> None:
    ana = await visit.follow("F3", "Ana’s ticket", "ana")
    await expect(ana.locator("[data-number]")).to_have_text(re.compile(r"^L1-\d{6}$"))
    await expect(ana.locator("chat-composer textarea")).to_be_visible()


async def talks(visit: Visit) -> None:
    ana = await visit.follow("F4", "Ana’s side", "ana")
    priya = await visit.enter("F4", "Priya’s side", "priya")
    await expect(said(priya).last).to_be_visible()
    await write(ana, "Can you hear me?")
    await expect(said(priya).last).to_have_text("Can you hear me?")
    await expect(ana.locator(".message").last).to_contain_text("Seen")


async def sorts_the_desk(visit: Visit) -> None:
    priya = await visit.follow("F5", "By date", "priya")
    await expect(priya.locator("desk-list .row-subject").first).to_have_text("The tour came by")
    priya = await visit.follow("F5", "By priority", "priya")
    await expect(priya.locator("desk-list .row-subject").first).to_have_text(
        "Office machine is down and we have guests at two"
    )


async def claims(visit: Visit) -> None:
    priya = await visit.follow("F6", "A ticket that nobody has", "priya")
    await priya.get_by_role("button", name="Claim").click()
    await expect(priya.get_by_text("Priya Nair is looking into this ticket.").last).to_be_visible()
    await priya.locator(".ticket-card a[data-lightbox]").first.click()
    await expect(priya.locator("dialog.lightbox img")).to_be_visible()
    await priya.keyboard.press("Escape")


async def sees_who_is_here(visit: Visit) -> None:
    ana, priya = await visit.both("F7")
    # Both lines are open then: who comes later is not told what was typed before.
    await expect(ana.get_by_text("Priya Nair is here", exact=False).first).to_be_visible()
    await ana.locator("chat-composer textarea").press_sequentially("I am")
    await expect(priya.get_by_text("Ana Ruiz is typing…").first).to_be_visible()
    await ana.locator("chat-composer textarea").fill("")


async def sets_the_status(visit: Visit) -> None:
    priya, ana = await visit.follow("F8", "Priya’s side", "priya"), await visit.follow("F8", "Ana’s side", "ana")
    await priya.locator(".status-button").click()
    await priya.get_by_role("menuitemradio", name="Waiting for the customer").click()
    await expect(ana.locator("[data-status]")).to_have_text("Waiting for you")


async def is_told_what_is_wrong(visit: Visit) -> None:
    text = await visit.save("F9", "Save a text named .png")
    ana = await visit.follow("F9", "New ticket", "ana")
    await ana.get_by_label("In one line").fill("What was typed stays")
    await ana.get_by_label("What happened?").fill("A text that calls itself a picture.")
    await ana.get_by_text("Billing").click()
    await ana.locator("input[type=file]").set_input_files(text)
    await expect(ana.get_by_text("not-a-picture.png is not a PNG or JPEG picture.").first).to_be_visible()
    await expect(ana.get_by_label("In one line")).to_have_value("What was typed stays")


async def reads_the_api(visit: Visit) -> None:
    page = await visit.follow("N1", "The API", "new")
    await expect(page.locator('[data-path="/user/createticket"]').first).to_be_visible(timeout=30_000)


async def holds_a_phone(visit: Visit) -> None:
    page = await visit.follow("N5", "Ana’s phone", "phone")
    await page.set_viewport_size(PHONE)
    await expect(page.locator("chat-composer textarea")).to_be_visible()
    assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")


async def asks_for_health(visit: Visit) -> None:
    page = await visit.follow("N7", "Ask its parts", "new")
    await expect(page.get_by_text('"database":"ok"')).to_be_visible()
    await expect(visit.tour.locator("#N7")).to_contain_text(re.compile("This desk runs on (SQLite|MariaDB)"))
    page = await visit.follow("N8", "Is it alive?", "new")
    await expect(page.get_by_text('"status":"ok"')).to_be_visible()


async def reads_the_tables(visit: Visit) -> None:
    tables = visit.tour.locator("#T details")
    await expect(tables).to_have_count(7)
    await tables.filter(has_text="tickets").last.locator("summary").click()
    await expect(tables.get_by_text("callback_number")).to_be_visible()


def tries(stop: str) -> Callable[[Visit], Awaitable[None]]:
    async def act(visit: Visit) -> None:
        probe = visit.tour.locator(f"#{stop} tour-probe")
        await probe.get_by_role("button", name="Try it").click()
        await expect(probe.get_by_role("status")).to_have_text("All as it should be", timeout=30_000)

    return act


async def asks_the_assistant(visit: Visit) -> None:
    probe = visit.tour.locator("#A1 tour-probe")
    answer = probe.get_by_text("Most parcels arrive", exact=False)

    async def is_learnt() -> None:
        await probe.get_by_role("button", name="Try it").click()
        await expect(probe.get_by_role("status")).not_to_be_empty(timeout=30_000)

    await is_learnt()
    while not await answer.count():
        await is_learnt()
    await expect(probe.get_by_role("status")).to_have_text("All as it should be")


STOPS = {
    "F1": registers,
    "F2": opens_a_ticket,
    "F3": has_a_number_and_a_room,
    "F4": talks,
    "F5": sorts_the_desk,
    "F6": claims,
    "F7": sees_who_is_here,
    "F8": sets_the_status,
    "F9": is_told_what_is_wrong,
    "N1": reads_the_api,
    "N2": tries("N2"),
    "N3": tries("N3"),
    "N4": tries("N4"),
    "N5": holds_a_phone,
    "N6": tries("N6"),
    "N7": asks_for_health,
    "T": reads_the_tables,
    "L": tries("L"),
    "A1": asks_the_assistant,
}


async def test_the_tour_is_followed_to_its_last_tick(browser: Browser, server: Server, tmp_path: Path) -> None:
    context = await window(browser, server.url)
    context.set_default_timeout(30_000)
    tour = await context.new_page()
    await tour.goto("/signin")
    await tour.get_by_role("link", name="Take the tour").click()
    stops = tour.locator(".tour-stop")
    await expect(stops).to_have_count(len(ALL))
    assert [await stop.get_attribute("id") for stop in await stops.all()] == ALL
    visit = Visit(tour, {}, tmp_path)
    for stop, act in STOPS.items():
        await act(visit)
        await visit.tick(stop)
    await expect(tour.get_by_text("19 of 20")).to_be_visible()
    await visit.tick("N8")
    await tour.reload()
    await expect(tour.get_by_text("All 20 ticked off")).to_be_visible()
    await tour.get_by_role("button", name="Start over").click()
    await expect(tour.get_by_text("0 of 20")).to_be_visible()


async def test_the_tour_has_no_barrier_on_a_phone(browser: Browser, server: Server) -> None:
    for dark in (False, True):
        page = await (await window(browser, server.url, viewport=PHONE, dark=dark)).new_page()
        for path, ready in (("/tour", "tour-probe button"), ("/signin?as=ana", ".gate-demo")):
            await page.goto(path)
            await expect(page.locator(ready).first).to_be_visible()
            assert await violations(page) == []
            assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")
