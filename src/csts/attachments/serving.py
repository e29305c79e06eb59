"""How a stored file goes out: to be shown, never to be run."""

from urllib.parse import quote

import structlog
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from csts.attachments.models import Attachment
from csts.attachments.storage import Storage
from csts.kit.errors import NotFound

_log = structlog.get_logger()


async def respond(request: Request, row: Attachment, storage: Storage) -> Response:
    """The bytes of this file, or 304 if the client has them. The caller has asked who may see it.

    Raises NotFound when the storage has lost it.
    """
    headers = _headers(row)
    if _has_it(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    try:
        stored = await storage.open(row.file_path)
    except FileNotFoundError:
        _log.error("stored_file_missing", attachment_id=row.id, ticket_id=row.ticket_id, path=row.file_path)
        raise NotFound from None
    headers["Content-Length"] = str(stored.size)
    return StreamingResponse(stored.pieces, media_type=row.file_type, headers=headers)


def _headers(row: Attachment) -> dict[str, str]:
    # What a stranger uploaded lives on our own origin: it may be looked at, and neither run, load, nor be embedded
    # by another site.
    return {
        "Content-Disposition": _disposition(row),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        # Kept, but asked for each time: whoever signs in next at this browser must not be shown it from its cache.
        "Cache-Control": "private, no-cache",
        "ETag": f'"{row.file_path.replace("/", "")}"',
    }


def _disposition(row: Attachment) -> str:
    """RFC 6266: a plain name for old clients, the true one as RFC 8187 writes it. A PDF is a download."""
    kind = "inline" if row.file_type.startswith("image/") else "attachment"
    plain = "".join(letter if " " <= letter <= "~" and letter not in '"\\%' else "_" for letter in row.file_name)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(row.file_name, safe='')}"


def _has_it(request: Request, etag: str) -> bool:
    # Compared weakly, so a `W/` makes no difference (RFC 9110, 13.1.2).
    known = request.headers.get("If-None-Match", "")
    return known.strip() == "*" or etag in (part.strip().removeprefix("W/") for part in known.split(","))
