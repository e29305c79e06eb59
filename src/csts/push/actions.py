"""What changes which browsers may be called."""

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from csts.auth.actor import Actor
from csts.kit import clock
from csts.kit.bulk import Program, Put, Row
from csts.kit.carriers import carry_in
from csts.kit.errors import InvalidInput
from csts.kit.secrets import digest
from csts.push.models import PushSubscription
from csts.push.schemas import Subscription
from csts.push.services import can_be_sealed_for, is_service

_COLUMNS = ("digest", "endpoint", "p256dh", "auth", "person_kind", "person_id", "session", "language", "created_at")
_put = Put(PushSubscription, _COLUMNS, key=("digest",))


async def subscribe(
    session: AsyncSession, actor: Actor, browser: Subscription, *, language: str, services: str
) -> None:
    """Call this browser from now on, for this person alone: it takes the place of whatever his session had before.

    Raises InvalidInput for an address that is none of these services'.
    """
    if not is_service(browser.endpoint, services):
        raise InvalidInput.of("endpoint", "This desk does not send notices by way of this address.")
    if not can_be_sealed_for(browser):
        raise InvalidInput.of("keys", "These are not the keys of a browser.")
    # A customer and an agent may both be signed in there.
    known = digest(f"{actor.kind} {browser.endpoint}")
    others = delete(PushSubscription).where(PushSubscription.session == actor.session, PushSubscription.digest != known)
    await session.execute(others)
    whose = (actor.kind, actor.id, actor.session, language, clock.now())
    # In one statement: who was signed in there before him is called no more.
    await carry_in(session, _one((known, browser.endpoint, browser.keys.p256dh, browser.keys.auth, *whose)))


async def forget(session: AsyncSession, browser: str) -> None:
    """Its push service knows the browser no more."""
    await session.execute(delete(PushSubscription).where(PushSubscription.digest == browser))


def _one(row: Row) -> Program[None]:
    yield [_put([row])]
