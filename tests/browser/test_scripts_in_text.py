"""Stored and reflected scripts (XSS): every text that somebody may write, on every page of a browser that obeys."""

import uuid
from dataclasses import dataclass, field
from urllib.parse import quote

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.access.matrix import matrix
from tests.attack.doors import numbered
from tests.make import can_reply, claim, make_rule, open_ticket, png_bytes, post_message, set_status, write_article
from tests.people import PASSWORD, Account, Somebody, sign_up
from tests.support.browser import window
from tests.support.server import Server

# Leaves an attribute and an element, ends what it may stand in, and holds a sign of each language that a page speaks.
SHORT = "\"'><x-owned data-owned onclick=owned()>&lt;{{7*7}}"
MARK = "x-owned"
PAYLOADS = [
    SHORT,
    "<script>owned()</script>",
    "<img src=x onerror=owned()>",
    "<svg/onload=owned()>",
    "<a href='javascript:owned()'>here</a>",
    "[here](javascript:owned()) ![x](x:owned) <javascript:owned()>",
    "<iframe srcdoc='<script>parent.owned()</script>'></iframe>",
    "<style>@import'/owned'</style><base href=//evil.test><form id=body><input name=innerHTML>",
    "</title></textarea></template></script><script>owned()</script>",
    "${owned()} {{constructor.constructor('owned()')()}} <%= owned() %> `${owned()}`",
    "javascript:owned()//https://evil.test/?a=<x-owned>",
    "data:text/html,<script>owned()</script>",
]
LONG = "\n".join(PAYLOADS)
# Names of the operator's own: who sets them owns the desk, and a page must not fall over an `&` all the same.
SETTINGS = {"CSTS_BRAND": "<x-owned data-owned>&\"'", "CSTS_ISSUE_TYPES": "billing,<x-owned>"}
PAGES = ("/my", "/settings", "/desk", "/signin", "/signup", "/help", "/connection")

WATCH = """
window.owned = () => window.tell('a script was run');
for (const name of ['alert', 'confirm', 'prompt', 'print']) window[name] = () => window.tell(name);
document.addEventListener('securitypolicyviolation', (event) => {
  window.tell(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""
INJECTED = "x-owned, [data-owned], [onclick], [onerror], [onload], iframe, base, [href^='javascript:' i]"
FOUND = "(injected) => [...document.querySelectorAll(injected)].map((element) => element.outerHTML.slice(0, 200))"


@dataclass
class Watched:
    """A window in which nothing may happen that the desk has not written itself."""

    context: BrowserContext
    page: Page
    told: list[str] = field(default_factory=list)
    shown: set[str] = field(default_factory=set)

    async def open(self, path: str) -> None:
        await self.page.goto(path, wait_until="networkidle")
        await self.look(path)

    async def look(self, where: str) -> None:
        self.told += [f"{where}: {found}" for found in await self.page.evaluate(FOUND, INJECTED)]
        if MARK in await self.page.evaluate("() => document.body.innerText + document.title"):
            self.shown.add(where)


async def watched(browser: Browser, server: Server, who: Somebody) -> Watched:
    context = await window(browser, server.url)
    form = {**who.account.credentials, "session": "cookie"}
    await context.request.post(f"{who.account.door}/login", data=form, headers={"Origin": server.url})
    page = await context.new_page()
    found = Watched(context, page)

    async def tell(_source: object, what: str) -> None:
        found.told.append(f"{page.url}: {what}")

    await context.expose_binding("tell", tell)
    await context.add_init_script(WATCH)
    page.on("dialog", lambda dialog: found.told.append(f"{page.url}: a dialog {dialog.type}"))
    page.on("pageerror", lambda error: found.told.append(f"{page.url}: {error}"))
    return found


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return {**environment, **SETTINGS}


async def write_everywhere(customer: Somebody, agent: Somebody, admin: Somebody) -> tuple[int, int]:
    """Payloads in each text that the API takes; the numbers of the ticket and of the article."""
    ticket = await open_ticket(customer, subject=SHORT, description=LONG, issue_type="billing")
    number = int(ticket["id"])
    await post_message(customer, number, LONG)
    file = {"file": (f"{SHORT}.png", png_bytes())}
    picture = (await customer.post(f"/tickets/{number}/attachments", files=file)).json()["id"]
    await post_message(customer, number, SHORT, attachment_ids=[picture])
    await claim(agent, number)
    await post_message(agent, number, LONG)
    await post_message(agent, number, LONG, internal=True)
    await agent.put(f"/tickets/{number}/tags", {"add": [SHORT[:40]]})
    await agent.put(f"/tickets/{number}/drafts/reply", {"content": LONG})
    await agent.post("/views", {"name": SHORT, "filters": {"q": SHORT, "tag": SHORT[:40]}, "shared": True})
    # What stands in double braces is a placeholder there, of which the desk knows its own alone.
    await can_reply(agent, title=SHORT, text=LONG.replace("{{", "{"))
    await make_rule(admin, name=SHORT, phrases=["x-owned data"], reply=LONG)
    article = await write_article(admin, title=SHORT, answer=LONG, examples=[SHORT])
    await set_status(agent, number, "resolved")
    await customer.put(f"/tickets/{number}/rating", {"score": 1, "comment": LONG})
    await admin.put(f"/agents/{agent.id}", {"name": SHORT})
    return number, int(article["id"])


async def test_no_text_is_more_than_text_on_any_page(
    browser: Browser, server: Server, priya: Somebody, mona: Somebody, client: object
) -> None:
    evil = Account("customer", "evil@example.com", SHORT, "customer")
    customer = await sign_up(priya.client, evil)
    ticket_id, article_id = await write_everywhere(customer, priya, mona)
    visitors = {"owner": await watched(browser, server, customer), "admin": await watched(browser, server, mona)}
    for (method, path), cells in matrix().items():
        for who, visitor in visitors.items() if method == "GET" and path.startswith(PAGES) else ():
            if cells[who] == "200" and not path.startswith("/help/articles"):
                await visitor.open(numbered(path, article_id if "article_id" in path else ticket_id))
    for query in (f"/help?q={quote(LONG)}", f"/signin?next={quote('/' + SHORT)}", f"/nowhere{quote(SHORT)}"):
        await visitors["owner"].open(query)
    await hear_of_it(visitors["admin"], customer, priya, ticket_id)
    assert [told for visitor in visitors.values() for told in visitor.told] == []
    shown = {path for visitor in visitors.values() for path in visitor.shown}
    assert {"/my/tickets", f"/my/tickets/{ticket_id}", "/desk", f"/desk/tickets/{ticket_id}", "/help"} <= shown
    assert len(shown) >= 12, shown


async def hear_of_it(desk: Watched, customer: Somebody, agent: Somebody, ticket_id: int) -> None:
    """What comes live: the thread, the list, notices, suggestions of the palette, and what a search marks."""
    await desk.open(f"/desk/tickets/{ticket_id}")
    await post_message(customer, ticket_id, f"live {LONG}")
    await expect(desk.page.get_by_text("live").first).to_be_visible()
    await post_message(agent, ticket_id, "answered", client_id=str(uuid.uuid4()))
    await open_ticket(customer, subject=f"Another {SHORT}", description=LONG)
    await expect(desk.page.get_by_text("Another").first).to_be_visible()
    await desk.look("live")
    await desk.page.get_by_label("Search tickets").fill("owned")
    await expect(desk.page.locator("desk-list mark").first).to_be_visible()
    await desk.look("search")
    await desk.page.keyboard.press("Control+k")
    await desk.page.keyboard.type("owned")
    await desk.look("palette")


def test_the_payloads_fit_where_they_are_to_go() -> None:
    assert len(SHORT) <= 60
    assert PASSWORD not in LONG
