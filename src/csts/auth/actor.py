"""The person behind a request or a socket, as the rest of the house needs him: frozen, and no row."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from csts.realtime.people import Person

ActorKind = Literal["customer", "agent"]
Role = Literal["customer", "agent", "admin"]


@dataclass(frozen=True)
class Actor:
    """`session` names the family of refresh tokens; `expires_at` is when the access token ends.

    `address` is where he is. `owes_factor`: this desk wants a second factor of him, and he has none yet.
    """

    kind: ActorKind
    id: int
    role: Role
    name: str
    session: str
    expires_at: datetime
    by_cookie: bool = False
    owes_factor: bool = False
    address: str | None = None

    @property
    def person(self) -> Person:
        return Person(self.kind, self.id, self.name)
