"""With every page closed: who is told of what, once, and by no way that was not named."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from csts.jobs.sweeps import sweep_browsers
from csts.kit import clock
from csts.push import calling
from csts.push.models import PushSubscription
from csts.push.news import calls_for
from csts.tickets.events import TicketMoved
from tests.make import claim, open_ticket, post_message
from tests.people import Somebody
from tests.push.conftest import listen
from tests.support.chat import join
from tests.support.push_service import PushService


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
        "person": f"agent-{priya.id}",
        "ticket_id": ticket["id"],
    }
    await post_message(ana, ticket["id"], "Is anybody there?")
    assert of(await service.said(browser, "Is anybody there?")) == {ticket["id"]}


async def test_a_customer_hears_of_the_answer_and_of_no_note(
    service: PushService, ana: Somebody, ben: Somebody, priya: Somebody
) -> None:
    hers, his = service.browser("hers"), service.browser("his")
    await listen(ana, hers, notification_text=False)
    await listen(ben, his)
    ticket = await open_ticket(ana)
    await post_message(priya, ticket["id"], "A secret", internal=True)
    await post_message(priya, ticket["id"], "Please try again.")
    (told,) = await service.told(hers)
    assert (told["title"], told["body"]) == (ticket["ticket_no"], "A new message")
    assert told["path"] == f"/my/tickets/{ticket['id']}"
    # What Ben is told next is his own, and the first thing that he is told at all.
    theirs = await open_ticket(ben, subject="Mine")
    await post_message(priya, theirs["id"], "Hello Ben")
    assert of(await service.said(his, "Hello Ben")) == {theirs["id"]}
    assert {notice["body"] for notice in await service.told(hers)} == {"A new message"}


async def test_each_agent_hears_of_what_he_asked_for(
    service: PushService, ana: Somebody, priya: Somebody, sam: Somebody, mona: Somebody
) -> None:
    mine, free, every = (service.browser(name) for name in ("mine", "free", "every"))
    hers, nobodys = await open_ticket(ana, subject="Hers"), await open_ticket(ana, subject="Nobody's")
    await claim(priya, hers["id"])
    await listen(priya, mine, notify_about="mine")
    await listen(sam, free)
    await listen(mona, every, notify_about="all")
    await post_message(ana, hers["id"], "To Priya")
    await post_message(ana, nobodys["id"], "To anybody")
    await service.said(every, "To Priya")
    assert of(await service.said(every, "To anybody")) == {hers["id"], nobodys["id"]}
    assert of(await service.said(mine, "To Priya")) == {hers["id"]}
    assert of(await service.said(free, "To anybody")) == {nobodys["id"]}


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


@pytest.mark.sockets
async def test_what_was_read_meanwhile_is_not_told(
    service: PushService,
    sockets: str,
    ana: Somebody,
    priya: Somebody,
    sam: Somebody,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Long enough to read it.
    monkeypatch.setattr(calling, "GATHER_SECONDS", 3.0)
    reader, other = service.browser("reader"), service.browser("other")
    ticket = await open_ticket(ana)
    await listen(priya, reader)
    await listen(sam, other)
    async with join(sockets, ticket["id"], priya.token) as room:
        await room.next("ready")
        message = await post_message(ana, ticket["id"])
        await room.send("read", seq=message["seq"])
        await room.next("read")
        await service.told(other)
    assert service.to(reader) == []


async def test_a_browser_that_its_service_forgot_is_forgotten(
    app: FastAPI, service: PushService, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    gone, there = service.browser("gone"), service.browser("there")
    await listen(priya, gone)
    service.answers = [410]
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
    await open_ticket(ana)
    first, second = await service.told(browser, 2)
    assert first == second


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
    left, silent, there = (service.browser(name) for name in ("left", "silent", "there"))
    await listen(priya, left)
    await listen(sam, silent)
    await listen(mona, there)
    await priya.post("/agent/logout", {"refresh_token": priya.refresh_token})
    await sam.put("/preferences", {"notifications": False})
    await open_ticket(ana)
    await service.told(there)
    assert {push.path for push in service.pushes} == {"/push/there"}
    assert await sweep_browsers(app.state.database) == 1
    assert await rows(app) == 2
    assert (await mona.delete("/push/subscription")).status_code == 204
    with clock.at(clock.now() + timedelta(days=40)):
        assert await sweep_browsers(app.state.database) == 1


async def test_a_browser_is_his_who_signed_in_last_and_each_session_has_one(
    app: FastAPI, service: PushService, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    first, second = service.browser("first"), service.browser("second")
    await listen(priya, first)
    await listen(priya, second)
    assert await rows(app) == 1
    await listen(sam, second)
    assert await rows(app) == 1
    await open_ticket(ana)
    (told,) = await service.told(second)
    assert told["person"] == f"agent-{sam.id}"


async def test_what_no_browser_would_say_is_refused(app: FastAPI, service: PushService, ana: Somebody) -> None:
    good = service.browser().subscription
    wrong: list[tuple[Any, str]] = [
        (good | {"endpoint": "http://127.0.0.1:1/admin"}, "endpoint"),
        (good | {"endpoint": "https://fcm.googleapis.com/fcm/send/x"}, "endpoint"),
        (good | {"keys": {"p256dh": "x" * 87, "auth": good["keys"]["auth"]}}, "keys"),
        (good | {"keys": {"p256dh": "", "auth": ""}}, "keys.p256dh"),
        ({"endpoint": good["endpoint"]}, "keys"),
    ]
    for body, field in wrong:
        answer = await ana.put("/push/subscription", body)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert await rows(app) == 0


async def test_a_browser_is_told_of_its_three_newest_tickets_at_a_time(
    app: FastAPI, service: PushService, ana: Somebody, priya: Somebody
) -> None:
    numbers = [(await open_ticket(ana))["id"] for _ in range(5)]
    await listen(priya, service.browser())
    async with app.state.database.read() as session:
        calls = await calls_for(session, [TicketMoved(number) for number in numbers])
    assert [call.ticket_id for call in calls] == numbers[:1:-1]


async def test_a_notice_speaks_the_language_of_its_browser(
    service: PushService, ana: Somebody, priya: Somebody
) -> None:
    browser = service.browser()
    await listen(priya, browser)
    await priya.put("/push/subscription", browser.subscription, headers={"Accept-Language": "de"})
    await open_ticket(ana)
    (told,) = await service.told(browser)
    assert (told["body"], told["lang"]) == ("Ein neues Ticket", "de")
