"""The writer of this process: all that people say and have read goes through it, over sockets and over HTTP alike."""

import asyncio
from collections.abc import Callable, Sequence
from typing import cast

from starlette.requests import HTTPConnection

from csts.chat.posting import Item, Marked, Outcome, Posted, write
from csts.chat.sheet import Glance, Letter
from csts.kit.carriers import Carrier
from csts.kit.errors import DomainError
from csts.kit.group_commit import GroupCommit
from csts.realtime.events import Event
from csts.tickets.board import Board
from csts.tickets.events import room_channel


class Writer:
    """Writes in batches; rooms and lists hear of it by way of the board.

    There is a lane for each carrier, and a ticket has its lane: while the database syncs one batch to disk it can
    work on another, and what is said in one ticket keeps its order. `asked` is called when a task was queued.
    """

    def __init__(self, carriers: Sequence[Carrier], board: Board, asked: Callable[[], None] = lambda: None) -> None:
        self._board = board
        self._asked = asked
        self._lanes = [
            GroupCommit[Item, Posted | Marked](carrier, write, self._publish, weigh=_weight) for carrier in carriers
        ]

    @property
    def doubts(self) -> int:
        """How many batches may have been committed untold."""
        return sum(lane.doubts for lane in self._lanes)

    def submit(self, letter: Letter, tell: Callable[[Posted | Marked | DomainError], None]) -> None:
        """Queue a message. Raises DatabaseBusy when too many wait already."""
        self._lane(letter).submit(letter, tell)

    async def say(self, letter: Letter) -> Posted:
        """The message as stored. Raises what refuses it, and DatabaseBusy."""
        return cast("Posted", await self._lane(letter).post(letter))

    async def mark(self, glance: Glance) -> Marked:
        """Raises NotFound and DatabaseBusy."""
        return cast("Marked", await self._lane(glance).post(glance))

    async def run(self) -> None:
        """Write what comes, until `close`; what has come by then is written."""
        async with asyncio.TaskGroup() as group:
            for lane in self._lanes:
                group.create_task(lane.run())

    def close(self) -> None:
        for lane in self._lanes:
            lane.close()

    def _lane(self, item: Item) -> GroupCommit[Item, Posted | Marked]:
        return self._lanes[item.ticket_id % len(self._lanes)]

    async def _publish(self, outcomes: Sequence[Outcome]) -> None:
        news: list[tuple[str, Event]] = []
        for outcome in outcomes:
            if isinstance(outcome, Posted):
                channel = room_channel(outcome.line.ticket_id)
                news += [(channel, event) for event in outcome.events]
                if outcome.moved:
                    self._board.note(outcome.moved)
                for mention in outcome.mentioned:
                    self._board.note(mention)
                if outcome.asks:
                    self._asked()
            elif isinstance(outcome, Marked) and outcome.event and outcome.fact:
                news.append((room_channel(outcome.ticket_id), outcome.event))
                self._board.note(outcome.fact)
                if outcome.saw:
                    self._board.note(outcome.saw)
        await self._board.publish(news)


def _weight(item: Item) -> int:
    return len(item.draft.content) if isinstance(item, Letter) else 0


def writer_of(connection: HTTPConnection) -> Writer:
    return cast("Writer", connection.app.state.writer)
