"""Reads of customers."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.customers.models import User


async def by_email(session: AsyncSession, email: str) -> User | None:
    return (await session.scalars(select(User).where(User.email == email))).one_or_none()
