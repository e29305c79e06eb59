"""Counts what calls take and cost: in Prometheus and in the log, without a word of what was said."""

import time
from dataclasses import dataclass
from typing import Literal

import structlog

from csts.kit import tracing
from csts.kit.metrics import LLM_CALLS, LLM_COST, LLM_FIRST_SECONDS, LLM_SECONDS, LLM_TOKENS
from csts.llm.errors import LlmError
from csts.llm.shapes import Usage

Purpose = Literal["answer", "summary"]

_log = structlog.get_logger()


@dataclass
class Heard:
    """What a stream tells beside its words: counts, and why it ended."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    finish: str = ""


class Prices:
    """Per million tokens, in whatever currency the operator thinks in; both 0 means that nobody counts."""

    def __init__(self, prompt: float, completion: float) -> None:
        self._prompt, self._completion = prompt, completion

    def usage(self, prompt_tokens: int, completion_tokens: int) -> Usage:
        if not (self._prompt or self._completion):
            return Usage(prompt_tokens, completion_tokens)
        cost = (prompt_tokens * self._prompt + completion_tokens * self._completion) / 1_000_000
        return Usage(prompt_tokens, completion_tokens, cost)


class Meter:
    """One call's time, from its start to `end`."""

    def __init__(self, purpose: Purpose, model: str) -> None:
        self._purpose, self._model = purpose, model
        self._began = time.monotonic()
        self._first: float | None = None
        # Not entered: a stream is closed by whoever comes to it, where another span may be the current one.
        self._span = tracing.span(
            f"chat {model}",
            {"gen_ai.operation.name": "chat", "gen_ai.request.model": model, "csts.llm.purpose": purpose},
            kind="CLIENT",
        )

    def piece_came(self) -> None:
        if self._first is None:
            self._first = time.monotonic() - self._began
            LLM_FIRST_SECONDS.observe(self._first)

    def end(self, usage: Usage, error: LlmError | None, *, is_over: bool) -> None:
        """`is_over` is False for a call that its caller dropped."""
        seconds = time.monotonic() - self._began
        outcome = error.reason if error else "answered" if is_over else "dropped"
        LLM_CALLS.labels(self._purpose, outcome).inc()
        LLM_SECONDS.observe(seconds)
        LLM_TOKENS.labels("prompt").inc(usage.prompt_tokens)
        LLM_TOKENS.labels("completion").inc(usage.completion_tokens)
        LLM_COST.inc(usage.cost or 0)
        self._end_span(usage, error, outcome)
        _log.info(
            "llm_call",
            purpose=self._purpose,
            outcome=outcome,
            why=error.why if error else None,
            status=error.status if error else None,
            model=self._model,
            seconds=round(seconds, 3),
            first_seconds=round(self._first, 3) if self._first is not None else None,
            prompt_tokens=usage.prompt_tokens,
            completion_tokens=usage.completion_tokens,
            cost=usage.cost,
        )

    def _end_span(self, usage: Usage, error: LlmError | None, outcome: str) -> None:
        tokens = {
            "gen_ai.usage.input_tokens": usage.prompt_tokens,
            "gen_ai.usage.output_tokens": usage.completion_tokens,
        }
        self._span.note({"csts.llm.outcome": outcome, **tokens})
        if error:
            self._span.fail(error.why)
        self._span.end()
