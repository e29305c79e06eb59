"""Where a signed-in person is reached, and what ends his sockets: a sign-out, a stolen token, a deactivated account."""

from collections.abc import Sequence
from dataclasses import dataclass

from csts.realtime.events import Event, Hangup
from csts.realtime.people import Person
from csts.realtime.socket import UNAUTHENTICATED

# Where every agent with a socket is present, whatever it shows.
STAFF = "staff"


def person_channel(kind: str, person_id: int) -> str:
    """Heard by every socket of this person."""
    return f"person:{kind}:{person_id}"


def session_channel(family: str) -> str:
    """Heard by the sockets of this session."""
    return f"session:{family}"


@dataclass(frozen=True)
class AddressChanged:
    """A customer has another e-mail address now."""

    customer_id: int


class SessionEnded(Event, frozen=True):
    """Hangs up every socket that hears it."""

    reason: str

    def frames(self, reader: Person) -> Sequence[bytes]:
        raise Hangup(UNAUTHENTICATED, self.reason)
