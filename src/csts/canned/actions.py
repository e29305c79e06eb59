"""What changes canned replies. Every agent writes the shared ones: a desk's words belong to those who say them."""

from http import HTTPStatus
from typing import Any

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from csts.audit.actions import About, note
from csts.audit.models import Act
from csts.auth.actor import Actor
from csts.canned import queries
from csts.canned.models import EVERYBODY, CannedReply, CannedRevision
from csts.canned.schemas import NewReply, ReplyChanges, shown
from csts.kit import clock
from csts.kit.errors import DomainError, InvalidInput
from csts.versions.actions import change, record, sign

# As many shared ones, and as many own ones of each agent: pages hold them all, so that a picker never waits.
MOST_REPLIES = 500


class ShortcutTaken(DomainError):
    code = "shortcut_taken"
    status = HTTPStatus.CONFLICT
    detail = "There is a canned reply with this shortcut already."


class ReplyChanged(DomainError):
    """`version` and `reply` are what is stored."""

    code = "reply_changed"
    status = HTTPStatus.CONFLICT
    detail = "Somebody has changed this canned reply in the meantime. Nothing was saved yet; please compare the two."


class TooManyReplies(DomainError):
    code = "too_many_replies"
    status = HTTPStatus.CONFLICT
    detail = "There is no room for another canned reply. Please delete some that nobody uses."


async def add_reply(session: AsyncSession, reply: NewReply, *, by: Actor) -> CannedReply:
    """A new one with its first revision. Raises InvalidInput, ShortcutTaken, TooManyReplies."""
    given = reply.model_dump(exclude={"shared"})
    owner_id = EVERYBODY if reply.shared else by.id
    await _find_room(session, owner_id)
    now = clock.now()
    added = CannedReply(**given, owner_id=owner_id, version=1, created_at=now, updated_at=now)
    _check(added)
    sign(added, by)
    session.add(added)
    await _flush(session)
    await record(session, CannedRevision, [added])
    _note(session, by, Act.REPLY_ADDED, added)
    return added


async def change_reply(session: AsyncSession, reply_id: int, changes: ReplyChanges, *, by: Actor) -> CannedReply:
    """Set the fields that are given: a revision, if anything is another.

    Raises NotFound, InvalidInput, ReplyChanged, ShortcutTaken, TooManyReplies.
    """
    given = changes.model_dump(exclude_unset=True)
    reply = await _seen(session, reply_id, given.pop("version", None), by)
    if "shared" in given:
        given["owner_id"] = await _owner(session, reply, by, shared=given.pop("shared"))
    if change(reply, given, by):
        _check(reply)
        await _flush(session)
        await record(session, CannedRevision, [reply])
        _note(session, by, Act.REPLY_CHANGED, reply, version=reply.version)
    return reply


async def delete_reply(session: AsyncSession, reply_id: int, *, version: int | None, by: Actor) -> None:
    """It is gone with its history. Raises NotFound, ReplyChanged."""
    reply = await _seen(session, reply_id, version, by)
    await session.execute(delete(CannedRevision).where(CannedRevision.reply_id == reply.id))
    await session.delete(reply)
    _note(session, by, Act.REPLY_DELETED, reply)


def _note(session: AsyncSession, by: Actor, act: Act, reply: CannedReply, **details: Any) -> None:
    # One's own are nobody else's business.
    if reply.shared:
        note(session, by, act, About("reply", reply.id, reply.title), **details)


async def _seen(session: AsyncSession, reply_id: int, version: int | None, by: Actor) -> CannedReply:
    """Locked, and of the version that was seen, if one is named."""
    reply = await queries.get(session, by, reply_id, lock=True)
    if version is not None and version != reply.version:
        raise ReplyChanged(version=reply.version, reply=shown(reply))
    return reply


async def _owner(session: AsyncSession, reply: CannedReply, by: Actor, *, shared: bool) -> int:
    if reply.shared and not shared:
        raise InvalidInput.of("shared", "What is shared stays shared; others may be using it.")
    if shared and not reply.shared:
        await _find_room(session, EVERYBODY)
    return EVERYBODY if shared else by.id


async def _find_room(session: AsyncSession, owner_id: int) -> None:
    if await queries.count_of(session, owner_id) >= MOST_REPLIES:
        raise TooManyReplies


def _check(reply: CannedReply) -> None:
    if not (reply.text or reply.status or reply.priority or reply.assign):
        raise InvalidInput.of("text", "Please write a text, or choose what it does.")


async def _flush(session: AsyncSession) -> None:
    try:
        await session.flush()
    except IntegrityError:
        raise ShortcutTaken(errors=[{"field": "shortcut", "message": ShortcutTaken.detail}]) from None
