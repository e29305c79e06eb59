"""Does what the queue holds: claims, works under a lease that it renews, and writes down what became of it."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from csts.kit import leases, metrics, tracing
from csts.kit.db import Database
from csts.kit.edge import Edge, end
from csts.kit.tasks import Bell, Hopeless, Later, LeaseLost, Task, Work

AT_ONCE = 8
# So long others wait for the work of a process that was killed. Three renewals may be late before one is lost.
LEASE_SECONDS = 30.0
RENEWALS = 3
# What other processes have left is found by looking; what this one has left rings.
POLL_SECONDS = 1.0
# What is under way when the desk closes; longer work goes on elsewhere, or after the next start.
GRACE_SECONDS = 2.0

_log = structlog.get_logger()


class Runner:
    """Does tasks of the names that it has work for, so many at once; the others wait for a process that knows them."""

    def __init__(
        self,
        database: Database,
        works: Mapping[str, Work],
        bell: Bell,
        *,
        at_once: int = AT_ONCE,
        lease_seconds: float = LEASE_SECONDS,
    ) -> None:
        self._database = database
        self._works = works
        self._bell = bell
        self._at_once = at_once
        self._lease_seconds = lease_seconds
        self._running: dict[asyncio.Task[None], Task] = {}
        self._closing = False

    async def run(self) -> None:
        """Until `close`; what is under way by then gets some seconds, and is given back if that is not enough."""
        while not self._closing:
            self._bell.hush()
            pause = POLL_SECONDS
            # Whatever one look meets, the next may go better: nobody else does what this process has been asked for.
            with Edge("tasks_not_taken"):
                try:
                    pause = await self._take()
                except (SQLAlchemyError, OSError) as error:
                    _log.warning("tasks_wait", error=repr(error))
            if pause > 0 and not self._closing:
                await self._bell.heard(pause)
        await self._wind_up()

    def close(self) -> None:
        self._closing = True
        self._bell.ring()

    async def _take(self) -> float:
        """Begin what is due and fits; how many seconds until it is worth to look again, should no bell ring."""
        free = self._at_once - len(self._running)
        if not free or not self._works:
            return POLL_SECONDS
        # Looked at first without a lock: on SQLite an idle runner must not take turns with those who write.
        async with self._database.read() as session:
            wait = await leases.seconds_to_next(session, self._works)
        if wait is None or wait > 0:
            return POLL_SECONDS if wait is None else min(POLL_SECONDS, wait)
        claim = partial(leases.claim, names=self._works, limit=free, lease_seconds=self._lease_seconds)
        taken = await self._database.carry_out(claim)
        for task in taken:
            serving = asyncio.create_task(self._serve(task))
            self._running[serving] = task
            serving.add_done_callback(self._leave)
        return 0 if taken else POLL_SECONDS

    def _leave(self, serving: asyncio.Task[None]) -> None:
        del self._running[serving]
        self._bell.ring()

    async def _serve(self, task: Task) -> None:
        # Where not even the outcome can be written, the lease runs out and the task is done again.
        with Edge("task_unrecorded"), _span(task) as span:
            try:
                outcome = await self._outcome(task, self._works[task.name])
            except LeaseLost as error:
                _log.warning("task_lost", task=task.name, id=task.id)
                tracing.blame(error)
                outcome = "lost"
            span.note({"csts.task.outcome": outcome})
            metrics.TASKS.labels(task.name, outcome).inc()

    async def _outcome(self, task: Task, work: Work) -> str:
        """Have it done, and write down what became of it. Raises LeaseLost."""
        if task.attempt > work.most_attempts and not task.is_given_up:
            return await self._failed(task, work, "its process ended in the middle of it, again and again")
        try:
            await self._do(task, work)
        except Later as later:
            await self._record(partial(leases.postpone, task=task, seconds=later.seconds))
            return "later"
        except Hopeless as reason:
            tracing.blame(reason)
            return await self._failed(task, work, str(reason), is_hopeless=True)
        except LeaseLost:
            raise
        except Exception as error:  # noqa: BLE001 - the edge of the jobs: written down, and tried again or given up
            _log.exception("task_failed", task=task.name, id=task.id, attempt=task.attempt)
            tracing.blame(error)
            return await self._failed(task, work, repr(error))
        if not task.is_finished:
            await self._record(task.finish)
        return "parked" if task.is_given_up else "done"

    async def _do(self, task: Task, work: Work) -> None:
        """Raises what the work raises, TimeoutError after its time, and LeaseLost."""
        act = work.given_up if task.is_given_up else work.do
        if act is None:
            return
        try:
            async with asyncio.timeout(work.timeout_seconds) as patience:
                renewing = asyncio.create_task(self._keep(task, patience))
                try:
                    await act(task)
                finally:
                    await end([renewing])
        except TimeoutError:
            if renewing.done() and not renewing.cancelled():
                raise LeaseLost(task.name, task.id) from None
            raise

    async def _keep(self, task: Task, patience: asyncio.Timeout) -> None:
        """Renew the lease; one that is lost ends the work, and this."""
        edge = Edge("lease_not_renewed")
        is_kept = True
        while is_kept:
            await asyncio.sleep(self._lease_seconds / RENEWALS)
            with edge:
                renew = partial(leases.renew, task=task, lease_seconds=self._lease_seconds)
                # Of what it has finished nothing is left to renew.
                is_kept = await self._database.carry_out(renew) or task.is_finished
        patience.reschedule(asyncio.get_running_loop().time())

    async def _failed(self, task: Task, work: Work, error: str, *, is_hopeless: bool = False) -> str:
        if (is_hopeless or task.attempt >= work.most_attempts) and not task.is_given_up:
            _log.error("task_given_up", task=task.name, id=task.id, attempts=task.attempt)
            # One that its process has died of began once more, and was not tried.
            tries = min(task.attempt, work.most_attempts)
            await self._record(partial(leases.give_up, task=task, tries=tries, error=error))
            return "given_up"
        # Spread out: what failed together would else come back together.
        seconds = work.pause_seconds(task.attempt) * random.uniform(0.5, 1)  # noqa: S311 - no secret
        await self._record(partial(leases.retry, task=task, seconds=seconds, error=error))
        return "failed"

    async def _record(self, change: Callable[[AsyncSession], Awaitable[None]]) -> None:
        await self._database.carry_out(change)

    async def _wind_up(self) -> None:
        if self._running:
            await asyncio.wait(self._running, timeout=GRACE_SECONDS)
        left = dict(self._running)
        await end(list(left))
        if left:
            with Edge("leases_not_released"):
                await self._database.carry_out(partial(leases.release, tasks=list(left.values())))


def _span(task: Task) -> tracing.Span:
    told = {"csts.task.id": task.id, "csts.task.attempt": task.attempt}
    left_by = task.payload.get(tracing.ORIGIN, "")
    return tracing.span(f"task {task.name}", told, kind="CONSUMER", origins=[left_by])
