"""Is it alive, can it work, and what has it done so far."""

import asyncio
import hmac
import ipaddress
from collections.abc import Awaitable
from http import HTTPStatus

import structlog
from fastapi import APIRouter, Request
from obstore.exceptions import BaseError
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import Response

from csts.kit.errors import DomainError
from csts.kit.leases import measure
from csts.kit.metrics import exposition
from csts.kit.sessions import database_of
from csts.kit.wire import answer

router = APIRouter(tags=["Operation"])

PATIENCE_SECONDS = 5
_MARKS_OF_A_PROXY = {"forwarded", "via", "x-forwarded-for", "x-real-ip"}

_log = structlog.get_logger()


class MetricsAreLocal(DomainError):
    code = "metrics_are_local"
    status = HTTPStatus.FORBIDDEN
    detail = "Metrics are shown to this machine, or with the token that the operator has set."


@router.get("/healthz", summary="Is the process alive?")
async def healthz() -> dict[str, str]:
    # Asks nobody: a database that is down is no reason to kill the process, and all sockets with it.
    return {"status": "ok"}


@router.get(
    "/readyz",
    responses={503: {"description": "One of the parts does not answer; the body says which"}},
    summary="Can it work?",
)
async def readyz(request: Request) -> Response:
    """Asks the database, the broker and the uploads, at the same time."""
    parts = {
        "database": _database_answers(request),
        "broker": request.app.state.broker.check(),
        "uploads": request.app.state.storage.check(),
    }
    found = dict(zip(parts, await asyncio.gather(*map(_verdict, parts.values())), strict=True))
    is_ready = all(verdict == "ok" for verdict in found.values())
    return answer({"status": "ok" if is_ready else "not ready", **found}, 200 if is_ready else 503)


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    token = request.app.state.settings.metrics_token.get_secret_value()
    offered = request.headers.get("Authorization", "").removeprefix("Bearer ")
    # In constant time, or the token could be guessed letter by letter.
    if not (token and hmac.compare_digest(token.encode(), offered.encode())) and not _is_this_machine(request):
        raise MetricsAreLocal
    # Without it the figures of the queue are those of the last time; the others are told all the same.
    await _verdict(measure(database_of(request)))
    return Response(exposition(), media_type=CONTENT_TYPE_LATEST)


async def _database_answers(request: Request) -> None:
    async with database_of(request).read() as session:
        await session.execute(select(1))


async def _verdict(part: Awaitable[object]) -> str:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await part
    except (SQLAlchemyError, BaseError, OSError, TimeoutError) as error:
        _log.warning("not_ready", exc_info=error)
        return f"does not answer ({type(error).__name__})"
    return "ok"


def _is_this_machine(request: Request) -> bool:
    # Behind a proxy on this machine every visitor has the address of the proxy, which says so itself.
    if request.client is None or not _MARKS_OF_A_PROXY.isdisjoint(request.headers):
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
