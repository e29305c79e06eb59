"""The description of the API, and a page that shows it without asking any other host."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles

from csts.kit.problems import PROBLEM_SCHEMA
from csts.kit.wire import components

router = APIRouter(include_in_schema=False)

DESCRIPTION = """
Tickets with screenshots, and a live chat room for each.

Sign in at `/user/login` or `/agent/login` and send the access token as `Authorization: Bearer`.
Errors are RFC 9457 problem documents with a stable `code`. The sockets are described in docs/reference/events.md.
"""
_STATIC = Path(__file__).parent / "static"
_REFUSED = {"$ref": "#/components/schemas/Problem"}


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
    for unused in ("HTTPValidationError", "ValidationError"):
        shapes.pop(unused, None)
    for operations in schema["paths"].values():
        for operation in operations.values():
            _tell_refusals(operation)
    return schema


def _tell_refusals(operation: dict[str, Any]) -> None:
    """What may refuse any operation that needs a person, in our error format in place of FastAPI's."""
    answers = operation["responses"]
    told = {"422": "`invalid_input`"}
    if "security" in operation:
        told = {**told, "401": "`not_signed_in`", "403": "`wrong_role` · `cross_origin`"}
    for status, codes in told.items():
        is_ours = "application/problem+json" in answers.get(status, {}).get("content", {})
        if not is_ours and (status != "422" or status in answers):
            answers[status] = {"description": codes, "content": {"application/problem+json": {"schema": _REFUSED}}}
