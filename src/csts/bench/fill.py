"""Fills an empty database with a town, or finds out that it holds that one already."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection, func, inspect, select
from sqlalchemy.schema import CreateIndex, DropIndex

from csts.agents.models import Agent
from csts.bench import town as towns
from csts.bench.plan import Unmeasured
from csts.bench.town import Town
from csts.chat.models import Message
from csts.customers.models import User
from csts.kit.bulk import Insert, Program, Row
from csts.kit.carriers import carry_in
from csts.kit.db import Database
from csts.kit.indexes import rebuild
from csts.search.models import WORDS, SearchPiece
from csts.tickets import indexing
from csts.tickets.models import Mention, Tag, Ticket, TicketTag

# Rows in a statement, and statements in a transaction: a server takes packets of 16 MB, if nobody has told it more.
ROWS, STATEMENTS = 2000, 20
BLOCK, ROUND = 2000, 5000

_users = Insert(User, towns.USER)
_agents = Insert(Agent, towns.AGENT)
_tickets = Insert(Ticket, towns.TICKET)
_messages = Insert(Message, towns.MESSAGE)
_tags = Insert(Tag, towns.TAG)
_ticket_tags = Insert(TicketTag, towns.TICKET_TAG)
_mentions = Insert(Mention, towns.MENTION)

Progress = Callable[[int], Any]


async def is_filled(database: Database, town: Town) -> bool:
    """Whether this town is there, all of it. Raises Unmeasured where the database holds anything else."""
    async with database.read() as session:
        held = await session.scalar(select(Agent.id).where(Agent.username == town.name))
        people = await session.scalar(select(func.count()).select_from(select(User.id).limit(1).subquery()))
        agents = await session.scalar(select(func.count()).select_from(Agent))
    if held is None and (people or agents):
        raise Unmeasured("this database holds other data, or a filling that was broken off. Give it an empty one.")
    return held is not None


async def fill(database: Database, town: Town, progress: Progress) -> None:
    """Write all of the town; `progress` is told how many tickets have been written since it was told last."""
    await _write(database, _users, town.people())
    await _write(database, _agents, town.agents())
    await _write(database, _tags, town.tags())
    for first in range(1, town.tickets + 1, BLOCK):
        last = min(first + BLOCK - 1, town.tickets)
        block = town.block(first, last)
        await _write(database, _tickets, block.tickets)
        await _write(database, _messages, block.messages)
        await _write(database, _ticket_tags, block.tags)
        await _write(database, _mentions, block.mentions)
        progress(last - first + 1)
    # The last row: who finds it finds all of them.
    await _write(database, _agents, [(towns.AGENTS + 1, town.name, town.name, "!", "agent", False, towns.END)])


async def index(database: Database, progress: Progress) -> None:
    """Have the search know all of it; `progress` is told how many messages it has taken in since."""
    async with database.read() as session:
        is_behind = await indexing.is_behind(session, by_late_ones=False)
    if not is_behind:
        return
    # Made in one go at the end: word by word InnoDB takes ten times as long.
    is_made_apart = database.engine.dialect.name == "mysql"
    async with database.engine.begin() as connection:
        if is_made_apart and await connection.run_sync(_has_words):
            await connection.execute(DropIndex(WORDS))
    known = 0
    async for last in indexing.build(database, most=ROUND):
        progress(last - known)
        known = last
    async with database.engine.begin() as connection:
        if is_made_apart:
            await rebuild(connection, SearchPiece.__tablename__)
            await connection.execute(CreateIndex(WORDS))


def _has_words(connection: Connection) -> bool:
    return any(each["name"] == WORDS.name for each in inspect(connection).get_indexes(SearchPiece.__tablename__))


async def _write(database: Database, insert: Insert, rows: Iterable[Row]) -> None:
    waiting = _parts(iter(rows), ROWS)
    while several := list(islice(waiting, STATEMENTS)):
        # Not by a carrier of its own, whose patience is made for messages that somebody waits for.
        async with database.write() as session:
            await carry_in(session, _all(insert, several))


def _all(insert: Insert, parts: Sequence[Sequence[Row]]) -> Program[None]:
    for part in parts:
        yield [insert(part)]


def _parts(rows: Iterator[Row], size: int) -> Iterator[list[Row]]:
    while part := list(islice(rows, size)):
        yield part
