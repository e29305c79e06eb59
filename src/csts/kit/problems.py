"""Errors on the wire: RFC 9457 problem+json for programs, whatever went wrong on the way."""

from http import HTTPStatus
from typing import Any

import msgspec
import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoneToSpare
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from csts.kit import tracing
from csts.kit.db import is_contention, is_unreachable, is_unwritable
from csts.kit.errors import (
    BodyTooLarge,
    CannotSave,
    DatabaseBusy,
    DomainError,
    InternalError,
    InvalidInput,
    Malformed,
    MethodNotAllowed,
    NotFound,
)

_log = structlog.get_logger()

# Of what a client got wrong: enough to mend it, and never more than he sent.
_MOST_ERRORS, _MOST_CHARS = 20, 100

# What a missing database comes as, bare or from SQLAlchemy. Not every OSError: a full disk is another's trouble.
DATABASE_FAULTS = (DBAPIError, NoneToSpare, ConnectionError, TimeoutError, EOFError)

_BY_STATUS: dict[int, type[DomainError]] = {
    error.status.value: error for error in (Malformed, NotFound, MethodNotAllowed, BodyTooLarge)
}

PROBLEM_SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "type": "object",
    "description": "RFC 9457 problem details. `code` is stable; `detail` is a sentence for people.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}


def problems(*errors: type[DomainError]) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may answer with these errors, for its OpenAPI entry."""
    by_status: dict[int | str, list[type[DomainError]]] = {}
    for error in errors:
        by_status.setdefault(error.status.value, []).append(error)
    return {
        status: {
            "description": " · ".join(f"`{kind.code}`" for kind in kinds),
            "content": {
                "application/problem+json": {
                    "schema": {"$ref": "#/components/schemas/Problem"},
                    "examples": {
                        kind.code: {
                            "value": {
                                "type": "about:blank",
                                "title": kind.status.phrase,
                                "status": kind.status.value,
                                "detail": kind.detail,
                                "code": kind.code,
                            }
                        }
                        for kind in kinds
                    },
                }
            },
        }
        for status, kinds in by_status.items()
    }


def problem_response(error: DomainError) -> Response:
    headers = {}
    if "retry_after" in error.fields:
        headers["Retry-After"] = str(error.fields["retry_after"])
    if error.status is HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(
        msgspec.json.encode(error.problem()),
        status_code=error.status,
        media_type="application/problem+json",
        headers=headers,
    )


def as_domain_error(error: Exception) -> DomainError:
    """Our name for an error of the framework, of validation or of the database."""
    if isinstance(error, DomainError):
        return error
    if isinstance(error, RequestValidationError | ValidationError):
        return _invalid_input(error)
    if reason := _why_unreadable(error.__cause__):
        return InvalidInput.of("", reason)
    if isinstance(error.__cause__, OSError):
        # A form is put down on the disk while it is read; FastAPI takes any failure of that for a bad form.
        _log.error("form_not_kept", reason=str(error.__cause__))
        return CannotSave(retry_after=60)
    if isinstance(error, HTTPException):
        known = _BY_STATUS.get(error.status_code, InternalError)
        return known() if known is not InternalError else InternalError(error.detail)
    return _of_database(error) or InternalError()


def _of_database(error: Exception) -> DomainError | None:
    if is_away(error) or (isinstance(error, OperationalError) and is_contention(error)):
        return DatabaseBusy(retry_after=1)
    if isinstance(error, DBAPIError) and is_unwritable(error):
        # For an operator, who has to mend it.
        _log.error("database_unwritable", reason=str(error.orig))
        return CannotSave(retry_after=60)
    return None


def is_away(error: Exception) -> bool:
    """There is no database for whoever needs it now: it is gone, or others have had all connections for too long."""
    return isinstance(error, NoneToSpare) or (isinstance(error, DATABASE_FAULTS) and is_unreachable(error))


def install(app: FastAPI) -> None:
    """Answer every error of this app with a problem document."""
    for kind in (DomainError, RequestValidationError, HTTPException, *DATABASE_FAULTS, Exception):
        app.add_exception_handler(kind, _answer)
    app.add_middleware(LastResort)


class LastResort:
    """Answers what nobody foresaw.

    Starlette answers it outside of all other middleware: without its headers, and without a line in its log.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        has_begun = scope["type"] != "http"

        async def noting(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except Exception as error:  # the edge of the application: logged, and told to the client
            if has_begun:
                raise
            response = await _answer(Request(scope), error)
            await response(scope, receive, send)


async def _answer(_request: Request, error: Exception) -> Response:
    told = as_domain_error(error)
    if told.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        tracing.blame(error)
    # Who left in the middle of his request is told nothing, and is nobody's fault.
    if isinstance(told, InternalError) and not isinstance(error, ClientDisconnect):
        _log.error("request_failed", exc_info=error)
    response = problem_response(told)
    if isinstance(error, HTTPException):
        response.headers.update(error.headers or {})
    return response


def _invalid_input(error: RequestValidationError | ValidationError) -> InvalidInput:
    errors = []
    for found in error.errors()[:_MOST_ERRORS]:
        place = [str(part) for part in found["loc"] if part not in {"body", "query", "path", "header"}]
        message = str(found["msg"]).removeprefix("Value error, ")
        errors.append({"field": ".".join(place)[:_MOST_CHARS], "message": message})
    return InvalidInput(errors=errors)


def _why_unreadable(cause: BaseException | None) -> str | None:
    if isinstance(cause, RecursionError):
        return "This is nested too deeply to be read."
    # The very classes: this is how Python's JSON refuses a number of thousands of digits, and what is no UTF-8.
    return "This is not JSON." if type(cause) in {ValueError, UnicodeDecodeError} else None
