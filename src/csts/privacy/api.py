"""A customer's data over HTTP: his own copy of it, and one that an admin hands out for him."""

from typing import Annotated, Any, cast

from fastapi import APIRouter, Path, Request
from starlette.responses import Response, StreamingResponse

from csts.attachments.storage import Storage
from csts.audit.actions import About, Doer, Someone, note
from csts.audit.models import Act
from csts.auth.actor import Actor
from csts.auth.attempts import Attempt
from csts.auth.guards import AdminActor, CustomerActor
from csts.customers.models import User
from csts.kit import clock
from csts.kit.columns import MAX_ID
from csts.kit.errors import InvalidInput, NotFound, TooManyRequests
from csts.kit.problems import problems
from csts.kit.sessions import Reading, Writing, database_of
from csts.kit.throttle import throttle_of
from csts.privacy import actions, exports
from csts.privacy.archive import Archive
from csts.privacy.exports import ExportRunning
from csts.privacy.queries import customer_data
from csts.privacy.schemas import CustomerData, Erasure, OwnErasure

router = APIRouter(tags=["Privacy"])

CustomerId = Annotated[int, Path(ge=1, le=MAX_ID)]
ZIP: dict[int | str, dict[str, Any]] = {200: {"description": "Done", "content": {"application/zip": {}}}}


@router.get(
    "/user/export",
    response_class=StreamingResponse,
    responses={**ZIP, **problems(ExportRunning, TooManyRequests)},
    summary="Take one's own data along",
)
async def export_own(request: Request, actor: CustomerActor) -> StreamingResponse:
    """A ZIP of the account, all tickets with their public messages and ratings, and the files."""
    return await _export(request, Doer("customer", actor.id, _nameless(actor.id), actor.address), actor.id)


@router.get(
    "/customers/{customer_id}/export",
    response_class=StreamingResponse,
    responses={**ZIP, **problems(NotFound, ExportRunning, TooManyRequests)},
    summary="Take a customer's data along for him",
)
async def export_of_customer(request: Request, customer_id: CustomerId, actor: AdminActor) -> StreamingResponse:
    """The same that he would get himself: what he may not see, such as notes, is not in it."""
    return await _export(request, actor, customer_id)


@router.post(
    "/user/erasure",
    status_code=202,
    response_class=Response,
    responses=problems(InvalidInput, TooManyRequests),
    summary="Erase one's own account",
)
async def erase_own(request: Request, wanted: OwnErasure, actor: CustomerActor) -> None:
    """For good: the account at once, tickets and files within minutes."""
    database = database_of(request)
    async with database.read() as session:
        user = await session.get_one(User, actor.id)
    await Attempt(request, "customer", user.email, user, place="settings").prove(wanted.password)
    by = Doer("customer", actor.id, _nameless(actor.id), actor.address)
    async with database.write() as session:
        await actions.erase_account(session, actor.id, wanted.confirmation, by=by)


@router.get("/customers/{customer_id}", responses=problems(NotFound), summary="Show a customer")
async def show_customer(customer_id: CustomerId, _actor: AdminActor, session: Reading) -> CustomerData:
    return await customer_data(session, customer_id)


@router.post(
    "/customers/{customer_id}/erasure",
    status_code=202,
    response_class=Response,
    responses=problems(NotFound, actions.AlreadyErased, InvalidInput),
    summary="Erase a customer's account for him",
)
async def erase_customer(customer_id: CustomerId, wanted: Erasure, actor: AdminActor, session: Writing) -> None:
    """For good: the account at once, tickets and files within minutes."""
    await actions.erase_account(session, customer_id, wanted.confirmation, by=actor)


async def _export(request: Request, by: Someone, customer_id: int) -> StreamingResponse:
    database = database_of(request)
    # Before it is counted: what is not there was not taken, and nor was what somebody else is just taking.
    async with database.read() as session:
        user = await session.get(User, customer_id)
        if user is None:
            raise NotFound
        await exports.check_free(session, user.id)
    await throttle_of(request).hit(request.app.state.settings.limit_exports, "exports", str(customer_id))
    async with database.write() as session:
        lease = await exports.begin(session, user.id)
        note(session, by, Act.CUSTOMER_EXPORTED, About("customer", user.id, _nameless(user.id)))
    customer = Actor("customer", user.id, "customer", user.name, session="", expires_at=clock.now())
    archive = Archive(database, cast("Storage", request.app.state.storage), customer)
    headers = {"Content-Disposition": 'attachment; filename="my-data.zip"'}
    pieces = exports.held(database, lease, archive.pieces())
    return StreamingResponse(pieces, media_type="application/zip", headers=headers)


def _nameless(customer_id: int) -> str:
    # The audit log outlives the customer's data, and must not keep his name.
    return f"#{customer_id}"
