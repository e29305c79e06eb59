"""The end of a customer's data: at once for the account, ticket by ticket for what he wrote."""

from collections.abc import Sequence
from functools import partial
from http import HTTPStatus

from sqlalchemy import ColumnElement, delete, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from csts.assistant.models import AssistantReply, AssistantTalk
from csts.attachments.models import Attachment
from csts.audit.actions import About, Someone, note
from csts.audit.models import Act
from csts.auth.actions import end_sessions
from csts.auth.forgotten import FORGOTTEN
from csts.auth.models import AccountLink, UserRefreshToken
from csts.chat.models import Message
from csts.customers.models import User
from csts.drafts.models import Draft
from csts.kit import clock
from csts.kit.db import Database, announce
from csts.kit.errors import DomainError, InvalidInput, NotFound
from csts.kit.mailbox import normal_email
from csts.kit.tasks import Later, Payload, StoredTask, Task, enqueue
from csts.knowledge.actions import forget_examples
from csts.mail.letters import MAIL, person_word
from csts.preferences.models import ChosenPreferences
from csts.privacy.traces import ERASED, Known, blot_beside, blot_messages
from csts.push.models import PushSubscription
from csts.ratings.models import Rating
from csts.tickets.events import BOARD, TicketMoved
from csts.tickets.indexing import forget_words, hold_index, take_anew
from csts.tickets.models import ReadMark, Ticket, TicketEvent

# The task that goes through his tickets, so many in one turn of the queue.
ERASE = "erase"
TICKETS_AT_ONCE = 50


class AlreadyErased(DomainError):
    code = "already_erased"
    status = HTTPStatus.CONFLICT
    detail = "The data of this customer has been erased already."


async def erase_account(session: AsyncSession, customer_id: int, confirmation: str, *, by: Someone) -> None:
    """Nobody signs in to it any more, its sessions end, and its tickets follow as a task. Locks the account.

    `confirmation` is its e-mail address, once more by hand. Raises NotFound, AlreadyErased, InvalidInput.
    """
    user = await session.get(User, customer_id, with_for_update=True)
    if user is None:
        raise NotFound
    if user.erased_at is not None:
        raise AlreadyErased
    if not _is_meant(confirmation, user):
        raise InvalidInput.of("confirmation", "This is not the e-mail address of the account.")
    known = Known(user.name, user.email)
    user.name, user.email, user.password_hash = ERASED, f"erased-{user.id}@erased.invalid", ""
    user.erased_at, user.email_confirmed_at = clock.now(), None
    await end_sessions(session, "customer", user.id, reason="the account was erased")
    mine = (
        delete(UserRefreshToken).where(UserRefreshToken.owner_id == user.id),
        delete(ChosenPreferences).where(
            ChosenPreferences.person_kind == "customer", ChosenPreferences.person_id == user.id
        ),
        delete(Draft).where(Draft.writer_kind == "customer", Draft.writer_id == user.id),
        delete(PushSubscription).where(
            PushSubscription.person_kind == "customer", PushSubscription.person_id == user.id
        ),
        # A letter that is on its way must open nothing.
        delete(AccountLink).where(AccountLink.person_kind == "customer", AccountLink.person_id == user.id),
    )
    for statement in mine:
        await session.execute(statement)
    note(session, by, Act.CUSTOMER_ERASED, About("customer", user.id, f"#{user.id}"))
    # Others have named him: what he was called is known for as long as that is looked for, and not longer.
    payload = {"customer_id": user.id, "name": known.name, "email": known.email}
    await enqueue(session, ERASE, payload, key=f"customer:{user.id}")


async def erase_tickets(database: Database, task: Task) -> None:
    """His letters, then some of his tickets; a restart goes on where the last one ended.

    Raises Later while there may be more.
    """
    customer_id = task.payload["customer_id"]
    # A task of an older release has no address.
    known = Known(task.payload["name"], task.payload.get("email", ""))
    await database.carry_out(partial(erase_letters, customer_id=customer_id, email=known.email))
    mine = select(Ticket.id).where(Ticket.user_id == customer_id, Ticket.erased_at.is_(None))
    async with database.read() as session:
        ids = list(await session.scalars(mine.order_by(Ticket.id).limit(TICKETS_AT_ONCE)))
    for ticket_id in ids:
        await erase_ticket(database, ticket_id, known)
    if len(ids) == TICKETS_AT_ONCE:
        raise Later(0)


async def erase_letters(session: AsyncSession, *, customer_id: int, email: str) -> None:
    """Letters to him that wait, are on their way or have failed, and links that were asked for to his address."""
    asked = await session.execute(
        select(StoredTask.id, StoredTask.payload).where(StoredTask.name.in_((MAIL, FORGOTTEN)))
    )
    his = [number for number, payload in asked if _is_his(payload, customer_id, email)]
    # Whoever has one of them just now finds its lease lost, and writes nothing down of it.
    await session.execute(delete(StoredTask).where(StoredTask.id.in_(his)))


async def erase_ticket(database: Database, ticket_id: int, known: Known, *, whole: bool = False) -> None:
    """What its customer wrote and sent, and what the assistant made of it; `whole`, all that anybody wrote.

    Numbers, order, status and times stay, so that nobody finds a gap.
    """
    # First, and by itself: whoever judges an answer locks what is learnt behind it, and the text is needed here.
    await database.carry_out(partial(_erase_learnt, ticket_id=ticket_id))
    await database.carry_out(partial(_erase_texts, ticket_id=ticket_id, known=known, whole=whole))


async def _erase_learnt(session: AsyncSession, *, ticket_id: int) -> None:
    """Questions of this ticket that became examples of articles. Locks the answers, then all knowledge."""
    answers = select(AssistantReply).where(AssistantReply.ticket_id == ticket_id).with_for_update()
    rows = (await session.scalars(answers)).all()
    learnt = [(row.topic, row.question) for row in rows if row.topic and row.verdict == "right" and row.question]
    if learnt:
        await forget_examples(session, learnt)
    for row in rows:
        row.question = ""


async def _erase_texts(session: AsyncSession, *, ticket_id: int, known: Known, whole: bool) -> None:
    """Locks the state of the index, then the ticket."""
    # In this order, or a round of the index could read a text before its end and write it down behind it.
    state = await hold_index(session)
    ticket = await session.get(Ticket, ticket_id, with_for_update=True, populate_existing=True)
    if ticket is None or ticket.erased_at is not None:
        return
    words = known.words(ticket)
    ticket.subject, ticket.description, ticket.callback_number = ERASED, ERASED, None
    ticket.last_message_preview = ""
    ticket.erased_at = clock.now()
    who = Message.sender != "system" if whole else Message.sender.in_(("customer", "assistant"))
    gone = await _erase_messages(session, ticket_id, who)
    await _erase_beside(session, ticket_id, whole=whole)
    changed = await blot_messages(session, ticket_id, words)
    await blot_beside(session, ticket_id, words)
    await session.flush()
    await forget_words(session, ticket_id, [*gone, *changed])
    await take_anew(session, state, changed)
    announce(session, BOARD, TicketMoved(ticket_id, changed=True))


def _is_his(payload: Payload, customer_id: int, email: str) -> bool:
    """An agent may read the same mailbox: his letters say that they are his."""
    if "to" in payload and payload.get("person"):
        return bool(payload["person"] == person_word("customer", customer_id))
    return bool(email) and payload.get("kind") != "agent" and email in (payload.get("to"), payload.get("email"))


def _is_meant(confirmation: str, user: User) -> bool:
    try:
        return normal_email(confirmation) == user.email
    except ValueError:
        return False


async def _erase_messages(session: AsyncSession, ticket_id: int, who: ColumnElement[bool]) -> Sequence[int]:
    ids = (await session.scalars(select(Message.id).where(Message.ticket_id == ticket_id, who))).all()
    await session.execute(update(Message).where(Message.ticket_id == ticket_id, who).values(content=ERASED))
    named = Message.ticket_id == ticket_id, Message.sender == "customer"
    await session.execute(update(Message).where(*named).values(sender_name=ERASED))
    return ids


async def _erase_beside(session: AsyncSession, ticket_id: int, *, whole: bool) -> None:
    """Files, history, ratings, read marks, drafts, and what the assistant has kept of its talk."""
    sent = true() if whole else Attachment.uploader_kind == "customer"
    drafts = delete(Draft).where(Draft.ticket_id == ticket_id)
    statements = (
        # Their bytes follow with the sweep of files that no row names.
        delete(Attachment).where(Attachment.ticket_id == ticket_id, sent),
        drafts if whole else drafts.where(Draft.writer_kind == "customer"),
        update(Rating).where(Rating.ticket_id == ticket_id).values(comment=""),
        update(AssistantTalk).where(AssistantTalk.ticket_id == ticket_id).values(summary=""),
        update(ReadMark)
        .where(ReadMark.ticket_id == ticket_id, ReadMark.reader_kind == "customer")
        .values(reader_name=ERASED),
        update(TicketEvent)
        .where(TicketEvent.ticket_id == ticket_id, TicketEvent.actor_kind == "customer")
        .values(actor_name=ERASED),
    )
    for statement in statements:
        await session.execute(statement.execution_options(synchronize_session=False))
    rated = select(TicketEvent).where(TicketEvent.ticket_id == ticket_id, TicketEvent.kind == "rated")
    for event in await session.scalars(rated):
        event.data = {key: value for key, value in event.data.items() if key != "comment"}
