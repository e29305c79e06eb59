"""Files over HTTP: all or nothing on the way in, and nobody else's eyes on the way out."""

from pathlib import Path

import pytest
from httpx2 import AsyncClient, Response

from tests import make
from tests.attachments import files
from tests.people import Somebody

PAGE = b"<!doctype html><script>alert(1)</script>"


async def create(customer: Somebody, *pictures: bytes) -> Response:
    uploads = [("screenshots", (f"{number}.png", data)) for number, data in enumerate(pictures)]
    return await customer.post("/user/createticket", data=make.ticket_form(), files=uploads or None)


def stored(folder: Path) -> list[Path]:
    return [path for path in (folder / "uploads").rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    "pictures,status,code",
    [
        ([files.picture("PNG"), PAGE, files.picture("JPEG")], 415, "unsupported_file"),
        ([files.picture("PNG"), files.pdf()], 415, "unsupported_file"),
        ([files.picture("PNG"), files.png_claiming(60_000, 60_000)], 415, "unsupported_file"),
        ([files.picture("PNG"), bytes(4 * 1024 * 1024 + 1)], 413, "file_too_large"),
        ([files.picture("PNG")] * 4, 422, "too_many_files"),
        ([], 422, "too_few_files"),
    ],
    ids=["page", "pdf", "bomb", "too large", "four", "none"],
)
async def test_one_bad_file_leaves_no_ticket_and_no_file(
    ana: Somebody, tmp_path: Path, pictures: list[bytes], status: int, code: str
) -> None:
    answer = await create(ana, *pictures)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"] == [{"field": "screenshots", "message": answer.json()["detail"]}]
    assert (await ana.get("/tickets")).json()["items"] == []
    assert stored(tmp_path) == []


async def test_three_pictures_are_kept_in_their_order(ana: Somebody, tmp_path: Path) -> None:
    pictures = [files.noise("PNG", side) for side in (4, 5, 6)]

    ticket = (await create(ana, *pictures)).json()

    assert [each["width"] for each in ticket["attachments"]] == [4, 5, 6]
    assert len(stored(tmp_path)) == 3
    fetched = [(await ana.get(each["url"])).content for each in ticket["attachments"]]
    assert fetched == pictures


async def test_a_stranger_is_told_that_there_is_no_such_file(
    ana: Somebody, ben: Somebody, priya: Somebody, client: AsyncClient
) -> None:
    url = (await make.open_ticket(ana))["attachments"][0]["url"]

    assert (await ana.get(url)).status_code == 200
    assert (await priya.get(url)).status_code == 200
    assert (await ben.get(url)).status_code == 404
    assert (await client.get(url)).status_code == 401
    assert (await ana.get("/attachments/999")).json() == (await ben.get(url)).json()


async def test_a_pdf_in_the_chat_is_a_sandboxed_download(ana: Somebody) -> None:
    ticket = await make.open_ticket(ana)

    told = await make.upload(ana, ticket["id"], files.pdf(), name="Rechnung März.pdf")

    assert (told["file_type"], told["file_name"], told["width"]) == ("application/pdf", "Rechnung März.pdf", None)
    answer = await ana.get(told["url"])
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
