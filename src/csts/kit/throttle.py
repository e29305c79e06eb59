"""Rate limits on top of the `limits` library, told as one error."""

import math
import time
from ipaddress import IPv6Address, ip_network
from typing import cast

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from starlette.requests import HTTPConnection

from csts.kit.errors import TooManyRequests


class Throttle:
    """Counts what happens under a limit such as `10/minute`; an empty limit counts nothing.

    A name keeps apart what shares a limit: `throttle.hit(limit, "login", "ana@example.com")`.
    """

    def __init__(self) -> None:
        # A moving window, because a fixed one lets twice its limit through around the moment it turns.
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def hit(self, limit: str, *name: str) -> None:
        """Count one. Raises TooManyRequests when that was one too many."""
        if limit:
            item = parse(limit)
            if not await self._limiter.hit(item, *name):
                raise await self._refusal(item, *name)

    async def check(self, limit: str, *name: str) -> None:
        """Count nothing. Raises TooManyRequests when the limit is used up."""
        if limit:
            item = parse(limit)
            if not await self._limiter.test(item, *name):
                raise await self._refusal(item, *name)

    async def count(self, limit: str, *name: str) -> None:
        """Count one, and say nothing: for what has been refused for another reason."""
        if limit:
            await self._limiter.hit(parse(limit), *name)

    async def _refusal(self, item: RateLimitItem, *name: str) -> TooManyRequests:
        stats = await self._limiter.get_window_stats(item, *name)
        # Rounded up: who comes back after exactly this many seconds must not be sent away once more.
        return TooManyRequests(retry_after=max(1, math.ceil(stats.reset_time - time.time())))


def throttle_of(connection: HTTPConnection) -> Throttle:
    return cast("Throttle", connection.app.state.throttle)


def client_address(connection: HTTPConnection) -> str:
    """Whom to count: an IPv4 address, or the /64 that one IPv6 customer gets to choose his addresses from."""
    host = connection.client.host if connection.client else "unknown"
    try:
        return str(ip_network((IPv6Address(host), 64), strict=False))
    except ValueError:
        return host
