"""What is news to whom: what he has not read and was written just now, and nothing that only moved."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from csts.kit import clock
from csts.push.news import NEW_FOR, News, news_for
from csts.tickets.models import Ticket
from tests.make import claim, open_ticket, post_message
from tests.people import Somebody
from tests.push.conftest import listen
from tests.support.chat import join
from tests.support.push_service import PushService


async def news(app: FastAPI, *, later: timedelta = timedelta()) -> list[News]:
    """To the only one who listens, if all tickets move now, or so much later."""
    async with app.state.database.read() as session:
        heard = {number: clock.now() + later for number in await session.scalars(select(Ticket.id))}
        ((_, found),) = await news_for(session, heard)
        return found


async def kinds(app: FastAPI, *, later: timedelta = timedelta()) -> list[str]:
    return [each.kind for each in await news(app, later=later)]


async def read(sockets: str, who: Somebody, ticket_id: int, seq: int) -> None:
    async with join(sockets, ticket_id, who.token) as room:
        await room.next("ready")
        await room.send("read", seq=seq)
        await room.next("read")


async def test_each_agent_hears_of_what_he_asked_for(
    app: FastAPI, service: PushService, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    hers, his, free = [(await open_ticket(ana))["id"] for _ in range(3)]
    await claim(priya, hers)
    await claim(sam, his)
    for about, told in (("mine", {hers}), ("unassigned", {hers, free}), ("all", {hers, his, free})):
        await listen(priya, service.browser(), notify_about=about)
        assert {each.line.id for each in await news(app)} == told


async def test_a_new_ticket_is_one_until_somebody_writes_in_it(
    app: FastAPI, service: PushService, ana: Somebody, priya: Somebody
) -> None:
    await listen(priya, service.browser())
    ticket = (await open_ticket(ana))["id"]
    assert await kinds(app) == ["opened"]
    await post_message(ana, ticket)
    assert await kinds(app) == ["message"]
    await post_message(priya, ticket)
    assert await kinds(app) == []


async def test_what_only_moves_later_is_no_news(
    app: FastAPI, service: PushService, ana: Somebody, priya: Somebody
) -> None:
    ticket = (await open_ticket(ana))["id"]
    await post_message(priya, ticket, "Please try again.")
    await listen(ana, service.browser())
    assert await kinds(app) == ["message"]
    assert await kinds(app, later=NEW_FOR + timedelta(seconds=1)) == []
    await post_message(ana, ticket, "Thank you")
    assert await kinds(app) == [], "who has written has read"


async def test_a_customer_hears_of_no_note(app: FastAPI, service: PushService, ana: Somebody, priya: Somebody) -> None:
    ticket = (await open_ticket(ana))["id"]
    await listen(ana, service.browser())
    await post_message(priya, ticket, "A secret", internal=True)
    assert await news(app) == []
    await post_message(priya, ticket, "Please try again.")
    await post_message(priya, ticket, "Another secret", internal=True)
    (told,) = await news(app)
    assert told.line.last_message_preview == "Please try again."


@pytest.mark.sockets
async def test_a_mention_comes_first_and_does_not_stand_before_what_is_newer(
    app: FastAPI, service: PushService, sockets: str, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    ticket = (await open_ticket(ana))["id"]
    await claim(sam, ticket)
    await listen(sam, service.browser(), notify_about="mine")
    note = await post_message(priya, ticket, "@sam please look", internal=True)
    await post_message(ana, ticket, "Hello?")
    (told,) = await news(app)
    assert (told.kind, told.by) == ("mentioned", priya.name)
    await read(sockets, sam, ticket, note["seq"])
    assert await kinds(app) == ["message"]


async def test_a_hand_over_is_told_to_who_gets_it_until_its_customer_writes(
    app: FastAPI, service: PushService, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    ticket = (await open_ticket(ana))["id"]
    await listen(sam, service.browser(), notify_about="mine")
    await priya.put(f"/tickets/{ticket}/assignee", {"agent_id": sam.id})
    assert await kinds(app) == ["assigned"]
    await post_message(ana, ticket, "Hello Sam")
    assert await kinds(app) == ["message"]
    await sam.put(f"/tickets/{ticket}/assignee", {"agent_id": priya.id})
    assert await kinds(app) == []


async def test_what_one_takes_oneself_is_no_news(
    app: FastAPI, service: PushService, ana: Somebody, priya: Somebody
) -> None:
    ticket = (await open_ticket(ana))["id"]
    await listen(priya, service.browser(), notify_about="mine")
    await priya.put(f"/tickets/{ticket}/assignee", {"agent_id": priya.id})
    assert "assigned" not in await kinds(app)


@pytest.mark.sockets
async def test_what_was_read_is_no_news(
    app: FastAPI, service: PushService, sockets: str, ana: Somebody, priya: Somebody
) -> None:
    await listen(priya, service.browser())
    ticket = (await open_ticket(ana))["id"]
    message = await post_message(ana, ticket)
    assert await kinds(app) == ["message"]
    await read(sockets, priya, ticket, message["seq"])
    assert await kinds(app) == []
