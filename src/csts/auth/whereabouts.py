"""Where somebody is signed in: the list of his sessions, and the end of one or of all others."""

from typing import Annotated

import structlog
from fastapi import APIRouter, Path
from starlette.responses import Response

from csts.auth import actions, queries
from csts.auth.devices import browser_of, system_of
from csts.auth.guards import AnyActor
from csts.auth.schemas import SessionOut
from csts.kit.errors import NotFound
from csts.kit.problems import problems
from csts.kit.sessions import Reading, Writing

router = APIRouter(prefix="/sessions", tags=["Sign-in"])

_log = structlog.get_logger()

SessionId = Annotated[str, Path(max_length=36)]


@router.get("", summary="List one's own sessions")
async def list_sessions(actor: AnyActor, session: Reading) -> list[SessionOut]:
    """The last used first, a hundred at most. A session is used when its tokens are renewed."""
    return [
        SessionOut(
            id=row.family,
            browser=browser_of(row.user_agent),
            system=system_of(row.user_agent),
            address=row.address,
            begun_at=row.begun_at,
            last_used_at=row.created_at,
            current=row.family == actor.session,
        )
        for row in await queries.sessions_of(session, actor.kind, actor.id)
    ]


@router.delete("", status_code=204, response_class=Response, summary="Sign out everywhere else")
async def end_others(actor: AnyActor, session: Writing) -> None:
    """All sessions but this one end, and their sockets close with 4401."""
    await actions.end_other_sessions(session, actor.kind, actor.id, keep=actor.session, reason="signed out elsewhere")
    _log.info("other_sessions_ended", kind=actor.kind, id=actor.id)


@router.delete(
    "/{session_id}",
    status_code=204,
    response_class=Response,
    responses=problems(NotFound),
    summary="Sign out somewhere",
)
async def end_one(session_id: SessionId, actor: AnyActor, session: Writing) -> None:
    await actions.end_session(session, actor.kind, actor.id, session_id)
    _log.info("session_ended", kind=actor.kind, id=actor.id)
