"""Runs the sweeps, now and every hour, until it is cancelled."""

import asyncio

from csts.attachments.storage import Storage
from csts.jobs.sweeps import Retention, sweep
from csts.kit.db import Database
from csts.kit.edge import forever

INTERVAL_SECONDS = 3600


async def run(database: Database, storage: Storage, retention: Retention) -> None:
    # It sweeps first and waits then, or a server that is restarted within the hour would never sweep.
    async def turn() -> None:
        await sweep(database, storage, retention)
        await asyncio.sleep(INTERVAL_SECONDS)

    # The next hour may go better, and the desk goes on.
    await forever("sweep_failed", turn, pause_seconds=INTERVAL_SECONDS)
