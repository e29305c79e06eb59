"""The description of the API, and a page that shows it without asking any other host."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles

from csts.auth.guards import CrossOrigin, NotSignedIn, WrongRole
from csts.kit.errors import BodyTooLarge, DomainError, InvalidInput, Malformed
from csts.kit.problems import PROBLEM_SCHEMA, problems
from csts.kit.wire import components

router = APIRouter(include_in_schema=False)

DESCRIPTION = """
Tickets with screenshots, and a live chat room for each.

Sign in at `/user/login` or `/agent/login` and send the access token as `Authorization: Bearer`.
Errors are RFC 9457 problem documents with a stable `code`. The sockets are described in docs/reference/events.md.
"""
_STATIC = Path(__file__).parent / "static"
_PROBLEM = "application/problem+json"


@router.get("/docs")
async def docs() -> Response:
    return FileResponse(_STATIC / "docs.html", media_type="text/html")


def install(app: FastAPI, kinds: Sequence[Any]) -> None:
    """Serve /docs and /openapi.json; `kinds` are the wire shapes that FastAPI cannot see."""
    app.include_router(router)
    app.mount("/docs/ui", StaticFiles(directory=str(files("fastapi_swagger") / "resources")))
    app.mount("/docs/own", StaticFiles(directory=_STATIC))

    def openapi() -> dict[str, Any]:
        if not app.openapi_schema:
            app.openapi_schema = _described(app, list(kinds))
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend it


def _described(app: FastAPI, kinds: list[Any]) -> dict[str, Any]:
    schema = get_openapi(title=app.title, version=app.version, description=DESCRIPTION, routes=app.routes)
    shapes = schema.setdefault("components", {}).setdefault("schemas", {})
    shapes.update(components(kinds), Problem=PROBLEM_SCHEMA)
    # FastAPI describes its own shape of errors, which nobody gets to see here.
    for unused in ("HTTPValidationError", "ValidationError"):
        shapes.pop(unused, None)
    for operations in schema["paths"].values():
        for method, operation in operations.items():
            _tell_refusals(method, operation)
    return schema


def _tell_refusals(method: str, operation: dict[str, Any]) -> None:
    """What may refuse any operation of its kind, beside what the route says of its own."""
    answers = operation["responses"]
    own = {status: answer for status, answer in answers.items() if _PROBLEM in answer.get("content", {})}
    for number, answer in problems(*_refusals(method, operation)).items():
        status = str(number)
        if status in own:
            _join(own[status], answer)
        else:
            answers[status] = answer


def _refusals(method: str, operation: dict[str, Any]) -> list[type[DomainError]]:
    found: list[type[DomainError]] = [InvalidInput] if "422" in operation["responses"] else []
    if "security" in operation:
        found += [NotSignedIn, WrongRole] if method == "get" else [NotSignedIn, WrongRole, CrossOrigin]
    if body := operation.get("requestBody"):
        found += [BodyTooLarge, Malformed] if "multipart/form-data" in body["content"] else [BodyTooLarge]
    return found


def _join(answer: dict[str, Any], more: dict[str, Any]) -> None:
    """Add the errors of `more` to an answer that tells of others with the same status."""
    told, examples = answer["content"][_PROBLEM]["examples"], more["content"][_PROBLEM]["examples"]
    told.update(examples)
    answer["description"] = " · ".join(f"`{code}`" for code in told)
