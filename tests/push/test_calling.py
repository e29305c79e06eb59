"""With every page closed: who is told of what, once, and by no way that was not named."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from csts.jobs.sweeps import sweep_browsers
from csts.kit import clock
from csts.push.models import PushSubscription
from csts.tickets.events import TicketMoved
from tests.make import claim, open_ticket, post_message
from tests.people import Somebody
from tests.push.conftest import NOBODY, listen
from tests.support.push_service import Browser, PushService


async def rows(app: FastAPI) -> int:
    async with app.state.database.read() as session:
        return int(await session.scalar(select(func.count()).select_from(PushSubscription)) or 0)


def of(notices: Sequence[dict[str, Any]]) -> set[int]:
    """Of which tickets they tell."""
    return {notice["ticket_id"] for notice in notices}


async def test_an_agent_hears_of_the_customer_who_waits(service: PushService, ana: Somebody, priya: Somebody) -> None:
    browser = service.browser()
    await listen(priya, browser)
    ticket = await open_ticket(ana, subject="My card was declined")
    (told,) = await service.told(browser)
    assert told == {
        "title": "My card was declined",
        "body": "A new ticket",
        "tag": f"csts-agent-{ticket['id']}",
        "lang": "en",
        "path": f"/desk/tickets/{ticket['id']}",
        "ticket_id": ticket["id"],
    }
    await post_message(ana, ticket["id"], "Is anybody there?")
    assert of(await service.said(browser, "Is anybody there?")) == {ticket["id"]}


async def test_a_customer_hears_of_his_own_answers_alone(
    service: PushService, ana: Somebody, ben: Somebody, priya: Somebody
) -> None:
    hers, his = service.browser("hers"), service.browser("his")
    await listen(ana, hers, notification_text=False)
    await listen(ben, his)
    ticket = await open_ticket(ana)
    await post_message(priya, ticket["id"], "Please try again.")
    (told,) = await service.told(hers)
    assert (told["title"], told["body"]) == (ticket["ticket_no"], "A new message")
    assert told["path"] == f"/my/tickets/{ticket['id']}"
    theirs = await open_ticket(ben, subject="Mine")
    await post_message(priya, theirs["id"], "Hello Ben")
    assert of(await service.said(his, "Hello Ben")) == {theirs["id"]}


async def test_a_ticket_that_only_moves_is_not_told_again(
    service: PushService, ana: Somebody, ben: Somebody, priya: Somebody, sam: Somebody
) -> None:
    browser = service.browser()
    ticket, other = await open_ticket(ana), await open_ticket(ben)
    await listen(priya, browser)
    await post_message(ana, ticket["id"], "Hello?")
    await service.said(browser, "Hello?")
    for priority in ("high", "urgent"):
        await sam.put(f"/tickets/{ticket['id']}/priority", {"priority": priority})
        await post_message(ben, other["id"], f"It is {priority}")
        await service.said(browser, f"It is {priority}")
    assert [notice["body"] for notice in await service.told(browser)].count("Hello?") == 1


async def test_a_browser_is_told_of_three_tickets_at_a_time(
    app: FastAPI, service: PushService, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    browser, sentinel = service.browser("one"), service.browser("sentinel")
    await listen(sam, sentinel)
    numbers = [(await open_ticket(ana))["id"] for _ in range(5)]
    while numbers[-1] not in of(await service.told(sentinel)):
        await service.told(sentinel, len(service.to(sentinel)) + 1)
    await listen(priya, browser)
    for number in numbers:
        app.state.caller.hear(TicketMoved(number))
    await service.told(browser, 3)
    await post_message(ana, numbers[0], "The next round")
    await service.said(sentinel, "The next round")
    told = await service.told(browser)
    assert sorted(notice["ticket_id"] for notice in told if notice["body"] == "A new ticket") == numbers[2:]


async def test_who_is_handed_a_ticket_or_mentioned_hears_of_it_whatever_he_asked_for(
    service: PushService, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    browser = service.browser()
    given, called = await open_ticket(ana, subject="Given"), await open_ticket(ana, subject="Called")
    await claim(priya, called["id"])
    await listen(sam, browser, notify_about="mine")
    await priya.put(f"/tickets/{given['id']}/assignee", {"agent_id": sam.id})
    assert of(await service.said(browser, "Handed over to you")) == {given["id"]}
    await post_message(priya, called["id"], "@sam please look", internal=True)
    assert of(await service.said(browser, f"{priya.name} mentioned you")) == {given["id"], called["id"]}


# Gone, or subscribed for another key of the desk.
@pytest.mark.parametrize("status", [404, 410, 401, 403])
async def test_a_browser_that_its_service_does_not_take_is_forgotten(
    app: FastAPI, service: PushService, ana: Somebody, priya: Somebody, sam: Somebody, status: int
) -> None:
    gone, there = service.browser("gone"), service.browser("there")
    await listen(priya, gone)
    service.answers = [status]
    ticket = await open_ticket(ana)
    await service.told(gone)
    await listen(sam, there)
    await post_message(ana, ticket["id"])
    await service.told(there)
    assert await rows(app) == 1
    assert len(await service.told(gone)) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_service_that_fails_is_asked_again(
    service: PushService, ana: Somebody, priya: Somebody, status: int
) -> None:
    browser = service.browser()
    await listen(priya, browser)
    service.answers = [status]
    ticket = await open_ticket(ana)
    first, second = await service.told(browser, 2)
    assert first == second
    # Then it is told, and not once more.
    await post_message(ana, ticket["id"], "The next round")
    await service.said(browser, "The next round")
    assert len(service.to(browser)) == 3


async def test_a_service_that_is_gone_does_not_hold_up_another_one(
    service: PushService, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    there = service.browser()
    await listen(sam, there)
    await listen(priya, Browser(f"{NOBODY}/push"))
    await open_ticket(ana)
    assert len(await service.told(there)) == 1


async def test_a_service_that_leads_elsewhere_is_not_followed(
    service: PushService, ana: Somebody, priya: Somebody
) -> None:
    browser = service.browser()
    await listen(priya, browser)
    service.answers = [307]
    ticket = await open_ticket(ana)
    await service.told(browser)
    await post_message(ana, ticket["id"])
    await service.told(browser, 2)
    assert {push.path for push in service.pushes} == {"/push/one"}


async def test_who_has_signed_out_or_wants_none_is_not_called(
    app: FastAPI, service: PushService, ana: Somebody, priya: Somebody, sam: Somebody, mona: Somebody
) -> None:
    there = service.browser("there")
    await listen(mona, there)
    # Behind her, and so called before her.
    await listen(priya, service.browser("left"))
    await listen(sam, service.browser("silent"))
    await priya.post("/agent/logout", {"refresh_token": priya.refresh_token})
    await sam.put("/preferences", {"notifications": False})
    ticket = await open_ticket(ana)
    await service.told(there)
    # Rounds come one after the other.
    await post_message(ana, ticket["id"], "The next round")
    await service.said(there, "The next round")
    assert {push.path for push in service.pushes} == {"/push/there"}
    assert await sweep_browsers(app.state.database) == 1
    assert await rows(app) == 2
    with clock.at(clock.now() + timedelta(days=40)):
        assert await sweep_browsers(app.state.database) == 2


async def test_a_browser_is_his_who_signed_in_last_and_each_session_has_one(
    app: FastAPI, service: PushService, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    first, second = service.browser("first"), service.browser("second")
    await listen(priya, first)
    await listen(priya, second)
    assert await rows(app) == 1
    await listen(sam, second)
    assert await rows(app) == 1
    await priya.put("/preferences", {"notifications": False})
    await open_ticket(ana)
    assert len(await service.told(second)) == 1
    # A customer who is signed in there as well has a place of his own.
    await listen(ana, second)
    assert await rows(app) == 2


async def test_what_no_browser_would_say_is_refused(app: FastAPI, service: PushService, ana: Somebody) -> None:
    good = service.browser().subscription
    wrong: list[tuple[Any, str]] = [
        (good | {"endpoint": "http://127.0.0.1:2/admin"}, "endpoint"),
        (good | {"endpoint": "https://fcm.googleapis.com/fcm/send/x"}, "endpoint"),
        (good | {"keys": {"p256dh": "x" * 87, "auth": good["keys"]["auth"]}}, "keys"),
        (good | {"keys": {"p256dh": "", "auth": ""}}, "keys.p256dh"),
        ({"endpoint": good["endpoint"]}, "keys"),
    ]
    for body, field in wrong:
        answer = await ana.put("/push/subscription", body)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert await rows(app) == 0


async def test_a_notice_speaks_the_language_of_its_browser(
    service: PushService, ana: Somebody, priya: Somebody
) -> None:
    browser = service.browser()
    await listen(priya, browser)
    await priya.put("/push/subscription", browser.subscription, headers={"Accept-Language": "de"})
    await open_ticket(ana)
    (told,) = await service.told(browser)
    assert (told["body"], told["lang"]) == ("Ein neues Ticket", "de")
