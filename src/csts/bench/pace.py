"""A clock that ticks often enough: the timers of event loops count in milliseconds, and answers come sooner."""

import asyncio
import ctypes
import os
import sys
from collections.abc import Callable

# Each tick costs some ten microseconds; messages that are due within one go out together.
TICK_SECONDS = 0.00025
_CLOCK_MONOTONIC = 1


class _Times(ctypes.Structure):
    """`struct itimerspec`: the interval, then the first tick, each in seconds and nanoseconds."""

    _fields_ = [(name, ctypes.c_long) for name in ("every", "every_ns", "first", "first_ns")]


class Ticker:
    """Calls `tick` on this loop from `start` to `stop`, by the kernel's timer where there is one (timerfd of Linux)."""

    def __init__(self, tick: Callable[[], None], seconds: float = TICK_SECONDS) -> None:
        self._tick = tick
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._timer: int | None = None
        self._handle: asyncio.TimerHandle | None = None

    def start(self) -> None:
        if sys.platform != "linux":
            self._again()
            return
        libc = ctypes.CDLL(None, use_errno=True)
        # Not a blocking one: a tick may have been read already when the loop comes to it.
        self._timer = libc.timerfd_create(_CLOCK_MONOTONIC, os.O_NONBLOCK | os.O_CLOEXEC)
        span = int(self._seconds * 1e9)
        libc.timerfd_settime(self._timer, 0, ctypes.byref(_Times(0, span, 0, span)), None)
        self._loop.add_reader(self._timer, self._ring)

    def stop(self) -> None:
        if self._timer is not None:
            self._loop.remove_reader(self._timer)
            os.close(self._timer)
            self._timer = None
        if self._handle is not None:
            self._handle.cancel()

    def _ring(self) -> None:
        if self._timer is not None:
            os.read(self._timer, 8)
            self._tick()

    def _again(self) -> None:
        self._handle = self._loop.call_later(self._seconds, self._again)
        self._tick()
