"""The writer of this process: all that people say and have read goes through it, over sockets and over HTTP alike."""

from collections.abc import Sequence
from typing import cast

from starlette.requests import HTTPConnection

from csts.chat.posting import Item, Marked, Outcome, Posted, write
from csts.chat.sheet import Glance, Letter
from csts.kit.carriers import Carrier
from csts.kit.group_commit import GroupCommit
from csts.realtime.events import Event
from csts.tickets.board import Board
from csts.tickets.events import room_channel


class Writer(GroupCommit[Item, Posted | Marked]):
    """Writes in batches; rooms and lists hear of it by way of the board."""

    def __init__(self, carrier: Carrier, board: Board) -> None:
        super().__init__(carrier, write, self._publish, weigh=_weight)
        self._board = board

    async def say(self, letter: Letter) -> Posted:
        """The message as stored. Raises what refuses it, and DatabaseBusy."""
        return cast("Posted", await self.post(letter))

    async def mark(self, glance: Glance) -> Marked:
        """Raises NotFound and DatabaseBusy."""
        return cast("Marked", await self.post(glance))

    async def _publish(self, outcomes: Sequence[Outcome]) -> None:
        news: list[tuple[str, Event]] = []
        for outcome in outcomes:
            if isinstance(outcome, Posted):
                channel = room_channel(outcome.frame.ticket_id)
                news += [(channel, event) for event in outcome.events]
                if outcome.moved:
                    self._board.note(outcome.moved)
            elif isinstance(outcome, Marked) and outcome.event and outcome.fact:
                news.append((room_channel(outcome.ticket_id), outcome.event))
                self._board.note(outcome.fact)
        await self._board.publish(news)


def _weight(item: Item) -> int:
    return len(item.draft.content) if isinstance(item, Letter) else 0


def writer_of(connection: HTTPConnection) -> Writer:
    return cast("Writer", connection.app.state.writer)
