"""The wire shapes of agents."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from csts.kit.fields import Switch
from csts.kit.mailbox import Email
from csts.kit.text import clean_line

Role = Literal["agent", "admin"]


def _username(value: str) -> str:
    value = value.strip().lower()
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{2,63}", value):
        raise ValueError("Please use 3 to 64 letters, digits, dots, dashes or underscores.")
    return value


Username = Annotated[str, AfterValidator(_username), Field(max_length=100, examples=["priya"])]
Name = Annotated[str, AfterValidator(clean_line), Field(max_length=100, examples=["Priya Nair"])]


class NewAgent(BaseModel):
    """An account to make."""

    model_config = ConfigDict(extra="forbid")

    username: Username
    name: Name
    password: str = Field(examples=["four brown owls at noon"])
    role: Role = "agent"
    active: Switch = True
    email: Email | None = None


class AgentChanges(BaseModel):
    """What to change; a field that is not given stays as it is."""

    model_config = ConfigDict(extra="forbid")

    # These are never written: only what was given counts. None would make null a value that a client may send.
    username: Username = ""
    name: Name = ""
    password: str = ""
    role: Role = "agent"
    active: Switch = True
    # This one may be null: no address.
    email: Email | None = None


class AgentOut(BaseModel):
    """An agent as colleagues see him; `online` while he has any socket open. Only admins are told `email`."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    username: str
    role: Role
    active: bool
    online: bool = False
    email: str | None = None
