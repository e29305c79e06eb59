"""The wire shapes of signing in."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from csts.customers.schemas import CustomerOut
from csts.factors.schemas import Code
from csts.kit.mailbox import Email

SessionKind = Literal["token", "cookie"]


class CustomerLogin(BaseModel):
    """`cookie` is for browsers: the tokens are set as HttpOnly cookies and not told."""

    model_config = ConfigDict(extra="forbid")

    email: str = Field(min_length=1, max_length=254, examples=["ana@example.com"])
    # None of the rules for new passwords: one that an older release accepted must go on opening the account.
    password: str = Field(min_length=1, max_length=1024, examples=["four brown owls at noon"])
    session: SessionKind = "token"


class AgentLogin(BaseModel):
    """`cookie` is for browsers: the tokens are set as HttpOnly cookies and not told.

    `code` is for accounts with a second factor: one of the app, or a recovery code.
    """

    model_config = ConfigDict(extra="forbid")

    username: str = Field(min_length=1, max_length=100, examples=["priya"])
    password: str = Field(min_length=1, max_length=1024, examples=["four brown owls at noon"])
    code: Code | None = None
    session: SessionKind = "token"


class Refresh(BaseModel):
    """A browser sends none: its cookie is the token."""

    model_config = ConfigDict(extra="forbid")

    refresh_token: str = Field(min_length=1, max_length=200)


class PasswordChange(BaseModel):
    """The old one, to show that nobody has just found an open window."""

    model_config = ConfigDict(extra="forbid")

    old_password: str = Field(min_length=1, max_length=1024, examples=["four brown owls at noon"])
    password: str = Field(examples=["five grey geese at dawn"])


class EmailChange(BaseModel):
    """The password, to show that nobody has just found an open window."""

    model_config = ConfigDict(extra="forbid")

    email: Email
    password: str = Field(min_length=1, max_length=1024, examples=["four brown owls at noon"])


class OwnEmail(BaseModel):
    """`waiting_for` is an address that a link was sent to, which has not been opened yet."""

    email: str | None
    waiting_for: str | None


class EmailAsked(BaseModel):
    model_config = ConfigDict(extra="forbid")

    email: Email


class LinkToken(BaseModel):
    """What stands behind the `#` of a letter's link."""

    model_config = ConfigDict(extra="forbid")

    token: str = Field(min_length=1, max_length=200)


class PasswordReset(LinkToken):
    """With the new password."""

    password: str = Field(examples=["five grey geese at dawn"])


class SessionOut(BaseModel):
    """One of one's own; `browser` and `system` are guesses, null for a program. `current` is the one that asks."""

    id: str
    browser: str | None
    system: str | None
    address: str
    begun_at: datetime
    last_used_at: datetime
    current: bool


class AgentSelf(BaseModel):
    """An agent as he sees himself."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    username: str
    role: Literal["agent", "admin"]


class BrowserSession(BaseModel):
    """What a browser is told: `expires_in` is the life of the access token in seconds."""

    expires_in: int
    user: CustomerOut | None = None
    agent: AgentSelf | None = None


class Tokens(BrowserSession):
    """What a program is told."""

    access_token: str
    refresh_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - a kind, not a secret


class Myself(BaseModel):
    """The person that the token speaks for."""

    kind: Literal["customer", "agent"]
    id: int
    name: str
    role: Literal["customer", "agent", "admin"]
    email: str | None = None
    username: str | None = None
