"""The gate: all files are good, or none is kept."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from csts.attachments.intake import CHAT_FILES, accept, rows, store
from csts.attachments.refusals import MAX_BYTES, FileTooLarge, TooFewFiles, TooManyFiles, UnsupportedFile
from csts.attachments.storage import Storage
from csts.realtime.people import Person
from tests.attachments import files
from tests.attachments.files import accepted, upload

HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


async def refusal(data: bytes, name: str = "screen.png", **options: object) -> UnsupportedFile:
    with pytest.raises(UnsupportedFile) as refused:
        await accepted(data, name, **options)
    return refused.value


async def test_one_to_three_pictures_pass_in_their_order() -> None:
    uploads = [upload(files.picture("PNG"), "a.png"), upload(files.picture("JPEG"), "b.jpg")]

    first, second = await accept(uploads)

    assert (first.name, first.file_type, first.width, first.height) == ("a.png", "image/png", 12, 8)
    assert (second.name, second.file_type) == ("b.jpg", "image/jpeg")


@pytest.mark.parametrize(
    "data,name,file_type,shown",
    [
        (files.picture("PNG"), "photo.jpg", "image/png", "photo.png"),
        (files.picture("JPEG"), "photo.png", "image/jpeg", "photo.jpg"),
        (files.picture("PNG"), "page.html", "image/png", "page.html.png"),
        (files.pdf(), "bill.png", "application/pdf", "bill.pdf"),
        (files.picture("PNG"), "bill.pdf", "image/png", "bill.png"),
    ],
)
async def test_the_content_decides_what_it_is(data: bytes, name: str, file_type: str, shown: str) -> None:
    kept = await accepted(data, name, allowed=CHAT_FILES)

    assert (kept.file_type, kept.name) == (file_type, shown)


@pytest.mark.parametrize(
    "data,told",
    [
        (HTML, "not a PNG or JPEG"),
        (SVG, "not a PNG or JPEG"),
        (b"\x89PNG\r\n\x1a\n" + HTML, "PNG is damaged"),
        (b"\xff\xd8\xff\xe0" + HTML, "JPEG is damaged"),
        (files.picture("GIF"), "That is a GIF. Here we take PNG or JPEG."),
        (b"GIF89a/*" + HTML, "a GIF"),
        (files.picture("WEBP"), "a WebP picture"),
        (files.picture("BMP"), "a BMP picture"),
        (b"\0\0\0\x18ftypheic" + bytes(20), "a HEIC photo"),
        (b"\0\0\0\x18ftypmp42" + bytes(20), "a video"),
        (b"PK\x03\x04" + bytes(20), "an archive"),
        (files.pdf(), "can be sent in the chat"),
        (files.pdf()[:60] + files.picture("PNG"), "can be sent in the chat"),
        (b"", "is empty"),
    ],
)
async def test_what_is_not_a_picture_is_refused_whatever_its_name(data: bytes, told: str) -> None:
    error = await refusal(data)

    assert told in str(error)
    assert error.fields["errors"] == [{"field": "screenshots", "message": str(error)}]
    assert (error.fields["index"], error.fields["file_name"]) == (0, "screen.png")


@pytest.mark.parametrize(
    "data,told",
    [
        (HTML, "not a PNG, JPEG or PDF file"),
        (files.pdf()[:100], "PDF is damaged"),
        (files.pdf(password="open sesame", algorithm="RC4-128"), "locked"),
    ],
)
async def test_what_is_not_a_file_for_the_chat_is_refused(data: bytes, told: str) -> None:
    assert told in str(await refusal(data, "bill.pdf", allowed=CHAT_FILES))


async def test_a_picture_bomb_is_refused() -> None:
    assert "too many pixels" in str(await refusal(files.png_claiming(60_000, 60_000)))


async def test_exactly_four_megabytes_pass_and_one_byte_more_does_not() -> None:
    picture = files.picture("PNG")
    assert (await accepted(picture + bytes(MAX_BYTES - len(picture)))).data == picture

    with pytest.raises(FileTooLarge, match=r"That picture is 4\.1 MB\. The limit is 4 MB\.") as refused:
        await accepted(picture + bytes(MAX_BYTES + 1 - len(picture)))

    assert refused.value.fields["size"] == MAX_BYTES + 1
    assert refused.value.fields["max_bytes"] == MAX_BYTES


@pytest.mark.parametrize("count", [4, 20])
async def test_more_than_three_are_refused(count: int) -> None:
    with pytest.raises(TooManyFiles, match=f"at most 3 screenshots; these are {count}"):
        await accept([upload(files.picture("PNG"))] * count)


async def test_none_is_refused_unless_none_is_needed() -> None:
    with pytest.raises(TooFewFiles, match="at least one screenshot"):
        await accept([])

    assert await accept([], least=0) == []


async def test_one_bad_file_among_three_is_named() -> None:
    names = ["good.png", "bad.png", "better.png"]
    uploads = [upload(HTML if name == "bad.png" else files.picture("PNG"), name) for name in names]

    with pytest.raises(UnsupportedFile) as refused:
        await accept(uploads)

    assert (refused.value.fields["index"], refused.value.fields["file_name"]) == (1, "bad.png")


async def test_a_refusal_is_logged_without_the_name_of_the_file() -> None:
    with capture_logs() as logs:
        await refusal(HTML, "ana ruiz, passport.png")

    assert logs == [
        {
            "event": "upload_refused",
            "log_level": "warning",
            "code": "unsupported_file",
            "size": len(HTML),
            "ending": "png",
            "field": "screenshots",
        }
    ]


async def test_accepted_files_are_stored_and_told_to_the_database(tmp_path: Path) -> None:
    storage = Storage(str(tmp_path))
    kept = await accepted(files.picture("PNG"))
    await store([kept], storage)

    (row,) = rows([kept], ticket_id=7, uploader=Person("customer", 3, "Ana"), screenshot=True)

    assert await storage.get(row.file_path) == kept.data
    assert (row.ticket_id, row.uploader_kind, row.uploader_id, row.screenshot) == (7, "customer", 3, True)
    assert (row.file_name, row.file_type, row.size) == ("screen.png", "image/png", len(kept.data))
    assert (row.width, row.height) == (12, 8)
