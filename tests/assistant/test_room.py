"""The assistant in a ticket's room: what it says, when it calls a person, and that it is silent once one is there."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from csts.assistant.brain import Brain
from csts.kit.tasks import State, StoredTask
from csts.tickets.events import QUESTION
from tests.assistant.conftest import KNOWN, STRANGE
from tests.make import claim, open_ticket, post_message, thread
from tests.people import Somebody
from tests.support.chat import Chat, join

pytestmark = pytest.mark.usefixtures("brain")


async def nothing_waits(app: FastAPI) -> None:
    """Until every question has been looked at."""
    left = select(StoredTask.id).where(StoredTask.name == QUESTION, StoredTask.state != State.FAILED).limit(1)
    async with asyncio.timeout(30):
        while True:
            async with app.state.database.read() as session:
                if not await session.scalar(left):
                    return
            await asyncio.sleep(0.02)


async def said_by(chat: Chat, kind: str) -> dict[str, Any]:
    """The next line of this kind of person in the room."""
    while True:
        frame = await chat.next("message")
        if frame["sender"]["kind"] == kind:
            return frame


async def handed_over(chat: Chat) -> dict[str, Any]:
    while True:
        frame = await said_by(chat, "system")
        if "hands over" in frame["content"] or "straight to a person" in frame["content"]:
            return frame


async def test_known_question_is_answered_with_its_source_and_whether_it_helped(
    sockets: str, ana: Somebody, priya: Somebody
) -> None:
    ticket_id = (await open_ticket(ana, **KNOWN))["id"]
    async with join(sockets, ticket_id, ana.token, after=0) as room:
        answer = await said_by(room, "assistant")
        assert answer["sender"] == {"kind": "assistant", "id": 0, "name": "Assistant"}
        assert answer["content"].startswith("A new card takes five to seven working days.")
        assert "Did that help?" in answer["content"]
        told = (await ana.get(f"/tickets/{ticket_id}/assistant")).json()
        assert told["replies"][0]["citations"][0]["title"] == "My new card has not arrived"
        assert "confidence" not in told["replies"][0]
        shown = (await priya.get(f"/tickets/{ticket_id}/assistant")).json()["replies"][0]
        assert (shown["source"], shown["confidence"] >= 0.8, shown["message_id"]) == ("knowledge", True, answer["id"])


async def test_what_helped_solves_the_ticket_and_counts_as_contained(
    sockets: str, ana: Somebody, priya: Somebody
) -> None:
    ticket_id = (await open_ticket(ana, **KNOWN))["id"]
    async with join(sockets, ticket_id, ana.token, after=0) as room:
        await said_by(room, "assistant")
        await room.send("message", client_id="11111111-1111-4111-8111-111111111111", content="Yes, that helped, thanks")
        assert "solved" in (await said_by(room, "assistant"))["content"]
    assert (await ana.get(f"/ticket/{ticket_id}")).json()["status"] == "resolved"
    figures = (await priya.get("/assistant/figures")).json()
    assert (figures["solved"], figures["containment"]) == (1, 1.0)


async def test_who_wants_a_person_gets_one_with_a_summary_for_the_agent(
    sockets: str, ana: Somebody, priya: Somebody
) -> None:
    ticket_id = (await open_ticket(ana, **KNOWN))["id"]
    async with join(sockets, ticket_id, ana.token, after=0) as room:
        await said_by(room, "assistant")
        await room.send("message", client_id="22222222-2222-4222-8222-222222222222", content="No, I want a person")
        assert "as you asked" in (await handed_over(room))["content"]
    (note,) = [frame for frame in await thread(priya, ticket_id) if frame["internal"]]
    assert note["sender"]["kind"] == "assistant"
    assert "Answered with “My new card has not arrived”" in note["content"]
    assert not [frame for frame in await thread(ana, ticket_id) if frame["internal"]]
    talk = (await priya.get(f"/tickets/{ticket_id}/assistant")).json()
    assert (talk["speaks"], talk["outcome"]) == (False, "handed_over")


async def test_what_no_article_covers_is_not_guessed(sockets: str, ana: Somebody) -> None:
    ticket_id = (await open_ticket(ana, **STRANGE))["id"]
    async with join(sockets, ticket_id, ana.token, after=0) as room:
        assert "not sure enough" in (await handed_over(room))["content"]
    assert not [frame for frame in await thread(ana, ticket_id) if frame["sender"]["kind"] == "assistant"]


async def test_assistant_says_nothing_more_once_it_has_handed_over(sockets: str, ana: Somebody) -> None:
    ticket_id = (await open_ticket(ana, **STRANGE))["id"]
    async with join(sockets, ticket_id, ana.token, after=0) as room:
        await handed_over(room)
        await post_message(ana, ticket_id, "I forgot my password")
        other = (await open_ticket(ana, **KNOWN))["id"]
        async with join(sockets, other, ana.token, after=0) as there:
            # Its task came later, so by now the first one would have been answered.
            await said_by(there, "assistant")
    assert [frame["sender"]["kind"] for frame in await thread(ana, ticket_id)] == ["system", "system", "customer"]


async def test_assistant_is_silent_once_an_agent_has_written(sockets: str, ana: Somebody, priya: Somebody) -> None:
    ticket_id = (await open_ticket(ana, **KNOWN))["id"]
    async with join(sockets, ticket_id, ana.token, after=0) as room:
        await said_by(room, "assistant")
        await post_message(priya, ticket_id, "I am on it.")
        await post_message(ana, ticket_id, "how do I get a refund")
        other = (await open_ticket(ana, **KNOWN))["id"]
        async with join(sockets, other, ana.token, after=0) as there:
            await said_by(there, "assistant")
    assert [frame["sender"]["kind"] for frame in await thread(ana, ticket_id)][-2:] == ["agent", "customer"]


async def test_never_a_word_after_the_claim(app: FastAPI, ana: Somebody, priya: Somebody) -> None:
    """Claimed at every moment of its thinking."""
    tickets = []
    for number in range(200):
        ticket_id = (await open_ticket(ana, **KNOWN))["id"]
        tickets.append(ticket_id)
        await asyncio.sleep(0 if number % 3 else 0.002 * (number % 10))
        await claim(priya, ticket_id)
    await nothing_waits(app)
    for ticket_id in tickets:
        lines = await thread(priya, ticket_id)
        claimed = next(line["seq"] for line in lines if "is looking into" in line["content"])
        assert not [line for line in lines if line["sender"]["kind"] == "assistant" and line["seq"] > claimed]


async def test_question_that_fails_for_good_ends_in_a_handover(
    app: FastAPI, sockets: str, ana: Somebody, priya: Somebody, mona: Somebody
) -> None:
    usual = app.state.works[QUESTION]
    assert usual.most_attempts == 6
    app.state.works[QUESTION] = replace(usual, most_attempts=2, first_pause_seconds=0.01)
    # Nothing can be decided: it fails for real, and again.
    app.state.mind.limits = None
    ticket_id = (await open_ticket(ana, **KNOWN))["id"]
    async with join(sockets, ticket_id, ana.token, after=0) as room:
        assert "cannot answer right now" in (await handed_over(room))["content"]
    assert not [frame for frame in await thread(ana, ticket_id) if frame["sender"]["kind"] == "assistant"]
    talk = (await priya.get(f"/tickets/{ticket_id}/assistant")).json()
    assert (talk["speaks"], talk["outcome"], talk["reason"]) == (
        False,
        "handed_over",
        "the assistant failed repeatedly",
    )
    await nothing_waits(app)
    (task,) = (await mona.get("/tasks/failed")).json()["items"]
    assert (task["name"], task["ticket_id"], task["tries"]) == (QUESTION, ticket_id, 2)
    assert task["error"].startswith("AttributeError")


async def test_who_writes_a_hundred_times_a_minute_gets_few_answers_and_then_a_person(
    app: FastAPI, ana: Somebody, priya: Somebody
) -> None:
    ticket_id = (await open_ticket(ana, **KNOWN))["id"]
    await nothing_waits(app)
    for _ in range(10):
        await asyncio.gather(*(post_message(ana, ticket_id, "how do I get a refund") for _ in range(10)))
        await nothing_waits(app)
    lines = await read_all(priya, ticket_id)
    assert sum(line["sender"]["kind"] == "customer" for line in lines) == 100
    answers = [line for line in lines if line["sender"]["kind"] == "assistant" and not line["internal"]]
    assert 1 <= len(answers) <= app.state.settings.assistant_turns
    talk = (await priya.get(f"/tickets/{ticket_id}/assistant")).json()
    assert (talk["speaks"], talk["outcome"]) == (False, "handed_over")


async def read_all(who: Somebody, ticket_id: int) -> list[dict[str, Any]]:
    """Also of a thread that is longer than a page."""
    found = await thread(who, ticket_id)
    rest = await who.get(f"/tickets/{ticket_id}/messages", params={"after": found[-1]["seq"], "limit": 100})
    return [*found, *rest.json()["items"]]


async def test_edited_article_is_what_is_answered_next(
    sockets: str, ana: Somebody, mona: Somebody, brain: Brain
) -> None:
    article = (await mona.get("/knowledge/articles", params={"q": "card"})).json()["items"][0]
    await mona.put(f"/knowledge/articles/{article['id']}", {"answer": "Cards fly: it takes one day."})
    await brain.look()
    ticket_id = (await open_ticket(ana, **KNOWN))["id"]
    async with join(sockets, ticket_id, ana.token, after=0) as room:
        assert (await said_by(room, "assistant"))["content"].startswith("Cards fly")


async def test_right_answer_becomes_an_example_and_a_wrong_one_comes_up_for_review(
    sockets: str, ana: Somebody, priya: Somebody, mona: Somebody
) -> None:
    ticket_id = (await open_ticket(ana, **KNOWN))["id"]
    async with join(sockets, ticket_id, ana.token, after=0) as room:
        await said_by(room, "assistant")
    reply = (await priya.get(f"/tickets/{ticket_id}/assistant")).json()["replies"][0]
    judged = await priya.put(f"/assistant/replies/{reply['id']}/verdict", {"right": True})
    assert judged.json()["verdict"] == "right"
    article = (await mona.get(f"/knowledge/articles/{reply['citations'][0]['id']}")).json()
    assert "Card my card still hasn't come" in article["examples"]
    await priya.put(f"/assistant/replies/{reply['id']}/verdict", {"right": False})
    (wrong,) = (await mona.get("/assistant/review")).json()["items"]
    assert (wrong["id"], wrong["ticket_id"]) == (reply["id"], ticket_id)
    assert (await mona.delete(f"/assistant/review/{reply['id']}")).status_code == 204
    assert (await mona.get("/assistant/review")).json()["items"] == []
