"""A machine whose clock is wrong: what a process asks for the time is told it that much later."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo

from csts.kit import clock


def set_ahead(ahead: timedelta) -> None:
    """For the whole of this process: the clock of the house, and the one that libraries read."""
    if not ahead:
        return

    class Late:
        @staticmethod
        def now(tz: tzinfo) -> datetime:
            return datetime.now(tz) + ahead

    # Below `clock.now`, which the columns of the tables have taken for themselves by now.
    vars(clock)["datetime"] = Late
    time.time = _late(time.time, ahead.total_seconds())


def _late(seconds: Callable[[], float], ahead: float) -> Callable[[], float]:
    return lambda: seconds() + ahead
