"""The gate for files: all of them are good, or none is kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import NoReturn

import structlog
from anyio import CapacityLimiter, fail_after, to_thread
from anyio.lowlevel import RunVar
from fastapi import UploadFile

from csts.attachments import sentences
from csts.attachments.documents import LockedDocument, NotADocument, check_document
from csts.attachments.models import Attachment
from csts.attachments.names import MAX_CHARS, clean_name, visible_name
from csts.attachments.pictures import NotAPicture, TooManyPixels, read_picture
from csts.attachments.storage import Storage, path_of
from csts.kit.errors import DomainError
from csts.realtime.people import Person

MAX_FILE_BYTES = 4 * 1024 * 1024
MAX_FILES = 3
PICTURES = ("image/png", "image/jpeg")
DOCUMENTS = (*PICTURES, sentences.PDF)

_SECONDS_TO_CHECK = 20
# A decoded picture may take 160 MB: two at a time keep two cores busy and a small machine alive.
_CHECKED_AT_ONCE = 2

_log = structlog.get_logger()
_limiter: RunVar[CapacityLimiter] = RunVar("csts_files_checked_at_once")


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
class Wanted:
    """What a field takes."""

    field: str
    allowed: Sequence[str]
    least: int
    most: int


def screenshots(*, least: int) -> Wanted:
    """For a new ticket."""
    return Wanted("screenshots", PICTURES, least, MAX_FILES)


def chat_file() -> Wanted:
    return Wanted("file", DOCUMENTS, 1, 1)


@dataclass(frozen=True)
class Accepted:
    """A file that has passed the gate; nothing of it is stored yet."""

    name: str
    file_type: str
    data: bytes
    width: int | None = None
    height: int | None = None

    @property
    def path(self) -> str:
        return path_of(self.data)

    def row(self, *, uploader: Person, screenshot: bool) -> Attachment:
        """What the database will say of it, once it has a ticket."""
        return Attachment(
            file_path=self.path,
            file_type=self.file_type,
            file_name=self.name,
            size=len(self.data),
            width=self.width,
            height=self.height,
            uploader_kind=uploader.kind,
            uploader_id=uploader.id,
            screenshot=screenshot,
        )


@dataclass(frozen=True)
class _Upload:
    """One file at the gate."""

    file: UploadFile
    index: int
    wanted: Wanted

    def refuse_size(self, size: int) -> NoReturn:
        sentence = sentences.too_large(size, MAX_FILE_BYTES, self.wanted.allowed)
        self._refuse(FileTooLarge, sentence, size=size, max_bytes=MAX_FILE_BYTES)

    def refuse_kind(self, data: bytes, reason: str = "") -> NoReturn:
        """`reason` is a sentence for what is known to be wrong with it."""
        sentence = reason or sentences.unsupported(data, self.wanted.allowed)
        self._refuse(UnsupportedFile, sentence, size=len(data))

    def _refuse(self, error: type[DomainError], sentence: str, **facts: int) -> NoReturn:
        name = visible_name(self.file.filename)[:MAX_CHARS]
        raise error(sentence, **_about(self.wanted, sentence), index=self.index, file_name=name, **facts)


async def accept(uploads: Sequence[UploadFile], wanted: Wanted) -> list[Accepted]:
    """The files as they may be stored, in the same order; nothing is stored.

    Raises TooManyFiles or TooFewFiles, else FileTooLarge or UnsupportedFile for the first bad one.
    """
    try:
        _count(len(uploads), wanted)
        return [await _check(_Upload(file, index, wanted)) for index, file in enumerate(uploads)]
    except DomainError as error:
        _log_refusal(error, wanted)
        raise


async def store(accepted: Sequence[Accepted], storage: Storage) -> None:
    """Keep the bytes, before the transaction that names them: a crash in between leaves only files to sweep."""
    for each in accepted:
        await storage.put(each.path, each.data)


def _count(count: int, wanted: Wanted) -> None:
    if count > wanted.most:
        sentence = sentences.too_many(count, wanted.most, wanted.field)
        raise TooManyFiles(sentence, **_about(wanted, sentence), most=wanted.most)
    if count < wanted.least:
        sentence = sentences.too_few(wanted.least, wanted.field)
        raise TooFewFiles(sentence, **_about(wanted, sentence), least=wanted.least)


async def _check(upload: _Upload) -> Accepted:
    data = await upload.file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        upload.refuse_size(upload.file.size or len(data))
    if not data:
        upload.refuse_kind(data, "That file is empty.")
    is_document = data.startswith(b"%PDF-") and sentences.PDF in upload.wanted.allowed
    try:
        accepted = await _in_thread(partial(_check_document if is_document else _check_picture, upload, data))
    except TimeoutError:
        upload.refuse_kind(data, "That file takes too long to open. Please send it in a simpler form.")
    if len(accepted.data) > MAX_FILE_BYTES:
        upload.refuse_size(len(accepted.data))
    return accepted


async def _in_thread(check: Callable[[], Accepted]) -> Accepted:
    limiter = _limiter.get(None)
    if limiter is None:
        limiter = CapacityLimiter(_CHECKED_AT_ONCE)
        _limiter.set(limiter)
    async with limiter:  # the wait for a turn is not the file's fault, so the time starts behind it
        with fail_after(_SECONDS_TO_CHECK):
            return await to_thread.run_sync(check, abandon_on_cancel=True)


def _check_picture(upload: _Upload, data: bytes) -> Accepted:
    try:
        picture = read_picture(data, max_bytes=MAX_FILE_BYTES)
    except TooManyPixels:
        upload.refuse_kind(data, "That picture has too many pixels. Please send a smaller one.")
    except NotAPicture:
        upload.refuse_kind(data)
    name = clean_name(upload.file.filename, picture.file_type)
    return Accepted(name, picture.file_type, picture.data, picture.width, picture.height)


def _check_document(upload: _Upload, data: bytes) -> Accepted:
    try:
        check_document(data)
    except LockedDocument:
        upload.refuse_kind(data, "That PDF is locked. Please send a copy that opens without a password.")
    except NotADocument:
        upload.refuse_kind(data)
    return Accepted(clean_name(upload.file.filename, sentences.PDF), sentences.PDF, data)


def _about(wanted: Wanted, sentence: str) -> dict[str, list[dict[str, str]]]:
    return {"errors": [{"field": wanted.field, "message": sentence}]}


def _log_refusal(error: DomainError, wanted: Wanted) -> None:
    # The name of a file may be personal; how it ends is not.
    name = str(error.fields.get("file_name", ""))
    ending = name.rpartition(".")[2][:8] if "." in name else ""
    _log.warning("upload_refused", code=error.code, size=error.fields.get("size"), ending=ending, field=wanted.field)
