"""Uploads that lie about what they are, how large they are and how they are called; and what is served of them."""

import re
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response

from csts.settings import Settings
from tests.attachments.files import opened
from tests.attack.files import SCRIPT, liars, polyglots, progressive
from tests.make import jpeg_bytes, open_ticket, pdf_bytes, png_bomb, png_bytes, screenshots, ticket_form
from tests.people import Somebody

pytestmark = pytest.mark.once

NAMES = {
    "path": "../../../../etc/passwd.png",
    "path of Windows": "..\\..\\windows\\win.ini.png",
    "absolute": "/etc/cron.d/evil.png",
    "encoded path": "%2e%2e%2f%2e%2e%2fevil.png",
    "end of text": "evil.png\x00.html",
    "line end": "evil\r\nSet-Cookie: a=b\r\n\r\n<script>.png",
    "turned around": "evil\u202egnp.html",
    "invisible": "ev\u200bil\ufeff.png",
    "script": "<img src=x onerror=alert(1)>.png",
    "quotes": '";filename=evil.html;x=".png',
    "device": "CON.png",
    "hidden": ".htaccess",
    "nothing": "",
    "dots": "...",
    "double": "invoice.png.exe",
    "long": "a" * 10_000 + ".png",
    "many letters of one": "e" + "\u0301" * 5_000 + ".png",
    "half a letter": "evil\ud800.png",
}

DECEIVES = re.compile(r"[/\\\x00-\x1f\u202a-\u202e\u2066-\u2069\u200b\ufeff\ud800-\udfff]")


async def send(who: Somebody, ticket_id: int, content: bytes, name: str = "a.png", kind: str = "image/png") -> Response:
    """By hand, for a library would mend the name before it is sent."""
    line = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A").encode("utf-8", "surrogatepass")
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="' + line + b'"\r\nContent-Type: '
    body = head + kind.encode() + b"\r\n\r\n" + content + b"\r\n--x--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    return await who.request("POST", f"/tickets/{ticket_id}/attachments", content=body, headers=headers)


def check_harmless(answer: Response, kinds: set[str]) -> None:
    headers = answer.headers
    assert headers["content-type"] in kinds
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cache-control"] == "private, no-cache"
    assert re.fullmatch(
        r"(inline|attachment); filename=\"[ -~]*\"; filename\*=UTF-8''[!-~]+", headers["content-disposition"]
    )
    assert not [each for each in headers.get_list("set-cookie") if "a=b" in each]


async def test_of_a_file_that_is_two_things_the_picture_is_kept(ana: Somebody) -> None:
    ticket = await open_ticket(ana)
    for trick, content in polyglots().items():
        answer = await send(ana, ticket["id"], content, "evil.html", "text/html")
        assert answer.status_code == 201, trick
        served = await ana.get(answer.json()["url"])
        check_harmless(served, {"image/png", "image/jpeg"})
        assert b"script" not in served.content, trick
        assert b"PK\x03\x04" not in served.content, trick
        assert opened(served.content).width == answer.json()["width"]


async def test_a_progressive_picture_without_a_secret_is_kept_as_it_is(ana: Somebody) -> None:
    answer = await send(ana, (await open_ticket(ana))["id"], progressive())
    assert (await ana.get(answer.json()["url"])).content == progressive()


async def test_what_only_says_that_it_is_a_picture_leaves_nothing(ana: Somebody, settings: Settings) -> None:
    ticket = await open_ticket(ana)
    before = stored(settings.uploads)
    for trick, content in liars().items():
        for name, kind in (("a.png", "image/png"), ("a.pdf", "application/pdf"), ("a.jpg", "text/html")):
            answer = await send(ana, ticket["id"], content, name, kind)
            assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_file"), (trick, name)
    assert stored(settings.uploads) == before


async def test_a_bomb_is_refused_at_each_door(ana: Somebody) -> None:
    ticket = await open_ticket(ana)
    assert (await send(ana, ticket["id"], png_bomb())).status_code == 415
    answer = await ana.post("/user/createticket", data=ticket_form(), files=screenshots(png_bytes(), png_bomb()))
    assert answer.status_code == 415
    # Each of its own size, and packed: nothing unpacks what somebody sends.
    packed = await ana.request(
        "POST",
        f"/tickets/{ticket['id']}/messages",
        content=b"\x1f\x8b" + bytes(100),
        headers={"Content-Encoding": "gzip"},
    )
    assert packed.status_code == 422


async def test_no_name_leaves_its_place(ana: Somebody, settings: Settings) -> None:
    ticket = await open_ticket(ana)
    taken = 0
    for trick, name in NAMES.items():
        answer = await send(ana, ticket["id"], png_bytes(9, 9), name)
        assert answer.status_code in {201, 400, 422}, trick
        if answer.status_code == 201:
            taken += 1
            kept = answer.json()["file_name"]
            assert kept.lower().endswith(".png"), trick
            assert len(kept) <= 120, trick
            assert not DECEIVES.search(kept), trick
            check_harmless(await ana.get(answer.json()["url"]), {"image/png"})
    assert taken > 10
    assert all(re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{62}", path) for path in stored(settings.uploads))


async def test_each_kind_is_served_as_what_it_is(ana: Somebody) -> None:
    ticket = await open_ticket(ana)
    for content, kind, way in (
        (png_bytes(), "image/png", "inline"),
        (jpeg_bytes(), "image/jpeg", "inline"),
        (pdf_bytes(), "application/pdf", "attachment"),
    ):
        answer = await send(ana, ticket["id"], content, "evil.html", "text/html")
        served = await ana.get(answer.json()["url"])
        check_harmless(served, {kind})
        assert served.headers["content-disposition"].startswith(way)


async def test_a_form_of_a_thousand_parts_is_refused(ana: Somebody) -> None:
    ticket = await open_ticket(ana)
    many = [("file", (f"{number}.png", b"x")) for number in range(1500)]
    fields = {f"field-{number}": "x" for number in range(1500)}
    for options in ({"files": many}, {"data": fields, "files": many[:1]}):
        answer = await ana.post(f"/tickets/{ticket['id']}/attachments", **options)
        assert answer.status_code in {400, 422}
        assert len(answer.content) < 5_000


async def test_a_stranger_s_form_is_not_even_read(ana: Somebody, tmp_path: Path) -> None:
    """The answer comes before the body: nothing of 32 MB is written to disk for who has not signed in."""
    read = 0

    async def body() -> Any:
        nonlocal read
        for _ in range(100):
            read += 1
            yield bytes(65536)

    ticket = await open_ticket(ana)
    headers = {"Content-Type": "multipart/form-data; boundary=x", "Authorization": "Bearer nobody's"}
    for path in ("/user/createticket", f"/tickets/{ticket['id']}/attachments"):
        answer = await ana.client.post(path, content=body(), headers=headers)
        assert answer.status_code == 401
    assert read < 100


def stored(uploads: str) -> set[str]:
    folder = Path(uploads)
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_the_attacks_hide_what_they_say() -> None:
    assert all(SCRIPT in content or b"PK\x03\x04" in content for content in polyglots().values())
