"""Tables of what travels on sockets, made from the structs that encode and decode it."""

from collections.abc import Iterable
from datetime import datetime
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec

from csts.attachments.schemas import AttachmentOut
from csts.chat import schemas as chat
from csts.drafts.schemas import DraftOut, OwnDraftFrame
from csts.realtime.people import Person
from csts.tickets import events as tickets
from csts.tickets.schemas import TicketOut, TicketRow
from csts.tickets.status import Priority, Status
from tests.docs.tables import code, first_sentence, table

Struct = type[msgspec.Struct]

NAMES: dict[Any, str] = {
    str: "text",
    int: "number",
    bool: "true or false",
    datetime: "time",
    NoneType: "null",
    Status: "a [status](statuses.md)",
    Priority: "a [priority](statuses.md#priorities)",
}
LINKED: dict[Any, str] = {
    Person: "person",
    AttachmentOut: "attachment",
    TicketOut: "ticket",
    TicketRow: "row",
    DraftOut: "draft",
}
ROOM: tuple[Struct, ...] = (
    chat.Ready,
    chat.MessageFrame,
    chat.TypingFrame,
    chat.DraftFrame,
    chat.Presence,
    chat.ReadFrame,
    tickets.TicketFrame,
    OwnDraftFrame,
    chat.Pong,
    chat.ErrorFrame,
)
LISTS: tuple[Struct, ...] = (
    chat.FeedReady,
    tickets.RowFrame,
    tickets.UnreadFrame,
    tickets.MentionFrame,
    chat.DeskTypingFrame,
    chat.ViewingFrame,
    chat.Presence,
    OwnDraftFrame,
    chat.Pong,
    chat.ErrorFrame,
)


def frames_in() -> str:
    return frame_table(get_args(chat.RoomFrame))


def frames_of_a_room() -> str:
    return frame_table(ROOM)


def frames_of_a_list() -> str:
    return frame_table(LISTS)


def shared_shapes() -> str:
    rows = ([code(name), members(shape), first_sentence(shape.__doc__)] for shape, name in LINKED.items())
    return table(["shape", "members", "what it is"], rows)


def frame_table(frames: Iterable[Struct]) -> str:
    rows = ([code(frame.__struct_config__.tag), members(frame), first_sentence(frame.__doc__)] for frame in frames)
    return table(["type", "members", "what it says"], rows)


def members(shape: Struct) -> str:
    """Each member with its type; a question mark is behind those that may be left out."""
    return ", ".join(
        f"{code(field.name)}{'' if field.required else '?'} {type_name(field.type)}"
        for field in msgspec.structs.fields(shape)
    )


def type_name(kind: Any) -> str:
    """The type as a reader of JSON would say it."""
    if kind in NAMES or kind in LINKED:
        return NAMES.get(kind) or LINKED[kind]
    parts = get_args(kind)
    if parts:
        return _name_of_parts(get_origin(kind), parts)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return f"{{{members(kind)}}}"
    return "object"


def _name_of_parts(origin: Any, parts: tuple[Any, ...]) -> str:
    if origin is Annotated:
        return type_name(parts[0])
    if origin is Literal:
        return " or ".join(code(part) for part in parts)
    if origin is list:
        return f"list of {type_name(parts[0])}"
    if origin in {UnionType, Union}:
        return " or ".join(type_name(part) for part in parts if part is not msgspec.UnsetType)
    return "object"
