"""One rate, held for some seconds, whatever the answers do: an open loop."""

import asyncio
import gc
import math
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from csts.bench import machine
from csts.bench.book import Book, Faults, percentiles
from csts.bench.pace import Ticker
from csts.bench.plan import MESSAGE_BYTES, Say
from csts.bench.seat import Seat

# However much still comes after the last message was sent.
DRAIN_SECONDS = 30
# A generator that needs a core for itself, or whose own lateness is half of the figure, measures itself. It errs to one
# side only: what is sent late counts as slow.
MOST_CPU = 0.9
MOST_LATE_MS, MOST_LATE_SHARE = 10.0, 0.5

Pairs = Sequence[tuple[Seat, Seat]]


@dataclass(frozen=True)
class Result:
    """A step. Rates are messages per second; latencies in milliseconds from the moment a message was due."""

    label: str
    rate: float
    sent: int
    acknowledged: int
    delivered: int
    achieved: float
    ack_ms: dict[str, float]
    delivery_ms: dict[str, float]
    late_ms: dict[str, float]
    generator_cpu: float
    server_cpu: float
    server_mb: float
    out_of_order: int
    faults: Faults

    @property
    def void(self) -> str:
        """Why this says nothing about the desk; empty where it does."""
        late, slow = self.late_ms.get("p99", 0.0), self.delivery_ms.get("p99", 0.0)
        if self.generator_cpu > MOST_CPU:
            return f"the load generator used {self.generator_cpu:.0%} of a core"
        if late > max(MOST_LATE_MS, MOST_LATE_SHARE * slow):
            return f"the load generator was late itself: p99 {late:.1f} ms"
        return ""

    @property
    def is_clean(self) -> bool:
        return not self.faults.told()

    def as_json(self) -> dict[str, Any]:
        # `asdict` would count the pairs of a Counter instead of copying it.
        faults = {**vars(self.faults), "hung_up": dict(self.faults.hung_up), "refused": dict(self.faults.refused)}
        return {**asdict(self), "faults": faults, "void": self.void, "is_clean": self.is_clean}


class Step:
    """Sends the messages of a book over these pairs when they are due, and waits for what becomes of them."""

    def __init__(self, pairs: Pairs, rate: float, seconds: float, *, quiet: float, server: int = 0) -> None:
        self.book = Book(rate, max(1, round(rate * seconds)), len(pairs))
        self._pairs = pairs
        self._quiet = quiet
        self._server = server
        self._all_sent = asyncio.Event()
        self._ticker = Ticker(self._send_due)
        self._tail = f'","content":"{"x" * MESSAGE_BYTES}"}}'.encode()
        self._head = f'{{"type":"message","client_id":"{self.book.client_id(0)[:-12]}'.encode()

    async def run(self, label: str, say: Say) -> Result:
        seats = [seat for pair in self._pairs for seat in pair]
        bases = [seat.top for seat in seats]
        for seat in seats:
            seat.book, seat.others = self.book, []
        # A collection in the middle would stop the clock that all are measured by.
        gc.collect()
        gc.disable()
        try:
            shares = await self._measured(say)
        finally:
            gc.enable()
            for seat in seats:
                seat.book = None
        self.book.close()
        for seat, base in zip(seats, bases, strict=True):
            self._check_numbers(seat, base)
        return self._result(label, *shares)

    async def _measured(self, say: Say) -> tuple[float, float]:
        """The share of a core that the generator used while it sent, and the server's share."""
        own, servers = time.process_time(), machine.cpu_seconds(self._server) if self._server else 0.0
        self.book.started = started = time.perf_counter()
        self._ticker.start()
        progress = asyncio.create_task(self._tell(say))
        try:
            await self._all_sent.wait()
            took = time.perf_counter() - started
            used = time.process_time() - own
            served = machine.cpu_seconds(self._server) - servers if self._server else 0.0
            await self._drained()
        finally:
            self._ticker.stop()
            progress.cancel()
            with suppress(asyncio.CancelledError):
                await progress
        return used / took, served / took

    def _send_due(self) -> None:
        book = self.book
        late = time.perf_counter() - book.started
        due = min(book.total, math.floor(late * book.rate) + 1)
        while book.sent < due:
            number = book.sent
            room, side = book.seat_of(number)
            self._pairs[room][side].send(self._head + b"%012x" % number + self._tail)
            book.late.append(time.perf_counter() - book.started - number / book.rate)
            book.sent += 1
        if book.sent == book.total:
            self._ticker.stop()
            self._all_sent.set()

    async def _drained(self) -> None:
        deadline = time.perf_counter() + DRAIN_SECONDS
        self.book.last_heard = time.perf_counter()
        while not self.book.is_complete:
            now = time.perf_counter()
            if now > deadline or now - self.book.last_heard > self._quiet:
                return
            await asyncio.sleep(0.02)

    async def _tell(self, say: Say) -> None:
        """A line each second: what was offered, what arrived, and the worst of it."""
        book, before = self.book, 0
        while True:
            await asyncio.sleep(1)
            now, worst, book.worst = book.deliveries, book.worst, 0.0
            second = round(time.perf_counter() - book.started)
            say(
                f"  {second:3} s  {book.rate:7,.0f}/s offered  {now - before:7,}/s delivered  "
                f"worst {1000 * worst:8.1f} ms  {book.sent - now:6,} on the way"
            )
            before = now

    def _check_numbers(self, seat: Seat, base: int) -> None:
        """Every number from the first to the last, each once; who was hung up on has missed some by right."""
        if seat.ended:
            return
        seen = [seq for seq in self.book.seqs(seat.number, seat.side) + seat.others if seq > base]
        self.book.faults.misnumbered += len(seen) - len(set(seen))
        self.book.faults.gaps += max(seen, default=base) - base - len(set(seen))

    def _result(self, label: str, own: float, servers: float) -> Result:
        book = self.book
        seconds = max(book.total / book.rate, book.last_heard - book.started)
        return Result(
            label=label,
            rate=book.rate,
            sent=book.sent,
            acknowledged=book.acknowledgements,
            delivered=book.deliveries,
            achieved=round(book.deliveries / seconds, 1),
            ack_ms=percentiles(book.acknowledged),
            delivery_ms=percentiles(book.delivered),
            late_ms=percentiles(book.late),
            generator_cpu=round(own, 3),
            server_cpu=round(servers, 3),
            server_mb=round(machine.memory_bytes(self._server) / 2**20, 1) if self._server else 0.0,
            out_of_order=book.out_of_order,
            faults=book.faults,
        )
