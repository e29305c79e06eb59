"""A letter: which one, to whom and in which language, as it waits in the queue."""

from datetime import datetime
from uuid import uuid4

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from csts.kit.tasks import enqueue

MAIL = "mail"


class Letter(msgspec.Struct, frozen=True):
    """`name` is that of a template, which `facts` are for. Its link opens `path`, of this desk, with a token behind it.

    The token is made of `nonce` and the desk's key when the letter is printed: who reads the queue cannot open it.
    """

    name: str
    to: str
    language: str
    facts: dict[str, str] = {}
    path: str = ""
    nonce: str = ""
    # Not sent any more after this, for its link would be dead.
    useful_until: datetime | None = None
    # Whose letter it is, so that an erasure finds it wherever it was sent.
    person: str = ""
    # The same at each attempt, so that who gets it twice has one.
    id: str = msgspec.field(default_factory=lambda: uuid4().hex)

    def leading_to(self, path: str, *, nonce: str = "", until: datetime | None = None) -> "Letter":
        """The same with a link to this page, and with a token where there is a nonce."""
        return msgspec.structs.replace(self, path=path, nonce=nonce, useful_until=until)


def person_word(kind: str, person_id: int) -> str:
    """Who a letter is for."""
    return f"{kind}-{person_id}"


async def send(session: AsyncSession, letter: Letter) -> None:
    """On its way once this transaction has been committed, and never if it is not."""
    await enqueue(session, MAIL, msgspec.to_builtins(letter))
