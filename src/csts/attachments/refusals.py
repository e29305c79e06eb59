"""Why a file is not taken, in sentences that say what to do instead."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import NoReturn

from fastapi import UploadFile

from csts.attachments.names import MAX_CHARS, visible_name
from csts.kit.errors import DomainError

MEGABYTE = 1024 * 1024
MAX_BYTES = 4 * MEGABYTE

_KINDS = {"image/png": "PNG", "image/jpeg": "JPEG", "application/pdf": "PDF"}
# How files begin that people send in good faith. WebP and HEIC have their mark behind four or eight bytes.
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
_DAMAGED = ((b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"%PDF-", "PDF"))


class TooManyFiles(DomainError):
    """`most` is how many the field takes."""

    code = "too_many_files"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    detail = "Those are more files than fit in here."


class TooFewFiles(DomainError):
    """`least` is how many the field needs."""

    code = "too_few_files"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    detail = "A file is missing."


class FileTooLarge(DomainError):
    """`index` and `file_name` say which file; `size` and `max_bytes` are in bytes."""

    code = "file_too_large"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    detail = "That file is too large. The limit is 4 MB."


class UnsupportedFile(DomainError):
    """`index` and `file_name` say which file."""

    code = "unsupported_file"
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    detail = "That file is not one of the kinds that we can show."


@dataclass(frozen=True)
class Upload:
    """One file at the gate: where it stands in which field, and what the field takes."""

    file: UploadFile
    field: str
    index: int
    allowed: Sequence[str]

    def refuse_size(self, size: int) -> NoReturn:
        kind = "file" if "application/pdf" in self.allowed else "picture"
        # Rounded up, so that one byte too many does not read "4.0 MB. The limit is 4 MB."
        tenths = -(-size * 10 // MEGABYTE)
        sentence = f"That {kind} is {tenths / 10} MB. The limit is {MAX_BYTES // MEGABYTE} MB."
        self._refuse(FileTooLarge, sentence, size=size, max_bytes=MAX_BYTES)

    def refuse_kind(self, data: bytes, reason: str = "") -> NoReturn:
        """`reason` is a sentence for what is known to be wrong; else the first bytes tell what it may be."""
        self._refuse(UnsupportedFile, reason or _guess(data, self.allowed), size=len(data))

    def _refuse(self, error: type[DomainError], sentence: str, **facts: int) -> NoReturn:
        # Told back without what deceives the eye, since it is shown beside the sentence.
        name = visible_name(self.file.filename)[:MAX_CHARS]
        raise error(sentence, **_about(self.field, sentence), index=self.index, file_name=name, **facts)


def refuse_count(count: int, *, least: int, most: int, field: str) -> NoReturn:
    if count > most:
        sentence = f"Please choose at most {_files(most, field)}; these are {count}."
        raise TooManyFiles(sentence, **_about(field, sentence), most=most)
    sentence = f"Please add at least {_files(least, field)}."
    raise TooFewFiles(sentence, **_about(field, sentence), least=least)


def _about(field: str, sentence: str) -> dict[str, list[dict[str, str]]]:
    return {"errors": [{"field": field, "message": sentence}]}


def _files(count: int, field: str) -> str:
    noun = field.rstrip("s")
    return f"one {noun}" if count == 1 else f"{count} {noun}s"


def _guess(data: bytes, allowed: Sequence[str]) -> str:
    kinds = [_KINDS[kind] for kind in allowed]
    for mark, name in _DAMAGED:
        if data.startswith(mark) and name in kinds:
            return f"That {name} is damaged and cannot be opened. Please save it again and send that."
    wanted = f"{', '.join(kinds[:-1])} or {kinds[-1]}"
    for at, mark, name in _FOREIGN:
        if data.startswith(mark, at):
            return f"That is {name}. Here we take {wanted}."
    return f"That is not a {wanted} file, whatever its name says. A screenshot always works."
