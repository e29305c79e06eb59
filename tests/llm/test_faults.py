"""Everything that an API can do to us, done by a real server: one small family of errors comes out, and no crash."""

import asyncio
import itertools
import json
import socket
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime

import pytest
import structlog

from csts.kit import clock
from csts.llm.breaker import Breaker
from csts.llm.client import Llm
from csts.llm.errors import LlmError, LlmLimited
from csts.llm.line import MAX_BYTES
from tests.llm.conftest import KEY, QUESTION, Watch, ask, ask_in_vain
from tests.support.groq import Groq, Raw, Silence, Status, Stream, Turn, in_pieces, says

pytestmark = pytest.mark.once

GOOD = {"reply": "Yes, it is so.", "action": "answer", "confidence": 0.8, "reason": "it is"}


def told(error: LlmError) -> tuple[str, str]:
    return error.reason, error.why


def without(name: str) -> str:
    return json.dumps({key: value for key, value in GOOD.items() if key != name})


def with_(**changes: object) -> str:
    return json.dumps(GOOD | changes)


@pytest.mark.parametrize(
    "status, reason",
    [
        (400, "refused"),
        (401, "refused"),
        (403, "refused"),
        (404, "refused"),
        (307, "refused"),
        (408, "unavailable"),
        (429, "limited"),
        (500, "unavailable"),
        (503, "unavailable"),
    ],
)
async def test_a_status_becomes_one_of_four_words(api: Groq, llm: Llm, status: int, reason: str) -> None:
    api.will(Status(status, {"location": f"{api.url}/elsewhere"}, body=f"<html>{KEY}</html>"))
    pieces, error = await ask_in_vain(llm)
    assert (pieces, error.reason, error.status) == ([], reason, status)
    assert len(api.requests) == 1
    assert KEY not in repr(error)


@pytest.mark.parametrize(
    "text, why",
    [
        ("I am sorry, I cannot say this as JSON.", "not_json"),
        ("x" * 300, "not_json"),
        ("", "empty"),
        ("  \n", "empty"),
        (with_(reply=""), "empty"),
        (with_(reply=" <br> "), "empty"),
        ('{"reply": "Yes", "action"', "not_json"),
        ('{"reply": "Yes"; "action": 1}', "not_json"),
        ('{"reply": "\\ud83d lone", "action": "answer", "confidence": 1}', "not_json"),
        ('{"reply": "One", "reply": "Two", "action": "answer", "confidence": 1}', "not_json"),
        ('{"a":' + "[" * 5000, "not_json"),
        ('{"reply": ["Yes"], "action": "answer", "confidence": 1}', "wrong_shape"),
        (without("reply"), "wrong_shape"),
        (without("action"), "wrong_shape"),
        (without("confidence"), "wrong_shape"),
        (with_(action="refund"), "wrong_action"),
        (with_(confidence=-0.1), "wrong_confidence"),
        (with_(confidence=7), "wrong_confidence"),
        (with_(confidence="0.9"), "wrong_shape"),
        ('{"reply": "Yes", "action": "answer", "confidence": NaN}', "not_json"),
        (with_(reply="word " * 2000), "endless"),
        (with_(reply="Write to help@evil.com please"), "link"),
    ],
)
async def test_what_is_no_answer_is_unusable_and_the_line_stays_open(api: Groq, llm: Llm, text: str, why: str) -> None:
    for _ in range(4):
        api.will(Stream(in_pieces(text)))
        assert told((await ask_in_vain(llm))[1]) == ("unusable", why)
    assert llm.breaker.state == "closed"


@pytest.mark.parametrize("finish, why", [("length", "cut_short"), ("content_filter", "filtered")])
async def test_an_answer_that_was_stopped_is_unusable(api: Groq, llm: Llm, finish: str, why: str) -> None:
    api.will(Stream(['{"reply": "Yes, it'], finish=finish))
    assert told((await ask_in_vain(llm))[1]) == ("unusable", why)


@pytest.mark.parametrize("piece", [" ", "x", "\n", '{"reply": "', "long "])
async def test_an_answer_without_an_end_is_left_in_the_middle(api: Groq, llm: Llm, piece: str) -> None:
    api.will(Stream(itertools.chain(['{"reply": "'], itertools.repeat(piece * 50))))
    assert (await ask_in_vain(llm))[1].reason == "unusable"


async def test_what_follows_a_whole_answer_is_read_no_further_than_the_cap(api: Groq, llm: Llm) -> None:
    api.will(Stream(itertools.chain([json.dumps(GOOD)], itertools.repeat(" " * 1000))))
    assert told((await ask_in_vain(llm))[1]) == ("unusable", "endless")


async def test_an_event_without_an_end_is_read_no_further_than_the_cap(api: Groq, llm: Llm) -> None:
    api.will(Raw(b"data: " + b"x" * (MAX_BYTES + 1)))
    assert told((await ask_in_vain(llm))[1]) == ("unusable", "endless")


@pytest.mark.parametrize(
    "turn, why",
    [
        (Silence(), "silence"),
        (Stream(['{"reply": "Yes'], end="hang"), "silence"),
        (Stream(['{"reply": "Yes'], end="cut"), "cut"),
        (Stream(['{"reply": "Yes'], end="stop"), "cut"),
        (Stream([json.dumps(GOOD)], end="cut"), "cut"),
        (Raw(b""), "cut"),
        (Raw(b"data: {bad\n\n"), "bad_stream"),
        (Raw(b"data: \xff\xfe\n\n"), "bad_stream"),
        (Raw(b"data: 5\n\n"), "bad_stream"),
        (Raw(b"data: []\n\n"), "bad_stream"),
        (Raw(b'data: "x"\n\n'), "bad_stream"),
        (Raw(b'data: {"choices": 5}\n\n'), "bad_stream"),
        (Raw(b'data: {"choices": [5]}\n\n'), "bad_stream"),
        (Raw(b'data: {"choices": [{"delta": {"content": 5}}]}\n\n'), "bad_stream"),
        (Raw(b'data: {"choices": null}\n\n'), "bad_stream"),
        (Raw(b"data: null\n\n"), "bad_stream"),
        (Raw(b'data: {"error": {"message": "over capacity"}}\n\n'), "server_error"),
        (Raw(b"<html>hello</html>"), "cut"),
    ],
)
async def test_a_broken_line_is_unavailable(api: Groq, make_llm: Callable[..., Llm], turn: Turn, why: str) -> None:
    llm = make_llm(llm_read_seconds=0.3)
    api.will(turn)
    assert told((await ask_in_vain(llm))[1]) == ("unavailable", why)


async def test_pieces_that_trickle_for_too_long_end_at_the_time_limit(api: Groq, make_llm: Callable[..., Llm]) -> None:
    llm = make_llm(llm_total_seconds=0.5)
    await llm.warm()
    api.will(Stream(itertools.chain(['{"reply": "'], itertools.repeat(""))))
    assert told((await ask_in_vain(llm))[1]) == ("unavailable", "total_timeout")


async def test_nobody_at_the_address_is_unavailable(make_llm: Callable[..., Llm]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    llm = make_llm(llm_base_url=f"http://127.0.0.1:{port}/v1")
    assert told((await ask_in_vain(llm))[1]) == ("unavailable", "no_connection")


async def test_after_three_failures_nobody_is_asked_for_a_while(api: Groq, llm: Llm) -> None:
    api.otherwise = Status(500)
    for _ in range(3):
        await ask_in_vain(llm)
    assert told((await ask_in_vain(llm))[1]) == ("unavailable", "resting")
    assert len(api.requests) == 3


async def test_a_line_that_has_rested_is_tried_again(api: Groq, llm: Llm) -> None:
    watch = Watch()
    llm.breaker = Breaker(30, now=watch)
    api.will(Status(500), Status(500), Status(500))
    for _ in range(3):
        await ask_in_vain(llm)
    watch.seconds += 31
    assert (await ask(llm))[1].reply
    assert len(api.requests) == 4
    assert llm.breaker.state == "closed"


@pytest.mark.parametrize("form", ["seconds", "date"])
async def test_retry_after_is_kept_to(api: Groq, llm: Llm, form: str) -> None:
    date = format_datetime(clock.now() + timedelta(seconds=40), usegmt=True)
    api.will(Status(429, {"retry-after": "40" if form == "seconds" else date}))
    _, first = await ask_in_vain(llm)
    _, second = await ask_in_vain(llm)
    for error in (first, second):
        assert isinstance(error, LlmLimited)
        assert 30 < error.retry_after <= 40
    assert len(api.requests) == 1


@pytest.mark.parametrize("header", ["", "soon", "nan", "inf", "-5", "Mon, 99 Foo"])
async def test_a_retry_after_that_says_nothing_means_the_usual_rest(api: Groq, llm: Llm, header: str) -> None:
    api.will(Status(429, {"retry-after": header} if header else {}))
    await ask_in_vain(llm)
    _, error = await ask_in_vain(llm)
    assert isinstance(error, LlmLimited)
    assert 20 < error.retry_after <= 30


async def test_a_refused_key_is_told_once_without_the_key_and_asked_no_more(api: Groq, llm: Llm) -> None:
    api.otherwise = Status(401, body=json.dumps({"error": {"message": f"Invalid API Key {KEY}"}}))
    with structlog.testing.capture_logs() as lines:
        for _ in range(5):
            assert (await ask_in_vain(llm))[1].reason == "refused"
    assert len(api.requests) == 1
    assert [line["event"] for line in lines].count("llm_refused") == 1
    assert KEY not in str(lines)


async def test_a_key_that_is_still_refused_after_ten_minutes_is_not_told_again(api: Groq, llm: Llm) -> None:
    watch = Watch()
    llm.breaker = Breaker(30, now=watch)
    api.otherwise = Status(401)
    with structlog.testing.capture_logs() as lines:
        await ask_in_vain(llm)
        watch.seconds += 601
        await ask_in_vain(llm)
    assert len(api.requests) == 2
    assert [line["event"] for line in lines].count("llm_refused") == 1


async def test_neither_log_nor_library_quotes_the_key_or_a_word(
    api: Groq, llm: Llm, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    api.will(says("Nightingales sing."), Status(500), Stream(['{"reply": "Nightingales'], end="cut"), Status(401))
    with structlog.testing.capture_logs() as lines:
        await ask(llm)
        for _ in range(3):
            await ask_in_vain(llm)
    written = f"{lines} {caplog.text}"
    assert lines
    assert [word for word in (KEY, "Nightingale", QUESTION.text, "password") if word in written] == []
    assert [line["outcome"] for line in lines if line["event"] == "llm_call"] == [
        "answered",
        "unavailable",
        "unavailable",
        "refused",
    ]


async def test_a_question_that_is_cancelled_leaves_the_line_as_it_was(api: Groq, llm: Llm) -> None:
    api.will(Silence())
    asking = asyncio.create_task(ask(llm))
    await api.asked()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert (await ask(llm))[1].reply
