"""The wire shapes of tickets: what comes in, what a list row shows, what the whole ticket shows."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
import phonenumbers
from fastapi import UploadFile
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from csts.attachments.intake import CHAT_FILES, MAX_SCREENSHOTS, PICTURES
from csts.attachments.refusals import MAX_BYTES
from csts.attachments.schemas import AttachmentOut
from csts.kit.columns import MAX_ID
from csts.kit.fields import between
from csts.kit.text import clean_line, clean_text
from csts.realtime.people import Person
from csts.settings import Settings
from csts.tickets.references import TicketRef
from csts.tickets.status import Priority, Status

SUBJECT_CHARS = (3, 200)
DESCRIPTION_CHARS = 10_000
MESSAGE_CHARS = 4000


def _phone(value: str) -> str | None:
    """In E.164; None for an empty field."""
    if not value.strip():
        return None
    try:
        number = phonenumbers.parse(value, None)
    except phonenumbers.NumberParseException:
        number = None
    # Possible is enough: new ranges of numbers open faster than anybody updates a library.
    if number is None or not phonenumbers.is_possible_number(number):
        raise ValueError("Please write the number with its country code, such as +49 30 901820.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class TicketForm(BaseModel):
    """A new ticket as its form sends it."""

    model_config = ConfigDict(extra="forbid")

    subject: Annotated[str, AfterValidator(clean_line), between(*SUBJECT_CHARS)] = Field(
        max_length=SUBJECT_CHARS[1], examples=["Cannot pay with my card"]
    )
    description: Annotated[str, AfterValidator(clean_text), between(1, DESCRIPTION_CHARS)] = Field(
        max_length=DESCRIPTION_CHARS, examples=["At the last step it says: declined."]
    )
    issue_type: str = Field(examples=["billing"])
    priority: Priority = Priority.MEDIUM
    callback_number: Annotated[str, AfterValidator(_phone)] | None = Field(None, examples=["+49 30 901820"])
    screenshots: list[UploadFile] = Field(default_factory=list, description="PNG or JPEG, at most 4 MB each")


class StatusChange(BaseModel):
    model_config = ConfigDict(extra="forbid")
    status: Status


class PriorityChange(BaseModel):
    model_config = ConfigDict(extra="forbid")
    priority: Priority


class AssigneeChange(BaseModel):
    model_config = ConfigDict(extra="forbid")
    # Strict, for JSON's `true` would be agent 1; and without a default, for `{}` must not take anybody off a ticket.
    agent_id: Annotated[int, Field(ge=1, le=MAX_ID, strict=True)] | None = Field(
        description="null leaves the ticket to nobody"
    )


class Who(msgspec.Struct, frozen=True):
    id: int
    name: str


class Customer(msgspec.Struct, frozen=True, omit_defaults=True):
    """`email` is shown to agents only."""

    id: int
    name: str
    email: str | msgspec.UnsetType = msgspec.UNSET


class FoundIn(msgspec.Struct, frozen=True):
    """Where a search has found a ticket. All marks are `[start, end)` in UTF-16 units of the text before them.

    `subject_marks` are those of the row's subject. `text` is the newest passage elsewhere that has one of the words,
    or empty; `where` says what it is.
    """

    subject_marks: list[tuple[int, int]]
    text: str = ""
    marks: list[tuple[int, int]] = []
    where: Literal["description", "message", "note"] | None = None


class Mentioned(msgspec.Struct, frozen=True):
    """The latest internal note of a ticket that mentions the reader: who wrote it and when, and whether it is read."""

    by: Who
    at: datetime
    seen: bool


class TicketRow(msgspec.Struct, frozen=True):
    """A ticket in a list, without its description and messages; `found` stands in the answers to searches only.

    `tags`, `snoozed_until` and `mentioned` are for agents, and left out where there are none; so is `merged_into`, for
    everybody. Where a row is told to all agents it has no `mentioned`, which is each reader's own: what he knows stays.
    """

    id: int
    ticket_no: str
    subject: str
    issue_type: str
    status: Status
    priority: Priority
    created_at: datetime
    updated_at: datetime
    customer: Who
    agent: Who | None
    unread: int
    last_message_preview: str
    awaiting_reply: bool
    awaiting_since: datetime | None
    tags: list[str] | msgspec.UnsetType = msgspec.UNSET
    snoozed_until: datetime | msgspec.UnsetType = msgspec.UNSET
    merged_into: TicketRef | msgspec.UnsetType = msgspec.UNSET
    mentioned: Mentioned | msgspec.UnsetType = msgspec.UNSET
    found: FoundIn | msgspec.UnsetType = msgspec.UNSET


class TicketPage(msgspec.Struct, frozen=True):
    """`items` in the order of the list; `partial` where a search has not looked through everything that is old."""

    items: list[TicketRow]
    next_cursor: str | None
    partial: bool | msgspec.UnsetType = msgspec.UNSET


class TicketOut(msgspec.Struct, frozen=True):
    """The whole ticket. `allowed_statuses` and `last_seq` are its reader's; `unread` is left out in a room's frames.

    `tags` and `snoozed_until` are for agents. `merged_into` says where the conversation goes on, `merged_from` which
    tickets are read with this one, in the order of their ids.
    """

    id: int
    ticket_no: str
    subject: str
    description: str
    issue_type: str
    status: Status
    priority: Priority
    callback_number: str | None
    created_at: datetime
    updated_at: datetime
    customer: Customer
    agent: Who | None
    attachments: list[AttachmentOut]
    allowed_statuses: list[Status]
    last_seq: int
    last_message_preview: str
    merged_into: TicketRef | None
    merged_from: list[TicketRef]
    unread: int | msgspec.UnsetType = msgspec.UNSET
    tags: list[str] | msgspec.UnsetType = msgspec.UNSET
    snoozed_until: datetime | msgspec.UnsetType | None = msgspec.UNSET


class EventOut(msgspec.Struct, frozen=True):
    """One line of a ticket's history."""

    id: int
    kind: str
    actor: Person
    public: bool
    data: dict[str, Any]
    created_at: datetime


class Counts(msgspec.Struct, frozen=True):
    """How many tickets each queue of the desk holds; counting stops at 10,001. `mentions` are those not seen yet."""

    awaiting_reply: int
    mine: int
    unassigned: int
    open: int
    solved: int
    snoozed: int
    mentions: int


class Options(msgspec.Struct, frozen=True):
    """The choices and limits that a client shows before somebody runs into them."""

    issue_types: list[str]
    priorities: list[str]
    statuses: list[str]
    screenshots: dict[str, Any]
    attachments: dict[str, Any]
    message_max_chars: int
    subject: dict[str, int]
    description: dict[str, int]


def options_of(settings: Settings) -> Options:
    pictures = {"max": MAX_SCREENSHOTS, "max_bytes": MAX_BYTES, "types": list(PICTURES)}
    return Options(
        issue_types=settings.categories,
        priorities=list(Priority),
        statuses=list(Status),
        screenshots={"min": settings.min_screenshots, **pictures},
        attachments={**pictures, "types": list(CHAT_FILES)},
        message_max_chars=MESSAGE_CHARS,
        subject={"min": SUBJECT_CHARS[0], "max": SUBJECT_CHARS[1]},
        description={"max": DESCRIPTION_CHARS},
    )
