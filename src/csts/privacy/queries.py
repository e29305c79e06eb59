"""Reads of customers, for whoever looks after their data."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.customers.models import User
from csts.kit.errors import NotFound
from csts.privacy.schemas import CustomerData
from csts.tickets.models import Ticket


async def customer_data(session: AsyncSession, customer_id: int) -> CustomerData:
    """Raises NotFound."""
    user = await session.get(User, customer_id)
    if user is None:
        raise NotFound
    tickets = await session.scalar(select(func.count()).select_from(Ticket).where(Ticket.user_id == user.id))
    return CustomerData(
        id=user.id, name=user.name, email=user.email, tickets=tickets or 0, erased=user.erased_at is not None
    )
