"""Reads of preferences."""

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from csts.preferences.models import ChosenPreferences
from csts.preferences.schemas import Preferences


async def preferences_of(session: AsyncSession, kind: str, person_id: int) -> Preferences:
    """What holds for this person, whether he has chosen or not."""
    return shown(await session.get(ChosenPreferences, (kind, person_id)))


def shown(row: ChosenPreferences | None) -> Preferences:
    return msgspec.convert(row.chosen if row else {}, Preferences)
