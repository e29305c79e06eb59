"""With every page closed: a browser is called by its push service, and a click on what it shows leads to the ticket."""

import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Worker, expect

from tests.browser.test_notices import go_live
from tests.make import open_ticket, post_message
from tests.people import Somebody
from tests.support.browser import WHOLE, chromium, enter
from tests.support.push_service import Browser as Phone
from tests.support.push_service import PushService
from tests.support.server import Server

# No push service of a browser's maker can be reached from here, so the browser gets its address at ours.
SUBSCRIBES = """
window.shown = [];
ServiceWorkerRegistration.prototype.showNotification = async (title, { body, tag, data }) => {
  document.documentElement.dataset.shown = window.shown.push({ title, body, tag, data });
};
const given = %s;
let held = sessionStorage.subscribed ? given : null;
Object.assign(given, { toJSON: () => ({ endpoint: given.endpoint, expirationTime: null, keys: given.keys }) });
PushManager.prototype.getSubscription = async () => held;
PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
  if (!userVisibleOnly) throw new Error("refused");
  const raw = atob(applicationServerKey.replace(/-/g, "+").replace(/_/g, "/"));
  given.options = { applicationServerKey: Uint8Array.from(raw, (byte) => byte.charCodeAt(0)).buffer };
  sessionStorage.subscribed = "yes";
  return held = given;
};
"""
TRAY = """() => {
  const shown = ["csts-agent-1", "csts-customer-1"].map((tag) => ({ tag, close: () => (localStorage.closed = tag) }));
  ServiceWorkerRegistration.prototype.getNotifications = async () => shown;
}"""
# What a browser shows is written down on its way there: under load it may take a notification and forget it.
PUSH = """async (data) => {
  const shown = [];
  registration.showNotification = async (title, { body, tag, data }) => { shown.push({ title, body, tag, data }); };
  const event = new PushEvent("push", { data });
  const done = [];
  event.waitUntil = (promise) => done.push(promise);
  dispatchEvent(event);
  await Promise.all(done);
  return shown;
}"""
# Only a click of a person's lets a worker open or focus a window.
CLICK = """async (data) => {
  const did = [];
  WindowClient.prototype.focus = async function () { did.push(`focus ${new URL(this.url).pathname}`); return this; };
  Clients.prototype.openWindow = async (path) => { did.push(`open ${path}`); };
  const done = [];
  const notification = { data, close: () => did.push("close") };
  const waitUntil = (promise) => done.push(promise);
  dispatchEvent(Object.assign(new Event("notificationclick"), { notification, waitUntil }));
  await Promise.all(done);
  return did;
}"""


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """As people have it: without a window it has no notifications."""
    async with chromium(WHOLE) as opened:
        yield opened


@pytest.fixture
async def service() -> AsyncIterator[PushService]:
    async with PushService() as running:
        yield running


@pytest.fixture
def environment(environment: dict[str, str], service: PushService) -> dict[str, str]:
    return environment | {"CSTS_PUSH_SERVICES": service.url}


async def deliver(worker: Worker, notice: dict[str, Any]) -> dict[str, Any]:
    """As the push service of the browser's maker does, with what the browser has opened; what is shown then."""
    (shown,) = await worker.evaluate(PUSH, json.dumps(notice))
    return dict(shown)


async def switched_on(browser: Browser, server: Server, who: Somebody, phone: Phone) -> Page:
    """His settings, once they say that this browser is called."""
    page = await enter(browser, server, who)
    await page.context.grant_permissions(["notifications"], origin=server.url)
    await page.context.add_init_script(SUBSCRIBES % json.dumps(phone.subscription))
    await page.goto("/desk/settings" if who.account.kind == "agent" else "/settings")
    await page.get_by_label("Notifications", exact=True).check()
    await expect(page.get_by_text("It tells you with every page closed, too.")).to_be_visible()
    return page


async def test_a_customer_with_no_page_of_his_open_is_led_to_the_answer(
    browser: Browser, server: Server, service: PushService, ana: Somebody, priya: Somebody
) -> None:
    phone = service.browser()
    ticket, other = await open_ticket(ana, subject="My card was declined"), await open_ticket(ana, subject="Parcel")
    page = await switched_on(browser, server, ana, phone)
    (worker,) = page.context.service_workers

    await post_message(priya, ticket["id"], "Please try another card.")
    (notice,) = await service.told(phone)
    shown = await deliver(worker, notice)
    assert (shown["title"], shown["body"]) == ("My card was declined", "Please try another card.")
    # Neither the settings nor the page of another ticket are a place to read it.
    await (await page.context.new_page()).goto(f"/my/tickets/{other['id']}")
    assert await worker.evaluate(CLICK, shown["data"]) == ["close", f"open /my/tickets/{ticket['id']}"]
    await page.goto(f"/my/tickets/{ticket['id']}")
    assert await worker.evaluate(CLICK, shown["data"]) == ["close", f"focus /my/tickets/{ticket['id']}"]


async def test_an_open_desk_and_its_push_service_tell_once_and_lead_into_the_desk(
    browser: Browser, server: Server, service: PushService, ana: Somebody, priya: Somebody
) -> None:
    phone = service.browser()
    in_view, other = await open_ticket(ana, subject="In view"), await open_ticket(ana, subject="Other")
    page = await switched_on(browser, server, priya, phone)
    (worker,) = page.context.service_workers
    await go_live(page, f"/desk/tickets/{in_view['id']}", "/ws/desk")
    await expect(page.locator("desk-list a.desk-row")).to_have_count(2)

    await post_message(ana, other["id"], "Hello?")
    await expect(page.locator("html")).to_have_attribute("data-shown", "1")
    own = await page.evaluate("window.shown[0]")
    (notice,) = [notice for notice in await service.said(phone, "Hello?") if notice["body"] == "Hello?"]
    # Under one tag: what comes later takes the place of what was shown before.
    shown = await deliver(worker, notice)
    assert shown == own

    assert await worker.evaluate(CLICK, shown["data"]) == ["close", f"focus /desk/tickets/{in_view['id']}"]
    await expect(page).to_have_url(re.compile(f"/desk/tickets/{other['id']}"))


async def test_who_signs_out_leaves_no_notice_behind(
    browser: Browser, server: Server, service: PushService, priya: Somebody
) -> None:
    page = await switched_on(browser, server, priya, service.browser())
    await page.evaluate(TRAY)
    await page.get_by_role("button", name="Priya Nair").click()
    await page.get_by_role("button", name="Sign out", exact=True).click()
    await page.wait_for_url("**/desk/signin")
    assert await page.evaluate("localStorage.closed") == "csts-agent-1"
