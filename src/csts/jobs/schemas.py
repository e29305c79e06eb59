"""The wire shapes of the queue, for who looks after it."""

from datetime import datetime

import msgspec


class FailedTask(msgspec.Struct, frozen=True):
    """A task that was given up. Of what it was about only its ticket is shown: the rest may be somebody's words."""

    id: int
    name: str
    ticket_id: int | None
    tries: int | None
    error: str
    created_at: datetime
    failed_at: datetime
