"""The wire shapes of drafts."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from csts.chat.schemas import Number
from csts.tickets.schemas import MESSAGE_CHARS

Kind = Literal["reply", "note"]


class DraftWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a draft says; `after` is the last number that its writer had seen when he began."""

    content: Annotated[str, msgspec.Meta(max_length=MESSAGE_CHARS)]
    after: Number | None = None


class DraftOut(msgspec.Struct, frozen=True):
    """One's own unsent words in a ticket. Where they have gone, `content` is empty."""

    ticket_id: int
    kind: Kind
    content: str
    after: int | None
    updated_at: datetime


class OwnDraftFrame(msgspec.Struct, frozen=True, tag="own_draft", tag_field="type"):
    """On every socket of the writer: a draft of his was saved, or has gone, perhaps on another device."""

    draft: DraftOut
