"""Reads a JSON object while it is still being written, so that a reply can be shown before its end."""

from collections.abc import Iterator

from pydantic_core import from_json

from csts.llm.errors import Flaw, LlmUnusable

# A fence, or a word of politeness, that models put before the object in spite of what they are told.
MAX_PREFACE = 200
# The longest reply with each of its characters escaped, and the fields after it.
MAX_CHARACTERS = 30_000

_CONTROL = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


class GrowingObject:
    """The first JSON object in a stream of text, which is `text` as far as it has come.

    What stands before it is skipped, and what comes after it is ignored.

    Bare line breaks inside of strings are taken as if they were escaped: models write them, and JSON forbids them.
    """

    def __init__(self) -> None:
        self.preface = ""
        self.text = ""
        self._depth = 0
        self._is_in_string = False
        self._is_escaped = False
        self._length = 0

    @property
    def is_whole(self) -> bool:
        return bool(self.text) and self._depth == 0

    def feed(self, text: str) -> None:
        """Raises LlmUnusable when no object begins, or none ends."""
        self._length += len(text)
        if self._length > MAX_CHARACTERS and not self.is_whole:
            raise LlmUnusable(Flaw.ENDLESS)
        if not self.text:
            text = self._begin(text)
        if not self.is_whole:
            self.text += "".join(self._taken(text))

    def value(self, name: str) -> str:
        """The string of that name as far as it has come; empty before it begins. Raises LlmUnusable if it is none."""
        if not self.text:
            return ""
        try:
            # Half an escape at the end, or half of a surrogate pair, is left out until the rest has come.
            found = from_json(self.text, allow_partial="off" if self.is_whole else "trailing-strings")
        except ValueError:
            raise LlmUnusable(Flaw.NOT_JSON) from None
        value = found.get(name, "")
        if not isinstance(value, str):
            raise LlmUnusable(Flaw.WRONG_SHAPE)
        return value

    def _begin(self, text: str) -> str:
        self.preface += text
        start = self.preface.find("{")
        if start > MAX_PREFACE or (start < 0 and len(self.preface) > MAX_PREFACE):
            raise LlmUnusable(Flaw.NOT_JSON)
        return self.preface[start:] if start >= 0 else ""

    def _taken(self, text: str) -> Iterator[str]:
        """These signs, up to the end of the object."""
        for sign in text:
            if self._is_in_string:
                yield _CONTROL.get(sign, sign)
                self._read_in_string(sign)
                continue
            yield sign
            self._is_in_string = sign == '"'
            self._depth += (sign in "{[") - (sign in "}]")
            if self._depth == 0:
                return

    def _read_in_string(self, sign: str) -> None:
        if self._is_escaped:
            self._is_escaped = False
        else:
            self._is_escaped = sign == "\\"
            self._is_in_string = sign != '"'
