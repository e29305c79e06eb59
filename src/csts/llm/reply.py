"""Lets a reply through while it comes, but only as much of it as is certain to hold no tag and no foreign link."""

import re

from csts.llm.errors import Flaw, LlmUnusable
from csts.llm.links import links_in

# As long as the longest message of a room.
MAX_REPLY = 4000
# With all tags and spaces that are taken out of it again.
MAX_TAKEN = 3 * MAX_REPLY
# No tag and no address that is worth waiting for is longer.
MAX_HELD = 400

_TAG = re.compile(r"<[a-z/!?][^<>]{0,300}>", re.IGNORECASE)
_OPEN_TAG = re.compile(r"<(?:[a-z/!?][^<>]{0,300})?$", re.IGNORECASE)
# Where no address goes on: at spaces, and at the full stops of scripts that are written without any.
_LAST_GAP = re.compile(r"[\s。，、！？；：](?=[^\s。，、！？；：]*$)")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class ReplyFilter:
    """Pieces go in as they come, and words come out whole; all that came out makes `text`.

    A link that is not among `allowed` raises LlmUnusable before any of it is let through.
    """

    def __init__(self, allowed: frozenset[str]) -> None:
        self._allowed = allowed
        self._held = ""
        self._taken = 0
        self.text = ""

    def feed(self, text: str) -> str:
        self._taken += len(text)
        if self._taken > MAX_TAKEN:
            raise LlmUnusable(Flaw.ENDLESS)
        self._held = _without_tags(self._held + _UNSEEN.sub("", text))
        return self._release(self._certain())

    def finish(self) -> str:
        """What was held back to the end."""
        last = self._release(len(self._held))
        if links_in(self.text) - self._allowed:
            raise LlmUnusable(Flaw.LINK)
        return last

    def _certain(self) -> int:
        tag = _OPEN_TAG.search(self._held)
        # The word before a tag may go on behind it: `evil<b>.com`.
        gap = _LAST_GAP.search(self._held[: tag.start()] if tag else self._held)
        certain = gap.end() if gap else 0
        # A word without an end is let go in time: it is checked as what it is so far, and the whole once more.
        return certain if certain or len(self._held) <= MAX_HELD else len(self._held)

    def _release(self, certain: int) -> str:
        ready, rest = self._held[:certain], self._held[certain:]
        if links_in(ready) - self._allowed:
            raise LlmUnusable(Flaw.LINK)
        # Spaces wait for the word behind them, so that the reply ends without any.
        piece = ready.rstrip()
        self._held = ready[len(piece) :] + rest
        piece = piece if self.text else piece.lstrip()
        self.text += piece
        if len(self.text) > MAX_REPLY:
            raise LlmUnusable(Flaw.ENDLESS)
        return piece


def _without_tags(text: str) -> str:
    # Again, for a tag may have been hidden around another: `<scr<b>ipt>`.
    while (plain := _TAG.sub("", text)) != text:
        text = plain
    return text
