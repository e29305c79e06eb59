"""Several processes behind one listener: started together, started again when one dies, ended together."""

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import Process
from contextlib import suppress
from tempfile import TemporaryDirectory

import structlog
import typer
from prometheus_client.multiprocess import mark_process_dead

from csts.kit.metrics import SHARED_FOLDER
from csts.settings import Settings

# Above the grace of each worker, below the ten seconds that SIGTERM promises.
PATIENCE_SECONDS = 9.5
# One that dies at once, over and over, must not keep the machine busy with its starts.
PAUSE_SECONDS = 1.0

_log = structlog.get_logger()


class WorkerFailedError(Exception):
    """A worker could not begin; so will not the next one."""


def run(settings: Settings, listener: socket.socket, count: int) -> None:
    """Until SIGTERM or Ctrl+C. Ends the command with code 1 when a worker cannot begin its work."""
    # Not forked: the threads of the uploads' and the database's drivers would be missing in a copy of this process.
    with TemporaryDirectory(prefix="csts-metrics-") as folder:
        try:
            asyncio.run(_supervise(listener, [_environment(settings, folder, number) for number in range(count)]))
        except* WorkerFailedError:
            raise typer.Exit(1) from None


def _environment(settings: Settings, folder: str, number: int) -> dict[str, str]:
    """What this command was told by its options, as variables; one worker sweeps, and not all of them."""
    told = {"CSTS_HOST": settings.host, "CSTS_PORT": str(settings.port), SHARED_FOLDER: folder}
    return {**os.environ, **told, "CSTS_JOBS": str(int(settings.jobs and number == 0))}


async def _supervise(listener: socket.socket, environments: list[dict[str, str]]) -> None:
    async def keep_all() -> None:
        async with asyncio.TaskGroup() as group:
            for environment in environments:
                group.create_task(_keep(listener, environment))

    keeping = asyncio.create_task(keep_all())
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        # Once: who is impatient and asks again must not interrupt the end that he has asked for.
        loop.add_signal_handler(each, lambda: keeping.cancelling() or keeping.cancel())
    with suppress(asyncio.CancelledError):
        await keeping


async def _keep(listener: socket.socket, environment: dict[str, str]) -> None:
    """One worker after the other, until this is cancelled."""
    is_first = True
    while True:
        worker = await _start(listener, environment)
        try:
            code = await worker.wait()
            # Above zero it gave up, and has said why; zero and below, somebody has ended it.
            if is_first and code > 0:
                raise WorkerFailedError
            _log.warning("worker_died", code=code)
            await asyncio.sleep(PAUSE_SECONDS)
        finally:
            await _end(worker)
            mark_process_dead(worker.pid, environment[SHARED_FOLDER])  # type: ignore[no-untyped-call]  # theirs
        is_first = False


async def _start(listener: socket.socket, environment: dict[str, str]) -> Process:
    # Its standard input ends with this process, however that ends: no worker stays behind and holds the port.
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "csts.cli.worker",
        str(listener.fileno()),
        stdin=asyncio.subprocess.PIPE,
        pass_fds=[listener.fileno()],
        env=environment,
    )


async def _end(worker: Process) -> None:
    if worker.returncode is not None:
        return
    worker.terminate()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await worker.wait()
    except TimeoutError:
        worker.kill()
        await worker.wait()
