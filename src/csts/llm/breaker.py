"""Keeps away from a line that is known to be broken, so that nobody waits to be told what the last one was told."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from csts.llm.errors import LlmError, LlmLimited, LlmRefused, LlmUnavailable

State = Literal["closed", "open", "half_open"]

FAILURES = 3


@dataclass(frozen=True)
class Pass:
    """One call's leave to go; `era` tells whether the breaker has opened since."""

    era: int
    is_trial: bool


class Breaker:
    """Closed: all may pass. Open: none, until the rest is over. Half open: one trial at a time decides.

    Three failures in a row open it; `rest` opens it at once. A call that began before it opened decides nothing.
    """

    def __init__(self, rest_seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        self._rest_seconds = rest_seconds
        self._now = now
        self._failures = 0
        self._era = 0
        self._until = -math.inf
        self._cause: LlmError | None = None
        self._has_trial = False

    @property
    def state(self) -> State:
        if self._cause is None:
            return "closed"
        return "open" if self._now() < self._until else "half_open"

    def enter(self) -> Pass:
        """Raises what opened it, without another question, while it is open or somebody else is trying."""
        if self._cause is None:
            return Pass(self._era, is_trial=False)
        if self._has_trial or self.state == "open":
            raise self._refusal(self._cause)
        self._has_trial = True
        return Pass(self._era, is_trial=True)

    def succeeded(self, given: Pass) -> None:
        if given.era == self._era:
            self._failures, self._cause, self._has_trial = 0, None, False

    def failed(self, given: Pass, error: LlmError) -> None:
        if given.era == self._era:
            self._failures += 1
            if given.is_trial or self._failures >= FAILURES:
                self._open(error, self._rest_seconds)

    def rest(self, given: Pass, error: LlmError, seconds: float) -> None:
        """Opens for this long, or for longer where it was told so before."""
        if given.era == self._era or self._now() + seconds > self._until:
            self._open(error, seconds)

    def left(self, given: Pass) -> None:
        """The call ended without a verdict, such as by cancellation: the next one may try."""
        if given.era == self._era:
            self._has_trial = False

    def _open(self, error: LlmError, seconds: float) -> None:
        self._era += 1
        self._failures, self._has_trial = 0, False
        self._cause, self._until = error, self._now() + seconds

    def _refusal(self, cause: LlmError) -> LlmError:
        if isinstance(cause, LlmLimited):
            return LlmLimited(max(0.0, self._until - self._now()), why="resting")
        if isinstance(cause, LlmRefused):
            return LlmRefused("resting", status=cause.status)
        return LlmUnavailable("resting", status=cause.status)
