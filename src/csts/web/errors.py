"""Errors for people: where a browser opened a page and got a problem document, it is told as a page."""

import json
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from csts.kit.problems import as_domain_error
from csts.web.shell import Shell

_PROBLEM = "application/problem+json"
_PAGES = ("/my", "/desk", "/signin", "/signup")


class PageErrors:
    """Programs are answered as before: only a browser that navigates is shown a page."""

    def __init__(self, app: ASGIApp, shell: Shell) -> None:
        self.app = app
        self.shell = shell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _wants_a_page(scope):
            await self.app(scope, receive, send)
            return
        held: Message | None = None
        body = b""

        async def telling(message: Message) -> None:
            nonlocal held, body
            if message["type"] == "http.response.start" and _is_problem(message):
                held = message
            elif held is None:
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body"):
                    await self._tell(scope, receive, send, held, json.loads(body))

        try:
            await self.app(scope, receive, telling)
        except Exception as error:  # raised again at once: it is logged, and answered to programs, further out
            await self._tell(scope, receive, send, _nothing_kept(), as_domain_error(error).problem())
            raise

    async def _tell(self, scope: Scope, receive: Receive, send: Send, start: Message, problem: dict[str, Any]) -> None:
        page = self.shell.page(Request(scope), "error.html", status=start["status"], problem=problem)
        kept = {"retry-after", "x-request-id", "set-cookie"}
        headers = MutableHeaders(raw=page.raw_headers)
        for name, value in Headers(raw=start["headers"]).items():
            if name in kept:
                headers.append(name, value)
        await page(scope, receive, send)


def _wants_a_page(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    opened = headers.get("sec-fetch-mode") == "navigate" or scope["path"].startswith(_PAGES)
    return opened and scope["method"] in {"GET", "HEAD"} and "text/html" in headers.get("accept", "")


def _nothing_kept() -> Message:
    return {"status": 500, "headers": []}


def _is_problem(message: Message) -> bool:
    return Headers(raw=message["headers"]).get("content-type", "").startswith(_PROBLEM)
