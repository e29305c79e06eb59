"""One person in one ticket: a client as docs/howto/client.md describes it, on a bad line and with bad habits."""

import asyncio
import json
import re
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import Any

from httpx2 import Response, TransportError
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.frames import Close

from tests.people import Somebody
from tests.support.chat import Frame
from tests.support.fleet import Fleet
from tests.torture.tally import Tally

BROKEN = (ConnectionClosed, OSError, InvalidHandshake)
# Nobody comes back from these by coming again.
FINAL_CODES = {4401, 4403, 4404}
RETRY = re.compile(r"retry in ([0-9.]+) s")
OVERDUE_SECONDS = 4.0
GAP_SECONDS = 1.5
TICK_SECONDS = 0.5
MOST_UNCONFIRMED = 5


@dataclass
class Draft:
    """A message from the moment it is written until it is acknowledged."""

    content: str
    internal: bool
    sent_at: float = 0.0


class Party:
    """Writes until `over` is set and stays until `left` is. Its thread is made of what its sockets told it."""

    def __init__(self, who: Somebody, ticket_id: int, fleet: Fleet, chance: Random, tally: Tally) -> None:
        self.who = who
        self.ticket_id = ticket_id
        self.thread: dict[int, Frame] = {}
        self.complete = 0
        self.written: dict[str, Draft] = {}
        self.unconfirmed: dict[str, Draft] = {}
        self.confirmed: dict[str, int] = {}
        # In seconds: how long it was without a room each time that its line had ended.
        self.away: list[float] = []
        self._fleet = fleet
        self._chance = chance
        self._tally = tally
        self._line: ClientConnection | None = None
        self._asked_again: set[str] = set()
        self._told_here: set[int] = set()
        self._gap_since: float | None = None
        self._away_since: float | None = None
        self._failures = 0
        self._told_to_wait = 0.0

    @property
    def name(self) -> str:
        return f"{self.who.account.login} in {self.ticket_id}"

    # --- the line

    async def stay(self, left: asyncio.Event) -> None:
        """One connection after the other, each with the last number up to which nothing is missing."""
        while not left.is_set():
            with suppress(*BROKEN):
                await self._one_line(left)
            self._line = None
            await pause(left, self._before_next_try())

    async def _one_line(self, left: asyncio.Event) -> None:
        url = f"{self._fleet.sockets}/ws/tickets/{self.ticket_id}?after={self.complete}"
        protocols: Any = ["csts.v1", f"bearer.{self.who.token}"]
        async with connect(url, subprotocols=protocols, open_timeout=15, close_timeout=1) as line:
            self._told_here.clear()
            self._gap_since = None
            try:
                while not left.is_set():
                    if frame := await _next(line):
                        await self._hear(frame, line)
                    await self._look_after(line)
            except ConnectionClosed as end:
                self._closed(end.rcvd or Close(1006, ""))
                raise

    def _closed(self, end: Close) -> None:
        self._tally.closes[end.code] += 1
        self._away_since = asyncio.get_running_loop().time()
        if end.code in FINAL_CODES:
            self._problem(f"was closed with {end.code} {end.reason}")
        if told := RETRY.search(end.reason):
            self._told_to_wait = float(told[1])

    def _before_next_try(self) -> float:
        """As long as the server has asked for; else longer after each failure, and random."""
        self._failures += 1
        # Or four hundred who are refused would let nothing start up.
        own = self._chance.uniform(0.02, min(3.0, 0.2 * 2**self._failures))
        told, self._told_to_wait = self._told_to_wait, 0.0
        return told or own

    async def _hear(self, frame: Frame, line: ClientConnection) -> None:
        self._tally.frames += 1
        match frame["type"]:
            case "message":
                self._keep(frame)
            case "ready":
                self._joined()
                if self.complete < frame["last_seq"]:
                    self._problem(f"was told that {frame['last_seq']} are all, and has {self.complete}")
                self._line = line
                await self._send_again(list(self.unconfirmed))
            case "error":
                self._tally.refusals[frame["code"]] += 1

    def _joined(self) -> None:
        self._tally.joins += 1
        self._failures = 0
        if self._away_since is not None:
            self.away.append(asyncio.get_running_loop().time() - self._away_since)
            self._away_since = None

    def _keep(self, frame: Frame) -> None:
        seq, client_id = frame["seq"], frame["client_id"]
        if self.who.account.kind == "customer" and frame["internal"]:
            self._problem(f"was shown the note {frame['id']}")
        if self.thread.setdefault(seq, frame) != frame:
            self._problem(f"was told two things about {seq}: {self.thread[seq]} and {frame}")
        # A client drops what it has; after a crash of the database a message may be told once more, to be sure.
        self._tally.doubles += seq in self._told_here and client_id not in self._asked_again
        self._told_here.add(seq)
        while self.complete + 1 in self.thread:
            self.complete += 1
        if frame["sender"] == self.who.person:
            self._confirm(client_id, frame["id"])

    async def _look_after(self, line: ClientConnection) -> None:
        """What a client does from time to time: ask for what a gap hides, send what nobody has answered."""
        now = asyncio.get_running_loop().time()
        if len(self.thread) == self.complete:
            self._gap_since = None
        elif self._gap_since is None:
            self._gap_since = now
        elif now - self._gap_since > GAP_SECONDS:
            self._tally.gaps += 1
            await line.close()
        if self._line is line:
            late = [name for name, draft in self.unconfirmed.items() if now - draft.sent_at > OVERDUE_SECONDS]
            await self._send_again(late)

    def drop(self) -> None:
        """Breaks the line without a word."""
        if self._line is not None:
            self._tally.drops += 1
            self._line.transport.abort()

    # --- what it says

    async def write(self, over: asyncio.Event, mean_pause: float) -> None:
        """One thing after the other, at random; some of it twice."""
        habits: list[Callable[[], Any]] = [self._say, self._post, self._post_twice, self._repeat, self._drop]
        weights = (74, 10, 6, 6, 4)
        while not await pause(over, self._chance.expovariate(1 / mean_pause)):
            if len(self.unconfirmed) < MOST_UNCONFIRMED:
                await self._chance.choices(habits, weights)[0]()

    async def _say(self) -> None:
        await self._send(self._new())

    async def _post(self) -> None:
        self._tally.posted += 1
        await self._post_to(self._fleet.url, self._new())

    async def _post_twice(self) -> None:
        """The same message at the same moment to two processes: as a user who taps twice on a bad line."""
        client_id = self._new()
        self._tally.duplicates += 1
        pair = [self._fleet.servers[0], self._fleet.servers[-1]]
        answers = await asyncio.gather(*(self._post_to(server.url, client_id) for server in pair))
        fresh = [answer for answer in answers if answer is not None and answer.status_code == 201]
        if len(fresh) > 1:
            self._problem(f"two processes both say that they have stored {client_id}")

    async def _repeat(self) -> None:
        """Something that was acknowledged long ago, once more."""
        if self.confirmed:
            self._tally.repeats += 1
            await self._send(self._chance.choice(list(self.confirmed)))

    async def _drop(self) -> None:
        self.drop()

    def _new(self) -> str:
        client_id = str(uuid.UUID(int=self._chance.getrandbits(128), version=4))
        internal = self.who.account.kind == "agent" and self._chance.random() < 0.15
        draft = Draft(f"{self.who.name} {len(self.written) + 1} – ‟{'…' * self._chance.randrange(20)}”", internal)
        self.written[client_id] = self.unconfirmed[client_id] = draft
        self._tally.written += 1
        self._tally.notes += internal
        return client_id

    async def _send_again(self, client_ids: list[str]) -> None:
        for client_id in client_ids:
            self._tally.resends += self.written[client_id].sent_at > 0
            await self._send(client_id)

    async def _send(self, client_id: str) -> None:
        """Over the socket, when there is one; what is not sent now is sent when there is."""
        draft = self.written[client_id]
        if self._line is None:
            return
        if draft.sent_at:
            self._asked_again.add(client_id)
        draft.sent_at = asyncio.get_running_loop().time()
        with suppress(*BROKEN):
            await self._line.send(json.dumps({"type": "message", **self._wire(client_id)}))

    async def _post_to(self, url: str, client_id: str) -> Response | None:
        """The answer, when there was one; without one the message stays unconfirmed and goes over the socket later."""
        self.written[client_id].sent_at = asyncio.get_running_loop().time()
        self._asked_again.add(client_id)
        try:
            answer = await self.who.post(f"{url}/tickets/{self.ticket_id}/messages", self._wire(client_id))
        except TransportError as error:
            self._tally.refusals[type(error).__name__] += 1
            return None
        if answer.is_success:
            self._confirm(client_id, answer.json()["id"])
        else:
            self._tally.refusals[f"HTTP {answer.status_code}"] += 1
        return answer

    def _wire(self, client_id: str) -> dict[str, object]:
        draft = self.written[client_id]
        return {"client_id": client_id, "content": draft.content, **({"internal": True} if draft.internal else {})}

    def _confirm(self, client_id: str, message_id: int) -> None:
        if self.confirmed.setdefault(client_id, message_id) != message_id:
            self._problem(f"{client_id} was acknowledged as {self.confirmed[client_id]} and as {message_id}")
        if self.unconfirmed.pop(client_id, None):
            self._tally.confirmed += 1

    def _problem(self, what: str) -> None:
        self._tally.problems.append(f"{self.name} {what}")


async def _next(line: ClientConnection) -> Frame | None:
    """The next frame; None when none has come for a while."""
    with suppress(TimeoutError):
        async with asyncio.timeout(TICK_SECONDS):
            frame: Frame = json.loads(await line.recv())
            return frame
    return None


async def pause(until: asyncio.Event, seconds: float) -> bool:
    """A person takes his time, but not longer than there is; true when it is up."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await until.wait()
    return until.is_set()
