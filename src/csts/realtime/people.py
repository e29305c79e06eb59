"""The person behind a socket or a line of a thread, as everybody in the room sees it."""

from typing import Literal

import msgspec

Kind = Literal["customer", "agent", "assistant", "system"]


class Person(msgspec.Struct, frozen=True):
    """`system` and `assistant` have the id 0: they are nobody's account."""

    kind: Kind
    id: int
    name: str
