"""What each person has chosen for himself."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from csts.kit import clock
from csts.kit.columns import UtcDateTime, exact_string
from csts.kit.db import Base


class ChosenPreferences(Base):
    """Holds only what was chosen, so that a better default reaches all who never cared."""

    __tablename__ = "preferences"

    person_kind: Mapped[str] = mapped_column(exact_string(20), primary_key=True)
    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    chosen: Mapped[dict[str, Any]] = mapped_column(JSON)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, onupdate=clock.now)
