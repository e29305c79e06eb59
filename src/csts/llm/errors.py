"""The one family of what goes wrong with a language model; `reason` and `why` are stable words."""

from enum import StrEnum
from typing import ClassVar


class LlmError(Exception):
    """There is no answer. Whoever asked goes on without: no customer reads any of this.

    `why` says more than `reason`, in one word; neither quotes anybody. `status` is the API's, where it gave one.
    """

    reason: ClassVar[str]

    def __init__(self, why: str, *, status: int | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.status = status


class LlmUnavailable(LlmError):
    """No connection, too slow, cut, broken, or known to have been so a moment ago (`resting`)."""

    reason = "unavailable"


class LlmLimited(LlmError):
    """Too many requests or tokens. `retry_after` is in seconds; until then nobody asks."""

    reason = "limited"

    def __init__(self, retry_after: float, why: str = "too_many") -> None:
        super().__init__(why, status=429)
        self.retry_after = retry_after


class LlmRefused(LlmError):
    """The key, the model or the request is not accepted: an operator has to look at the settings."""

    reason = "refused"


class LlmUnusable(LlmError):
    """Something came, and it is no answer; `why` is a Flaw."""

    reason = "unusable"


class Flaw(StrEnum):
    NOT_JSON = "not_json"
    EMPTY = "empty"
    ENDLESS = "endless"
    CUT_SHORT = "cut_short"
    FILTERED = "filtered"
    WRONG_SHAPE = "wrong_shape"
    WRONG_ACTION = "wrong_action"
    WRONG_CONFIDENCE = "wrong_confidence"
    LINK = "link"
