"""Pure ASGI middleware: it sees sockets as well as requests, which Starlette's base class does not."""

import re
import secrets
import time
from collections.abc import Collection, Mapping, Sequence
from http import HTTPStatus

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.routing import Match, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from csts.kit import metrics, tracing

_log = structlog.get_logger()
# It comes from outside and ends up in logs: no line ends, no escapes, no novels.
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_USABLE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
# Probes come every few seconds and files by the dozen; what people do would drown in them.
_UNSEEN = ("/static/", "/healthz", "/readyz", "/metrics")


class RequestLog:
    """Gives every request an id, tells it back as `X-Request-ID` (but not of files), and logs what became of it.

    Paths are logged without their query: a search may hold a customer's words. A request is a span as well, but not a
    socket, which stays open for hours.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        offered = Headers(scope=scope).get("x-request-id", "")
        request_id = offered if _USABLE_ID.fullmatch(offered) else secrets.token_hex(16)
        started = time.perf_counter()
        # What breaks before an answer has begun ends as one.
        status = 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                # A file that was found has no line in the log, and the page asks for dozens.
                if status >= HTTPStatus.BAD_REQUEST or not scope["path"].startswith("/static/"):
                    MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id), _span(scope, request_id) as span:
            try:
                await self.app(scope, receive, noting)
            finally:
                if scope["type"] == "http":
                    _note(scope, status, time.perf_counter() - started)
                    _tell(span, scope, status)


class SocketDoor:
    """Takes sockets straight to their endpoints, which get the socket alone.

    Past all that is made for requests: an open socket would hold each layer's frame for hours, ten KiB of them.
    """

    def __init__(self, app: ASGIApp, routes: Sequence[WebSocketRoute]) -> None:
        self.app = app
        self.routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        for route in self.routes if scope["type"] == "websocket" else ():
            match, found = route.matches(scope)
            if match is Match.FULL:
                scope.update(found)
                await route.endpoint(WebSocket(scope, receive, send))
                return
        await self.app(scope, receive, send)


class SecurityHeaders:
    """Adds these headers to every response that has not set them itself, but not more than `few` of them to files.

    A policy is the page's that uses a file; repeated on each of sixty scripts it is a fifth of what a page weighs.
    """

    def __init__(self, app: ASGIApp, headers: Mapping[str, str], files: str, few: Collection[str]) -> None:
        self.app = app
        self.files = files
        # As they are sent: each answer gets them.
        self.headers = {name.lower().encode(): value.encode() for name, value in headers.items()}
        self.few = {name: self.headers[name] for name in (each.lower().encode() for each in few)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def adding(message: Message) -> None:
            if message["type"] == "http.response.start":
                is_file = scope["path"].startswith(self.files) and message["status"] == HTTPStatus.OK
                headers = list(message["headers"])
                its_own = {name for name, _ in headers}
                added = (self.few if is_file else self.headers).items()
                message["headers"] = headers + [each for each in added if each[0] not in its_own]
            await send(message)

        await self.app(scope, receive, adding if scope["type"] == "http" else send)


class BodyCap:
    """Refuses bodies that are too large with 413, by their announced length or while they stream in.

    Forms carry files, up to `max_form_bytes`; everything else is read at one go, in which nobody else is served.
    `larger` is how much else may go to paths that begin so.
    """

    def __init__(self, app: ASGIApp, max_bytes: int, max_form_bytes: int, larger: Mapping[str, int]) -> None:
        self.app = app
        self.max_bytes = max_bytes
        self.max_form_bytes = max_form_bytes
        self.larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        announced = headers.get("content-length", "0")
        is_form = headers.get("content-type", "").lower().startswith("multipart/form-data")
        most = self.max_form_bytes if is_form else self._most_of(scope["path"])
        received = 0

        async def counting() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > most or int(announced) > most:
                await self._swallow(message, receive)
                # An HTTPException passes through the form parser untouched; anything else becomes its 400.
                raise HTTPException(413)
            return message

        await self.app(scope, counting, send)

    def _most_of(self, path: str) -> int:
        return next((most for beginning, most in self.larger.items() if path.startswith(beginning)), self.max_bytes)

    async def _swallow(self, message: Message, receive: Receive) -> None:
        # A client that is still sending when we hang up sees a broken connection in place of the answer.
        left = 4 * self.max_form_bytes
        while message.get("more_body") and left > 0:
            message = await receive()
            left -= len(message.get("body", b""))


def _note(scope: Scope, status: int, seconds: float) -> None:
    route = _route_of(scope)
    metrics.REQUESTS.labels(_method_of(scope), route, status).inc()
    metrics.SECONDS.labels(route).observe(seconds)
    if _is_worth_a_line(scope["path"], status):
        ms = round(seconds * 1000, 1)
        _log.info("request", method=scope["method"], path=scope["path"], status=status, ms=ms)


def _span(scope: Scope, request_id: str) -> tracing.Span:
    """Of strangers' traceparents nothing is taken: they would choose what is recorded, and under which number."""
    if scope["type"] != "http" or scope["path"].startswith(_UNSEEN):
        return tracing.NONE
    method = _method_of(scope)
    return tracing.span(method, {"http.request.method": method, "csts.request_id": request_id}, kind="SERVER")


def _tell(span: tracing.Span, scope: Scope, status: int) -> None:
    if not span.is_on:
        return
    route = _route_of(scope)
    span.rename(f"{_method_of(scope)} {route}")
    span.note({"http.route": route, "http.response.status_code": status})
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        span.fail(str(status))


def _route_of(scope: Scope) -> str:
    """As it was declared, `/ticket/{ticket_id}` for one; what nobody has declared is one name for all of it."""
    route = getattr(scope.get("route"), "path", None)
    return route or ("/static" if scope["path"].startswith("/static/") else "none")


def _method_of(scope: Scope) -> str:
    # A client may invent as many as it likes.
    method: str = scope["method"]
    return method if method in _METHODS else "other"


def _is_worth_a_line(path: str, status: int) -> bool:
    return status >= HTTPStatus.BAD_REQUEST or not path.startswith(_UNSEEN)
