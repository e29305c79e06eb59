"""Saved views: lists of the desk under a name, each agent's own and those that are shared with all."""

from http import HTTPStatus
from typing import Annotated, Literal

import msgspec
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.agents.models import Agent
from csts.audit.actions import About, note
from csts.audit.models import Act
from csts.auth.actor import Actor
from csts.kit.columns import MAX_ID
from csts.kit.errors import DomainError, NotFound
from csts.kit.fields import Switch, between
from csts.kit.text import clean_line
from csts.tickets.lists import Sort
from csts.tickets.models import SavedView
from csts.tickets.schemas import Who
from csts.tickets.status import Priority, Status

MOST_VIEWS = 50

_Word = Annotated[str, Field(max_length=200)]
ViewName = Annotated[str, AfterValidator(clean_line), between(1, 60), Field(max_length=60, examples=["Urgent refunds"])]


class NotYourView(DomainError):
    code = "not_your_view"
    status = HTTPStatus.FORBIDDEN
    detail = "Only the agent who saved this view, or an admin, can change it."


class TooManyViews(DomainError):
    code = "too_many_views"
    status = HTTPStatus.CONFLICT
    detail = "You have 50 saved views. Please delete one first."


class ViewFilters(BaseModel):
    """As the address of the desk names them. `assignee=me` means whoever opens the view."""

    model_config = ConfigDict(extra="forbid")

    queue: Literal["awaiting", "mine", "mentions", "unassigned", "open", "snoozed", "solved", "all"] | None = None
    sort: Sort | None = None
    status: Status | None = None
    priority: Priority | None = None
    issue_type: _Word | None = None
    assignee: Annotated[str, Field(pattern=r"^(me|none|[1-9]\d{0,9})$")] | None = None
    tag: _Word | None = None
    q: _Word | None = None


class NewView(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: ViewName
    filters: ViewFilters
    shared: Switch = False


class ViewChanges(BaseModel):
    """Only what is given changes."""

    model_config = ConfigDict(extra="forbid")
    name: ViewName | None = None
    filters: ViewFilters | None = None
    shared: Switch | None = None


class ViewOut(msgspec.Struct, frozen=True):
    """`mine` says that its reader may change it."""

    id: int
    name: str
    filters: dict[str, str]
    shared: bool
    owner: Who
    mine: bool


async def visible_views(session: AsyncSession, actor: Actor) -> list[ViewOut]:
    """His own and all that are shared, by name."""
    visible = or_(SavedView.owner_id == actor.id, SavedView.shared)
    wanted = select(SavedView, Agent.name).join(Agent, Agent.id == SavedView.owner_id).where(visible)
    found = await session.execute(wanted.order_by(func.lower(SavedView.name), SavedView.id))
    return [_shown(view, Who(view.owner_id, name), actor) for view, name in found]


async def save_view(session: AsyncSession, actor: Actor, new: NewView) -> ViewOut:
    """Raises TooManyViews."""
    held = await session.scalar(select(func.count()).where(SavedView.owner_id == actor.id))
    if (held or 0) >= MOST_VIEWS:
        raise TooManyViews
    view = SavedView(owner_id=actor.id, name=new.name, shared=new.shared, filters=_kept(new.filters))
    session.add(view)
    await session.flush()
    _note(session, actor, Act.VIEW_ADDED, view)
    return _shown(view, Who(actor.id, actor.name), actor)


async def change_view(session: AsyncSession, actor: Actor, view_id: int, changes: ViewChanges) -> ViewOut:
    """Raises NotFound, NotYourView."""
    view = await _own(session, actor, view_id)
    was_shared = view.shared
    if changes.name is not None:
        view.name = changes.name
    if changes.shared is not None:
        view.shared = changes.shared
    if changes.filters is not None:
        view.filters = _kept(changes.filters)
    _note(session, actor, Act.VIEW_CHANGED, view, was_shared=was_shared)
    owner = await session.get_one(Agent, view.owner_id)
    return _shown(view, Who(owner.id, owner.name), actor)


async def delete_view(session: AsyncSession, actor: Actor, view_id: int) -> None:
    """Raises NotFound, NotYourView."""
    view = await _own(session, actor, view_id)
    await session.delete(view)
    _note(session, actor, Act.VIEW_DELETED, view)


def _note(session: AsyncSession, actor: Actor, act: Act, view: SavedView, *, was_shared: bool = False) -> None:
    # One's own are nobody else's business.
    if view.shared or was_shared:
        note(session, actor, act, About("view", view.id, view.name))


async def _own(session: AsyncSession, actor: Actor, view_id: int) -> SavedView:
    """Locked. Another's view that is not shared does not exist."""
    view = await session.get(SavedView, view_id, with_for_update=True) if 0 < view_id <= MAX_ID else None
    if view is None or not (view.shared or view.owner_id == actor.id):
        raise NotFound
    if not _may_change(view, actor):
        raise NotYourView
    return view


def _may_change(view: SavedView, actor: Actor) -> bool:
    # Somebody has to be able to tidy up after those who have left.
    return view.owner_id == actor.id or (view.shared and actor.role == "admin")


def _kept(filters: ViewFilters) -> dict[str, str]:
    return {name: str(value) for name, value in filters.model_dump(mode="json").items() if value}


def _shown(view: SavedView, owner: Who, actor: Actor) -> ViewOut:
    return ViewOut(view.id, view.name, view.filters, view.shared, owner, _may_change(view, actor))
