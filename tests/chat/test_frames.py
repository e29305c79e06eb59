"""What a room does with a frame: a good one is carried out, a bad one is answered, and the socket stays open."""

import json
import uuid
from typing import Any

import pytest

from tests.make import open_ticket, post_message, thread
from tests.people import Somebody
from tests.support.chat import join, open_socket

pytestmark = [pytest.mark.sockets, pytest.mark.once]

ID = "0b2f8a52-91d5-4a4e-8d38-3f1b8f2f4c11"


def message(**members: Any) -> str:
    return json.dumps({"type": "message", "client_id": ID, "content": "Hello", **members})


BAD_FRAMES: dict[str, str | bytes] = {
    "not json": "hello",
    "empty": "",
    "array": "[]",
    "number": "12",
    "null": "null",
    "no type": "{}",
    "type of another kind": '{"type": 4}',
    "unknown type": '{"type": "shout"}',
    "unknown field": '{"type": "ping", "loud": true}',
    "without client_id": '{"type": "message", "content": "Hello"}',
    "client_id is no uuid": message(client_id="1"),
    "client_id with a line end": message(client_id=f"{ID}\n"),
    "client_id is a number": message(client_id=1),
    "too long": message(content="x" * 4001),
    "nothing said": message(content=""),
    "only blanks": message(content=" \n\t "),
    "content is a list": message(content=["Hello"]),
    "content is null": message(content=None),
    "lone surrogate": message(content="SURROGATE").replace("SURROGATE", r"\ud800"),
    "nul": message(content="a\x00b"),
    "internal is a word": message(internal="yes"),
    "attachments are a number": message(attachment_ids=1),
    "attachment that is not there": message(attachment_ids=[12345]),
    "attachment id beyond numbers": message(attachment_ids=[2**63]),
    "eleven attachments": message(attachment_ids=list(range(11))),
    "typing is a number": '{"type": "typing", "typing": 1}',
    "read of a word": '{"type": "read", "seq": "1"}',
    "read below zero": '{"type": "read", "seq": -1}',
    "read beyond numbers": '{"type": "read", "seq": 99999999999999999999}',
    "deeply nested": '{"type": "ping", "x": ' + "[" * 20_000 + "]" * 20_000 + "}",
    "deeply nested content": '{"type": "message", "content": ' + "[" * 20_000 + "]" * 20_000 + "}",
    "binary that is no text": b"\xff\xfe\x00",
}


@pytest.mark.parametrize("frame", BAD_FRAMES.values(), ids=BAD_FRAMES.keys())
async def test_bad_frame_is_answered_and_the_socket_stays_open(sockets: str, ana: Somebody, frame: str | bytes) -> None:
    ticket = await open_ticket(ana)
    async with join(sockets, ticket["id"], ana.token) as chat:
        await chat.next("ready")
        await chat.send_raw(frame)
        refusal = await chat.next("error")
        assert refusal["code"]
        assert refusal["detail"]
        assert (await chat.say("Still here"))["type"] == "message"
    assert [line["content"] for line in await thread(ana, ticket["id"])][1:] == ["Still here"]


@pytest.mark.parametrize(
    "members",
    [
        {"content": "x" * 4001},
        {"content": ""},
        {"content": 5},
        {"loud": True},
        {"attachment_ids": [12345]},
        {"internal": True},
    ],
    ids=str,
)
async def test_refusal_names_the_message_that_was_refused(sockets: str, ana: Somebody, members: dict[str, Any]) -> None:
    ticket = await open_ticket(ana)
    async with join(sockets, ticket["id"], ana.token) as chat:
        await chat.next("ready")
        await chat.send_raw(message(**members))
        assert (await chat.next("error"))["client_id"] == ID


async def test_refusal_of_a_frame_without_client_id_names_none(sockets: str, ana: Somebody) -> None:
    ticket = await open_ticket(ana)
    async with join(sockets, ticket["id"], ana.token) as chat:
        await chat.next("ready")
        await chat.send_raw('{"type": "message", "content": "Hello"}')
        assert "client_id" not in await chat.next("error")


async def test_refusal_names_the_field(sockets: str, ana: Somebody) -> None:
    ticket = await open_ticket(ana)
    async with join(sockets, ticket["id"], ana.token) as chat:
        await chat.next("ready")
        await chat.send_raw(message(content="x" * 4001))
        refusal = await chat.next("error")
    assert (refusal["code"], refusal["errors"][0]["field"]) == ("invalid_input", "content")


async def test_ping_is_answered(sockets: str, ana: Somebody) -> None:
    ticket = await open_ticket(ana)
    async with join(sockets, ticket["id"], ana.token) as chat:
        await chat.next("ready")
        await chat.send("ping")
        assert await chat.next("pong") == {"type": "pong"}


async def test_binary_frame_counts_as_its_text(sockets: str, ana: Somebody) -> None:
    ticket = await open_ticket(ana)
    async with join(sockets, ticket["id"], ana.token) as chat:
        await chat.next("ready")
        await chat.send_raw(message().encode())
        assert (await chat.next("message", client_id=ID))["content"] == "Hello"


WORDS = {
    "emoji": "Hi 👩‍👩‍👧‍👦 🇩🇪 👍🏽",
    "right to left": "\u200fשלום עולם — مرحبا بالعالم",
    "not in normal form": "e\u0301 and é",
    "quotes": """O'Brien said "it's <b>bold</b>" -- \\ % _ ; DROP TABLE messages""",
    "line ends": "one\r\ntwo\n\nthree\ttab",
    "astral to the brim": "𝔘" * 4000,
    "trailing blanks": "  kept as written  ",
}


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS.keys())
async def test_words_come_back_as_they_were_written(sockets: str, ana: Somebody, priya: Somebody, words: str) -> None:
    ticket = await open_ticket(ana)
    async with join(sockets, ticket["id"], priya.token) as agent, join(sockets, ticket["id"], ana.token) as customer:
        await agent.next("ready")
        await customer.next("ready")
        assert (await customer.say(words))["content"] == words
        assert (await agent.next("message", content=words))["sender"] == ana.person
    assert (await thread(priya, ticket["id"]))[-1]["content"] == words


async def test_message_holds_what_the_contract_names(sockets: str, ana: Somebody) -> None:
    ticket = await open_ticket(ana)
    async with join(sockets, ticket["id"], ana.token) as chat:
        await chat.next("ready")
        frame = await chat.say("Hello", client_id=ID)
    assert isinstance(frame.pop("id"), int)
    assert frame.pop("timestamp").endswith("Z")
    assert frame == {
        "type": "message",
        "seq": 2,
        "client_id": ID,
        "ticket_id": ticket["id"],
        "ticket_no": ticket["ticket_no"],
        "sender": ana.person,
        "content": "Hello",
        "internal": False,
        "attachments": [],
    }


@pytest.mark.parametrize("path", ["/ws/desk", "/ws/inbox"])
async def test_feed_answers_pings_and_refuses_the_rest(sockets: str, ana: Somebody, priya: Somebody, path: str) -> None:
    who = priya if path == "/ws/desk" else ana
    async with open_socket(sockets + path, who.token) as feed:
        await feed.next("ready")
        for frame in ("{}", "[]", "hello", '{"type": "typing", "typing": true}', message()):
            await feed.send_raw(frame)
            await feed.next("error")
        await feed.send("ping")
        await feed.next("pong")


async def test_http_refuses_what_the_socket_refuses(ana: Somebody) -> None:
    ticket = await open_ticket(ana)
    path = f"/tickets/{ticket['id']}/messages"
    for frame in BAD_FRAMES.values():
        if frame and b"ping" not in _bytes(frame) and b"read" not in _bytes(frame) and b"typing" not in _bytes(frame):
            answer = await ana.request("POST", path, content=_bytes(frame))
            assert (answer.status_code, frame[:80]) == (422, frame[:80])
    assert len(await thread(ana, ticket["id"])) == 1


async def test_answer_over_http_is_the_message_without_a_type(ana: Somebody) -> None:
    ticket = await open_ticket(ana)
    told = await post_message(ana, ticket["id"], "Hello", client_id=str(uuid.uuid4()))
    assert "type" not in told
    assert told == (await thread(ana, ticket["id"]))[-1]


def _bytes(frame: str | bytes) -> bytes:
    return frame if isinstance(frame, bytes) else frame.encode()
