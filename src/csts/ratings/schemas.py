"""The wire shapes of ratings."""

from datetime import datetime
from typing import Annotated

import msgspec
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from csts.kit.fields import between
from csts.kit.text import clean_text

COMMENT_CHARS = 1000


class NewRating(BaseModel):
    """What a customer thinks: 1 is the worst and 5 the best."""

    model_config = ConfigDict(extra="forbid")

    # Strict, for JSON's `true` would be 1.
    score: int = Field(ge=1, le=5, strict=True, examples=[5])
    comment: Annotated[str, AfterValidator(clean_text), between(0, COMMENT_CHARS)] = Field(
        "", max_length=COMMENT_CHARS, examples=["Quick, and it works again."]
    )


class RatingOut(msgspec.Struct, frozen=True):
    """`current` says that it is about how the ticket is solved now; an earlier one came before it was opened again."""

    id: int
    score: int
    comment: str
    current: bool
    created_at: datetime
    updated_at: datetime
    changeable_until: datetime
