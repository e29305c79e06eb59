"""A question goes out, an answer comes back: streamed, checked and counted."""

import json
from collections.abc import Callable
from contextlib import aclosing

import pytest
from prometheus_client import REGISTRY

from csts.llm.client import Llm, connect
from csts.llm.errors import LlmUnusable
from csts.llm.shapes import Turn
from csts.settings import Settings
from tests.llm.conftest import KEY, QUESTION, ask, ask_in_vain
from tests.support.groq import Groq, Stream, in_pieces, says

pytestmark = pytest.mark.once

REPLY = "Open https://desk.example.org/reset and type your address. Straße „offen“, \U0001f600!\nThen wait."


async def test_a_reply_comes_in_pieces_that_add_up_to_the_checked_answer(api: Groq, llm: Llm) -> None:
    api.will(says(REPLY, confidence=1))
    pieces, answer = await ask(llm)
    assert len(pieces) > 5
    assert "".join(pieces) == answer.reply == REPLY
    assert (answer.action, answer.confidence, answer.reason) == ("answer", 1, "It is in the article.")
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens, answer.usage.cost) == (120, 30, None)


async def test_words_are_there_before_the_model_has_ended(api: Groq, llm: Llm) -> None:
    api.pause()
    api.will(says("Open the page and wait."))
    async with aclosing(llm.answer(QUESTION)) as parts:
        api.release(6)
        assert await anext(parts) == "Open"
        api.release(1)
        assert await anext(parts) == " the"
        api.resume()
        assert [part async for part in parts][-1].reply == "Open the page and wait."  # type: ignore[union-attr]  # the last


async def test_the_key_and_the_model_are_sent_and_nothing_about_this_machine(api: Groq, llm: Llm) -> None:
    await ask(llm)
    asked = await api.asked()
    assert asked.path == "/openai/v1/chat/completions"
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert asked.headers["user-agent"] == "csts"
    assert not [name for name in asked.headers if name.startswith(("x-", "openai"))]
    body = asked.body
    assert (body["model"], body["stream"], body["reasoning_effort"]) == ("openai/gpt-oss-120b", True, "low")
    assert body["max_completion_tokens"] == 1500
    assert body["stream_options"] == {"include_usage": True}


async def test_another_model_is_told_nothing_about_reasoning(api: Groq, make_llm: Callable[..., Llm]) -> None:
    await ask(make_llm(llm_model="llama3.2", groq_api_key=""))
    asked = await api.asked()
    assert "reasoning_effort" not in asked.body
    assert "authorization" not in asked.headers


async def test_a_model_is_told_to_think_as_long_as_the_settings_say(api: Groq, make_llm: Callable[..., Llm]) -> None:
    await ask(make_llm(llm_model="qwen3", llm_reasoning="high"))
    assert (await api.asked()).body["reasoning_effort"] == "high"


async def test_a_model_that_nobody_asked_closes_as_well(make_llm: Callable[..., Llm]) -> None:
    await make_llm().close()


def test_without_a_key_and_another_address_there_is_no_language_model() -> None:
    assert connect(Settings(_env_file=None)) is None
    assert connect(Settings(_env_file=None, llm_base_url="http://127.0.0.1:11434/v1/")) is not None


def test_an_address_that_is_none_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="not the address of an API"):
        Settings(_env_file=None, llm_base_url="api.groq.com")


@pytest.mark.parametrize("usage", ["usage", "x_groq"])
async def test_costs_are_counted_when_prices_are_set(api: Groq, make_llm: Callable[..., Llm], usage: str) -> None:
    before = REGISTRY.get_sample_value("csts_llm_cost_total") or 0
    llm = make_llm(llm_prompt_price=1.0, llm_completion_price=10.0)
    api.will(Stream(says("Yes.").pieces, usage=usage))  # type: ignore[arg-type]  # one of its words
    _, answer = await ask(llm)
    assert answer.usage.cost == pytest.approx(0.00042)
    assert (REGISTRY.get_sample_value("csts_llm_cost_total") or 0) - before == pytest.approx(0.00042)


async def test_a_call_that_is_dropped_is_counted_and_harms_nobody(api: Groq, llm: Llm) -> None:
    labels = {"purpose": "answer", "outcome": "dropped"}
    before = REGISTRY.get_sample_value("csts_llm_calls_total", labels) or 0
    async with aclosing(llm.answer(QUESTION)) as parts:
        await anext(parts)
    assert REGISTRY.get_sample_value("csts_llm_calls_total", labels) == before + 1
    assert (await ask(llm))[1].reply


async def test_html_is_taken_out_of_a_reply(api: Groq, llm: Llm) -> None:
    api.will(says('<b>Open</b> the <a href="#">page</a><script>alert(1)</script> if 1 < 2.'))
    pieces, answer = await ask(llm)
    assert "".join(pieces) == answer.reply == "Open the pagealert(1) if 1 < 2."


@pytest.mark.parametrize(
    "link", ["https://evil.example.net/x", "www.evil.test", "evil-bank.com", "[here](http://a.b/c)"]
)
async def test_no_letter_of_a_link_that_no_article_has_gets_through(api: Groq, llm: Llm, link: str) -> None:
    api.will(says(f"Please open {link} now."))
    pieces, error = await ask_in_vain(llm)
    assert "".join(pieces) == "Please open"
    assert str(error) == "link"


async def test_a_fence_and_bare_line_breaks_are_forgiven(api: Groq, llm: Llm) -> None:
    text = 'Here it is:\n```json\n{"reply": "One\nTwo", "action": "ask", "confidence": 0.4, "reason": ""}\n```\nBye {'
    api.will(Stream(in_pieces(text)))
    _, answer = await ask(llm)
    assert (answer.reply, answer.action) == ("One\nTwo", "ask")


async def test_a_handover_may_come_without_a_word(api: Groq, llm: Llm) -> None:
    api.will(says("", action="handover", confidence=0))
    pieces, answer = await ask(llm)
    assert (pieces, answer.reply, answer.action) == ([], "", "handover")


async def test_a_thread_is_summed_up_in_plain_text(api: Groq, llm: Llm) -> None:
    api.will(Stream(in_pieces("The customer <i>lost</i> a card.\n")))
    assert await llm.summarise([Turn("customer", "My card 4111 1111 1111 1111 is lost")]) == "The customer lost a card."
    assert (await api.asked()).data == {"thread": [{"from": "customer", "text": "My card [card number] is lost"}]}


@pytest.mark.parametrize("stream, why", [(Stream([]), "empty"), (Stream(["So"], finish="length"), "cut_short")])
async def test_half_a_summary_is_none(api: Groq, llm: Llm, stream: Stream, why: str) -> None:
    api.will(stream)
    with pytest.raises(LlmUnusable, match=why):
        await llm.summarise([Turn("customer", "Hello")])


async def test_an_unusable_answer_says_why_in_one_word(api: Groq, llm: Llm) -> None:
    api.will(Stream([json.dumps({"reply": "Yes", "action": "answer", "confidence": 1.5})]))
    with pytest.raises(LlmUnusable) as caught:
        await ask(llm)
    assert (caught.value.reason, caught.value.why) == ("unusable", "wrong_confidence")
