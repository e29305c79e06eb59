"""What a page costs on a telephone: bytes, requests and rounds, and how soon it is there (P10).

    python -m bench.pages [--lighthouse FOLDER]

Each page is opened with an empty cache in Chromium as an emulated phone, on the slow line and with the slow processor
that Lighthouse emulates. With the folder into which `npm install lighthouse` was done, Lighthouse itself is asked, too.
"""

import argparse
import asyncio
import json
import math
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, CDPSession, Page, async_playwright

from bench.windows import Sample, sample_desk, sign_in
from tests.support.browser import QUIET, WHOLE, installed
from tests.support.mariadb import free_port

# What Lighthouse calls slow 4G and a mid-tier phone, as it applies them itself (lighthouse/core/config/constants.js).
LINE = {
    "offline": False,
    "latency": 562.5,
    "downloadThroughput": 1474.56 * 1024 / 8,
    "uploadThroughput": 675 * 1024 / 8,
}
SLOWER = 4
PHONE: Any = {
    "viewport": {"width": 412, "height": 823},
    "device_scale_factor": 1.75,
    "is_mobile": True,
    "has_touch": True,
}
MOST_KB = 100
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
# The median and the tenth percentile of the web on phones, and the weight (web.dev/performance-scoring, version 10).
# The speed index, a tenth, needs pictures of the page; the others share its weight.
CURVES = {"fcp": (3000, 1800, 10), "lcp": (4000, 2500, 25), "tbt": (600, 200, 30), "cls": (0.25, 0.1, 25)}
OBSERVE = """
window.seen = {fcp: 0, lcp: 0, cls: 0, tbt: 0};
const each = (type, act) => {
    new PerformanceObserver((list) => list.getEntries().forEach(act)).observe({type, buffered: true});
};
each("paint", ({name, startTime}) => { if (name === "first-contentful-paint") seen.fcp = startTime; });
each("largest-contentful-paint", ({startTime}) => { seen.lcp = startTime; });
each("layout-shift", ({value, hadRecentInput}) => { if (!hadRecentInput) seen.cls += value; });
each("longtask", ({duration}) => { seen.tbt += duration - 50; });
"""


@dataclass(frozen=True)
class Visit:
    """A page as the line saw it: bytes with headers, and files that only another file has asked for."""

    bytes: int
    requests: int
    late: tuple[str, ...]
    vitals: dict[str, float]

    @property
    def score(self) -> int:
        weights = sum(weight for _, _, weight in CURVES.values())
        return round(
            100 * sum(scored(self.vitals[name], *curve) * curve[2] for name, curve in CURVES.items()) / weights
        )


def scored(value: float, median: float, tenth: float, _weight: int) -> float:
    """Lighthouse's log-normal curve: 0.5 at the median, 0.9 at the tenth percentile."""
    if value <= 0:
        return 1
    shape = math.log(median / tenth) / (1.2815515655446004 * math.sqrt(2))
    return (1 - math.erf(math.log(value / median) / (shape * 2))) / 2


class Line:
    """Counts what goes over it."""

    def __init__(self, session: CDPSession) -> None:
        self._urls: dict[str, tuple[str, str]] = {}
        self.sizes: dict[str, int] = {}
        self._has_loaded = False
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.loadingFinished", self._came)
        session.on("Page.loadEventFired", self._loaded)

    @property
    def late(self) -> tuple[str, ...]:
        """Our own files that the page has not named: each costs a round."""
        files = [url for url, asker in self._urls.values() if asker == "script" and "/static/" in url]
        return tuple(sorted(url.rsplit("/static/", 1)[-1].split("/", 1)[-1] for url in files))

    def _asked(self, event: dict[str, Any]) -> None:
        # What a page fetches when it stands is not missed by anybody.
        if not self._has_loaded:
            self._urls[event["requestId"]] = (event["request"]["url"], event["initiator"]["type"])

    def _loaded(self, _event: dict[str, Any]) -> None:
        self._has_loaded = True

    def _came(self, event: dict[str, Any]) -> None:
        self.sizes[event["requestId"]] = int(event["encodedDataLength"])


async def visit(context: BrowserContext, url: str) -> Visit:
    page = await context.new_page()
    await page.add_init_script(OBSERVE)
    session = await context.new_cdp_session(page)
    line = Line(session)
    await session.send("Network.enable")
    await session.send("Page.enable")
    await session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    await session.send("Network.emulateNetworkConditions", LINE)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    await page.goto(url, wait_until="networkidle")
    vitals = await _settled(page)
    await page.close()
    return Visit(sum(line.sizes.values()), len(line.sizes), line.late, vitals)


async def _settled(page: Page) -> dict[str, float]:
    """What was seen until nothing has moved for two frames after the network fell silent."""
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return dict(await page.evaluate("window.seen"))


async def lighthouse(folder: Path, port: int, url: str) -> dict[str, Any]:
    """Its report on this page, in the browser that has the session."""
    tool = folder / "node_modules" / "lighthouse" / "cli" / "index.js"
    categories = f"--only-categories={','.join(CATEGORIES)}"
    words = [
        "node",
        str(tool),
        url,
        f"--port={port}",
        "--disable-storage-reset",
        categories,
        "--output=json",
        "--quiet",
    ]
    process = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)
    told, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"lighthouse ended with {process.returncode}")
    report: dict[str, Any] = json.loads(told)
    return report


@asynccontextmanager
async def phone(port: int) -> AsyncIterator[BrowserContext]:
    """One profile that another program finds by its port, with the sessions that it is given."""
    with tempfile.TemporaryDirectory() as profile:
        async with async_playwright() as playwright:
            words = [*QUIET, f"--remote-debugging-port={port}"]
            options: Any = {"executable_path": installed(WHOLE), "args": words, **PHONE}
            context = await playwright.chromium.launch_persistent_context(profile, **options)
            yield context
            await context.close()


def pages_of(sample: Sample) -> dict[str, str]:
    """Those that people open, by their names; the first one is for strangers."""
    base = sample.desk.site.url
    return {
        "sign-in": f"{base}/signin",
        "my tickets": f"{base}/my/tickets",
        "ticket": f"{base}/my/tickets/{sample.ticket_id}",
        "desk": f"{base}/desk/tickets/{sample.ticket_id}",
    }


async def run(folder: Path | None) -> bool:
    is_met = True
    async with sample_desk() as sample:
        print(f"{'':12}{'KB':>7}{'requests':>10}{'FCP':>9}{'LCP':>9}{'TBT':>9}{'CLS':>8}{'score':>7}  a round later")
        for name, url in pages_of(sample).items():
            port = free_port()
            async with phone(port) as context:
                for door, form in sample.doors[name]:
                    await sign_in(context, f"{sample.desk.site.url}{door}", form, sample.desk.site.url)
                seen = await visit(context, url)
                print_visit(name, seen)
                is_met &= name == "desk" or (seen.bytes <= MOST_KB * 1000 and not seen.late and not seen.vitals["cls"])
                if folder:
                    print_report(await lighthouse(folder, port, url))
    return is_met


def print_visit(name: str, seen: Visit) -> None:
    times = "".join(f"{seen.vitals[vital]:>6.0f} ms" for vital in ("fcp", "lcp", "tbt"))
    figures = f"{seen.bytes / 1000:>7.1f}{seen.requests:>10}{times}{seen.vitals['cls']:>8.3f}{seen.score:>7}"
    print(f"{name:12}{figures}  {' '.join(seen.late) or '-'}", flush=True)


def print_report(report: dict[str, Any]) -> None:
    scores = {name: round(100 * (report["categories"][name]["score"] or 0)) for name in CATEGORIES}
    print("  Lighthouse:", ", ".join(f"{name} {score}" for name, score in scores.items()))
    for name in CATEGORIES:
        wanting = [each["id"] for each in report["categories"][name]["auditRefs"] if each["weight"]]
        audits = [report["audits"][id_] for id_ in wanting]
        for audit in audits:
            if audit["score"] is not None and audit["score"] < 1:
                print(f"    {name}: {audit['id']} {audit['score']:g} {audit.get('displayValue', '')}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__)
    parser.add_argument("--lighthouse", type=Path, metavar="FOLDER", help="where `npm install lighthouse` was done")
    sys.exit(not asyncio.run(run(parser.parse_args().lighthouse)))


if __name__ == "__main__":
    main()
