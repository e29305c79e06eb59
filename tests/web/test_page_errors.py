"""What a person sees when something goes wrong behind a page."""

import pytest
from httpx2 import ASGITransport, AsyncClient, Response
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from csts.kit.errors import TooManyRequests
from csts.kit.problems import LastResort, problem_response
from csts.web.errors import PageErrors
from csts.web.shell import Shell

BROWSER = {"Accept": "text/html", "Sec-Fetch-Mode": "navigate"}


class Asked:
    """A browser before an application that answers as it is told."""

    def __init__(self, app: ASGIApp) -> None:
        shell = Shell(brand="L1 Desk", options={})
        whole = Starlette()
        whole.state.languages = shell.languages
        pages = PageErrors(LastResort(app), shell)

        async def within(scope: Scope, receive: Receive, send: Send) -> None:
            await pages({**scope, "app": whole}, receive, send)

        self.transport = ASGITransport(within, raise_app_exceptions=False)

    async def get(self, **headers: str) -> Response:
        async with AsyncClient(transport=self.transport, base_url="http://desk.test") as client:
            return await client.get("/anywhere", headers={**BROWSER, **headers})


async def failing(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise RuntimeError("a secret of ours")


async def refusing(scope: Scope, receive: Receive, send: Send) -> None:
    await problem_response(TooManyRequests(retry_after=30))(scope, receive, send)


async def refusing_in_pieces(_scope: Scope, _receive: Receive, send: Send) -> None:
    headers = [(b"content-type", b"application/problem+json")]
    await send({"type": "http.response.start", "status": 404, "headers": headers})
    for piece, more_body in ((b'{"status": 404, ', True), (b'"detail": "Gone."}', False)):
        await send({"type": "http.response.body", "body": piece, "more_body": more_body})


async def answering(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("as ever")(scope, receive, send)


async def breaking_off(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    raise RuntimeError("in the middle of an answer")


async def test_a_failure_is_told_without_its_secrets() -> None:
    page = await Asked(failing).get()
    assert page.status_code == 500
    assert "Something went wrong" in page.text
    assert "secret" not in page.text


async def test_a_refusal_keeps_its_status_and_says_when_to_come_back() -> None:
    page = await Asked(refusing).get()
    assert page.status_code == 429
    assert page.headers["retry-after"] == "30"
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "That was a little fast" in page.text


async def test_a_refusal_that_comes_in_pieces_is_told_whole() -> None:
    page = await Asked(refusing_in_pieces).get()
    assert page.status_code == 404
    assert "Gone." in page.text


async def test_an_error_is_told_in_the_reader_s_language() -> None:
    page = await Asked(refusing).get(**{"Accept-Language": "de"})
    assert "Bitte warten Sie einen Moment" in page.text


async def test_what_is_no_error_passes_through() -> None:
    assert (await Asked(answering).get()).text == "as ever"


async def test_a_program_gets_the_problem_itself() -> None:
    answer = await Asked(refusing).get(Accept="application/json")
    assert answer.json()["code"] == "too_many_requests"


async def test_an_answer_that_has_begun_is_not_answered_twice() -> None:
    with pytest.raises(RuntimeError, match="in the middle"):
        async with AsyncClient(
            transport=ASGITransport(PageErrors(breaking_off, Shell(brand="L1 Desk", options={}))),
            base_url="http://desk.test",
        ) as client:
            await client.get("/anywhere", headers=BROWSER)
