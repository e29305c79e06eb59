"""The one source of time, so that every stored moment is aware and in UTC."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)


def rfc3339(moment: datetime) -> str:
    """The moment in UTC with a `Z`, to the microsecond (RFC 3339)."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
