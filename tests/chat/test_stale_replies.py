"""An agent who says what he has seen does not answer past what others have written since."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI

from csts.chat.posting import Posted
from csts.kit.errors import DomainError
from tests.chat.test_batches import letter, send
from tests.make import claim, open_ticket, post_message, set_status, thread
from tests.people import Somebody
from tests.support.chat import join


async def reply(who: Somebody, ticket_id: int, after: int | None, **members: Any) -> Any:
    message = {"client_id": str(uuid4()), "content": "Our answer", "after": after, **members}
    return await who.post(f"/tickets/{ticket_id}/messages", message)


async def test_a_reply_is_held_when_anybody_else_wrote_behind_what_was_seen(
    ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    await post_message(ana, ticket_id, "And another thing")
    held = await reply(priya, ticket_id, 1)
    assert (held.status_code, held.json()["code"], held.json()["last_seq"]) == (409, "stale_reply", 2)
    assert len(await thread(priya, ticket_id)) == 2
    assert (await reply(priya, ticket_id, 2)).status_code == 201
    assert (await reply(sam, ticket_id, 2)).json()["code"] == "stale_reply"
    await post_message(sam, ticket_id, "Leave it to me", internal=True)
    assert (await reply(priya, ticket_id, 3)).json()["code"] == "stale_reply"


async def test_what_nobody_else_said_holds_nobody(ana: Somebody, priya: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    await claim(priya, ticket_id)
    await set_status(priya, ticket_id, "waiting")
    # Behind number 1: lines of the system, and what she wrote herself in another tab.
    await post_message(priya, ticket_id, "Mine")
    assert (await reply(priya, ticket_id, 1)).status_code == 201
    await post_message(ana, ticket_id, "Theirs")
    assert (await reply(priya, ticket_id, None)).status_code == 201
    assert (await reply(priya, ticket_id, 10**6)).status_code == 201
    assert (await reply(priya, ticket_id, 1, internal=True)).status_code == 201
    # A customer never has to answer anew.
    assert (await reply(ana, ticket_id, 0)).status_code == 201


async def test_who_has_missed_a_hundred_lines_is_held_in_any_case(app: FastAPI, ana: Somebody, priya: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    await send(app, *(letter(priya, ticket_id, str(number)) for number in range(101)))
    assert (await reply(priya, ticket_id, 1)).json()["code"] == "stale_reply"
    assert (await reply(priya, ticket_id, 2)).status_code == 201


async def test_a_stored_reply_is_confirmed_again_whatever_was_written_since(ana: Somebody, priya: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    known = str(uuid4())
    assert (await reply(priya, ticket_id, 1, client_id=known)).status_code == 201
    await post_message(ana, ticket_id, "Thank you")
    again = await reply(priya, ticket_id, 1, client_id=known)
    assert (again.status_code, again.json()["seq"]) == (200, 2)


async def test_what_is_no_number_is_told_so(ana: Somebody, priya: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    for after in (-1, 2**40, "1", 1.5, True):
        answer = await reply(priya, ticket_id, after)  # type: ignore[arg-type]  # the point of it
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "after")


@pytest.mark.sockets
async def test_of_two_agents_who_send_at_once_the_second_is_told(
    sockets: str, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    async with join(sockets, ticket_id, priya.token) as hers, join(sockets, ticket_id, sam.token) as his:
        await asyncio.gather(hers.next("ready"), his.next("ready"))
        answers = await asyncio.gather(hers.say("From Priya", after=1), his.say("From Sam", after=1))
        told, held = sorted(answers, key=lambda frame: str(frame["type"]), reverse=True)
        assert (told["type"], held["type"]) == ("message", "error")
        assert (held["code"], held["last_seq"]) == ("stale_reply", told["seq"])
        assert [line["content"] for line in await thread(ana, ticket_id)][1:] == [told["content"]]


async def test_of_two_in_one_batch_and_of_two_in_two_transactions_one_is_stored(
    app: FastAPI, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    first, second = await send(app, letter(priya, ticket_id, after=1), letter(sam, ticket_id, after=1))
    assert isinstance(first, Posted)
    assert isinstance(second, DomainError)
    for seen in range(2, 7):
        both = await asyncio.gather(
            send(app, letter(priya, ticket_id, after=seen)), send(app, letter(sam, ticket_id, after=seen))
        )
        assert sorted(getattr(each, "code", "stored") for (each,) in both) == ["stale_reply", "stored"]
        assert len(await thread(ana, ticket_id)) == seen + 1


async def test_an_answer_that_does_more_is_held_with_all_that_it_does(ana: Somebody, priya: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    await post_message(ana, ticket_id, "It works again")
    message = {"client_id": str(uuid4()), "content": "Please try again", "after": 1}
    held = await priya.post(f"/tickets/{ticket_id}/answer", {"message": message, "status": "waiting", "assign": True})
    assert (held.status_code, held.json()["code"]) == (409, "stale_reply")
    ticket = (await priya.get(f"/ticket/{ticket_id}")).json()
    assert (ticket["status"], ticket["agent"], ticket["last_seq"]) == ("open", None, 2)
