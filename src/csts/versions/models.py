"""The columns of what is kept with its history, and of the history."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from csts.kit import clock
from csts.kit.columns import UtcDateTime
from csts.realtime.people import Person


class Signed:
    """Whoever wrote something last, under the name of that time; nobody where no agent did."""

    editor_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    editor_name: Mapped[str | None] = mapped_column(String(100))

    @property
    def signer(self) -> Person | None:
        return editor(self.editor_id, self.editor_name)


class Kept(Signed):
    """What keeps its history: `version` counts its changes, and the revision with that number holds the same text."""

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    @property
    def updated_by(self) -> Person | None:
        return self.signer


class Revision(Signed):
    """Something as one change left it, and who made the change; `OWNER` names the column of what it was."""

    OWNER: ClassVar[str]

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    version: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def by(self) -> Person | None:
        return self.signer


def editor(agent_id: int | None, name: str | None) -> Person | None:
    return None if agent_id is None else Person("agent", agent_id, name or "")
