"""What the wire shows of a file."""

from typing import Protocol

import msgspec


class Described(Protocol):
    """A stored file by its own columns."""

    @property
    def id(self) -> int: ...
    @property
    def file_name(self) -> str: ...
    @property
    def file_type(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def width(self) -> int | None: ...
    @property
    def height(self) -> int | None: ...


class AttachmentOut(msgspec.Struct, frozen=True):
    """`url` opens for who may see the ticket; `width` and `height` are null for what is not a picture."""

    id: int
    file_name: str
    file_type: str
    size: int
    url: str
    width: int | None
    height: int | None

    @classmethod
    def of(cls, row: Described) -> "AttachmentOut":
        return cls(
            id=row.id,
            file_name=row.file_name,
            file_type=row.file_type,
            size=row.size,
            url=f"/attachments/{row.id}",
            width=row.width,
            height=row.height,
        )
