"""What becomes of each message: due when, acknowledged when, delivered when, and under which number."""

import time
from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import uuid4

CUSTOMER, AGENT = 0, 1
_AT_NUMBER = len("00000000-0000-4000-8000-")


@dataclass
class Faults:
    """What a desk must never do; all zero where it keeps its promises.

    `unanswered` were sent and never acknowledged; `lost` were acknowledged and never reached the peer; `doubled`
    came twice; `gaps` are numbers missing in a ticket; `misnumbered` had another number for each party, or one that
    was taken; `strayed` came to another room; `hung_up` counts sockets by close code; `refused` frames by error code.
    """

    unanswered: int = 0
    lost: int = 0
    doubled: int = 0
    gaps: int = 0
    misnumbered: int = 0
    strayed: int = 0
    hung_up: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def told(self) -> list[str]:
        """Each that is not zero, in words."""
        counts = ("unanswered", "lost", "doubled", "gaps", "misnumbered", "strayed")
        told = [f"{getattr(self, name):,} {name}" for name in counts if getattr(self, name)]
        told += [f"{count:,} sockets hung up with {code}" for code, count in self.hung_up.items()]
        return told + [f"{count:,} refused as {code}" for code, count in self.refused.items()]


class Book:
    """The messages of one step, numbered from 0 on. Message n is due n / rate seconds after the start.

    They go round the rooms, and with each round the other party speaks. Times are in seconds.
    """

    def __init__(self, rate: float, total: int, rooms: int) -> None:
        self.rate, self.total, self.rooms = rate, total, rooms
        self.mark = uuid4().hex[:8]
        self.started = 0.0
        self.sent = 0
        self.last_heard = 0.0
        self.late = array("d")
        # 0 is "not yet": no answer comes in no time.
        self.acknowledged, self.delivered = (array("d", bytes(8 * total)) for _ in range(2))
        self.numbers = tuple(array("q", bytes(8 * total)) for _ in range(2))
        self.acknowledgements = self.deliveries = 0
        self.out_of_order = 0
        self.worst = 0.0
        self.faults = Faults()

    def client_id(self, number: int) -> str:
        return f"{self.mark}-0000-4000-8000-{number:012x}"

    def seat_of(self, number: int) -> tuple[int, int]:
        """The room, and which of its two parties speaks."""
        return number % self.rooms, number // self.rooms % 2

    def is_mine(self, client_id: str) -> bool:
        return client_id.startswith(self.mark)

    def enter(self, room: int, side: int, client_id: str, seq: int) -> None:
        """A message of this book has come to one side of a room."""
        now = time.perf_counter()
        number = int(client_id[_AT_NUMBER:], 16)
        its_room, sender = self.seat_of(number)
        if its_room != room or number >= self.total:
            self.faults.strayed += 1
            return
        column = self.acknowledged if sender == side else self.delivered
        if column[number]:
            self.faults.doubled += 1
            return
        self.last_heard = now
        column[number] = took = now - self.started - number / self.rate
        self.numbers[side][number] = seq
        if sender == side:
            self.acknowledgements += 1
        else:
            self.deliveries += 1
            self.worst = max(self.worst, took)

    @property
    def is_complete(self) -> bool:
        return self.acknowledgements == self.deliveries == self.total

    def seqs(self, room: int, side: int) -> list[int]:
        """The numbers under which the messages of this book came to one side of a room."""
        return [seq for seq in self.numbers[side][room :: self.rooms] if seq]

    def close(self) -> None:
        """Count what never came, and what the two parties do not see alike."""
        faults = self.faults
        faults.unanswered += self.sent - self.acknowledgements
        faults.lost += sum(1 for ack, there in zip(self.acknowledged, self.delivered, strict=True) if ack and not there)
        both = zip(*self.numbers, strict=True)
        faults.misnumbered += sum(1 for here, there in both if here and there and here != there)


def percentiles(seconds: Iterable[float]) -> dict[str, float]:
    """In milliseconds; zeros, which stand for what never came, are left out."""
    ordered = sorted(second for second in seconds if second)
    if not ordered:
        return {}
    at = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "p999": 0.999, "max": 1.0}
    return {name: round(1000 * ordered[min(len(ordered) - 1, int(q * len(ordered)))], 3) for name, q in at.items()}
