"""Lets the stories happen: the same actions that real people cause, with the clock set to when they did."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from csts.attachments import intake
from csts.attachments.intake import Accepted
from csts.attachments.storage import Storage
from csts.auth.actor import Actor
from csts.chat.actions import mark_read, post_message
from csts.chat.schemas import MessageDraft
from csts.chat.sheet import Letter
from csts.demo import assisting
from csts.demo.pictures import draw
from csts.demo.stories import ASSISTANT, Step, Story
from csts.drafts.actions import keep
from csts.drafts.schemas import DraftWords
from csts.kit import clock
from csts.kit.db import Database
from csts.ratings.actions import rate
from csts.ratings.schemas import NewRating
from csts.tickets import actions
from csts.tickets.queries import get
from csts.tickets.schemas import TicketForm
from csts.tickets.status import Priority, Status
from csts.tickets.tags import change_tags

Act = Callable[[AsyncSession, Actor, int], Awaitable[object]]

ACTS: dict[str, Act] = {
    "claims": actions.claim,
    "waits": partial(actions.change_status, status=Status.WAITING),
    "resolves": partial(actions.change_status, status=Status.RESOLVED),
    "closes": partial(actions.change_status, status=Status.CLOSED),
}


@dataclass(frozen=True)
class Teller:
    """`cast` has everybody who occurs in the stories; `categories` are those of this desk, the first for the rest."""

    database: Database
    storage: Storage
    cast: dict[str, Actor]
    categories: Sequence[str]

    async def tell(self, story: Story) -> None:
        """One ticket from its form to where it stands now, with what each side has read of it."""
        with clock.at(story.opened):
            ticket_id = await self._open(story)
        moment, kind = story.opened, self._kind(story.by)
        read: dict[str, int] = {}
        for step in story.steps:
            moment += step.after
            with clock.at(moment):
                # Whoever did something has read all that stood there when the next one came.
                read[kind] = await self._do(step, ticket_id, before=kind)
            kind = self._kind(step.who)
        with clock.at(moment):
            await self._read(story, ticket_id, read, last=kind)

    def _kind(self, who: str) -> str:
        return ASSISTANT if who == ASSISTANT else self.cast[who].kind

    async def _open(self, story: Story) -> int:
        actor = self.cast[story.by]
        form = TicketForm(
            subject=story.subject,
            description=story.text,
            issue_type=story.issue_type if story.issue_type in self.categories else self.categories[0],
            priority=Priority(story.priority),
            callback_number=story.callback,
        )
        screenshots = [await self._draw(picture) for picture in story.pictures]
        async with self.database.write() as session:
            ticket = await actions.open_ticket(session, actor, form, screenshots=screenshots)
            # Else people's from the start: what was asked an hour ago must not be answered when the desk opens.
            ticket.assisted = story.is_assisted
        return ticket.id

    async def _do(self, step: Step, ticket_id: int, *, before: str) -> int:
        """One step in one transaction; gives back how far the thread went before it, in numbers of that kind."""
        picture = [await self._draw(step.picture)] if step.picture else []
        async with self.database.write() as session:
            number = await self._last(session, ticket_id, before)
            if step.who == ASSISTANT:
                await assisting.speak(session, step, ticket_id)
            elif step.is_draft:
                words = DraftWords(step.text, await self._last(session, ticket_id, "agent"))
                await keep(session, self.cast[step.who], ticket_id, "reply", words)
            elif step.text:
                await self._say(session, step, ticket_id, picture)
            elif step.act != "reads":
                await self._act(session, step, ticket_id)
        return number

    async def _act(self, session: AsyncSession, step: Step, ticket_id: int) -> None:
        actor = self.cast[step.who]
        if step.act == "sets":
            await actions.change_priority(session, actor, ticket_id, Priority(step.to))
        elif step.act == "tags":
            await change_tags(session, actor, ticket_id, add=[step.to])
        elif step.act == "judges":
            await assisting.judge(session, actor, ticket_id, right=step.to == "right")
        elif step.act == "rates":
            await rate(session, actor, ticket_id, NewRating(score=int(step.to)))
        else:
            await ACTS[step.act](session, actor, ticket_id)

    async def _say(self, session: AsyncSession, step: Step, ticket_id: int, picture: Sequence[Accepted]) -> None:
        actor = self.cast[step.who]
        files = intake.rows(picture, ticket_id=ticket_id, uploader=actor.person, screenshot=False)
        session.add_all(files)
        await session.flush()
        draft = MessageDraft(
            client_id=str(uuid4()),
            content=step.text,
            attachment_ids=[file.id for file in files],
            internal=step.is_note,
        )
        await post_message(session, Letter(actor.person, ticket_id, draft, clock.now()))

    async def _read(self, story: Story, ticket_id: int, read: dict[str, int], *, last: str) -> None:
        """Agents share a desk: what one has answered, all have seen. What is closed has been read by both sides."""
        async with self.database.write() as session:
            for kind in ("customer", "agent") if story.is_closed else (last,):
                read[kind] = await self._last(session, ticket_id, kind)
            readers = [self.cast[story.by], *(actor for actor in self.cast.values() if actor.kind == "agent")]
            for reader in readers:
                if reader.kind in read:
                    await mark_read(session, reader, ticket_id, read[reader.kind])

    async def _last(self, session: AsyncSession, ticket_id: int, kind: str) -> int:
        ticket = await get(session, self.cast["mona"], ticket_id)
        return ticket.last_seq if kind == "agent" else ticket.last_public_seq

    async def _draw(self, description: str) -> Accepted:
        """Drawn by ourselves, so it need not pass the gate."""
        canvas = draw(description)
        data = await asyncio.to_thread(canvas.png)
        name = f"{description.partition('|')[0].strip()}.png"
        picture = Accepted(name, "image/png", data, canvas.width, canvas.height)
        await intake.store([picture], self.storage)
        return picture
