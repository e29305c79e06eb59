"""Every door as the application itself describes it, so that a new one is attacked before anybody thinks of it."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

from tests.access.matrix import PEOPLE, Door, doors, matrix

CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
Described = dict[Door, dict[str, Any]]
Schema = dict[str, Any]


def described(app: FastAPI) -> Described:
    """Each operation of /openapi.json, with all references in the shape of its body resolved one level deep."""
    document = app.openapi()
    found = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            found[method.upper(), path] = {**operation, "shapes": document["components"]["schemas"]}
    return found


def changing(app: FastAPI) -> list[Door]:
    """All that may change something, pages and API alike."""
    return sorted(door for door in doors(app) if door[0] in CHANGING)


def body_shape(operation: dict[str, Any], kind: str = "application/json") -> Schema | None:
    """The schema of the body, or None where this door takes none of that kind."""
    content = operation.get("requestBody", {}).get("content", {})
    return _resolved(content[kind]["schema"], operation["shapes"]) if kind in content else None


def members(shape: Schema, shapes: dict[str, Schema]) -> Iterator[tuple[str, list[Schema]]]:
    """Each member of an object, and what it may be."""
    for each in _choices(shape, shapes):
        for name, member in each.get("properties", {}).items():
            yield name, _choices(member, shapes)


def numbered(path: str, number: object = 1) -> str:
    """The address with this number where it wants one, and with a word for a kind."""
    parts = ("reply" if part == "{kind}" else str(number) if part.startswith("{") else part for part in path.split("/"))
    return "/".join(parts)


def right_person(door: Door) -> str:
    """Somebody who may pass; the owner before others, for he has a ticket there."""
    cells = matrix()[door]
    return next((who for who in ("owner", "agent", "admin", *PEOPLE) if cells[who][0] == "2"), "owner")


def _choices(schema: Schema, shapes: dict[str, Schema]) -> list[Schema]:
    schema = _resolved(schema, shapes)
    nested = schema.get("anyOf") or schema.get("oneOf")
    return [each for one in nested for each in _choices(one, shapes)] if nested else [schema]


def _resolved(schema: Schema, shapes: dict[str, Schema]) -> Schema:
    name = schema.get("$ref", "").rpartition("/")[2]
    return shapes[name] if name else schema
