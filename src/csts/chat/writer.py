"""The writer of this process: all that people say goes through it, over sockets and over HTTP alike."""

from collections.abc import Sequence
from typing import cast

from starlette.requests import HTTPConnection

from csts.chat.posting import Posted, post
from csts.chat.sheet import Letter
from csts.kit.carriers import Carrier
from csts.kit.errors import DomainError
from csts.kit.group_commit import GroupCommit
from csts.tickets.board import Board
from csts.tickets.events import room_channel

Writer = GroupCommit[Letter, Posted]


def make_writer(carrier: Carrier, board: Board) -> Writer:
    """Writes letters in batches; rooms and lists hear of them by way of the board."""

    async def tell(outcomes: Sequence[Posted | DomainError]) -> None:
        written = [outcome for outcome in outcomes if isinstance(outcome, Posted)]
        await board.publish([(room_channel(each.frame.ticket_id), event) for each in written for event in each.events])
        for each in written:
            if each.moved:
                board.note(each.moved)

    return GroupCommit(carrier, post, tell)


def writer_of(connection: HTTPConnection) -> Writer:
    return cast("Writer", connection.app.state.writer)
