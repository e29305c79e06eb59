"""One change to many tickets at once, and its undoing: each done where it can be, and told where it cannot."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType
from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncSession

from csts.audit.actions import note
from csts.audit.models import Act as AuditAct
from csts.auth.actor import Actor
from csts.kit.columns import MAX_ID
from csts.kit.db import Database
from csts.kit.errors import DatabaseBusy, DomainError, InvalidInput
from csts.kit.problems import DATABASE_FAULTS, as_domain_error
from csts.tickets import actions, tags
from csts.tickets.models import Ticket
from csts.tickets.queries import lock_to_change, tag_names
from csts.tickets.status import MOVES, Priority, Status

MOST_AT_ONCE = 200

_Id = Annotated[int, Meta(ge=1, le=MAX_ID)]
_Moment = Annotated[datetime, Meta(tz=True)]
_Tags = Annotated[tuple[str, ...], Meta(max_length=tags.MOST_TAGS)]
_AllTags = Annotated[list[str], Meta(max_length=tags.MOST_TAGS)]


class TicketChanged(DomainError):
    """Names in `now` what the ticket holds instead."""

    code = "ticket_changed"
    status = HTTPStatus.CONFLICT
    detail = "Somebody has changed this ticket in the meantime."


class Values(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a bulk action can change of a ticket; a member that is left out says nothing of it."""

    status: Status | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    agent_id: _Id | UnsetType | None = UNSET


class Wish(Values, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What is to be set, and which tags are to be put on and taken off."""

    add_tags: _Tags = ()
    remove_tags: _Tags = ()


class Snapshot(Values, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """`awaiting_since` goes with the status: who waited for an answer waits again when a bulk action is undone."""

    awaiting_since: _Moment | UnsetType | None = UNSET
    tags: _AllTags | UnsetType = UNSET


class BulkChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`change` for each ticket that still holds what is `expected`."""

    ids: Annotated[list[_Id], Meta(min_length=1, max_length=MOST_AT_ONCE)]
    change: Wish
    expected: Values = Values()


class Changed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A ticket as a bulk action has found and left it."""

    id: _Id
    before: Snapshot
    after: Snapshot


class BulkUndo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a bulk action has answered for the tickets that it changed."""

    items: Annotated[list[Changed], Meta(min_length=1, max_length=MOST_AT_ONCE)]


class Outcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one ticket: `before` and `after` where it is done, `problem` where it was refused."""

    id: int
    done: bool
    before: Snapshot | UnsetType = UNSET
    after: Snapshot | UnsetType = UNSET
    problem: dict[str, Any] | UnsetType = UNSET


class Outcomes(msgspec.Struct, frozen=True):
    """In the order of ids."""

    items: list[Outcome]


_TAG_LISTS = ("add_tags", "remove_tags")

Act = Callable[[AsyncSession], Awaitable[Outcome]]


async def change_all(database: Database, actor: Actor, wanted: BulkChange) -> Outcomes:
    """Raises InvalidInput where nothing is to be changed."""
    if wanted.change == Wish():
        raise InvalidInput.of("change", "Please say what to change.")
    wanted = replace(wanted, change=_cleaned(wanted.change))
    await _note(database, actor, AuditAct.TICKETS_CHANGED, wanted.ids, change=_plain(wanted.change))
    return await _each(
        database, {number: partial(_change, actor=actor, ticket_id=number, wanted=wanted) for number in wanted.ids}
    )


async def undo_all(database: Database, actor: Actor, wanted: BulkUndo) -> Outcomes:
    """Put back what each ticket held before, where nobody has changed it since."""
    await _note(database, actor, AuditAct.TICKETS_RESTORED, [item.id for item in wanted.items])
    return await _each(database, {item.id: partial(_undo, actor=actor, item=item) for item in wanted.items})


async def _note(database: Database, actor: Actor, act: AuditAct, ids: Sequence[int], **details: Any) -> None:
    """Before the first of them: whatever a crash leaves undone, it is known who asked for it."""
    async with database.write() as session:
        note(session, actor, act, tickets=sorted(ids), **details)


def _plain(wish: Wish) -> dict[str, Any]:
    """What is set; how tags are called is the ticket's own history."""
    return {name: value for name, value in msgspec.to_builtins(wish).items() if name not in _TAG_LISTS}


def _cleaned(wish: Wish) -> Wish:
    """With the names of tags as they are stored. Raises InvalidInput."""
    names = {field: [tags.clean(name, f"change.{field}") for name in getattr(wish, field)] for field in _TAG_LISTS}
    return replace(wish, **{field: tuple(found) for field, found in names.items()})


async def _each(database: Database, acts: dict[int, Act]) -> Outcomes:
    """Each in a short transaction of its own: on SQLite everybody who writes would wait for two hundred at once."""
    outcomes: list[Outcome] = []
    away: DomainError | None = None
    for number, act in sorted(acts.items()):
        try:
            # Without a database the rest would wait for it one by one, and what is done would never be told.
            outcomes.append(_refused(number, away) if away else await database.carry_out(act))
        except DomainError as refusal:
            outcomes.append(_refused(number, refusal))
        except DATABASE_FAULTS as fault:
            away = as_domain_error(fault)
            if not isinstance(away, DatabaseBusy):
                raise
            outcomes.append(_refused(number, away))
    return Outcomes(outcomes)


def _refused(number: int, why: DomainError) -> Outcome:
    return Outcome(number, done=False, problem=why.problem())


async def _change(session: AsyncSession, *, actor: Actor, ticket_id: int, wanted: BulkChange) -> Outcome:
    ticket = await lock_to_change(session, actor, ticket_id)
    before = _snapshot(ticket)
    _check(before, wanted.expected)
    await _set(session, actor, ticket, wanted.change)
    await tags.change_tags(session, actor, ticket.id, add=wanted.change.add_tags, remove=wanted.change.remove_tags)
    return Outcome(ticket.id, done=True, before=before, after=_snapshot(ticket))


async def _undo(session: AsyncSession, *, actor: Actor, item: Changed) -> Outcome:
    ticket = await lock_to_change(session, actor, item.id)
    held = _snapshot(ticket)
    back = _differences(item.before, item.after)
    _check(held, _differences(item.after, item.before, but="awaiting_since"))
    if back.status is UNSET:
        # To leave a ticket opens it; where the bulk action has moved nothing, its undoing does not either.
        back = replace(back, status=held.status)
    elif back.status not in MOVES[Status(ticket.status)]:
        # From every status there is a move to open, and from open to every other.
        await actions.change_status(session, actor, ticket.id, Status.OPEN)
    await _set(session, actor, ticket, back)
    if back.tags is not UNSET:
        await _put_tags(session, actor, ticket, [tags.clean(name, "items") for name in back.tags])
    if back.awaiting_since is not UNSET:
        ticket.awaiting_since = back.awaiting_since
    return Outcome(ticket.id, done=True, before=held, after=_snapshot(ticket))


async def _put_tags(session: AsyncSession, actor: Actor, ticket: Ticket, names: Sequence[str]) -> None:
    """These tags and no others."""
    held = tag_names(ticket)
    coming, going = [name for name in names if name not in held], [name for name in held if name not in names]
    await tags.change_tags(session, actor, ticket.id, add=coming, remove=going)


async def _set(session: AsyncSession, actor: Actor, ticket: Ticket, change: Values) -> None:
    """The assignee first, for who takes an open ticket moves it. What holds already is left alone."""
    if change.agent_id is not UNSET:
        await actions.assign(session, actor, ticket.id, change.agent_id)
    if change.status is not UNSET and change.status != ticket.status:
        await actions.change_status(session, actor, ticket.id, change.status)
    if change.priority is not UNSET:
        await actions.change_priority(session, actor, ticket.id, change.priority)


def _snapshot(ticket: Ticket) -> Snapshot:
    names = tag_names(ticket)
    return Snapshot(Status(ticket.status), Priority(ticket.priority), ticket.agent_id, ticket.awaiting_since, names)


def _check(held: Snapshot, expected: Values) -> None:
    now = {name: getattr(held, name) for name in _said(expected) if getattr(held, name) != getattr(expected, name)}
    if now:
        raise TicketChanged(now=now)


def _differences(of: Snapshot, other: Snapshot, *, but: str = "") -> Snapshot:
    """What `of` says where the other one says something else."""
    return Snapshot(
        **{name: getattr(of, name) for name in _said(of) if name != but and getattr(of, name) != getattr(other, name)}
    )


def _said(values: Values) -> Sequence[str]:
    return [name for name in values.__struct_fields__ if getattr(values, name) is not UNSET]
