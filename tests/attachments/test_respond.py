"""How a file goes out: to be shown, never to be run."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from httpx2 import ASGITransport, AsyncClient
from starlette.requests import Request
from starlette.types import Receive, Scope, Send
from structlog.testing import capture_logs

from csts.attachments.models import Attachment
from csts.attachments.schemas import AttachmentOut
from csts.attachments.serving import respond
from csts.attachments.storage import Storage, path_of
from csts.kit.errors import NotFound

pytestmark = pytest.mark.once

DATA = bytes(range(256)) * 1000


@pytest.fixture
async def storage(tmp_path: Path) -> Storage:
    storage = Storage(str(tmp_path))
    await storage.put(path_of(DATA), DATA)
    return storage


@pytest.fixture
def row() -> Attachment:
    return Attachment(
        id=5,
        ticket_id=7,
        file_path=path_of(DATA),
        file_name="screen.png",
        file_type="image/png",
        size=len(DATA),
        width=12,
        height=8,
    )


@pytest.fixture
async def client(row: Attachment, storage: Storage) -> AsyncIterator[AsyncClient]:
    """A reader of this one file."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        response = await respond(Request(scope), row, storage)
        await response(scope, receive, send)

    async with AsyncClient(transport=ASGITransport(app), base_url="http://desk.test") as reader:
        yield reader


async def test_a_picture_is_shown_and_can_do_nothing_else(client: AsyncClient) -> None:
    answer = await client.get("/")

    assert answer.content == DATA
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Length"] == str(len(DATA))
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Content-Disposition"].startswith("inline;")


async def test_a_pdf_is_a_download(client: AsyncClient, row: Attachment) -> None:
    row.file_type, row.file_name = "application/pdf", "bill.pdf"

    answer = await client.get("/")

    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == "attachment; filename=\"bill.pdf\"; filename*=UTF-8''bill.pdf"


async def test_any_name_fits_into_the_header(client: AsyncClient, row: Attachment) -> None:
    row.file_name = 'ü "50%" 🧯;\\.png'

    answer = await client.get("/")

    assert answer.headers["Content-Disposition"] == (
        "inline; filename=\"_ _50__ _;_.png\"; filename*=UTF-8''%C3%BC%20%2250%25%22%20%F0%9F%A7%AF%3B%5C.png"
    )


@pytest.mark.parametrize("known", ["{etag}", "W/{etag}", '"other", {etag}', "*"])
async def test_a_reader_who_has_it_gets_no_bytes(client: AsyncClient, known: str) -> None:
    etag = (await client.get("/")).headers["ETag"]

    answer = await client.get("/", headers={"If-None-Match": known.format(etag=etag)})

    assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", etag)


async def test_a_reader_who_has_another_one_gets_this_one(client: AsyncClient) -> None:
    assert (await client.get("/", headers={"If-None-Match": '"other"'})).status_code == 200


async def test_a_file_that_the_storage_has_lost_is_not_found_and_logged(row: Attachment, storage: Storage) -> None:
    await storage.delete(row.file_path)

    with capture_logs() as logs, pytest.raises(NotFound):
        await respond(Request({"type": "http", "headers": []}), row, storage)

    assert logs[0]["event"] == "stored_file_missing"
    assert logs[0]["attachment_id"] == 5


def test_the_wire_shows_where_to_fetch_it(row: Attachment) -> None:
    assert AttachmentOut.of(row) == AttachmentOut(
        id=5, file_name="screen.png", file_type="image/png", size=len(DATA), url="/attachments/5", width=12, height=8
    )
