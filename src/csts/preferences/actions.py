"""What changes preferences."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.agents.models import Agent
from csts.auth.actor import Actor
from csts.customers.models import User
from csts.preferences.models import ChosenPreferences
from csts.preferences.queries import shown
from csts.preferences.schemas import Preferences


async def choose(session: AsyncSession, actor: Actor, changes: dict[str, Any]) -> Preferences:
    """Set these fields for this person, and leave the others. Locks his account: two tabs take turns."""
    account = User if actor.kind == "customer" else Agent
    await session.execute(select(account.id).where(account.id == actor.id).with_for_update())
    row = await session.get(ChosenPreferences, (actor.kind, actor.id))
    if row is None:
        row = ChosenPreferences(person_kind=actor.kind, person_id=actor.id, chosen={})
        session.add(row)
    # Another object, for a change inside of this one would not be noticed.
    row.chosen = {**row.chosen, **changes}
    await session.flush()
    return shown(row)
