"""The audit log over HTTP: admins read it page by page, or take it with them as CSV."""

import csv
import io
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from pydantic import AwareDatetime
from starlette.responses import Response, StreamingResponse

from csts.audit import queries
from csts.audit.actions import note
from csts.audit.models import Act, AuditEntry
from csts.audit.schemas import Entry, Wanted
from csts.auth.guards import AdminActor
from csts.kit.columns import MAX_ID
from csts.kit.db import Database
from csts.kit.errors import InvalidInput
from csts.kit.paging import Page
from csts.kit.problems import problems
from csts.kit.sessions import Reading, database_of
from csts.kit.wire import answer, gives

router = APIRouter(tags=["Audit"])

COLUMNS = ("at", "who_kind", "who_id", "who_name", "address", "act", "about_kind", "about_id", "about_name", "details")
ROWS_AT_ONCE = 500
# Spreadsheets take what begins so for a formula, and names are what people chose.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


async def _wanted(
    act: Annotated[list[Act] | None, Query(description="Only these; may be repeated.")] = None,
    agent: Annotated[int | None, Query(ge=1, le=MAX_ID, description="Only what this agent did.")] = None,
    since: Annotated[AwareDatetime | None, Query(description="Not before this moment.")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Before this moment.")] = None,
) -> Wanted:
    return Wanted(tuple(act or ()), agent, since, until)


Narrowed = Annotated[Wanted, Depends(_wanted)]


@router.get("/audit", responses={**gives(Page[Entry]), **problems(InvalidInput)}, summary="Read the audit log")
async def list_entries(
    _actor: AdminActor,
    wanted: Narrowed,
    session: Reading,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=2000)] = None,
) -> Response:
    """The newest first: what admins, agents and the operator did beside tickets."""
    return answer(await queries.page(session, wanted, limit=limit, cursor=cursor))


@router.get(
    "/audit.csv",
    response_class=StreamingResponse,
    responses={200: {"description": "Done", "content": {"text/csv": {}}}, **problems(InvalidInput)},
    summary="Take the audit log along",
)
async def download_entries(request: Request, actor: AdminActor, wanted: Narrowed) -> StreamingResponse:
    """All entries that are wanted, the newest first, as CSV with a line of headings."""
    database = database_of(request)
    async with database.write() as session:
        note(session, actor, Act.AUDIT_DOWNLOADED)
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
    return StreamingResponse(_lines(database, wanted), media_type="text/csv; charset=utf-8", headers=headers)


async def _lines(database: Database, wanted: Wanted) -> AsyncIterator[str]:
    """A session for each batch, for that of the request has ended, and none is held while a slow reader reads."""
    yield _csv([COLUMNS])
    before: int | None = None
    while True:
        async with database.read() as session:
            found = await queries.older(session, wanted, before=before, limit=ROWS_AT_ONCE)
        if not found:
            return
        yield _csv([_row(entry) for entry in found])
        before = found[-1].id


def _row(entry: AuditEntry) -> list[str]:
    return [_cell(getattr(entry, name)) for name in COLUMNS]


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    text = msgspec.json.encode(value).decode() if isinstance(value, dict) else "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULAS) else text


def _csv(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def api_types() -> list[Any]:
    """The shapes of the audit log for /openapi.json."""
    return [Page[Entry]]
