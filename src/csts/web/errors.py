"""Errors for people: where a browser opened a page and got a problem document, it is told as a page."""

import json
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from csts.web.shell import Shell

_PROBLEM = "application/problem+json"
# For browsers that do not say that they navigate, such as Safari before 16.4.
_PAGES = ("/my", "/desk", "/signin", "/signup", "/connection", "/help")
_KEPT = {"retry-after", "set-cookie"}


class PageErrors:
    """Programs are answered as before: only a browser that navigates is shown a page."""

    def __init__(self, app: ASGIApp, shell: Shell) -> None:
        self.app = app
        self.shell = shell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _wants_a_page(scope):
            await self.app(scope, receive, send)
            return
        await self.app(scope, receive, _Answer(self.shell, scope, receive, send).take)


class _Answer:
    """One answer on its way out: held back while it is a problem document, and then told as a page."""

    def __init__(self, shell: Shell, scope: Scope, receive: Receive, send: Send) -> None:
        self.shell = shell
        self.scope = scope
        self.receive = receive
        self.send = send
        self.held: Message | None = None
        self.body = b""

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_problem(message):
            self.held = message
        elif self.held is None:
            await self.send(message)
        else:
            self.body += message.get("body", b"")
            if not message.get("more_body"):
                await self.tell(self.held["status"], json.loads(self.body), Headers(raw=self.held["headers"]))

    async def tell(self, status: int, problem: dict[str, Any], headers: Headers) -> None:
        page = self.shell.page(Request(self.scope), "error.html", status=status, problem=problem)
        for name, value in headers.items():
            if name in _KEPT:
                MutableHeaders(raw=page.raw_headers).append(name, value)
        await page(self.scope, self.receive, self.send)


def _wants_a_page(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    opened = headers.get("sec-fetch-mode") == "navigate" or scope["path"].startswith(_PAGES)
    return opened and scope["method"] in {"GET", "HEAD"} and "text/html" in headers.get("accept", "")


def _is_problem(message: Message) -> bool:
    return Headers(raw=message["headers"]).get("content-type", "").startswith(_PROBLEM)
