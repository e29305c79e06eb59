"""A customer's data as a ZIP that is made while it is sent: nothing of it is ever whole in memory or on a disk."""

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import msgspec
import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.attachments.models import Attachment
from csts.attachments.storage import Storage
from csts.auth.actor import Actor
from csts.chat.queries import thread
from csts.customers.models import User
from csts.kit.db import Database
from csts.preferences.queries import preferences_of
from csts.ratings.queries import ratings
from csts.tickets.models import Ticket
from csts.tickets.queries import detail, history

_log = structlog.get_logger()

TICKETS_AT_ONCE, MESSAGES_AT_ONCE = 100, 500


class _Pipe(io.RawIOBase):
    """What the archive writes, to be taken away piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        return len(self._parts[-1])

    def taken(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


@dataclass(frozen=True)
class Archive:
    """Reads as the customer himself: what he may not see in the desk, such as notes, cannot get in here either.

    Each read has a session of its own, so that none is held while a slow client takes what was read.
    """

    database: Database
    storage: Storage
    customer: Actor

    async def pieces(self) -> AsyncIterator[bytes]:
        """The bytes of the archive: the account, a JSON for each ticket, and its files."""
        pipe = _Pipe()
        with zipfile.ZipFile(pipe, "w") as archive:
            async for name, content in self._files():
                # Pictures are packed already.
                how = zipfile.ZIP_DEFLATED if name.endswith(".json") else zipfile.ZIP_STORED
                await asyncio.to_thread(archive.writestr, name, content, how)
                yield pipe.taken()
        yield pipe.taken()

    async def _files(self) -> AsyncIterator[tuple[str, bytes]]:
        async with self.database.read() as session:
            yield "account.json", _json(await self._account(session))
        async for ticket_id in self._ticket_ids():
            async with self.database.read() as session:
                told, attachments = await self._ticket(session, ticket_id)
            yield f"tickets/{told['ticket_no']}.json", _json(told)
            for row in attachments:
                try:
                    yield f"files/{told['ticket_no']}/{row.id}-{row.file_name}", await self.storage.get(row.file_path)
                except FileNotFoundError:
                    _log.error("stored_file_missing", attachment_id=row.id, ticket_id=ticket_id, path=row.file_path)

    async def _account(self, session: AsyncSession) -> dict[str, Any]:
        user = await session.get_one(User, self.customer.id)
        chosen = await preferences_of(session, "customer", user.id)
        return {
            "id": user.id,
            "name": user.name,
            "email": user.email,
            "created_at": user.created_at,
            "preferences": msgspec.to_builtins(chosen),
        }

    async def _ticket_ids(self) -> AsyncIterator[int]:
        last = 0
        while True:
            mine = select(Ticket.id).where(Ticket.user_id == self.customer.id, Ticket.id > last).order_by(Ticket.id)
            async with self.database.read() as session:
                found = list(await session.scalars(mine.limit(TICKETS_AT_ONCE)))
            for ticket_id in found:
                yield ticket_id
            if len(found) < TICKETS_AT_ONCE:
                return
            last = found[-1]

    async def _ticket(self, session: AsyncSession, ticket_id: int) -> tuple[dict[str, Any], list[Attachment]]:
        ticket = await detail(session, self.customer, ticket_id)
        messages: list[Any] = []
        while page := await thread(
            session,
            self.customer,
            ticket_id,
            after=messages[-1].seq if messages else 0,
            before=None,
            limit=MESSAGES_AT_ONCE,
        ):
            messages += page
        told = {
            **msgspec.to_builtins(ticket),
            "messages": msgspec.to_builtins(messages),
            "ratings": msgspec.to_builtins(await ratings(session, self.customer, ticket_id)),
            "history": msgspec.to_builtins(await history(session, self.customer, ticket_id)),
        }
        files = [each.id for each in (*ticket.attachments, *(file for each in messages for file in each.attachments))]
        rows = await session.scalars(select(Attachment).where(Attachment.id.in_(files)).order_by(Attachment.id))
        return told, list(rows)


def _json(told: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(told), indent=2)
