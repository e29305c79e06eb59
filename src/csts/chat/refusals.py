"""Why a message is not written, and how its sender is told."""

from http import HTTPStatus

import msgspec

from csts.chat.schemas import ErrorFrame, MessageDraft
from csts.kit.errors import DomainError, InvalidInput
from csts.tickets.state import Standing
from csts.tickets.status import Status, TicketMerged


class TicketClosed(DomainError):
    """Says how to reopen, in `reopen`: the request that does it."""

    code = "ticket_closed"
    status = HTTPStatus.CONFLICT
    detail = "This ticket is closed. Open it again to go on talking; your message has been kept."


class UnknownAttachment(DomainError):
    code = "unknown_attachment"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    detail = "One of the files is not there any more, or was sent before. Please attach it again."


class NotesAreForAgents(DomainError):
    code = "notes_are_for_agents"
    status = HTTPStatus.FORBIDDEN
    detail = "Only agents can write internal notes."


class StaleReply(DomainError):
    """Says how far the thread goes by now, in `last_seq`."""

    code = "stale_reply"
    status = HTTPStatus.CONFLICT
    detail = "Somebody has written here since you began. Nothing was sent yet, and your text has been kept."


class AssistantSilent(DomainError):
    """Told to nobody but the assistant, which was too late."""

    code = "assistant_silent"
    status = HTTPStatus.CONFLICT
    detail = "A person looks after this ticket now, so the assistant says no more."


def check(draft: MessageDraft, sender: str, ticket: Standing) -> None:
    """Raises NotesAreForAgents, InvalidInput, TicketMerged, TicketClosed; `sender` is the kind of person."""
    if draft.internal and sender not in ("agent", "assistant"):
        raise NotesAreForAgents
    if not draft.content.strip() and not draft.attachment_ids:
        raise InvalidInput.of("content", "Please write something, or attach a file.")
    if "\0" in draft.content:
        raise InvalidInput.of("content", "There is a character in this text that cannot be shown.")
    # To notes as well: nobody would look for them there.
    if ticket.merged_into_id is not None and sender != "system":
        raise TicketMerged.of(ticket.id, ticket.merged_into_id)
    if ticket.status == Status.CLOSED and sender != "system" and not draft.internal:
        raise TicketClosed(reopen={"method": "PUT", "path": f"/tickets/{ticket.id}/status", "status": Status.OPEN})


def error_frame(error: DomainError, frame: bytes) -> ErrorFrame:
    """What the sender of this frame is told."""
    return ErrorFrame(
        code=error.code,
        detail=str(error),
        client_id=_client_id_of(frame),
        errors=error.fields.get("errors", msgspec.UNSET),
        reopen=error.fields.get("reopen", msgspec.UNSET),
        merged_into=error.fields.get("merged_into", msgspec.UNSET),
        last_seq=error.fields.get("last_seq", msgspec.UNSET),
    )


class _Named(msgspec.Struct):
    client_id: str | msgspec.UnsetType = msgspec.UNSET


def _client_id_of(frame: bytes) -> str | msgspec.UnsetType:
    """The `client_id` of a frame that is wrong otherwise, so that its sender knows which one it was."""
    try:
        return msgspec.json.decode(frame, type=_Named).client_id
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return msgspec.UNSET
