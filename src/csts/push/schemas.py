"""The wire shapes of Web Push: what a browser says of itself, and what it is told."""

from typing import Annotated

import msgspec

ENDPOINT_CHARS = 1000


class PushKeys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of the browser, in base64url: a point of P-256, and a secret of 16 bytes."""

    p256dh: Annotated[str, msgspec.Meta(min_length=87, max_length=88)]
    auth: Annotated[str, msgspec.Meta(min_length=22, max_length=24)]


class Subscription(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where its push service takes notices for a browser, and the keys that it gave for them (Push API, 9)."""

    endpoint: Annotated[str, msgspec.Meta(max_length=ENDPOINT_CHARS)]
    keys: PushKeys


class Notice(msgspec.Struct, frozen=True):
    """What the browser shows; a click opens `path`. One with the same `tag` takes the place of the one before."""

    title: str
    body: str
    tag: str
    lang: str
    path: str
    ticket_id: int
