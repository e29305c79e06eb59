"""A filled desk and a browser before it, for what is measured on screen."""

import os
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from playwright.async_api import Browser, BrowserContext

from csts.bench.cast import PASSWORD
from csts.bench.desk import Own, Running, own_desk
from csts.bench.fill import fill
from csts.bench.http import Form
from csts.bench.town import Town
from csts.kit.db import Announcement, Database
from csts.migrations.schema import upgrade
from tests.make import png_bytes, ticket_form
from tests.support.browser import window

# Its last ticket has a thread of 5,000, and all its tickets are more than a list will hold.
TOWN = Town(tickets=1000, messages=51_000, seed=1)


@asynccontextmanager
async def town_desk() -> AsyncIterator[Running]:
    """A desk of its own with a town in it, and nothing to do but to answer."""
    with tempfile.TemporaryDirectory(prefix="csts-windows-") as folder:
        url = f"sqlite+aiosqlite:///{Path(folder, 'town.db')}"
        await upgrade(url)
        database = Database(url, publish=_tell_nobody, reactions={})
        await fill(database, TOWN, lambda _: None)
        await database.close()
        # Taking all that into its index would be in the way of what is measured.
        os.environ["CSTS_JOBS"] = "0"
        async with own_desk(Own(database=url)) as desk:
            yield desk


async def sign_in(context: BrowserContext, door: str, form: dict[str, str], origin: str) -> None:
    """Gives the window a session."""
    answer = await context.request.post(f"{door}/login", data={**form, "session": "cookie"}, headers={"Origin": origin})
    if not answer.ok:
        raise RuntimeError(f"{door}/login was answered with {answer.status}")


async def agents_window(browser: Browser, desk: Running) -> BrowserContext:
    context = await window(browser, desk.site.url)
    form = {"username": desk.agent.username, "password": desk.agent.password}
    await sign_in(context, "/agent", form, desk.site.url)
    return context


async def _tell_nobody(_announced: Sequence[Announcement]) -> None:
    """Nobody listens to a town."""


@dataclass(frozen=True)
class Sample:
    """A desk as small as most are, a ticket on it, and by page who opens it."""

    desk: Running
    ticket_id: int
    doors: dict[str, list[tuple[str, dict[str, str]]]]


@asynccontextmanager
async def sample_desk() -> AsyncIterator[Sample]:
    """A customer with a dozen tickets, and a talk of forty messages in the last one."""
    async with own_desk(Own()) as desk:
        site, agent = desk.site, {"username": desk.agent.username, "password": desk.agent.password}
        customer = {"email": "ana@example.com", "password": PASSWORD}
        await site.post("/user/register", {"name": "Ana Ruiz", **customer})
        hers = (await site.post("/user/login", customer))["access_token"]
        theirs = (await site.post("/agent/login", agent))["access_token"]
        for number in range(12):
            ticket = await site.post(
                "/user/createticket", Form(ticket_form(subject=f"Card {number}"), png_bytes(640, 400)), hers
            )
        for number in range(40):
            message = {
                "client_id": str(uuid4()),
                "content": f"Message {number}: it says declined, and I do not know why.",
            }
            await site.post(f"/tickets/{ticket['id']}/messages", message, hers if number % 2 else theirs)
        as_customer, as_agent = [("/user", customer)], [("/agent", agent)]
        doors = {"sign-in": [], "my tickets": as_customer, "ticket": as_customer, "desk": as_agent}
        yield Sample(desk, ticket["id"], doors)
