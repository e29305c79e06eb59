"""Preferences over HTTP: everybody's own."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from csts.auth.guards import AnyActor
from csts.kit.errors import InvalidInput
from csts.kit.problems import problems
from csts.kit.sessions import Reading, Writing
from csts.kit.wire import answer, gives
from csts.preferences import actions, queries
from csts.preferences.schemas import PreferenceChanges, Preferences

router = APIRouter(tags=["Preferences"])


@router.get("/preferences", responses=gives(Preferences), summary="Show one's own preferences")
async def show_preferences(actor: AnyActor, session: Reading) -> Response:
    return answer(await queries.preferences_of(session, actor.kind, actor.id))


@router.put(
    "/preferences",
    responses={**gives(Preferences), **problems(InvalidInput)},
    summary="Change one's own preferences",
)
async def change_preferences(changes: PreferenceChanges, actor: AnyActor, session: Writing) -> Response:
    """Only the fields that are given change, so that two pages do not undo each other."""
    return answer(await actions.choose(session, actor, changes.model_dump(exclude_unset=True)))


def api_types() -> list[Any]:
    """The shapes of this room for /openapi.json."""
    return [Preferences]
