"""Merging: two tickets about one thing become one, whose talk goes on; the other keeps its own, to be read."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.auth.actor import Actor
from csts.kit import clock
from csts.kit.columns import MAX_ID
from csts.kit.errors import DomainError
from csts.realtime.people import Person
from csts.tickets import actions, state, tags
from csts.tickets.models import Ticket
from csts.tickets.queries import lock_to_change, tag_names
from csts.tickets.references import TicketRef
from csts.tickets.status import Status, status_after_customer_wrote


class MergeIntoItself(DomainError):
    code = "merge_into_itself"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    detail = "A ticket cannot be merged into itself. Please choose another one."


class OtherCustomer(DomainError):
    code = "other_customer"
    status = HTTPStatus.CONFLICT
    detail = "These two tickets are of different customers, who must not read each other's."


class MergeIntoSolved(DomainError):
    code = "merge_into_solved"
    status = HTTPStatus.CONFLICT
    detail = "That ticket is solved or closed. Open it again first, or merge it into this one."


class Merge(BaseModel):
    model_config = ConfigDict(extra="forbid")
    # Strict, for JSON's `true` would be ticket 1.
    into: Annotated[int, Field(ge=1, le=MAX_ID, strict=True)] = Field(
        description="the ticket in which the conversation goes on", examples=[123]
    )


async def merge(session: AsyncSession, actor: Actor, source_id: int, target_id: int) -> Ticket:
    """Close the source for good and lead everybody to the target, which it gives. Its customer is told there, once.

    Locks both. Raises NotFound, TicketMerged, MergeIntoItself, OtherCustomer, MergeIntoSolved.
    """
    # In the order of ids: two who merge the same pair, each his own way round, wait for each other and not both.
    locked = {number: await lock_to_change(session, actor, number) for number in sorted({source_id, target_id})}
    source, target = locked[source_id], locked[target_id]
    if source is target:
        raise MergeIntoItself
    if source.user_id != target.user_id:
        raise OtherCustomer
    if not Status(target.status).is_active:
        raise MergeIntoSolved
    by, waits_since = actor.person, source.awaiting_since
    await _lead_on(session, source, target)
    await _carry_tags(session, actor, source, target)
    _end(session, source, target, by)
    _wait_on(session, target, by, waits_since)
    # A person has looked at both: the assistant knows but half of what was said.
    source.assisted = target.assisted = False
    actions.record(session, target, by, "took_in", source=TicketRef.to(source.id).members())
    actions.narrate(session, target, f"{by.name} merged {source.ticket_no} into this ticket.")
    return target


async def _lead_on(session: AsyncSession, source: Ticket, target: Ticket) -> None:
    """What was merged into the source before leads to the target, too: nobody follows a chain."""
    earlier = select(Ticket).where(Ticket.merged_into_id == source.id).order_by(Ticket.id).with_for_update()
    for each in await session.scalars(earlier.execution_options(populate_existing=True)):
        each.merged_into_id = target.id
        actions.tell(session, each)


async def _carry_tags(session: AsyncSession, actor: Actor, source: Ticket, target: Ticket) -> None:
    """As many as there is room for; the source keeps all of them, and leads here."""
    held = tag_names(target)
    known = {tags.lookup_of(name) for name in held}
    coming = [name for name in tag_names(source) if tags.lookup_of(name) not in known]
    await tags.change_tags(session, actor, target.id, add=coming[: tags.MOST_TAGS - len(held)])


def _end(session: AsyncSession, source: Ticket, target: Ticket, by: Person) -> None:
    """Without a line in its thread: its customer is told once, where he is led to."""
    if source.status != Status.CLOSED:
        actions.set_status(session, source, by, Status.CLOSED)
    source.merged_into_id = target.id
    actions.record(session, source, by, "merged", into=TicketRef.to(target.id).members())
    actions.tell(session, source)


def _wait_on(session: AsyncSession, target: Ticket, by: Person, since: datetime | None) -> None:
    """Who waited for an answer in the source waits for it in the target, as if he had written there."""
    if since is None:
        return
    if target.snoozed_until:
        actions.record(session, target, by, "woken")
        state.wake(target, clock.now())
    goal = status_after_customer_wrote(Status(target.status), is_claimed=target.agent_id is not None)
    if goal != target.status:
        actions.set_status(session, target, by, goal)
    target.awaiting_since = min(since, target.awaiting_since or since)
