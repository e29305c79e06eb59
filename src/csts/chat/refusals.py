"""Why a message is not written."""

from http import HTTPStatus

from csts.chat.schemas import MessageDraft
from csts.kit.errors import DomainError, InvalidInput
from csts.tickets.status import Status


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


def check(draft: MessageDraft, sender: str, ticket_id: int, status: str) -> None:
    """Raises NotesAreForAgents, InvalidInput, TicketClosed; `sender` is the kind of person."""
    if draft.internal and sender != "agent":
        raise NotesAreForAgents
    if not draft.content.strip() and not draft.attachment_ids:
        raise InvalidInput.of("content", "Please write something, or attach a file.")
    if "\0" in draft.content:
        raise InvalidInput.of("content", "There is a character in this text that cannot be shown.")
    if status == Status.CLOSED and sender != "system" and not draft.internal:
        raise TicketClosed(reopen={"method": "PUT", "path": f"/tickets/{ticket_id}/status", "status": Status.OPEN})
