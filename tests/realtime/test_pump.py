"""A pump between a socket of the test and the rooms: what it holds back, what it drops, and how it ends."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from starlette.types import Message
from starlette.websockets import WebSocket

from csts.auth.events import SessionEnded
from csts.kit import clock
from csts.realtime.events import Frames, Hangup, same_for_all
from csts.realtime.people import Person
from csts.realtime.socket import OUTBOX_FRAMES, Allowance, Pump
from csts.tickets.events import UnreadFrame

ANA, PRIYA = Person("customer", 1, "Ana"), Person("agent", 1, "Priya")


class Wire:
    """The far end of a socket: what it said is in `said`; while `open` is clear it takes nothing."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.leave_after = ""
        self.end: tuple[int, str] | None = None
        self.open = asyncio.Event()
        self.open.set()
        self.coming: asyncio.Queue[Message] = asyncio.Queue()
        self.coming.put_nowait({"type": "websocket.connect"})

    async def send(self, message: Any) -> None:
        if message["type"] == "websocket.close":
            self.end = message["code"], message["reason"]
            return
        await self.open.wait()
        if message["type"] == "websocket.send":
            self.said.append(message["text"])
            if message["text"] == self.leave_after:
                self.leave()

    def say(self, text: str) -> None:
        self.coming.put_nowait({"type": "websocket.receive", "text": text})

    def leave(self) -> None:
        self.coming.put_nowait({"type": "websocket.disconnect", "code": 1001, "reason": "home"})


@asynccontextmanager
async def pumping(wire: Wire, reader: Person = ANA, *, seconds: float = 60) -> AsyncIterator[Pump]:
    websocket = WebSocket({"type": "websocket", "headers": []}, wire.coming.get, wire.send)
    await websocket.accept()
    yield Pump(websocket, reader, expires_at=clock.now() + timedelta(seconds=seconds))


async def nothing() -> None:
    """Nothing was missed."""


async def ignore(frame: str | bytes) -> None:
    """Whatever is said."""


def words(text: str) -> Frames:
    return Frames(staff=text.encode(), public=text.encode())


async def test_events_are_held_back_until_the_backlog_is_sent_and_unwanted_ones_left_out() -> None:
    wire = Wire()
    async with pumping(wire) as pump:
        old, new = words("old"), words("new")

        async def catch_up() -> None:
            pump.deliver(new)
            await pump.send_now(b"backlog")
            pump.release(lambda event: event is not old)
            pump.deliver(words("last"))

        pump.deliver(old)
        wire.leave_after = "last"
        assert (await pump.run(catch_up, ignore)).code == 1001
    assert wire.said == ["backlog", "new", "last"]


@pytest.mark.parametrize("is_released", [False, True])
async def test_who_falls_behind_is_hung_up_on_with_1013(*, is_released: bool) -> None:
    wire = Wire()
    wire.open.clear()
    async with pumping_deaf(wire) as pump:
        if is_released:
            pump.release(lambda _event: True)
        for _ in range(OUTBOX_FRAMES + 2):
            pump.deliver(words("x"))
        assert (await pump.run(nothing, ignore)).code == 1013
    assert wire.end == (1013, "fell behind")


@asynccontextmanager
async def pumping_deaf(wire: Wire) -> AsyncIterator[Pump]:
    wire.open.set()
    async with pumping(wire) as pump:
        wire.open.clear()
        yield pump


async def test_end_of_the_session_is_not_held_back_by_a_backlog() -> None:
    """Not even by one that nobody reads."""
    wire = Wire()
    async with pumping_deaf(wire) as pump:

        async def catch_up() -> None:
            pump.deliver(SessionEnded("signed out"))
            await pump.send_now(b"backlog without end")

        assert (await pump.run(catch_up, ignore)).code == 4401
    assert (wire.said, wire.end) == ([], (4401, "signed out"))


async def test_expired_token_ends_a_backlog_that_nobody_reads() -> None:
    wire = Wire()
    async with pumping_deaf(wire) as pump:
        pump._expires_at = clock.now()
        end = await pump.run(lambda: pump.send_now(b"backlog"), ignore)
    assert (end.code, wire.end) == (4401, (4401, "the access token expired"))


async def test_frame_that_fails_ends_the_socket_with_1011_only() -> None:
    wire = Wire()

    async def fail(frame: str | bytes) -> None:
        raise ZeroDivisionError

    async with pumping(wire) as pump:
        wire.say("boom")
        assert (await pump.run(nothing, fail)).code == 1011
    assert wire.end == (1011, "internal error")


async def test_frame_in_hand_is_finished_before_the_socket_closes() -> None:
    """Its message may be committed already."""
    wire, began, go_on = Wire(), asyncio.Event(), asyncio.Event()
    done: list[str | bytes] = []

    async def handle(frame: str | bytes) -> None:
        began.set()
        await go_on.wait()
        done.append(frame)

    async with pumping(wire) as pump, asyncio.TaskGroup() as group:
        group.create_task(pump.run(nothing, handle))
        wire.say("half done")
        await began.wait()
        pump.hang_up(Hangup(1013, "fell behind"))
        go_on.set()
    assert (done, wire.end) == (["half done"], (1013, "fell behind"))


async def test_first_hangup_counts() -> None:
    wire = Wire()
    async with pumping(wire) as pump:
        pump.hang_up(Hangup(4401, "signed out"))
        pump.hang_up(Hangup(1013, "fell behind"))
        assert (await pump.run(nothing, ignore)).code == 4401


async def test_event_shows_each_reader_his_own_frame() -> None:
    note = Frames(staff=b"note")
    assert (note.frames(PRIYA), note.frames(ANA)) == ((b"note",), ())
    typing = same_for_all(UnreadFrame(1, 2), skip=Person("customer", 1, "Ana under another name"))
    assert (typing.frames(ANA), len(typing.frames(PRIYA))) == ((), 1)


def test_allowance_is_used_up_and_comes_back() -> None:
    moments = iter([0.0, 0.0, 0.0, 0.0, 0.05, 0.1, 0.1, 100.0, 100.0, 100.0])
    allowance = Allowance(per_second=10, burst=2, seconds=lambda: next(moments))
    assert [allowance.take() for _ in range(9)] == [True, True, False, False, True, False, True, True, False]
