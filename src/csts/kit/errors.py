"""One family of errors: each has a stable code, a status and a sentence that a customer may read."""

from http import HTTPStatus
from typing import Any, ClassVar


class DomainError(Exception):
    """Something that a client did or met; told as RFC 9457 problem+json, or as an error frame on a socket.

    Subclasses stand beside the rule that they defend. `fields` are extra members of the problem.
    """

    code: ClassVar[str]
    status: ClassVar[HTTPStatus]
    detail: ClassVar[str]

    def __init__(self, detail: str | None = None, **fields: Any) -> None:
        super().__init__(detail or self.detail)
        self.fields = fields

    def problem(self) -> dict[str, Any]:
        """The members of the problem document, without nulls."""
        return {
            # No address for each kind: programs compare `code`, and `title` is just the status (RFC 9457, 4.2.1).
            "type": "about:blank",
            "title": self.status.phrase,
            "status": self.status.value,
            "detail": str(self),
            "code": self.code,
            **self.fields,
        }


class InvalidInput(DomainError):
    """The shape of the input is wrong; `errors` lists `{"field", "message"}`."""

    code = "invalid_input"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    detail = "Some of this needs another look."

    @classmethod
    def of(cls, field: str, message: str) -> "InvalidInput":
        return cls(message, errors=[{"field": field, "message": message}])


class Malformed(DomainError):
    code = "malformed"
    status = HTTPStatus.BAD_REQUEST
    detail = "This request could not be read. Please try again."


class NotFound(DomainError):
    code = "not_found"
    status = HTTPStatus.NOT_FOUND
    detail = "There is nothing here, or it is not yours to see."


class MethodNotAllowed(DomainError):
    code = "method_not_allowed"
    status = HTTPStatus.METHOD_NOT_ALLOWED
    detail = "This address does not take that kind of request."


class BodyTooLarge(DomainError):
    code = "body_too_large"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    detail = "That is more than can be sent at once."


class TooManyRequests(DomainError):
    """`retry_after` is in whole seconds and is sent as the `Retry-After` header as well."""

    code = "too_many_requests"
    status = HTTPStatus.TOO_MANY_REQUESTS
    detail = "That was too often. Please wait a moment and try again."


class DatabaseBusy(DomainError):
    code = "database_busy"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    detail = "The desk is very busy right now. Nothing was changed; please try again."


class CannotSave(DomainError):
    code = "cannot_save"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    detail = "The desk cannot save anything right now. Nothing was changed; please try again in a few minutes."


class InternalError(DomainError):
    code = "internal_error"
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    detail = "Something went wrong on our side. Nothing was changed; please try again."
