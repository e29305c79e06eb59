"""How smoothly the desk scrolls: five hundred rows, and a thread of five thousand messages, in Chromium's own trace.

    python -m bench.frames

Each is loaded and then scrolled to and fro by gestures. Printed are the frames that were drawn and dropped, the tasks
of the main thread in processor time, and what the page holds in memory; first for a page of plain text, to tell what
the machine itself drops.
"""

import argparse
import asyncio
import json
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from playwright.async_api import CDPSession, Page

from bench.windows import TOWN, agents_window, town_desk
from tests.support.browser import WHOLE, chromium

ROWS = 500
MAIN, FRAME_MS = "CrRendererMain", 1000 / 60
PX_PER_SECOND, PX_FARTHEST = 4000, 24_000
CATEGORIES = [
    "disabled-by-default-devtools.timeline",
    "disabled-by-default-devtools.timeline.frame",
    "devtools.timeline",
]
PLAIN = """() => {
    const page = document.createElement("main");
    page.className = "plain";
    Object.assign(page.style, {height: "100vh", overflow: "auto"});
    page.innerHTML = "<p>Plain text.</p>".repeat(3000);
    document.body.replaceChildren(page);
}"""


@dataclass(frozen=True)
class Scene:
    """A page, the element in it that scrolls, and where more of it is loaded, again and again."""

    name: str
    path: str
    scroller: str
    far: str = ""
    is_loaded: str = ""


SCENES = (
    Scene("plain text", "/signin", ".plain"),
    Scene(
        f"list of {ROWS}",
        "/desk?queue=all",
        ".list-scroll",
        "element.scrollHeight",
        f"document.querySelectorAll('.desk-row').length >= {ROWS}",
    ),
    Scene(
        "thread of 5,000",
        f"/desk/tickets/{TOWN.tickets}?queue=all",
        ".thread-scroll",
        "0",
        "!document.querySelector('.thread-intro').hidden",
    ),
)


@dataclass(frozen=True)
class Trace:
    """What the screen got, and what the page's main thread took for it, in milliseconds of processor time."""

    drawn: int
    dropped: int
    longest_ms: float
    late: int

    @classmethod
    def of(cls, events: list[dict[str, Any]]) -> "Trace":
        mains = {place_of(each) for each in events if each["name"] == "thread_name" and each["args"]["name"] == MAIN}
        tasks: dict[tuple[int, int], list[float]] = {place: [] for place in mains}
        for each in events:
            if each["name"] == "RunTask" and place_of(each) in mains:
                tasks[place_of(each)].append(each.get("tdur", each.get("dur", 0)) / 1000)
        # The pages that are not looked at have nothing to do.
        busiest = max(tasks.values(), key=sum)
        names = [each["name"] for each in events]
        late = sum(task > FRAME_MS for task in busiest)
        return cls(names.count("DrawFrame"), names.count("DroppedFrame"), max(busiest, default=0), late)


def place_of(event: dict[str, Any]) -> tuple[int, int]:
    return event["pid"], event["tid"]


class Stage:
    """One page in its window, and the tools that look into it."""

    def __init__(self, page: Page, session: CDPSession, scene: Scene) -> None:
        self._page = page
        self._session = session
        self._scene = scene
        self._scroller = page.locator(scene.scroller)

    async def enter(self) -> None:
        await self._page.goto(self._scene.path)
        if not self._scene.far:
            await self._page.evaluate(PLAIN)
        await self._scroller.wait_for()

    async def load(self) -> Trace:
        """Goes where more is loaded until there is no more."""
        return await self._traced(self._load())

    async def scroll(self) -> Trace:
        """To and fro, by gestures."""
        await self._scroller.evaluate("element => { element.scrollTop = 0; }")
        return await self._traced(self._gestures())

    async def memory(self) -> tuple[float, int]:
        """Megabytes of the heap and nodes of the page, when all that is not needed has gone."""
        await self._session.send("HeapProfiler.collectGarbage")
        heap = await self._session.send("Runtime.getHeapUsage")
        counters = await self._session.send("Memory.getDOMCounters")
        return heap["usedSize"] / 1e6, counters["nodes"]

    async def _load(self) -> None:
        while self._scene.far and not await self._page.evaluate(self._scene.is_loaded):
            # Away and back, for who is there already does not scroll.
            there = f"requestAnimationFrame(() => {{ element.scrollTop = {self._scene.far}; }})"
            await self._scroller.evaluate(f"element => {{ element.scrollTop = 500; {there}; }}")
            await asyncio.sleep(0.05)

    async def _gestures(self) -> None:
        box = await self._scroller.bounding_box()
        if box is None:
            raise RuntimeError(f"{self._scene.name} is not on the screen")
        place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2, "speed": PX_PER_SECOND}
        room = await self._scroller.evaluate("element => element.scrollHeight - element.clientHeight")
        for distance in (-min(room, PX_FARTHEST), min(room, PX_FARTHEST)):
            await self._session.send("Input.synthesizeScrollGesture", {**place, "yDistance": distance})

    async def _traced(self, doing: Coroutine[Any, Any, None]) -> Trace:
        browser = self._page.context.browser
        if browser is None:
            raise RuntimeError("the browser is gone")
        await browser.start_tracing(page=self._page, categories=CATEGORIES)
        await doing
        return Trace.of(json.loads(await browser.stop_tracing())["traceEvents"])


async def run(passes: int) -> None:
    async with town_desk() as desk, chromium(WHOLE) as browser:
        context = await agents_window(browser, desk)
        print(HEAD)
        for scene in SCENES:
            page = await context.new_page()
            stage = Stage(page, await context.new_cdp_session(page), scene)
            await stage.enter()
            print_line(scene.name, "loading", await stage.load(), await stage.memory())
            for _ in range(passes):
                print_line("", "scrolling", await stage.scroll(), await stage.memory())
            await page.close()


HEAD = f"{'':18}{'':12}{'drawn':>7}{'dropped':>9}{'longest task':>14}{'over 16 ms':>12}{'heap':>10}{'nodes':>8}"


def print_line(name: str, doing: str, trace: Trace, memory: tuple[float, int]) -> None:
    frames = f"{trace.drawn:>7}{trace.dropped:>9}{trace.longest_ms:>11.0f} ms{trace.late:>12}"
    print(f"{name:18}{doing:12}{frames}{memory[0]:>7.1f} MB{memory[1]:>8}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.frames", description=__doc__)
    parser.add_argument("--passes", type=int, default=3, help="how often each is scrolled to and fro")
    asyncio.run(run(parser.parse_args().passes))


if __name__ == "__main__":
    main()
