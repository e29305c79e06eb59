"""What changes a customer's account."""

from http import HTTPStatus

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from csts.customers.models import User
from csts.kit.errors import DomainError


class EmailTaken(DomainError):
    # It tells a stranger that there is an account. A discreet answer would be a letter, which not every desk can send.
    code = "email_taken"
    status = HTTPStatus.CONFLICT
    detail = "There is an account with this e-mail address already. Sign in instead."

    @classmethod
    def of_field(cls) -> "EmailTaken":
        return cls(errors=[{"field": "email", "message": cls.detail}])


async def register(session: AsyncSession, *, name: str, email: str, password_hash: str) -> User:
    """A new customer; `email` in lower case. Raises EmailTaken."""
    user = User(name=name, email=email, password_hash=password_hash)
    session.add(user)
    # The database judges, for of two that look beforehand at the same moment both would find the address free.
    try:
        await session.flush()
    except IntegrityError:
        raise EmailTaken.of_field() from None
    return user
