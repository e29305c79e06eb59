"""The wire shapes of an erasure."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Confirmation = Annotated[str, Field(min_length=1, max_length=254, examples=["ana@example.com"])]


class Erasure(BaseModel):
    """`confirmation` is the e-mail address of the account, once more by hand."""

    model_config = ConfigDict(extra="forbid")

    confirmation: Confirmation


class OwnErasure(Erasure):
    """Whoever asks is still the one who signed in."""

    password: str = Field(min_length=1, max_length=1024, examples=["four brown owls at noon"])


class CustomerData(BaseModel):
    """What an admin sees of a customer before he hands out or erases his data."""

    id: int
    name: str
    email: str
    tickets: int
    erased: bool
