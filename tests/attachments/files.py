"""Files that lie, break or tell too much, made where they are needed."""

import io
import random
import struct
import zlib
from typing import Any

from fastapi import UploadFile
from PIL import Image, PngImagePlugin
from PIL.ExifTags import GPS, IFD, Base
from pypdf import PdfWriter

from csts.attachments.intake import Accepted, accept


def upload(data: bytes, name: str = "screen.png") -> UploadFile:
    return UploadFile(io.BytesIO(data), size=len(data), filename=name)


async def accepted(data: bytes, name: str = "screen.png", **options: Any) -> Accepted:
    """The one file, through the gate."""
    (one,) = await accept([upload(data, name)], **options)
    return one


def picture(kind: str, size: tuple[int, int] = (12, 8), mode: str = "RGB", **options: Any) -> bytes:
    """Left half dark, right half bright, so that a test can tell which way is up."""
    image = Image.new("RGB", size, (20, 30, 40))
    image.paste((220, 210, 200), (size[0] // 2, 0, size[0], size[1]))
    return saved(image.convert(mode), kind, **options)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def located(*, orientation: int = 1) -> Image.Exif:
    """EXIF of a phone that says where it was, and which way it was held."""
    exif = Image.Exif()
    exif[Base.Orientation] = orientation
    exif[Base.Model] = "Pocket 7"
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (48.0, 12.0, 30.0)
    return exif


def png_with_texts() -> bytes:
    texts = PngImagePlugin.PngInfo()
    texts.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta exif:GPSLatitude='48,12N'/>")
    texts.add_text("Comment", "taken at home")
    return picture("PNG", pnginfo=texts, exif=located())


def two_frames() -> bytes:
    """A phone's "multi picture" JPEG, whose second picture carries its own EXIF."""
    first, second = opened(picture("JPEG")), opened(picture("JPEG"))
    return saved(first, "MPO", save_all=True, append_images=[second], exif=located())


def noise(kind: str, side: int, **options: Any) -> bytes:
    """A picture that does not compress."""
    pixels = random.Random(7).randbytes(side * side * 3)
    return saved(Image.frombytes("RGB", (side, side), pixels), kind, **options)


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def with_chunk(png: bytes, name: bytes, content: bytes) -> bytes:
    """The chunk stands between the header and the pixels."""
    after_header = 8 + 12 + 13
    return png[:after_header] + chunk(name, content) + png[after_header:]


def png_claiming(width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(100_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def pdf(*, pages: int = 1, password: str | None = None, **options: Any) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    if password is not None:
        writer.encrypt(password, **options)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()
