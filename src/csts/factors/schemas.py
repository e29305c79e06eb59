"""The wire shapes of the second factor."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

# Longer than a recovery code with all its dashes.
MOST_CHARS = 40

Password = Annotated[str, Field(min_length=1, max_length=1024, examples=["four brown owls at noon"])]


def _plain(value: str) -> str:
    """Without the spaces and dashes that make codes easier to read."""
    plain = "".join(value.replace("-", " ").split()).lower()
    if not plain:
        raise ValueError("Please fill this in.")
    return plain


Code = Annotated[str, AfterValidator(_plain), Field(max_length=MOST_CHARS, examples=["492039"])]


class Proof(BaseModel):
    """Who asks is still the one who signed in."""

    model_config = ConfigDict(extra="forbid")

    password: Password


class FullProof(Proof):
    """`code` is one of the app or a recovery code."""

    code: Code


class Confirmation(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: Code


class FactorState(BaseModel):
    """`required`: this desk lets nobody work without one."""

    on: bool
    since: datetime | None
    recovery_codes_left: int
    required: bool


class FactorSetup(BaseModel):
    """Told once. `qr` is a picture of `uri` as a `data:` address; `secret` is for apps that cannot see it."""

    secret: str
    uri: str
    qr: str


class RecoveryCodes(BaseModel):
    """Told once; each opens the account once, in place of a code of the app."""

    recovery_codes: list[str]
