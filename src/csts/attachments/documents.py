"""PDF: parsed for real, so that what is offered as one opens as one."""

import struct
import zlib
from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

_HEAD = b"%PDF-"
# A parser that is fed nonsense raises more than its own errors.
_UNREADABLE = (
    PyPdfError,
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


class NotADocument(Exception):
    """It does not parse as a PDF with at least one page."""


class LockedDocument(NotADocument):
    """It asks for a password, or is locked in a way that we cannot look behind."""


def check_document(data: bytes) -> None:
    """Blocks while it parses. Raises NotADocument."""
    if not data.startswith(_HEAD):
        raise NotADocument
    try:
        pages = _count_pages(PdfReader(BytesIO(data)))
    except DependencyError as error:  # AES, which needs a library that is not worth its weight here
        raise LockedDocument from error
    except _UNREADABLE as error:
        raise NotADocument from error
    if pages is None:
        raise LockedDocument
    if pages == 0:
        raise NotADocument


def _count_pages(reader: PdfReader) -> int | None:
    """None if it cannot be opened without a password."""
    # Many are locked against printing only, and open with the empty password.
    if reader.is_encrypted and not reader.decrypt(""):
        return None
    return len(reader.pages)
