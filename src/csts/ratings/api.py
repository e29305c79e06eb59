"""Ratings over HTTP."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from csts.auth.guards import AnyActor, CustomerActor
from csts.kit.errors import InvalidInput, NotFound
from csts.kit.paging import Page
from csts.kit.problems import problems
from csts.kit.sessions import Reading, Writing
from csts.kit.wire import answer, gives
from csts.ratings import actions, queries
from csts.ratings.schemas import NewRating, RatingOut
from csts.tickets.status import TicketMerged

router = APIRouter(tags=["Ratings"])


@router.put(
    "/tickets/{ticket_id}/rating",
    responses={
        **gives(RatingOut),
        **problems(NotFound, actions.NotSolved, actions.RatingFixed, TicketMerged, InvalidInput),
    },
    summary="Rate a solved ticket",
)
async def put_rating(ticket_id: int, given: NewRating, actor: CustomerActor, session: Writing) -> Response:
    """One rating for each time that the ticket is solved, to be changed for 14 days."""
    return answer(await actions.rate(session, actor, ticket_id, given))


@router.get(
    "/tickets/{ticket_id}/ratings",
    responses={**gives(Page[RatingOut]), **problems(NotFound)},
    summary="List a ticket's ratings",
)
async def list_ratings(ticket_id: int, actor: AnyActor, session: Reading) -> Response:
    """The newest first; an earlier one came before the ticket was opened again."""
    return answer(Page(await queries.ratings(session, actor, ticket_id), None))


def api_types() -> list[Any]:
    """The shapes of this room for /openapi.json."""
    return [RatingOut, Page[RatingOut]]
