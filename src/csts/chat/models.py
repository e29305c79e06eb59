"""The table of messages."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from csts.kit import clock
from csts.kit.columns import UtcDateTime, exact_string
from csts.kit.db import Base
from csts.realtime.people import Person


class Message(Base):
    """One line of a thread. `seq` counts all of a ticket's lines, `public_seq` those that its customer sees.

    Both are allotted under the ticket's row lock; the unique keys are the proof, not the mechanism.
    `sender` is the kind of person, with the id 0 for the system and the assistant.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("ticket_id", "seq"),
        # NULL equals nothing, not even NULL: any number of notes fit under this key, on both databases.
        UniqueConstraint("ticket_id", "public_seq"),
        UniqueConstraint("ticket_id", "sender", "sender_id", "client_id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    ticket_no: Mapped[str] = mapped_column(exact_string(40))
    seq: Mapped[int]
    public_seq: Mapped[int | None]
    sender: Mapped[str] = mapped_column(exact_string(20))
    sender_id: Mapped[int] = mapped_column(default=0)
    # Copied: a thread says under which name something was said, also when the account is called otherwise later.
    sender_name: Mapped[str] = mapped_column(String(100))
    client_id: Mapped[str] = mapped_column(exact_string(36))
    content: Mapped[str] = mapped_column(Text)
    internal: Mapped[bool] = mapped_column(default=False)
    timestamp: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    @property
    def person(self) -> Person:
        return Person(self.sender, self.sender_id, self.sender_name)  # type: ignore[arg-type]  # a stored Kind

    def number_for(self, kind: str) -> int:
        """The number that a reader of this kind knows the message by."""
        return self.seq if kind == "agent" else (self.public_seq or 0)
