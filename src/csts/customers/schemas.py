"""The wire shapes of customers."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from csts.kit.mailbox import Email
from csts.kit.text import clean_line


class Registration(BaseModel):
    """Somebody signs up."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, AfterValidator(clean_line), Field(max_length=100, examples=["Ana Ruiz"])]
    email: Email
    password: str = Field(examples=["four brown owls at noon"])


class CustomerOut(BaseModel):
    """A customer as he sees himself."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    email: str
    role: Literal["customer"]
