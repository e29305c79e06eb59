"""The wire shapes of canned replies."""

from datetime import datetime
from typing import Annotated

import msgspec
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from csts.canned.placeholders import check_placeholders
from csts.kit.columns import MAX_ID
from csts.kit.fields import Switch, between
from csts.kit.text import clean_line, clean_text
from csts.realtime.people import Person
from csts.tickets.schemas import MESSAGE_CHARS
from csts.tickets.status import Priority, Status


def _one_word(shortcut: str) -> str:
    if " " in shortcut or "/" in shortcut:
        raise ValueError("Please write one word, without spaces and slashes.")
    return shortcut


def _as_typed(shortcut: str) -> str:
    """Whoever writes the slash as well means the same."""
    return clean_line(shortcut).removeprefix("/").lower()


Shortcut = Annotated[
    str,
    AfterValidator(_as_typed),
    between(1, 40),
    AfterValidator(_one_word),
    Field(max_length=41, examples=["refund"]),
]
Title = Annotated[
    str, AfterValidator(clean_line), between(1, 80), Field(max_length=80, examples=["Where the refund is"])
]
Text = Annotated[
    str,
    AfterValidator(clean_text),
    between(0, MESSAGE_CHARS),
    AfterValidator(check_placeholders),
    Field(
        max_length=MESSAGE_CHARS,
        examples=["Hi {{customer.first_name}}, your refund is on its way."],
        description="Plain text",
    ),
]
# Strict, for JSON's `true` would be 1.
Version = Annotated[int, Field(ge=1, le=MAX_ID, strict=True)]


class NewReply(BaseModel):
    """A canned reply to write; with `status`, `priority` or `assign` it is a macro, which may do without a text."""

    model_config = ConfigDict(extra="forbid")

    shortcut: Shortcut
    title: Title
    text: Text = ""
    status: Status | None = None
    priority: Priority | None = None
    assign: Switch = False
    shared: Switch = False


class ReplyChanges(BaseModel):
    """What to change; a field that is not given stays as it is. `version` is the one that the editor has seen."""

    model_config = ConfigDict(extra="forbid")

    # These are never written: only what was given counts.
    shortcut: Shortcut = ""
    title: Title = ""
    text: Text = ""
    status: Status | None = None
    priority: Priority | None = None
    assign: Switch = False
    shared: Switch = False
    version: Version = 1


class CannedWords(msgspec.Struct, frozen=True):
    """What a canned reply says and does."""

    shortcut: str
    title: str
    text: str
    status: Status | None
    priority: Priority | None
    assign: bool
    shared: bool


class CannedOut(CannedWords, frozen=True, kw_only=True):
    """A canned reply, as those see it who may use it; one that is not shared is the reader's own."""

    id: int
    version: int
    updated_at: datetime
    updated_by: Person | None


class CannedRevisionOut(CannedWords, frozen=True, kw_only=True):
    """A canned reply as one change left it."""

    version: int
    at: datetime
    by: Person | None


def shown(row: object) -> CannedOut:
    return msgspec.convert(row, CannedOut, from_attributes=True)
