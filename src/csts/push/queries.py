"""Reads of browsers that may be called."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.auth.queries import alive_among
from csts.preferences.queries import preferences_of_all
from csts.preferences.schemas import Preferences
from csts.push.models import PushSubscription

# Nobody sits before more of them; the newest ones.
MOST_BROWSERS = 10


@dataclass(frozen=True)
class Listener:
    """Somebody with his browsers, the newest first, by their digests."""

    id: int
    preferences: Preferences
    browsers: Sequence[str]


async def is_anybody_there(session: AsyncSession) -> bool:
    """Whether there is a browser that may be called at all; most desks have none, and look no further."""
    return await session.scalar(select(PushSubscription.digest).limit(1)) is not None


async def listeners(session: AsyncSession, kind: str, people: Collection[int] | None = None) -> list[Listener]:
    """Who wants notices and has a browser for them: all people of this kind where none are named."""
    theirs = select(PushSubscription.person_id, PushSubscription.digest).where(PushSubscription.person_kind == kind)
    if people is not None:
        theirs = theirs.where(PushSubscription.person_id.in_(people))
    browsers = defaultdict[int, list[str]](list)
    for person_id, digest in await session.execute(theirs.order_by(PushSubscription.created_at.desc())):
        browsers[person_id].append(digest)
    wanted = await preferences_of_all(session, kind, browsers)
    return [
        Listener(person_id, wanted[person_id], found[:MOST_BROWSERS])
        for person_id, found in browsers.items()
        if wanted[person_id].notifications
    ]


async def living(session: AsyncSession, digest: str) -> PushSubscription | None:
    """None where it is gone, or the session in which its owner said so."""
    found = await session.get(PushSubscription, digest)
    if found is None or not await alive_among(session, found.person_kind, [found.session]):  # type: ignore[arg-type]  # a stored kind
        return None
    return found
