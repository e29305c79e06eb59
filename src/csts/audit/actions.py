"""What is put down in the audit log. Nothing changes an entry, and only the retention takes old ones away."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from csts.audit.models import Act, AuditEntry
from csts.kit.db import rows_changed

_NAME_CHARS = 200


class Someone(Protocol):
    """Whoever acts: an `Actor`, or a `Doer` where nobody is signed in."""

    @property
    def kind(self) -> str: ...
    @property
    def id(self) -> int | None: ...
    @property
    def name(self) -> str: ...
    @property
    def address(self) -> str | None: ...


@dataclass(frozen=True)
class Doer:
    kind: str
    id: int | None = None
    name: str = ""
    address: str | None = None


@dataclass(frozen=True)
class About:
    """What it was done to, by the name that it has then."""

    kind: str
    id: int | None
    name: str


# Whoever has the machine and runs a command there, and what the desk does by itself.
OPERATOR, DESK = Doer("operator"), Doer("desk")


def note(session: AsyncSession, by: Someone | None, act: Act, about: About | None = None, **details: Any) -> None:
    """Put it down in the transaction that does it; None is the operator.

    `details` are short, plain values: never a secret, never what somebody wrote.
    """
    who = by or OPERATOR
    entry = AuditEntry(who_kind=who.kind, who_id=who.id, who_name=who.name, address=who.address, act=act)
    if about:
        entry.about_kind, entry.about_id, entry.about_name = about.kind, about.id, about.name[:_NAME_CHARS]
    entry.details = details
    session.add(entry)


async def forget(session: AsyncSession, *, before: datetime) -> int:
    """Take away what is older than the retention; how many entries that were."""
    result = await session.execute(delete(AuditEntry).where(AuditEntry.at < before))
    return rows_changed(result)
