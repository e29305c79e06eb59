"""Tags of tickets: words that agents find them by, one word however it is spelt, and nothing that customers see."""

from collections.abc import Collection, Sequence
from http import HTTPStatus
from typing import Annotated
from unicodedata import normalize

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from sqlalchemy import String, delete, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from csts.auth.actor import Actor
from csts.kit.db import Database
from csts.kit.errors import DomainError, InvalidInput
from csts.kit.fields import between
from csts.kit.lookups import Lookup, asked
from csts.kit.text import clean_line
from csts.tickets import actions
from csts.tickets.models import Tag, Ticket, TicketTag
from csts.tickets.queries import lock_to_change, tag_names

NAME_CHARS = 40
MOST_TAGS = 20
MOST_SUGGESTED = 100

TagName = Annotated[str, AfterValidator(clean_line), between(1, NAME_CHARS)]

_NAME = TypeAdapter[str](TagName)
_NUMBER = Lookup(list[int], lambda: select(Tag.id).where(Tag.lookup == asked("spelt", String)))


class TooManyTags(DomainError):
    code = "too_many_tags"
    status = HTTPStatus.CONFLICT
    detail = "A ticket has at most 20 tags. Please take one off first."


class TagChange(BaseModel):
    """What is in both lists is taken off."""

    model_config = ConfigDict(extra="forbid")

    add: list[TagName] = Field(default_factory=list, max_length=MOST_TAGS, examples=[["refund"]])
    remove: list[TagName] = Field(default_factory=list, max_length=MOST_TAGS)


def clean(name: str, field: str) -> str:
    """As it is stored. Raises InvalidInput that names the field."""
    try:
        return _NAME.validate_python(name)
    except ValidationError as error:
        raise InvalidInput.of(field, str(error.errors()[0]["msg"]).removeprefix("Value error, ")) from None


def lookup_of(name: str) -> str:
    """The same for all spellings of a tag."""
    return normalize("NFC", name.casefold())


async def number_of(database: Database, name: str) -> int:
    """The id of a tag, or 0, which none has."""
    for (number,) in await database.look_up(_NUMBER, spelt=lookup_of(" ".join(name.split()))):
        return number
    return 0


async def suggestions(session: AsyncSession, beginning: str) -> list[str]:
    """Names of tags that begin so, in their order; not all where there are many."""
    first = lookup_of(beginning.strip())
    found = select(Tag.name).where(Tag.lookup.startswith(first, autoescape=True)).order_by(Tag.lookup)
    return list(await session.scalars(found.limit(MOST_SUGGESTED)))


async def change_tags(
    session: AsyncSession, actor: Actor, ticket_id: int, *, add: Collection[str] = (), remove: Collection[str] = ()
) -> Ticket:
    """What it has or lacks already leaves no trace. Locks the ticket, then the tags.

    Raises NotFound, TicketMerged, TooManyTags.
    """
    ticket = await lock_to_change(session, actor, ticket_id)
    held = {lookup_of(name): name for name in tag_names(ticket)}
    leaving = {lookup_of(name) for name in remove}
    coming = {lookup_of(name): name for name in add if lookup_of(name) not in held.keys() | leaving}
    gone = leaving & held.keys()
    if len(held) - len(gone) + len(coming) > MOST_TAGS:
        raise TooManyTags
    if gone:
        await _take_off(session, ticket, gone)
        actions.record(session, ticket, actor.person, "untagged", tags=[held[each] for each in sorted(gone)])
    if coming:
        added = await _put_on(session, ticket, coming)
        actions.record(session, ticket, actor.person, "tagged", tags=[tag.name for tag in added])
        held |= {tag.lookup: tag.name for tag in added}
    if gone or coming:
        ticket.tags = "\n".join(held[each] for each in sorted(held.keys() - gone))
        actions.tell(session, ticket, public=False)
    return ticket


async def _put_on(session: AsyncSession, ticket: Ticket, wanted: dict[str, str]) -> Sequence[Tag]:
    """The tags, in the order of their lookups; those that there are not yet are made."""
    there = {tag.lookup: tag for tag in await _locked(session, wanted)}
    for lookup in sorted(wanted.keys() - there.keys()):
        there[lookup] = await _make(session, lookup, wanted[lookup])
    found = [there[lookup] for lookup in sorted(there)]
    session.add_all(TicketTag(ticket_id=ticket.id, tag_id=tag.id) for tag in found)
    await session.flush()
    return found


async def _make(session: AsyncSession, lookup: str, name: str) -> Tag:
    try:
        async with session.begin_nested():
            session.add(tag := Tag(lookup=lookup, name=name))
    except IntegrityError:
        # Somebody else has thought of it at the same moment.
        (tag,) = await _locked(session, [lookup])
    return tag


async def _take_off(session: AsyncSession, ticket: Ticket, lookups: Collection[str]) -> None:
    """What no ticket has any more is suggested to nobody."""
    numbers = [tag.id for tag in await _locked(session, lookups)]
    is_his = TicketTag.ticket_id == ticket.id
    await session.execute(delete(TicketTag).where(is_his, TicketTag.tag_id.in_(numbers)))
    is_used = exists().where(TicketTag.tag_id == Tag.id)
    forgotten = delete(Tag).where(Tag.id.in_(numbers), ~is_used)
    await session.execute(forgotten.execution_options(synchronize_session=False))


async def _locked(session: AsyncSession, lookups: Collection[str]) -> Sequence[Tag]:
    """To the end of the transaction: what is put on one ticket must not be forgotten by who takes it off another."""
    wanted = select(Tag).where(Tag.lookup.in_(sorted(lookups))).order_by(Tag.lookup).with_for_update()
    return (await session.scalars(wanted.execution_options(populate_existing=True))).all()
