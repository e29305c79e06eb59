"""Sweeps: what a crash or a change of mind left goes after a day, what failed after thirty, and drafts after ninety."""

from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import delete, select

from csts.attachments.models import Attachment
from csts.attachments.storage import Storage
from csts.audit.actions import DESK, forget, note
from csts.audit.models import Act
from csts.auth.models import TABLES, AccountLink, RefreshToken
from csts.auth.queries import alive_sessions
from csts.customers.models import User
from csts.drafts.models import Draft
from csts.jobs.queries import failed_count
from csts.kit import clock
from csts.kit.db import Database, rows_changed
from csts.kit.tasks import State, StoredTask
from csts.privacy.actions import TICKETS_AT_ONCE, erase_ticket
from csts.privacy.traces import Known
from csts.push.models import PushSubscription
from csts.tickets import listed
from csts.tickets.models import Ticket
from csts.tickets.status import Status

_log = structlog.get_logger()

# Longer than any form stays open: what is uploaded today may still be named in a message.
ABANDONED_AFTER = timedelta(days=1)
# Long enough for an admin who was away; what was to be done is of no use by then.
FAILED_KEPT = timedelta(days=30)
# Whoever has not gone on with it by then will not send it any more.
DRAFTS_KEPT = timedelta(days=90)


@dataclass(frozen=True)
class Retention:
    """For how many days something is kept; 0 for ever."""

    audit_days: int = 0
    closed_days: int = 0


async def sweep(database: Database, storage: Storage, retention: Retention) -> None:
    """Everything that is due. It is safe to run at any time, and in several processes at once."""
    _log.info(
        "swept",
        uploads=await sweep_uploads(database),
        files=await sweep_files(database, storage),
        tokens=await sweep_tokens(database),
        tasks=await sweep_tasks(database),
        drafts=await sweep_drafts(database),
        browsers=await sweep_browsers(database),
        astray=await listed.mend(database),
        audit=await sweep_audit(database, retention.audit_days),
        tickets=await sweep_tickets(database, retention.closed_days),
    )
    async with database.read() as session:
        count = await failed_count(session)
    if count:
        _log.warning("tasks_failed", count=count)


async def sweep_uploads(database: Database) -> int:
    """Forget files that were uploaded to a chat and never sent; how many there were."""
    async with database.write() as session:
        result = await session.execute(
            delete(Attachment).where(
                Attachment.message_id.is_(None),
                Attachment.screenshot.is_(False),
                Attachment.uploaded_at < clock.now() - ABANDONED_AFTER,
            )
        )
        return rows_changed(result)


async def sweep_files(database: Database, storage: Storage) -> int:
    """Delete stored files that no row names; how many there were.

    Young ones stay: a file is stored before the transaction that names it.
    """
    swept = 0
    # A short read for each file: to list a bucket takes minutes, and no transaction is held across them.
    async for file in storage.files():
        if file.changed_at < clock.now() - ABANDONED_AFTER and not await _is_named(database, file.path):
            await storage.delete(file.path)
            swept += 1
    return swept


async def sweep_tokens(database: Database) -> int:
    """Forget refresh tokens and links that have expired; how many there were. A used token unmasks its thief."""
    swept = 0
    tables: tuple[type[RefreshToken | AccountLink], ...] = (*TABLES.values(), AccountLink)
    for table in tables:
        async with database.write() as session:
            swept += rows_changed(await session.execute(delete(table).where(table.expires_at < clock.now())))
    return swept


async def sweep_tasks(database: Database) -> int:
    """Forget tasks that were given up long ago; how many there were. Whatever was done is gone already."""
    async with database.write() as session:
        old = StoredTask.failed_at < clock.now() - FAILED_KEPT
        return rows_changed(await session.execute(delete(StoredTask).where(StoredTask.state == State.FAILED, old)))


async def sweep_drafts(database: Database) -> int:
    """Forget drafts that nobody has touched for long; how many there were."""
    async with database.write() as session:
        return rows_changed(await session.execute(delete(Draft).where(Draft.updated_at < clock.now() - DRAFTS_KEPT)))


async def sweep_browsers(database: Database) -> int:
    """Forget browsers whose sessions are over, and which nobody calls any more; how many there were."""
    swept = 0
    for kind, table in TABLES.items():
        is_alive = alive_sessions(kind).where(table.family == PushSubscription.session).exists()
        over = delete(PushSubscription).where(PushSubscription.person_kind == kind, ~is_alive)
        async with database.write() as session:
            swept += rows_changed(await session.execute(over.execution_options(synchronize_session=False)))
    return swept


async def sweep_audit(database: Database, days: int) -> int:
    """Forget what was put down in the audit log so long ago, 0 for never; how many entries that were."""
    if not days:
        return 0
    async with database.write() as session:
        return await forget(session, before=clock.now() - timedelta(days=days))


async def sweep_tickets(database: Database, days: int) -> int:
    """Erase the texts and files of tickets that were closed so long ago, 0 for never; how many tickets that were.

    Not deleted: figures, numbers and what others refer to stay true.
    """
    swept = 0
    while days:
        old = Ticket.status == Status.CLOSED, Ticket.updated_at < clock.now() - timedelta(days=days)
        query = select(Ticket.id, User.name, User.email).join(User, User.id == Ticket.user_id)
        query = query.where(*old, Ticket.erased_at.is_(None))
        async with database.read() as session:
            found = (await session.execute(query.limit(TICKETS_AT_ONCE))).all()
        if not found:
            break
        for ticket_id, name, email in found:
            await erase_ticket(database, ticket_id, Known(name, email), whole=True)
        swept += len(found)
    if swept:
        async with database.write() as session:
            note(session, DESK, Act.TICKETS_ERASED, tickets=swept)
    return swept


async def _is_named(database: Database, path: str) -> bool:
    async with database.read() as session:
        named = select(Attachment.id).where(Attachment.file_path == path).limit(1)
        return await session.scalar(named) is not None
