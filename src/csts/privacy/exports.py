"""One copy of a customer's data at a time, over all processes: under a lease, which runs out when its process dies."""

import asyncio
import time
from collections.abc import AsyncIterator
from http import HTTPStatus
from uuid import uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from csts.kit.columns import DatabaseTime
from csts.kit.db import Database
from csts.kit.errors import DomainError
from csts.privacy.models import RunningExport

# So long he waits whose copy a crash has broken off. Who takes longer over one piece than this may begin a second one.
LEASE_SECONDS = 60.0


class ExportRunning(DomainError):
    code = "export_running"
    status = HTTPStatus.CONFLICT
    detail = "A copy of this data is being downloaded already. Please wait until it is there."


async def check_free(session: AsyncSession, customer_id: int) -> None:
    """Raises ExportRunning."""
    running = RunningExport.customer_id == customer_id, RunningExport.until > DatabaseTime()
    if await session.scalar(select(RunningExport.lease).where(*running)):
        raise ExportRunning


async def begin(session: AsyncSession, customer_id: int) -> str:
    """The lease of a copy that begins now. Raises ExportRunning."""
    over = RunningExport.customer_id == customer_id, RunningExport.until <= DatabaseTime()
    await session.execute(delete(RunningExport).where(*over))
    lease = str(uuid4())
    session.add(RunningExport(customer_id=customer_id, lease=lease, until=DatabaseTime(LEASE_SECONDS)))
    # The database judges, for of two that look beforehand at the same moment both would find none.
    try:
        await session.flush()
    except IntegrityError:
        raise ExportRunning from None
    return lease


async def held(database: Database, lease: str, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The pieces as they come: the lease is renewed on the way, and given back at the end."""
    renewed = time.monotonic()
    try:
        async for piece in pieces:
            if time.monotonic() - renewed > LEASE_SECONDS / 2:
                await _renew(database, lease)
                renewed = time.monotonic()
            yield piece
    finally:
        # Who breaks it off may want to begin anew at once: the end of his request must not end this as well.
        await asyncio.shield(asyncio.create_task(_give_back(database, lease)))


async def _renew(database: Database, lease: str) -> None:
    async with database.write() as session:
        mine = update(RunningExport).where(RunningExport.lease == lease)
        await session.execute(mine.values(until=DatabaseTime(LEASE_SECONDS)))


async def _give_back(database: Database, lease: str) -> None:
    async with database.write() as session:
        await session.execute(delete(RunningExport).where(RunningExport.lease == lease))
