"""What others wrote that names or quotes a customer: his words go, and what stands around them stays."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.attachments.models import Attachment
from csts.chat.models import Message
from csts.drafts.models import Draft
from csts.tickets.models import Ticket

ERASED = "Erased"
# Shorter parts of a name are parts of many others' sentences.
_PART_CHARS = 3


@dataclass(frozen=True)
class Known:
    """What a customer is known by."""

    name: str
    email: str

    def words(self, ticket: Ticket) -> list[str]:
        """All that names him in this ticket, and its own subject and number to call, which answers quote."""
        # "von" and "de la" stand in front of other names, too.
        parts = [part for part in self.name.split() if len(part) >= _PART_CHARS and not part.islower()]
        found = [self.name, *parts, self.email, ticket.subject, ticket.callback_number or ""]
        return [word for word in found if word]


def blotted(text: str, words: Sequence[str]) -> str:
    """The text with `Erased` in place of each of these words; as words, for a short one is a part of others."""
    # The longest first, or the first part of a name would leave its rest. An address has no case.
    longest = sorted(words, key=len, reverse=True)
    found = "|".join(f"(?i:{re.escape(word)})" if "@" in word else re.escape(word) for word in longest)
    return re.sub(rf"(?<!\w)(?:{found})(?!\w)", ERASED, text)


async def blot_messages(session: AsyncSession, ticket_id: int, words: Sequence[str]) -> list[int]:
    """In lines of the system and what agents wrote; which messages say something else by that."""
    changed = []
    said = select(Message).where(Message.ticket_id == ticket_id, Message.sender.in_(("system", "agent")))
    for message in await session.scalars(said):
        text = blotted(message.content, words)
        if text != message.content:
            message.content = text
            changed.append(message.id)
    return changed


async def blot_beside(session: AsyncSession, ticket_id: int, words: Sequence[str]) -> None:
    """In what agents have begun to write there, and in the names of files that they sent."""
    for draft in await session.scalars(select(Draft).where(Draft.ticket_id == ticket_id)):
        draft.content = blotted(draft.content, words)
    for attachment in await session.scalars(select(Attachment).where(Attachment.ticket_id == ticket_id)):
        attachment.file_name = blotted(attachment.file_name, words)
