"""Keyset pages: a cursor names the last row that was seen, so that a page costs the same anywhere in a list."""

import base64
import binascii
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

import msgspec

from csts.kit.errors import InvalidInput

T = TypeVar("T")


class Page(msgspec.Struct, Generic[T]):
    """`items` in the order of the list; `next_cursor` is null on the last page."""

    items: list[T]
    next_cursor: str | None


def encode_cursor(of_list: str, key: list[Any]) -> str:
    """An opaque cursor behind the row with this key, good only for the list of that name."""
    # Not signed: it opens nothing that the list itself would not show.
    return base64.urlsafe_b64encode(msgspec.json.encode([of_list, *key])).decode().rstrip("=")


def decode_cursor(cursor: str, of_list: str, types: list[Any]) -> list[Any]:
    """The key in the cursor, as `types`.

    Raises InvalidInput when the cursor is damaged or comes from another list.
    """
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        name, *key = msgspec.json.decode(base64.b64decode(padded, altchars=b"-_", validate=True))
        if name == of_list and len(key) == len(types):
            return [_part(part, kind) for part, kind in zip(key, types, strict=True)]
    except (binascii.Error, ValueError, TypeError, OverflowError, msgspec.MsgspecError):
        pass
    raise InvalidInput.of("cursor", "This cursor does not belong to this list. Start again from the first page.")


def _part(part: Any, kind: Any) -> Any:
    value = msgspec.convert(part, kind)
    # Anybody can write a cursor: a moment at the edge of the calendar may have no name in UTC.
    return value.astimezone(UTC) if isinstance(value, datetime) else value
