"""Group commit: whoever comes while a transaction is under way shares the next, so that one commit serves many.

There is no timer. An idle writer begins at once, so that it costs nothing while there is little to do.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

import structlog

from csts.kit import metrics, tracing
from csts.kit.bulk import Program
from csts.kit.carriers import Carrier
from csts.kit.db import is_contention, is_unreachable, is_unwritable
from csts.kit.edge import Edge
from csts.kit.errors import CannotSave, DatabaseBusy, DomainError, InternalError

T = TypeVar("T")
R = TypeVar("R")
T_contra = TypeVar("T_contra", contravariant=True)
R_co = TypeVar("R_co", covariant=True)

BATCH = 512
# A server takes 16 MB at once at best, and some take one; written out, text is twice as long and more.
BATCH_WEIGHT = 100_000
# More than this waiting means that the database has stood still: what comes now is told so at once.
MOST_WAITING = 20_000
# How long somebody is kept waiting for a database that is gone, before he is told; longer than most restarts.
PATIENCE_SECONDS = 30.0
LONGEST_PAUSE_SECONDS = 1.0
# When the desk closes: less than a supervisor waits before it kills.
LAST_PATIENCE_SECONDS = 3.0

_log = structlog.get_logger()


class MakeProgram(Protocol[T_contra, R_co]):
    """Makes the statements for a batch: a result for each item, in their order, or the error that refuses it alone.

    `may_be_known` says that the batch may have been committed before, and its answer have been lost.
    """

    def __call__(
        self, items: Sequence[T_contra], /, *, may_be_known: bool
    ) -> Program[Sequence[R_co | DomainError]]: ...


@dataclass(frozen=True)
class Waiting(Generic[T, R]):
    """Something to write, and who is told of what became of it: its result, or why there is none."""

    item: T
    tell: Callable[[R | DomainError], None]
    since: float = field(default_factory=time.monotonic)
    # In whose span it was handed in.
    origin: str = field(default_factory=tracing.here)


class GroupCommit(Generic[T, R]):
    """Writes items in batches, in the order in which they came.

    `weigh` tells how many characters an item has; `doubts` counts batches that may have been committed untold.
    `committed` gets all results of a batch after its commit, and before anybody is told of his own.
    """

    def __init__(
        self,
        carrier: Carrier,
        program: MakeProgram[T, R],
        committed: Callable[[Sequence[R | DomainError]], Awaitable[None]],
        *,
        weigh: Callable[[T], int] = lambda _item: 1,
    ) -> None:
        self.doubts = 0
        self._weigh = weigh
        self._carrier = carrier
        self._program = program
        self._committed = committed
        self._queue: deque[Waiting[T, R]] = deque()
        self._came = asyncio.Event()
        self._closing = False
        self._telling: asyncio.Task[None] | None = None
        self._edge = Edge("telling_failed")

    def submit(self, item: T, tell: Callable[[R | DomainError], None]) -> None:
        """Queue an item. Raises DatabaseBusy when too many wait already."""
        if len(self._queue) >= MOST_WAITING or self._closing:
            raise DatabaseBusy(retry_after=1)
        self._queue.append(Waiting(item, tell))
        self._came.set()

    async def post(self, item: T) -> R:
        """The result of this item; raises the error that refuses it, and DatabaseBusy."""
        told: asyncio.Future[R | DomainError] = asyncio.get_running_loop().create_future()
        self.submit(item, lambda outcome: None if told.done() else told.set_result(outcome))
        outcome = await told
        if isinstance(outcome, DomainError):
            raise outcome
        return outcome

    async def run(self) -> None:
        """Write what comes, until `close`; what has come by then is written."""
        while self._queue or not self._closing:
            if not self._queue:
                self._came.clear()
                await self._came.wait()
                continue
            await self._write(self._next_batch())
        await self._all_told()

    def close(self) -> None:
        self._closing = True
        self._came.set()

    def _next_batch(self) -> list[Waiting[T, R]]:
        """As many as there are, by count and by weight; one at least."""
        batch = [self._queue.popleft()]
        weight = self._weigh(batch[0].item)
        while self._queue and len(batch) < BATCH and weight < BATCH_WEIGHT:
            batch.append(self._queue.popleft())
            weight += self._weigh(batch[-1].item)
        return batch

    async def _write(self, batch: Sequence[Waiting[T, R]], *, may_be_known: bool = False) -> None:
        """Until it is written, refused, or has waited for too long; one that cannot be written fails alone."""
        pause = 0.05
        while batch := self._patient(batch):
            try:
                await self._carry_out(batch, may_be_known=may_be_known)
            except Exception as error:  # noqa: BLE001 - the edge of the writer: who waits is told, and the next batch is written
                if is_contention(error):
                    _log.warning("batch_repeated", size=len(batch), error=str(error))
                elif is_unreachable(error):
                    # The commit may have been done and only its answer lost.
                    may_be_known = True
                    self.doubts += 1
                    _log.warning("database_unreachable", waiting=len(batch) + len(self._queue), error=str(error))
                    await asyncio.sleep(pause)
                    pause = min(LONGEST_PAUSE_SECONDS, pause * 2)
                elif is_unwritable(error):
                    # No pause would help, and whoever wrote keeps his text.
                    _log.error("database_unwritable", waiting=len(batch), reason=str(error))
                    for waiting in batch:
                        self._tell(waiting, CannotSave(retry_after=60))
                    return
                else:
                    await self._split(batch, error)
                    return
            else:
                return

    async def _carry_out(self, batch: Sequence[Waiting[T, R]], *, may_be_known: bool) -> None:
        items = [waiting.item for waiting in batch]
        origins = (waiting.origin for waiting in batch)
        with tracing.span("batch", {"csts.batch.size": len(batch)}, origins=origins):
            outcomes = await self._carrier.carry_out(self._program(items, may_be_known=may_be_known))
        metrics.BATCHES.observe(len(batch))
        await self._all_told()
        # While the database is at work on the next batch, or it would wait for us as we do for it.
        self._telling = asyncio.create_task(self._tell_all(batch, outcomes))

    async def _all_told(self) -> None:
        """The batch before is told, in its order. What fails there concerns its readers: it is written."""
        if self._telling:
            await self._telling

    async def _tell_all(self, batch: Sequence[Waiting[T, R]], outcomes: Sequence[R | DomainError]) -> None:
        with self._edge:
            await self._committed(outcomes)
        for waiting, outcome in zip(batch, outcomes, strict=True):
            self._tell(waiting, outcome)

    def _tell(self, waiting: Waiting[T, R], outcome: R | DomainError) -> None:
        # Whoever cannot be told must not keep it from the others, nor the writer from its work.
        with self._edge:
            waiting.tell(outcome)

    async def _split(self, batch: Sequence[Waiting[T, R]], error: Exception) -> None:
        if len(batch) == 1:
            _log.error("message_failed", exc_info=error)
            self._tell(batch[0], InternalError())
            return
        half = len(batch) // 2
        # What failed may have failed behind its commit.
        await self._write(batch[:half], may_be_known=True)
        await self._write(batch[half:], may_be_known=True)

    def _patient(self, batch: Sequence[Waiting[T, R]]) -> Sequence[Waiting[T, R]]:
        """Those who have not waited for too long; the others are told so."""
        latest = time.monotonic() - (LAST_PATIENCE_SECONDS if self._closing else PATIENCE_SECONDS)
        for waiting in batch:
            if waiting.since < latest:
                self._tell(waiting, DatabaseBusy(retry_after=1))
        return [waiting for waiting in batch if waiting.since >= latest]
