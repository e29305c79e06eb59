"""Reads of preferences."""

from collections.abc import Collection

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.preferences.models import ChosenPreferences
from csts.preferences.schemas import Preferences


async def preferences_of(session: AsyncSession, kind: str, person_id: int) -> Preferences:
    """What holds for this person, whether he has chosen or not."""
    return shown(await session.get(ChosenPreferences, (kind, person_id)))


async def preferences_of_all(session: AsyncSession, kind: str, people: Collection[int]) -> dict[int, Preferences]:
    """What holds for each of these people."""
    chosen = select(ChosenPreferences).where(
        ChosenPreferences.person_kind == kind, ChosenPreferences.person_id.in_(people)
    )
    rows = {row.person_id: row for row in await session.scalars(chosen)}
    return {person_id: shown(rows.get(person_id)) for person_id in people}


def shown(row: ChosenPreferences | None) -> Preferences:
    return msgspec.convert(row.chosen if row else {}, Preferences)
