"""What changes a draft; all devices of its writer hear of it, and nobody else."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.auth.actor import Actor
from csts.auth.events import person_channel
from csts.chat.refusals import NotesAreForAgents
from csts.drafts.models import Draft
from csts.drafts.schemas import DraftOut, DraftWords, Kind, OwnDraftFrame
from csts.kit.bulk import Program, Put, Row
from csts.kit.carriers import carry_in
from csts.kit.columns import DatabaseTime
from csts.kit.db import announce, rows_changed
from csts.kit.errors import InvalidInput
from csts.realtime.events import same_for_all
from csts.tickets import queries as ticket_queries

_KEY = ("writer_kind", "writer_id", "ticket_id", "kind")
_put = Put(Draft, (*_KEY, "content", "after", "updated_at"), key=_KEY)


async def keep(session: AsyncSession, actor: Actor, ticket_id: int, kind: Kind, words: DraftWords) -> DraftOut:
    """Put the words in the place of what was kept: of two devices the last one wins.

    Raises NotFound, InvalidInput, NotesAreForAgents.
    """
    if not words.content.strip():
        raise InvalidInput.of("content", "There is nothing to keep here. Delete the draft instead.")
    if "\0" in words.content:
        raise InvalidInput.of("content", "There is a character in this text that cannot be shown.")
    await _check(session, actor, ticket_id, kind)
    kept = DraftOut(ticket_id, kind, words.content, words.after, await _now(session))
    # In one statement: two tabs that save the first word at the same moment would both find no row.
    await carry_in(session, _keep((actor.kind, actor.id, ticket_id, kind, kept.content, kept.after, kept.updated_at)))
    _tell(session, actor, kept)
    return kept


async def drop(session: AsyncSession, actor: Actor, ticket_id: int, kind: Kind) -> None:
    """Forget the draft, where there is one. Raises NotFound, NotesAreForAgents."""
    await _check(session, actor, ticket_id, kind)
    mine = delete(Draft).where(
        Draft.writer_kind == actor.kind, Draft.writer_id == actor.id, Draft.ticket_id == ticket_id, Draft.kind == kind
    )
    result = await session.execute(mine)
    if rows_changed(result):
        _tell(session, actor, DraftOut(ticket_id, kind, "", None, await _now(session)))


async def _check(session: AsyncSession, actor: Actor, ticket_id: int, kind: Kind) -> None:
    await ticket_queries.get(session, actor, ticket_id)
    if kind == "note" and actor.kind != "agent":
        raise NotesAreForAgents


async def _now(session: AsyncSession) -> datetime:
    """By one clock for all machines: devices tell by it which words are the last ones."""
    return (await session.execute(select(DatabaseTime()))).scalar_one()


def _keep(row: Row) -> Program[None]:
    yield [_put([row])]


def _tell(session: AsyncSession, actor: Actor, draft: DraftOut) -> None:
    announce(session, person_channel(actor.kind, actor.id), same_for_all(OwnDraftFrame(draft)))
