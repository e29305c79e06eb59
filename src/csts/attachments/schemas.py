"""What the wire shows of a file."""

import msgspec

from csts.attachments.models import Attachment


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
    def of(cls, row: Attachment) -> "AttachmentOut":
        return cls(
            id=row.id,
            file_name=row.file_name,
            file_type=row.file_type,
            size=row.size,
            url=f"/attachments/{row.id}",
            width=row.width,
            height=row.height,
        )
