"""What travels on a channel: an event knows which frames each of its readers may see."""

from collections.abc import Sequence

import msgspec

from csts.realtime.people import Person


class Hangup(Exception):
    """Raised by an event that ends its reader's socket."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Event(msgspec.Struct, frozen=True, tag=True):
    """A fact on its way to its readers. It is plain data, so that it may cross processes."""

    def frames(self, reader: Person) -> Sequence[bytes]:
        """The frames that this reader gets, oldest first; none if it is not for him."""
        raise NotImplementedError


class Frames(Event, frozen=True):
    """One frame as agents see it and as customers see it, each encoded once; None is not sent.

    `skip` leaves one person out: nobody needs to be told that he himself is typing.
    """

    staff: bytes | None = None
    public: bytes | None = None
    skip: Person | None = None

    def frames(self, reader: Person) -> Sequence[bytes]:
        frame = self.staff if reader.kind == "agent" else self.public
        return () if frame is None or (self.skip and self.skip.is_same_as(reader)) else (frame,)


def same_for_all(frame: msgspec.Struct, *, skip: Person | None = None) -> Frames:
    encoded = msgspec.json.encode(frame)
    return Frames(staff=encoded, public=encoded, skip=skip)
