"""Runs the sweeps, now and every hour, until it is cancelled."""

import asyncio

import structlog

from csts.attachments.storage import Storage
from csts.jobs.sweeps import sweep
from csts.kit.db import Database

_log = structlog.get_logger()

INTERVAL_SECONDS = 3600


async def run(database: Database, storage: Storage) -> None:
    # It sweeps first and waits then, or a server that is restarted within the hour would never sweep.
    while True:
        try:
            await sweep(database, storage)
        except Exception:  # noqa: BLE001 - the edge of a process: the next hour may go better, and the desk goes on
            _log.exception("sweep_failed")
        await asyncio.sleep(INTERVAL_SECONDS)
