"""The person behind a socket or a line of a thread, as everybody in the room sees it."""

from typing import Literal

import msgspec

Kind = Literal["customer", "agent", "assistant", "system"]


class Person(msgspec.Struct, frozen=True):
    """`system` and `assistant` have the id 0: they are nobody's account."""

    kind: Kind
    id: int
    name: str

    def is_same_as(self, other: "Person") -> bool:
        """Names change while somebody is connected; kind and id do not."""
        return (self.kind, self.id) == (other.kind, other.id)
