"""The gate for files: all of them are good, or none is kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import structlog
from anyio import CapacityLimiter, fail_after, to_thread
from anyio.lowlevel import RunVar
from fastapi import UploadFile

from csts.attachments.documents import LockedDocument, NotADocument, check_document
from csts.attachments.models import Attachment
from csts.attachments.names import clean_name
from csts.attachments.pictures import NotAPicture, TooManyPixels, read_picture
from csts.attachments.refusals import MAX_BYTES, Upload, refuse_count
from csts.attachments.storage import Storage, path_of
from csts.kit import metrics
from csts.kit.errors import DomainError
from csts.realtime.people import Person

MAX_SCREENSHOTS = 3
PICTURES = ("image/png", "image/jpeg")
CHAT_FILES = (*PICTURES, "application/pdf")

_SECONDS_TO_CHECK = 20
# A decoded picture may take 160 MB: two at a time keep two cores busy and a small machine alive.
_CHECKED_AT_ONCE = 2

_log = structlog.get_logger()
# Of the running loop: one of the module would be shared by the loops of several applications in one process.
_limiter: RunVar[CapacityLimiter] = RunVar("csts_files_checked_at_once")


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


async def accept(
    uploads: Sequence[UploadFile],
    *,
    allowed: Sequence[str] = PICTURES,
    least: int = 1,
    most: int = MAX_SCREENSHOTS,
    field: str = "screenshots",
) -> list[Accepted]:
    """The files as they may be stored, in the same order; nothing is stored.

    Raises TooManyFiles or TooFewFiles, else FileTooLarge or UnsupportedFile for the first bad one.
    """
    try:
        if not least <= len(uploads) <= most:
            refuse_count(len(uploads), least=least, most=most, field=field)
        return [await _check(Upload(file, field, index, allowed)) for index, file in enumerate(uploads)]
    except DomainError as error:
        _log_refusal(error, field)
        raise


async def store(accepted: Sequence[Accepted], storage: Storage) -> None:
    """Keep the bytes, before the transaction that names them: a crash in between leaves only files to sweep."""
    for each in accepted:
        await storage.put(each.path, each.data)


def rows(accepted: Sequence[Accepted], *, ticket_id: int, uploader: Person, screenshot: bool) -> list[Attachment]:
    """What the database says of stored files."""
    return [
        Attachment(
            ticket_id=ticket_id,
            file_path=each.path,
            file_type=each.file_type,
            file_name=each.name,
            size=len(each.data),
            width=each.width,
            height=each.height,
            uploader_kind=uploader.kind,
            uploader_id=uploader.id,
            screenshot=screenshot,
        )
        for each in accepted
    ]


async def _check(upload: Upload) -> Accepted:
    # One byte more than is allowed is enough to know.
    data = await upload.file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        upload.refuse_size(upload.file.size or len(data))
    if not data:
        upload.refuse_kind(data, "That file is empty.")
    is_document = data.startswith(b"%PDF-") and "application/pdf" in upload.allowed
    try:
        accepted = await _in_thread(partial(_check_document if is_document else _check_picture, upload, data))
    except TimeoutError:
        upload.refuse_kind(data, "That file takes too long to open. Please send it in a simpler form.")
    # Asked again: a picture that had to be turned upright was written anew, and may have grown.
    if len(accepted.data) > MAX_BYTES:
        upload.refuse_size(len(accepted.data))
    return accepted


async def _in_thread(check: Callable[[], Accepted]) -> Accepted:
    limiter = _limiter.get(None)
    if limiter is None:
        limiter = CapacityLimiter(_CHECKED_AT_ONCE)
        _limiter.set(limiter)
    async with limiter:  # the wait for a turn is not the file's fault, so the time starts behind it
        # A thread cannot be stopped, only left alone: a parser that never ends costs one, and not the request.
        with fail_after(_SECONDS_TO_CHECK):
            return await to_thread.run_sync(check, abandon_on_cancel=True)


def _check_picture(upload: Upload, data: bytes) -> Accepted:
    try:
        picture = read_picture(data, max_bytes=MAX_BYTES)
    except TooManyPixels:
        upload.refuse_kind(data, "That picture has too many pixels. Please send a smaller one.")
    except NotAPicture:
        upload.refuse_kind(data)
    name = clean_name(upload.file.filename, picture.file_type)
    return Accepted(name, picture.file_type, picture.data, picture.width, picture.height)


def _check_document(upload: Upload, data: bytes) -> Accepted:
    try:
        check_document(data)
    except LockedDocument:
        upload.refuse_kind(data, "That PDF is locked. Please send a copy that opens without a password.")
    except NotADocument:
        upload.refuse_kind(data)
    return Accepted(clean_name(upload.file.filename, "application/pdf"), "application/pdf", data)


def _log_refusal(error: DomainError, field: str) -> None:
    # The name of a file may be personal; how it ends is not.
    name = str(error.fields.get("file_name", ""))
    metrics.UPLOADS_REFUSED.labels(error.code).inc()
    ending = name.rpartition(".")[2][:8] if "." in name else ""
    _log.warning("upload_refused", code=error.code, size=error.fields.get("size"), ending=ending, field=field)
