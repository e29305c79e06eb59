"""What every answer has in common: headers, a request id, and errors in one format."""

import errno
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient, Response
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from csts.chat.connection import needing_database
from csts.realtime.events import Hangup
from csts.settings import Settings
from tests.make import open_ticket
from tests.people import Somebody

pytestmark = pytest.mark.once


async def fall(message: str = "the floor gave way") -> None:
    raise RuntimeError(message)


@contextmanager
def hole_in(app: FastAPI, how: Callable[[], Awaitable[None]]) -> Iterator[FastAPI]:
    app.add_api_route("/hole", how)
    hole = app.router.routes[-1]
    yield app
    # Other tests get the same application.
    app.router.routes.remove(hole)


@pytest.fixture
def app_with_a_hole(app: FastAPI) -> Iterator[FastAPI]:
    with hole_in(app, fall):
        yield app


async def wait_for_a_connection() -> None:
    """As the pool does where others have had all of its connections for too long."""
    engine = create_async_engine(
        "sqlite+aiosqlite://", poolclass=AsyncAdaptedQueuePool, pool_size=1, max_overflow=0, pool_timeout=0
    )
    try:
        async with engine.connect(), engine.connect():
            raise AssertionError("there were two")
    finally:
        await engine.dispose()


async def lose_the_database() -> None:
    raise ConnectionError("the server died in its greeting")


async def fill_the_disk() -> None:
    raise OSError(errno.ENOSPC, "no space left on device")


def check_headers(answer: Response) -> None:
    headers = answer.headers
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy or "sandbox" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert re.fullmatch(r"[0-9a-f]{32}", headers["x-request-id"])
    assert "server" not in headers


def check_problem(answer: Response) -> None:
    told = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "code"} <= set(told)
    assert told["status"] == answer.status_code
    assert re.fullmatch(r"[a-z_]+", told["code"])
    assert told["detail"].endswith(".")
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "path", ["/healthz", "/signin", "/docs", "/openapi.json", "/docs/ui/swagger-ui.css", "/", "/my"]
)
async def test_every_answer_has_its_headers(client: AsyncClient, path: str) -> None:
    check_headers(await client.get(path))


@pytest.mark.usefixtures("app_with_a_hole")
@pytest.mark.parametrize(
    "method,path,status,code",
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("GET", "/docs/ui/nowhere", 404, "not_found"),
        ("DELETE", "/tickets", 405, "method_not_allowed"),
        ("GET", "/tickets", 401, "not_signed_in"),
        ("POST", "/user/login", 422, "invalid_input"),
        ("GET", "/hole", 500, "internal_error"),
    ],
)
async def test_every_error_is_a_problem_document(
    client: AsyncClient, method: str, path: str, status: int, code: str
) -> None:
    answer = await client.request(method, path)
    check_headers(answer)
    check_problem(answer)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "floor" not in answer.text


@pytest.mark.parametrize("fault", [wait_for_a_connection, lose_the_database])
async def test_without_a_database_everybody_is_asked_to_come_again(
    client: AsyncClient, app: FastAPI, fault: Callable[[], Awaitable[None]]
) -> None:
    with hole_in(app, fault):
        answer = await client.get("/hole")
    check_headers(answer)
    check_problem(answer)
    assert (answer.status_code, answer.json()["code"]) == (503, "database_busy")
    assert answer.headers["retry-after"] == "1"
    with pytest.raises(Hangup) as hangup, needing_database():
        await fault()
    assert hangup.value.code == 1013


async def test_a_full_disk_is_not_called_a_busy_database(client: AsyncClient, app: FastAPI) -> None:
    with hole_in(app, fill_the_disk):
        assert (await client.get("/hole")).status_code == 500


@pytest.mark.usefixtures("app_with_a_hole")
async def test_a_person_is_told_of_a_fall_as_a_page(client: AsyncClient) -> None:
    answer = await client.get("/hole", headers={"Accept": "text/html", "Sec-Fetch-Mode": "navigate"})
    assert answer.status_code == 500
    assert answer.headers["content-type"].startswith("text/html")
    check_headers(answer)


async def test_401_says_how_to_sign_in_and_405_what_would_do(client: AsyncClient) -> None:
    assert (await client.get("/tickets")).headers["www-authenticate"] == "Bearer"
    assert (await client.delete("/tickets")).headers["allow"] == "GET"


async def test_a_file_has_its_headers(ana: Somebody) -> None:
    (file,) = (await open_ticket(ana))["attachments"]
    check_headers(await ana.get(file["url"]))


@pytest.mark.parametrize(
    "offered,is_kept", [("load-balancer.42_x", True), ("short", False), ("a b c d e f g h", False), ("x" * 65, False)]
)
async def test_a_usable_request_id_is_kept(client: AsyncClient, offered: str, *, is_kept: bool) -> None:
    answer = await client.get("/healthz", headers={"X-Request-ID": offered})
    assert (answer.headers["x-request-id"] == offered) is is_kept


async def test_hsts_is_for_https_alone(client: AsyncClient) -> None:
    assert "strict-transport-security" not in (await client.get("/healthz")).headers


class TestBehindHttps:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return {**environment, "CSTS_PUBLIC_URL": "https://desk.example.org"}

    async def test_hsts_is_told(self, client: AsyncClient, settings: Settings) -> None:
        assert settings.public_url.startswith("https")
        assert "max-age=31536000" in (await client.get("/nowhere")).headers["strict-transport-security"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"\xff\xfe",
        b'{"email": "a@example.com", "password": "x", "\\ud800": 1}',
        b'{"email": "\\ud800", "password": "x"}',
        b"[" * 100_000,
    ],
    ids=["empty", "broken", "null", "list", "text", "not utf-8", "half a name", "half a letter", "deep"],
)
async def test_json_that_cannot_be_read_has_the_wrong_shape(client: AsyncClient, body: bytes) -> None:
    answer = await client.post("/user/login", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    check_problem(answer)


async def test_json_without_its_name_has_the_wrong_shape(client: AsyncClient) -> None:
    """A form of another site can send plain text without asking; it must not be read as JSON."""
    body = b'{"email": "a@example.com", "password": "x"}'
    answer = await client.post("/user/login", content=body, headers={"Content-Type": "text/plain"})
    assert answer.status_code == 422
