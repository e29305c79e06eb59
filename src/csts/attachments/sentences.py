"""Why a file is not taken, in sentences that say what to do instead."""

from collections.abc import Sequence

PDF = "application/pdf"

_MEGABYTE = 1024 * 1024
_KINDS = {"image/png": "PNG", "image/jpeg": "JPEG", PDF: "PDF"}
_OURS = ((b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"%PDF-", "PDF"))
# How files begin that people send in good faith; some have their mark behind four or eight bytes.
_FOREIGN = (
    (0, b"GIF8", "a GIF"),
    (0, b"BM", "a BMP picture"),
    (0, b"II*\0", "a TIFF picture"),
    (0, b"MM\0*", "a TIFF picture"),
    (8, b"WEBP", "a WebP picture"),
    (4, b"ftypavif", "an AVIF picture"),
    (4, b"ftyphei", "a HEIC photo"),
    (4, b"ftypmif1", "a HEIC photo"),
    (4, b"ftyp", "a video"),
    (0, b"PK\x03\x04", "an archive or an office document"),
    (0, b"%PDF-", "a PDF, which can be sent in the chat"),
)


def too_large(size: int, limit: int, allowed: Sequence[str]) -> str:
    noun = "file" if PDF in allowed else "picture"
    # Rounded up, so that one byte too many does not read "4.0 MB. The limit is 4 MB."
    tenths = -(-size * 10 // _MEGABYTE)
    return f"That {noun} is {tenths / 10} MB. The limit is {limit // _MEGABYTE} MB."


def too_many(count: int, most: int, field: str) -> str:
    return f"Please choose at most {_files(most, field)}; these are {count}."


def too_few(least: int, field: str) -> str:
    return f"Please add at least {_files(least, field)}."


def unsupported(data: bytes, allowed: Sequence[str]) -> str:
    """By its first bytes: a damaged file of ours, a kind that we know by name, or something else."""
    kinds = [_KINDS[kind] for kind in allowed]
    for mark, name in _OURS:
        if data.startswith(mark) and name in kinds:
            return f"That {name} is damaged and cannot be opened. Please save it again and send that."
    wanted = f"{', '.join(kinds[:-1])} or {kinds[-1]}"
    for at, mark, name in _FOREIGN:
        if data.startswith(mark, at):
            return f"That is {name}. Here we take {wanted}."
    return f"That is not a {wanted} file, whatever its name says. A screenshot always works."


def _files(count: int, field: str) -> str:
    noun = field.rstrip("s")
    return f"one {noun}" if count == 1 else f"{count} {noun}s"
