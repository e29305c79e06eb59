"""Rate limits on top of the `limits` library, told as one error."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Collection
from ipaddress import IPv6Address, ip_network
from typing import TypeVar, cast

import structlog
from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter, RateLimiter, SlidingWindowCounterRateLimiter
from limits.errors import StorageError
from redis.asyncio import ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from starlette.requests import HTTPConnection

from csts.kit.errors import TooManyRequests

T = TypeVar("T")

# Nobody waits longer for the permission to sign in; after that, Redis gets some seconds to recover.
PATIENCE_SECONDS, PAUSE_SECONDS = 0.5, 5.0

_log = structlog.get_logger()


class Throttle:
    """Counts what happens under a limit such as `10/minute`; an empty limit counts nothing.

    A name keeps apart what shares a limit: `throttle.hit(limit, "login", "ana@example.com")`. With Redis all
    processes count together, but for what is named `near`; while it is gone each counts for itself.
    """

    def __init__(self, redis_url: str = "", *, near: Collection[str] = ()) -> None:
        # A moving window, because a fixed one lets twice its limit through around the moment it turns.
        self._own = MovingWindowRateLimiter(MemoryStorage())
        self._pool = _pool(redis_url) if redis_url else None
        self._shared = _shared(self._pool) if self._pool else None
        self._near = near
        self._gone_until = -math.inf
        self._is_gone = False

    async def hit(self, limit: str, *name: str) -> None:
        """Count one. Raises TooManyRequests when that was one too many."""
        if limit:
            item = parse(limit)
            if not await self._ask(name, lambda limiter: limiter.hit(item, *name)):
                raise await self._refusal(item, *name)

    async def check(self, limit: str, *name: str) -> None:
        """Count nothing. Raises TooManyRequests when the limit is used up."""
        if limit:
            item = parse(limit)
            if not await self._ask(name, lambda limiter: limiter.test(item, *name)):
                raise await self._refusal(item, *name)

    async def count(self, limit: str, *name: str) -> None:
        """Count one, and say nothing: for what has been refused for another reason."""
        if limit:
            item = parse(limit)
            await self._ask(name, lambda limiter: limiter.hit(item, *name))

    async def close(self) -> None:
        if self._pool:
            await self._pool.aclose()

    async def _refusal(self, item: RateLimitItem, *name: str) -> TooManyRequests:
        stats = await self._ask(name, lambda limiter: limiter.get_window_stats(item, *name))
        # Rounded up: who comes back after exactly this many seconds must not be sent away once more.
        return TooManyRequests(retry_after=max(1, math.ceil(stats.reset_time - time.time())))

    async def _ask(self, name: tuple[str, ...], question: Callable[[RateLimiter], Awaitable[T]]) -> T:
        if self._shared is None or name[0] in self._near or time.monotonic() < self._gone_until:
            return await question(self._own)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                answer = await question(self._shared)
        except (StorageError, RedisError, OSError, TimeoutError) as error:
            self._gone_until = time.monotonic() + PAUSE_SECONDS
            self._note(is_gone=True, why=type(error.__cause__ or error).__name__)
            return await question(self._own)
        self._note(is_gone=False)
        return answer

    def _note(self, *, is_gone: bool, **why: str) -> None:
        if is_gone and not self._is_gone:
            _log.warning("limits_are_per_process", **why)
        elif self._is_gone and not is_gone:
            _log.info("limits_are_shared_again")
        self._is_gone = is_gone


def _pool(url: str) -> ConnectionPool:
    retry = Retry(NoBackoff(), 0)
    return ConnectionPool.from_url(
        url, socket_timeout=PATIENCE_SECONDS, socket_connect_timeout=PATIENCE_SECONDS, retry=retry
    )


def _shared(pool: ConnectionPool) -> RateLimiter:
    # The one window of the library that Redis measures itself: the others compare the clocks of our machines.
    storage = RedisStorage(
        "redis://",
        implementation="redispy",
        wrap_exceptions=True,
        key_prefix="csts:limits",
        connection_pool=pool,  # type: ignore[arg-type]  # what their documentation says
    )
    return SlidingWindowCounterRateLimiter(storage)


def throttle_of(connection: HTTPConnection) -> Throttle:
    return cast("Throttle", connection.app.state.throttle)


def client_address(connection: HTTPConnection) -> str:
    """Whom to count: an IPv4 address, or the /64 that one IPv6 customer gets to choose his addresses from."""
    host = connection.client.host if connection.client else "unknown"
    try:
        address = IPv6Address(host)
    except ValueError:
        return host
    # All of IPv4 is written within one /64 of IPv6 by who listens to both: one stranger would shut out everybody.
    return str(address.ipv4_mapped or ip_network((address, 64), strict=False))
