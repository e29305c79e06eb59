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
# Once there are so many, for a browser takes its time.
SHOWN = """async (count) => {
  const registration = await navigator.serviceWorker.ready;
  for (;;) {
    const shown = await registration.getNotifications();
    if (shown.length >= count) return shown.map(({ title, body, tag }) => ({ title, body, tag }));
    await new Promise(requestAnimationFrame);
  }
}"""
PUSH = """async (data) => {
  const event = new PushEvent("push", { data });
  const done = [];
  event.waitUntil = (promise) => done.push(promise);
  dispatchEvent(event);
  await Promise.all(done);
}"""
# Only a click of a person's lets a worker open or focus a window.
CLICK = """async (tag) => {
  const led = [];
  WindowClient.prototype.focus = async function () { led.push(`focus ${new URL(this.url).pathname}`); return this; };
  Clients.prototype.openWindow = async (path) => { led.push(`open ${path}`); };
  const [notification] = await registration.getNotifications({ tag });
  const event = new NotificationEvent("notificationclick", { notification });
  const done = [];
  event.waitUntil = (promise) => done.push(promise);
  dispatchEvent(event);
  await Promise.all(done);
  return [...led, (await registration.getNotifications({ tag })).length];
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


async def deliver(worker: Worker, notice: dict[str, Any]) -> None:
    """As the push service of the browser's maker does; the browser has opened what was sealed."""
    await worker.evaluate(PUSH, json.dumps(notice))


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
    await deliver(worker, notice)
    (shown,) = await page.evaluate(SHOWN, 1)
    assert (shown["title"], shown["body"]) == ("My card was declined", "Please try another card.")
    # Neither the settings nor the page of another ticket are a place to read it.
    await (await page.context.new_page()).goto(f"/my/tickets/{other['id']}")
    assert await worker.evaluate(CLICK, notice["tag"]) == [f"open /my/tickets/{ticket['id']}", 0]

    await deliver(worker, notice)
    await page.goto(f"/my/tickets/{ticket['id']}")
    assert await worker.evaluate(CLICK, notice["tag"]) == [f"focus /my/tickets/{ticket['id']}", 0]


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
    (shown,) = await page.evaluate(SHOWN, 1)
    (notice,) = [notice for notice in await service.said(phone, "Hello?") if notice["body"] == "Hello?"]
    assert shown == {name: notice[name] for name in shown}
    await deliver(worker, notice)
    assert await page.evaluate(SHOWN, 1) == [shown]

    assert await worker.evaluate(CLICK, notice["tag"]) == [f"focus /desk/tickets/{in_view['id']}", 0]
    await expect(page).to_have_url(re.compile(f"/desk/tickets/{other['id']}"))


async def test_who_signs_out_leaves_no_notice_behind(
    browser: Browser, server: Server, service: PushService, ana: Somebody, priya: Somebody
) -> None:
    page = await switched_on(browser, server, priya, service.browser())
    (worker,) = page.context.service_workers
    notice = {"title": "Mine", "body": "A secret", "lang": "en", "path": "/desk/tickets/1", "ticket_id": 1}
    await deliver(worker, notice | {"tag": "csts-agent-1"})
    await deliver(worker, notice | {"tag": "csts-customer-1", "body": "Another's"})
    await page.evaluate(SHOWN, 2)
    await page.get_by_role("button", name="Priya Nair").click()
    await page.get_by_role("button", name="Sign out", exact=True).click()
    await page.wait_for_url("**/desk/signin")
    assert [each["body"] for each in await page.evaluate(SHOWN, 1)] == ["Another's"]
