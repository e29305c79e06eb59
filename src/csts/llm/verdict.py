"""Checks the whole of what a model wrote, once it is there; what is not exactly right is no answer."""

from typing import Annotated, get_args

import msgspec

from csts.llm.errors import Flaw, LlmUnusable
from csts.llm.shapes import Action, Answer, Usage

# A sentence for agents; what is longer is cut, for it is worth no refusal.
MAX_REASON = 300


class _Written(msgspec.Struct):
    reply: str
    action: str
    confidence: float
    reason: Annotated[str, msgspec.Meta(max_length=20_000)] = ""


def answer_of(text: str, *, reply: str, usage: Usage) -> Answer:
    """The answer in this JSON; `reply` is what was let through of it. Raises LlmUnusable."""
    try:
        written = msgspec.json.decode(text, type=_Written)
    except msgspec.ValidationError:
        raise LlmUnusable(Flaw.WRONG_SHAPE) from None
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        raise LlmUnusable(Flaw.NOT_JSON) from None
    action = _action(written.action)
    if not 0 <= written.confidence <= 1:
        raise LlmUnusable(Flaw.WRONG_CONFIDENCE)
    if not reply and action != "handover":
        raise LlmUnusable(Flaw.EMPTY)
    return Answer(reply, action, written.confidence, written.reason[:MAX_REASON], usage)


def _action(word: str) -> Action:
    for action in get_args(Action):
        if word == action:
            return action  # type: ignore[no-any-return]  # get_args does not know what it gets
    raise LlmUnusable(Flaw.WRONG_ACTION)
