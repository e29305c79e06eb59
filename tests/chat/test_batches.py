"""Messages that share a transaction: each counts for the next as if it had come alone."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from fastapi import FastAPI

from csts.auth.actor import Actor
from csts.chat.posting import Marked, Outcome, Posted, write
from csts.chat.schemas import MessageDraft
from csts.chat.sheet import Glance, Letter
from csts.kit import clock
from csts.kit.carriers import Carrier
from csts.kit.errors import DomainError
from csts.realtime.people import Person
from csts.tickets.models import Ticket
from csts.tickets.queries import is_visible_to, visible_to
from tests.make import claim, open_ticket, pdf_bytes, set_status, thread, upload
from tests.people import Somebody


def person(who: Somebody) -> Person:
    return Person(who.account.kind, who.id, who.name)


def letter(who: Somebody, ticket_id: int, content: str = "Hello", **members: Any) -> Letter:
    draft = MessageDraft(**{"client_id": str(uuid4()), "content": content, **members})
    return Letter(person(who), ticket_id, draft, clock.now())


async def send(app: FastAPI, *letters: Letter | Glance, may_be_known: bool = False) -> Sequence[Outcome]:
    """All of them in one transaction, and nobody is told."""
    carrier: Carrier = app.state.database.carrier()
    try:
        return await carrier.carry_out(write(letters, may_be_known=may_be_known))
    finally:
        await carrier.close()


def codes(outcomes: Sequence[Outcome]) -> list[str | int]:
    return [each.frame.seq if isinstance(each, Posted) else getattr(each, "code", "") for each in outcomes]


async def test_numbers_go_on_over_several_tickets_and_notes(app: FastAPI, ana: Somebody, priya: Somebody) -> None:
    one, two = (await open_ticket(ana))["id"], (await open_ticket(ana))["id"]
    outcomes = await send(
        app,
        letter(ana, one, "a"),
        letter(priya, one, "between us", internal=True),
        letter(ana, two, "b"),
        letter(priya, one, "c"),
        letter(ana, one, "d"),
    )
    assert codes(outcomes) == [2, 3, 2, 4, 4]
    assert [frame["content"] for frame in await thread(priya, one)][1:] == ["a", "between us", "c", "d"]
    assert [(frame["seq"], frame["content"]) for frame in await thread(ana, one)][1:] == [(2, "a"), (3, "c"), (4, "d")]
    assert [frame["content"] for frame in await thread(ana, two)][1:] == ["b"]


async def test_same_client_id_twice_in_one_batch_is_stored_once(app: FastAPI, ana: Somebody, priya: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    client_id = str(uuid4())
    outcomes = await send(
        app,
        letter(ana, ticket_id, "Once", client_id=client_id),
        letter(ana, ticket_id, "Twice", client_id=client_id),
        letter(priya, ticket_id, "Mine", client_id=client_id),
    )
    assert [(each.frame.content, each.is_new) for each in outcomes if isinstance(each, Posted)] == [
        ("Once", True),
        ("Once", False),
        ("Mine", True),
    ]
    assert [frame["content"] for frame in await thread(ana, ticket_id)][1:] == ["Once", "Mine"]


async def test_repeat_of_a_message_with_a_file_shows_the_file(app: FastAPI, ana: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    file = await upload(ana, ticket_id, pdf_bytes(), "bill.pdf")
    once = letter(ana, ticket_id, "See here", attachment_ids=[file["id"]])
    (first,) = await send(app, once)
    (again,) = await send(app, once)
    assert isinstance(first, Posted)
    assert isinstance(again, Posted)
    assert (again.is_new, again.frame) == (False, first.frame)
    assert [each.file_name for each in again.frame.attachments] == ["bill.pdf"]


async def test_a_file_goes_with_the_first_message_that_names_it(app: FastAPI, ana: Somebody, priya: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    file = await upload(ana, ticket_id, pdf_bytes(), "bill.pdf")
    outcomes = await send(
        app,
        letter(priya, ticket_id, "Not hers", attachment_ids=[file["id"]]),
        letter(ana, ticket_id, "First", attachment_ids=[file["id"]]),
        letter(ana, ticket_id, "Second", attachment_ids=[file["id"]]),
    )
    assert codes(outcomes) == ["unknown_attachment", 2, "unknown_attachment"]


async def test_first_message_of_the_customer_reopens_and_the_second_does_not(
    app: FastAPI, ana: Somebody, priya: Somebody
) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    await claim(priya, ticket_id)
    await set_status(priya, ticket_id, "resolved")
    before = len(await thread(ana, ticket_id))
    await send(app, letter(ana, ticket_id, "Not solved"), letter(ana, ticket_id, "At all"), letter(priya, ticket_id))
    kinds = [(frame["sender"]["kind"], frame["content"]) for frame in await thread(ana, ticket_id)][before:]
    assert [kind for kind, _ in kinds] == ["customer", "system", "customer", "agent"]
    ticket = (await ana.get(f"/ticket/{ticket_id}")).json()
    assert ticket["status"] == "in_progress"
    events = (await priya.get(f"/tickets/{ticket_id}/events")).json()["items"]
    assert [event["data"] for event in events if event["kind"] == "status_changed"][-1] == {
        "from": "resolved",
        "to": "in_progress",
    }


async def test_each_is_refused_for_its_own_reason(app: FastAPI, ana: Somebody, ben: Somebody, priya: Somebody) -> None:
    ours, closed = (await open_ticket(ana))["id"], (await open_ticket(ana))["id"]
    known = letter(ana, closed, "Before")
    await send(app, known)
    await set_status(priya, closed, "closed")
    outcomes = await send(
        app,
        letter(ben, ours, "Not his"),
        letter(ana, 2**40, "Not there"),
        letter(ana, closed, "Too late"),
        known,
        letter(priya, closed, "For the record", internal=True),
        letter(ana, ours, "  "),
        letter(ana, ours, "nul \0"),
        letter(ana, ours, "A note?", internal=True),
        letter(ana, ours, "Fine"),
    )
    assert codes(outcomes)[:3] == ["not_found", "not_found", "ticket_closed"]
    assert isinstance(outcomes[3], Posted)
    assert isinstance(outcomes[4], Posted)
    assert codes(outcomes)[5:] == ["invalid_input", "invalid_input", "notes_are_for_agents", 2]


async def test_lost_answer_of_a_commit_is_told_to_the_room_by_the_repeat(app: FastAPI, ana: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    once = letter(ana, ticket_id)
    await send(app, once)
    (repeated,) = await send(app, once, may_be_known=True)
    assert isinstance(repeated, Posted)
    assert [event.seq for event in repeated.events] == [2]
    assert repeated.moved
    assert len(await thread(ana, ticket_id)) == 2


async def test_two_writers_in_opposite_order_both_end(app: FastAPI, ana: Somebody, priya: Somebody) -> None:
    """As two processes would: tickets are locked in the order of their ids, whoever wrote first."""
    tickets = [(await open_ticket(ana))["id"] for _ in range(6)]
    there = [letter(ana, number) for number in tickets * 3]
    back = [letter(priya, number) for number in reversed(tickets * 3)]
    outcomes = await asyncio.gather(send(app, *there), send(app, *back))
    assert not [each for batch in outcomes for each in batch if isinstance(each, DomainError)]
    for number in tickets:
        assert [frame["seq"] for frame in await thread(priya, number)] == list(range(1, 8))


async def test_batch_lets_in_whom_the_queries_let_in(
    app: FastAPI, ana: Somebody, ben: Somebody, priya: Somebody
) -> None:
    """One rule, told twice: as SQL, and for a row at hand."""
    ticket_id = (await open_ticket(ana))["id"]
    for who in (ana, ben, priya):
        actor = Actor(who.account.kind, who.id, who.account.role, who.name, "session", clock.now())
        async with app.state.database.read() as session:
            found = await session.scalar(visible_to(actor).where(Ticket.id == ticket_id))
        assert is_visible_to(person(who), ana.id) == (found is not None)


async def test_read_marks_share_the_batch_and_count_what_stands_before_them(
    app: FastAPI, ana: Somebody, ben: Somebody, priya: Somebody
) -> None:
    ticket_id = (await open_ticket(ana))["id"]

    def glance(who: Somebody, number: int) -> Glance:
        return Glance(person(who), ticket_id, number, clock.now())

    outcomes = await send(
        app,
        letter(ana, ticket_id, "One"),
        glance(priya, 2),
        letter(priya, ticket_id, "Two"),
        glance(ana, 3),
        glance(ana, 3),
        glance(priya, 2),
        glance(ben, 99),
    )
    marks = [each for each in outcomes if isinstance(each, Marked)]
    assert [(mark.is_done, mark.event is not None) for mark in marks] == [
        (True, True),
        (True, True),
        (True, False),
        (False, False),
    ]
    assert codes(outcomes)[-1] == "not_found"
    assert (await ana.get(f"/ticket/{ticket_id}")).json()["unread"] == 0
    assert (await priya.get(f"/ticket/{ticket_id}")).json()["unread"] == 0
    await send(app, letter(ana, ticket_id, "Three"), glance(priya, 9))
    assert (await priya.get(f"/ticket/{ticket_id}")).json()["unread"] == 0
    await send(app, letter(ana, ticket_id, "Four"))
    assert (await priya.get(f"/ticket/{ticket_id}")).json()["unread"] == 1


async def test_customer_who_reads_on_has_not_read_the_note_behind(app: FastAPI, ana: Somebody, priya: Somebody) -> None:
    """How far that is, only the table knows: it is counted, as for who has not read to the end."""
    ticket_id = (await open_ticket(ana))["id"]
    *_, mark = await send(
        app,
        letter(priya, ticket_id, "For you"),
        letter(priya, ticket_id, "Between us", internal=True),
        Glance(person(ana), ticket_id, 2, clock.now()),
    )
    assert mark == Marked(ticket_id, is_done=False)
