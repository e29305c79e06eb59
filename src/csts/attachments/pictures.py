"""PNG and JPEG: decoded for real, and stripped of what tells more than they show, such as a place."""

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile, get_sampling

# 160 MB when decoded, at four bytes each; a 4K screen has eight million.
MAX_PIXELS = 40_000_000
# A progressive JPEG goes over all pixels once for each scan, and an empty scan has a few bytes; cameras use ten.
MAX_SCANS = 64
_JPEG_SCAN = b"\xff\xda"

# Pillow has no family of errors: a decoder that is fed nonsense raises what it happens to stumble over.
_UNREADABLE = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
# Chunks that draw the picture. Texts, EXIF, times, animations and whatever is unknown are left out.
_PNG_DRAWS = frozenset(
    {
        b"IHDR",
        b"PLTE",
        b"IDAT",
        b"IEND",
        b"tRNS",
        b"cHRM",
        b"gAMA",
        b"iCCP",
        b"sBIT",
        b"sRGB",
        b"cICP",
        b"bKGD",
        b"pHYs",
    }
)
# What draws a JPEG: frames and scans, tables of Huffman codes, quantization and restarts, and a profile of colours.
# JFIF and Adobe have one length each: a longer JFIF carries a second, smaller picture.
_JPEG_DRAWS = frozenset({*range(0xC0, 0xC8), *range(0xC9, 0xD0), 0xDA, 0xDB, 0xDD})
_JPEG_TELLS = {0xE0: (b"JFIF\0", 14), 0xE2: (b"ICC_PROFILE\0", None), 0xEE: (b"Adobe", 12)}
_MARK = 0xFF
_JPEG_END = b"\xff\xd9"
# In a scan, 00 stands for the byte before it and D0 to D7 for a restart; with anything else it is over.
_NEXT_MARK = re.compile(rb"\xff[^\x00\xd0-\xd7]", re.DOTALL)
_SMALLER_QUALITY = 85


class NotAPicture(Exception):
    """It does not decode as PNG or JPEG."""


class TooManyPixels(NotAPicture):
    """Its header claims more pixels than we are ready to hold in memory."""


@dataclass(frozen=True)
class Picture:
    """A picture that decodes, upright; `data` are the bytes to keep."""

    data: bytes
    file_type: str
    width: int
    height: int


def read_picture(data: bytes, *, max_bytes: int) -> Picture:
    """The picture in these bytes, without metadata; the very same bytes where there was none.

    Blocks while it decodes. Raises NotAPicture. The result may exceed `max_bytes` if nothing helps.
    """
    try:
        # Two decoders, where Pillow would try all of its forty: each is one more way in.
        with Image.open(BytesIO(data), formats=("PNG", "JPEG")) as image:
            # By its header, before a pixel is decoded: a small file may claim a huge picture.
            if image.width * image.height > MAX_PIXELS:
                raise TooManyPixels
            if isinstance(image, JpegImageFile) and data.count(_JPEG_SCAN) > MAX_SCANS:
                raise NotAPicture
            image.load()
            if isinstance(image, JpegImageFile):
                return _clean_jpeg(image, data, max_bytes)
            _verify(data)
            return _clean_png(image, data)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooManyPixels from None
    except _UNREADABLE as error:
        raise NotAPicture from error


def _verify(data: bytes) -> None:
    """The checksums of a PNG; Pillow wants a fresh copy for that."""
    with Image.open(BytesIO(data), formats=("PNG",)) as image:
        image.verify()


def _clean_png(image: Image.Image, data: bytes) -> Picture:
    turn = _turn(image)
    if turn is not None:
        upright = image.transpose(turn)
        kept = BytesIO()
        upright.save(kept, "PNG", icc_profile=image.info.get("icc_profile"))
        return Picture(kept.getvalue(), "image/png", *upright.size)
    # Leaving chunks out is exact and quick, where writing a large PNG anew takes a second.
    return Picture(_PNG_HEAD + b"".join(_drawing_chunks(data)), "image/png", *image.size)


def _drawing_chunks(data: bytes) -> Iterator[bytes]:
    """The chunks to keep, up to the end mark: what somebody hid behind it is gone."""
    at = len(_PNG_HEAD)
    kind = b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if kind in _PNG_DRAWS:
            yield data[at:end]
        at = end


def _clean_jpeg(image: JpegImageFile, data: bytes, max_bytes: int) -> Picture:
    turn = _turn(image)
    if turn is None and _only_draws(data):
        return Picture(data, "image/jpeg", *image.size)
    upright = image if turn is None else image.transpose(turn)
    # Encoded with the tables of the original, a picture loses next to nothing by it.
    kept = _jpeg(upright, image, qtables=image.quantization, subsampling=get_sampling(image))
    if len(kept) > max_bytes:
        kept = _jpeg(upright, image, quality=_SMALLER_QUALITY)
    return Picture(kept, "image/jpeg", *upright.size)


def _jpeg(pixels: Image.Image, original: Image.Image, **how: object) -> bytes:
    kept = BytesIO()
    # exif and comment are named, or Pillow would carry them over from the original.
    profile = original.info.get("icc_profile")
    pixels.save(kept, "JPEG", icc_profile=profile, exif=b"", comment=b"", xmp=b"", optimize=True, **how)
    return kept.getvalue()


def _only_draws(data: bytes) -> bool:
    """Whether this JPEG is a picture from its first byte to its last, and nothing lies between, within or behind.

    Read mark by mark: a decoder stops at the end of what it needs, and does not look between the scans.
    """
    at = 2
    while at + 4 <= len(data) and data[at] == _MARK:
        mark = data[at + 1]
        length = int.from_bytes(data[at + 2 : at + 4])
        if not _draws(mark, data[at + 4 : at + 2 + length]):
            return False
        at += 2 + length
        if mark == _JPEG_SCAN[1]:
            found = _NEXT_MARK.search(data, at)
            at = found.start() if found else len(data)
    return data[at:] == _JPEG_END


def _draws(mark: int, content: bytes) -> bool:
    if mark not in _JPEG_TELLS:
        return mark in _JPEG_DRAWS
    name, length = _JPEG_TELLS[mark]
    return content.startswith(name) and length in {None, len(content)}


def _turn(image: Image.Image) -> Image.Transpose | None:
    """What makes it upright; None if it is, or if its EXIF cannot be read, for which nobody is refused."""
    try:
        return _TURNS.get(image.getexif().get(_ORIENTATION, 1))
    except _UNREADABLE:
        return None
