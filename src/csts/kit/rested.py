"""Connections that have rested in a pool: whether the server is still at their other end is asked before they are used.

The pool's own way asks each time, which takes as long as the question that follows.
"""

import math
import time
from dataclasses import dataclass

from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

# A server or a firewall that has closed one overnight must not cost somebody his first request.
IDLE_SECONDS = 1.0


@dataclass
class Doubt:
    """When the server was last found to be gone: what was used before may be connected to nobody, if it rested or not.

    One for all pools of a server: what one of them has found out, another need not find out once more.
    """

    since: float = -math.inf


def note_use(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    """Listens to what is given back."""
    record.info["used"] = time.monotonic()


def try_rested(doubt: Doubt, connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
    """Listens to what is taken. Raises DisconnectionError, at which the pool connects anew."""
    used = record.info.get("used", math.inf)
    if time.monotonic() - used > IDLE_SECONDS or used <= doubt.since:
        try:
            connection.ping()
        except connection.dbapi.Error as error:
            raise DisconnectionError from error
