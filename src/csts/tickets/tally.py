"""How full the queues of the desk are: counted once for all who look, and only when something has happened."""

import asyncio
import time
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.kit.db import Database
from csts.kit.indexes import by_index
from csts.kit.lookups import Lookup
from csts.tickets.events import TicketRead
from csts.tickets.filters import AWAITING, SNOOZED, capped
from csts.tickets.mentions import unseen
from csts.tickets.models import Ticket
from csts.tickets.schemas import Counts
from csts.tickets.status import ACTIVE, Status

# An exact count of a million helps nobody, and costs a scan of it.
COUNT_CAP = 10_001
# What other processes do is looked for once in so long; what this one does is known at once.
LONGEST_SECONDS = 1.0
# Between two counts lies so many times as long as one takes: those who look meanwhile share the next one.
REST = 10

_IS_ACTIVE = Ticket.status.in_(ACTIVE)
_BY_STATUS, _BY_AGENT = "ix_tickets_status_updated_at", "ix_tickets_agent_id_status_updated_at"


class _Totals(msgspec.Struct, frozen=True, array_like=True):
    """What `_select_totals` counts, in its order, with those that are snoozed."""

    awaiting_reply: int
    unassigned: int
    open: int
    solved: int


@dataclass(frozen=True)
class _Queues:
    """Of one moment; `mine` and `mentions` are by agent, of those who look."""

    awaiting_reply: int
    unassigned: int
    open: int
    solved: int
    snoozed: int
    mine: dict[int, int]
    mentions: dict[int, int]


@dataclass
class Tally:
    """The counts of this process. `hear` says that they may be others now."""

    _queues: _Queues | None = None
    _lookers: set[int] = field(default_factory=set)
    _is_stale: bool = True
    _counted_at: float = 0.0
    _rest_until: float = 0.0
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def hear(self, fact: object) -> None:
        # No queue counts what is unread.
        self._is_stale |= not isinstance(fact, TicketRead)

    async def counts(self, database: Database, agent_id: int) -> Counts:
        """As they were not before this was asked, so far as this process knows; each counted to the cap."""
        async with self._turn:
            is_new = agent_id not in self._lookers
            self._lookers.add(agent_id)
            is_old = self._is_stale or time.monotonic() - self._counted_at > LONGEST_SECONDS
            if self._queues is None or is_new or is_old:
                await asyncio.sleep(max(0.0, self._rest_until - time.monotonic()))
                # Before the count, for what happens meanwhile may not be in it.
                self._is_stale = False
                self._counted_at = time.monotonic()
                self._queues = await _count(database, self._lookers)
                self._rest_until = time.monotonic() + REST * (time.monotonic() - self._counted_at)
            found = self._queues
        return Counts(
            awaiting_reply=found.awaiting_reply,
            mine=found.mine.get(agent_id, 0),
            unassigned=found.unassigned,
            open=found.open,
            solved=found.solved,
            snoozed=found.snoozed,
            mentions=found.mentions.get(agent_id, 0),
        )


def _select_totals() -> Select[*tuple[Any, ...]]:
    return select(
        capped(AWAITING, COUNT_CAP, index="ix_tickets_awaiting_since").label("awaiting_reply"),
        capped(Ticket.agent_id.is_(None) & _IS_ACTIVE, COUNT_CAP, index=_BY_AGENT).label("unassigned"),
        capped(_IS_ACTIVE, COUNT_CAP, index=_BY_STATUS).label("open"),
        capped(Ticket.status == Status.RESOLVED, COUNT_CAP, index=_BY_STATUS).label("solved"),
    )


_TOTALS = Lookup(_Totals, _select_totals)


async def _count(database: Database, lookers: Collection[int]) -> _Queues:
    (totals,) = await database.look_up(_TOTALS)
    held = select(Ticket.agent_id, func.count()).where(Ticket.agent_id.in_(lookers), _IS_ACTIVE)
    async with database.read() as session:
        counted = await session.execute(by_index(held.group_by(Ticket.agent_id), Ticket, _BY_AGENT))
        mine = {agent: count for agent, count in counted if agent}
        mentions = await unseen(session, lookers)
        return await _awake(session, totals, mine, mentions)


async def _awake(session: AsyncSession, totals: _Totals, mine: dict[int, int], mentions: dict[int, int]) -> _Queues:
    """Without those that are snoozed, which are few: to leave them out above would ask the table for each ticket."""
    waits = AWAITING.label("waits")
    asleep = select(Ticket.agent_id, waits, func.count()).where(SNOOZED).group_by(Ticket.agent_id, waits)
    found = (await session.execute(by_index(asleep, Ticket, "ix_tickets_snoozed_until"))).all()
    held: Counter[int | None] = Counter()
    waiting = 0
    for agent, is_waiting, count in found:
        held[agent] += count
        waiting += count if is_waiting else 0
    return _Queues(
        awaiting_reply=max(0, totals.awaiting_reply - waiting),
        unassigned=max(0, totals.unassigned - held[None]),
        open=max(0, totals.open - held.total()),
        solved=totals.solved,
        snoozed=min(COUNT_CAP, held.total()),
        mine={agent: count - held[agent] for agent, count in mine.items()},
        mentions=mentions,
    )
