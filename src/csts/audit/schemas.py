"""The wire shapes of the audit log."""

from datetime import datetime
from typing import Any

import msgspec

from csts.audit.models import Act, AuditEntry


class Who(msgspec.Struct, frozen=True):
    """`kind` is `agent`, `customer`, `operator`, `desk` or `nobody`; only the first two have an id."""

    kind: str
    id: int | None
    name: str


class About(msgspec.Struct, frozen=True):
    """What it was done to, by the name that it had then."""

    kind: str
    id: int | None
    name: str


class Entry(msgspec.Struct, frozen=True):
    """`address` is where it came from, where it came from somewhere."""

    id: int
    at: datetime
    who: Who
    address: str | None
    act: str
    about: About | None
    details: dict[str, Any]


class Wanted(msgspec.Struct, frozen=True):
    """Which entries: of these acts, of this agent, and between two moments, the second one left out."""

    acts: tuple[Act, ...] = ()
    agent_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


def shown(entry: AuditEntry) -> Entry:
    about = About(entry.about_kind, entry.about_id, entry.about_name or "") if entry.about_kind else None
    who = Who(entry.who_kind, entry.who_id, entry.who_name)
    return Entry(entry.id, entry.at, who, entry.address, entry.act, about, entry.details)
