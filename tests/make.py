"""One-line builders: what a test needs to have happened before its own act."""

import io
import struct
import uuid
import zlib
from typing import Any

from PIL import Image

from tests.people import Somebody

Upload = tuple[str, bytes, str]


def png_bytes(width: int = 8, height: int = 6, colour: tuple[int, int, int] = (20, 120, 110)) -> bytes:
    return _picture("PNG", width, height, colour)


def jpeg_bytes(width: int = 8, height: int = 6, colour: tuple[int, int, int] = (120, 40, 20)) -> bytes:
    return _picture("JPEG", width, height, colour)


def _picture(kind: str, width: int, height: int, colour: tuple[int, int, int]) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(file, kind)
    return file.getvalue()


def png_of_size(size: int) -> bytes:
    """A good picture of exactly `size` bytes: a private chunk before the end fills it up."""
    picture = png_bytes()
    end = picture.rindex(b"IEND") - 4
    filling = b"fiLl" + bytes(size - len(picture) - 12)
    chunk = struct.pack(">I", len(filling) - 4) + filling + struct.pack(">I", zlib.crc32(filling))
    return picture[:end] + chunk + picture[end:]


def png_bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """A few kilobytes that would be gigabytes of pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def pdf_bytes() -> bytes:
    """One empty page, with its table of objects."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
    ]
    document = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(document))
        document += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(document)
    return document + table + trailer


def screenshots(*pictures: bytes) -> list[tuple[str, Upload]]:
    """Form fields of these pictures, or of one small PNG."""
    return [
        ("screenshots", (f"screen-{number}.png", picture, "image/png"))
        for number, picture in enumerate(pictures or (png_bytes(),), 1)
    ]


def ticket_form(**changes: str) -> dict[str, str]:
    form = {
        "subject": "Cannot pay with my card",
        "description": "At the last step it says: declined. The card works elsewhere.",
        "issue_type": "billing",
    }
    return form | changes


async def open_ticket(customer: Somebody, *pictures: bytes, **changes: str) -> dict[str, Any]:
    """A new ticket of this customer, as the API tells it."""
    answer = await customer.post("/user/createticket", data=ticket_form(**changes), files=screenshots(*pictures))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def write_article(admin: Somebody, **changes: Any) -> dict[str, Any]:
    """A published article with a topic of its own, as the API tells it."""
    article = {"topic": f"topic-{uuid.uuid4().hex}", "title": "Card declined", "answer": "Please try another card."}
    answer = await admin.post("/knowledge/articles", article | changes)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def make_rule(admin: Somebody, **changes: Any) -> dict[str, Any]:
    """A rule behind all others, as the API tells it."""
    rule = {"name": "Weather", "phrases": ["how is the weather"], "reply": "It is fine where I am."}
    answer = await admin.post("/knowledge/rules", rule | changes)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def can_reply(agent: Somebody, **changes: Any) -> dict[str, Any]:
    """A shared canned reply with a shortcut of its own, as the API tells it."""
    reply = {"shortcut": f"reply-{uuid.uuid4().hex}", "title": "Hello", "text": "Hello there.", "shared": True}
    answer = await agent.post("/canned", reply | changes)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def claim(agent: Somebody, ticket_id: int) -> dict[str, Any]:
    answer = await agent.post(f"/tickets/{ticket_id}/claim")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def set_status(who: Somebody, ticket_id: int, status: str) -> dict[str, Any]:
    answer = await who.put(f"/tickets/{ticket_id}/status", {"status": status})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def post_message(who: Somebody, ticket_id: int, content: str = "Any news?", **members: Any) -> dict[str, Any]:
    """A message over HTTP, as the API tells it."""
    message = {"client_id": str(uuid.uuid4()), "content": content, **members}
    answer = await who.post(f"/tickets/{ticket_id}/messages", message)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def upload(
    who: Somebody, ticket_id: int, content: bytes | None = None, name: str = "error.png"
) -> dict[str, Any]:
    """A file for the chat of this ticket, not yet named in a message."""
    answer = await who.post(f"/tickets/{ticket_id}/attachments", files={"file": (name, content or png_bytes())})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def thread(who: Somebody, ticket_id: int) -> list[dict[str, Any]]:
    """The messages that this person may see, oldest first; the first hundred."""
    answer = await who.get(f"/tickets/{ticket_id}/messages", params={"after": 0, "limit": 100})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])
