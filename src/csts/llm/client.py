"""Asks a language model: from the question to a checked answer, with all that may go wrong told alike."""

import asyncio
import importlib
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING

import structlog

from csts.llm.breaker import Breaker, Pass
from csts.llm.errors import Flaw, LlmError, LlmLimited, LlmRefused, LlmUnavailable, LlmUnusable
from csts.llm.growing import GrowingObject
from csts.llm.links import links_of
from csts.llm.prompts import Message, question_messages, summary_messages
from csts.llm.reply import ReplyFilter
from csts.llm.shapes import Answer, Question, Turn
from csts.llm.usage import Heard, Meter, Prices, Purpose
from csts.llm.verdict import answer_of
from csts.settings import GROQ_URL, Settings

if TYPE_CHECKING:
    from csts.llm.line import Line

# A key that is refused is not accepted a minute later: somebody has to come and look.
REFUSED_REST_SECONDS = 600.0
# No such key, no such right, no such model or address, or sent elsewhere: all of it the settings' fault.
_SETTINGS_AT_FAULT = {301, 302, 303, 307, 308, 401, 403, 404}

_log = structlog.get_logger()


def connect(settings: Settings) -> "Llm | None":
    """The language model of these settings; None where they name neither a key nor another address than Groq's."""
    if not settings.groq_api_key.get_secret_value() and settings.llm_base_url == GROQ_URL:
        return None
    return Llm(settings)


class Llm:
    """A language model. Safe to share among all tasks of one process; `close` it at the end."""

    def __init__(self, settings: Settings, breaker: Breaker | None = None) -> None:
        self._settings = settings
        self.breaker = breaker or Breaker(settings.llm_rest_seconds)
        self._prices = Prices(settings.llm_prompt_price, settings.llm_completion_price)
        self._limits = {"max_turns": settings.llm_max_turns, "max_characters": settings.llm_max_characters}
        self._line: Line | None = None
        self._warming = asyncio.Lock()
        self._told_of_refusal = False

    async def answer(self, question: Question) -> AsyncGenerator[str | Answer, None]:
        """Pieces of the reply as they come, and the checked Answer last. Raises LlmError at any point.

        After an error what came before it is worth nothing. Whoever may stop early wraps this in `aclosing`.
        """
        messages = question_messages(question, **self._limits)
        growing, told = GrowingObject(), ReplyFilter(links_of(source.answer for source in question.articles))
        raw = ""
        async with self._call("answer", messages) as (pieces, heard, meter):
            async for piece in pieces:
                growing.feed(piece)
                raw, new = _grown(raw, growing.value("reply"))
                if ready := told.feed(new):
                    meter.piece_came()
                    yield ready
            _check_end(heard, growing)
            last = told.finish()
            usage = self._prices.usage(heard.prompt_tokens, heard.completion_tokens)
            answer = answer_of(growing.text, reply=told.text, usage=usage)
            # Only now: what had been held back is a part of a good answer, or is nobody's to see.
            if last:
                meter.piece_came()
                yield last
        yield answer

    async def summarise(self, thread: Sequence[Turn], *, brand: str = "") -> str:
        """What a thread is about, in plain text for an agent. Raises LlmError."""
        messages = summary_messages(thread, brand=brand, **self._limits)
        told = ReplyFilter(links_of(turn.text for turn in thread))
        async with self._call("summary", messages) as (pieces, heard, meter):
            async for piece in pieces:
                meter.piece_came()
                told.feed(piece)
            told.finish()
            if heard.finish == "length":
                raise LlmUnusable(Flaw.CUT_SHORT)
            if not told.text:
                raise LlmUnusable(Flaw.EMPTY)
        return told.text

    async def warm(self) -> "Line":
        """Makes the line, unless it is made: the first question need not wait for it."""
        async with self._warming:
            if self._line is None:
                # Not at the top of the file, and in a thread: the library behind it takes a second to import, in
                # which a desk without a key would not yet be ready, and one with a key would stand still.
                self._line = await asyncio.to_thread(self._make_line)
        return self._line

    def _make_line(self) -> "Line":
        line: Line = importlib.import_module("csts.llm.line").Line(self._settings)
        return line

    async def close(self) -> None:
        if self._line:
            await self._line.close()

    @asynccontextmanager
    async def _call(
        self, purpose: Purpose, messages: list[Message]
    ) -> AsyncIterator[tuple[AsyncIterator[str], Heard, Meter]]:
        """One question and its pieces; however it ends, the breaker, the counters and the log hear of it."""
        meter, heard = Meter(purpose, self._settings.llm_model), Heard()
        given: Pass | None = None
        error: LlmError | None = None
        is_over = False
        try:
            given = self.breaker.enter()
            line = await self.warm()
            async with aclosing(line.stream(messages, heard)) as pieces:
                yield pieces, heard, meter
            is_over = True
        except LlmError as raised:
            error = raised
            raise
        finally:
            if given is not None:
                self._judge(given, error, is_over=is_over)
            meter.end(self._prices.usage(heard.prompt_tokens, heard.completion_tokens), error, is_over=is_over)

    def _judge(self, given: Pass, error: LlmError | None, *, is_over: bool) -> None:
        """Tells the breaker how the line did; a bad answer came over a good line."""
        if isinstance(error, LlmLimited):
            self.breaker.rest(given, error, error.retry_after or self._settings.llm_rest_seconds)
        elif isinstance(error, LlmUnavailable):
            self.breaker.failed(given, error)
        elif isinstance(error, LlmRefused) and error.status in _SETTINGS_AT_FAULT:
            self.breaker.rest(given, error, REFUSED_REST_SECONDS)
            self._tell_of_refusal(error)
        elif error or is_over:
            self.breaker.succeeded(given)
            self._told_of_refusal = self._told_of_refusal and error is not None
        else:
            self.breaker.left(given)

    def _tell_of_refusal(self, error: LlmError) -> None:
        # Once, and not again each time that somebody tries: nothing changes until an operator changes it.
        if not self._told_of_refusal:
            _log.warning("llm_refused", status=error.status, model=self._settings.llm_model)
        self._told_of_refusal = True


def _grown(before: str, now: str) -> tuple[str, str]:
    """The reply as it is now, and what is new of it. Raises LlmUnusable if it is another one all of a sudden."""
    if not now.startswith(before):
        raise LlmUnusable(Flaw.NOT_JSON)
    return now, now[len(before) :]


def _check_end(heard: Heard, growing: GrowingObject) -> None:
    if growing.is_whole:
        return
    if heard.finish == "length":
        raise LlmUnusable(Flaw.CUT_SHORT)
    raise LlmUnusable(Flaw.NOT_JSON if growing.text.strip() or growing.preface.strip() else Flaw.EMPTY)
