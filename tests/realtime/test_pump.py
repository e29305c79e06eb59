"""A pump between a wire of the test and the rooms: what it holds back, what it drops, and how it ends."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from starlette.types import Message
from starlette.websockets import WebSocket

from csts.auth.events import SessionEnded
from csts.kit import clock
from csts.realtime.events import Frames, Hangup
from csts.realtime.people import Person
from csts.realtime.protocol import Listener
from csts.realtime.socket import MOST_UNANSWERED, OUTBOX_FRAMES, Pump

ANA = Person("customer", 1, "Ana")


class FarEnd:
    """The far end of a socket: what it was told is in `heard`; while it is deaf it takes nothing."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.leave_after = ""
        self.end: tuple[int, str] | None = None
        self.is_paused = False
        self._takes = asyncio.Event()
        self._takes.set()
        self._early: list[str] = []
        self._near: Listener | None = None

    def listen(self, listener: Listener) -> None:
        self._near = listener
        for text in self._early:
            listener.heard(text.encode())

    def write(self, frame: bytes) -> bool:
        if not self._takes.is_set():
            return False
        self.heard.append(frame.decode())
        if self.heard[-1] == self.leave_after:
            self.leave()
        return True

    async def drained(self) -> bool:
        await self._takes.wait()
        return True

    def pause(self) -> None:
        self.is_paused = True

    def resume(self) -> None:
        self.is_paused = False

    def go_deaf(self) -> None:
        self._takes.clear()

    def listen_again(self) -> None:
        self._takes.set()
        assert self._near
        self._near.writable()

    def say(self, text: str) -> None:
        if self._near:
            self._near.heard(text.encode())
        else:
            self._early.append(text)

    def leave(self) -> None:
        assert self._near
        self._near.left(1001, "home")

    async def receive(self) -> Message:
        return {"type": "websocket.connect"}

    async def send(self, message: Message) -> None:
        if message["type"] == "websocket.close":
            self.end = message["code"], message["reason"]


@asynccontextmanager
async def pumping(far: FarEnd, reader: Person = ANA, *, seconds: float = 60) -> AsyncIterator[Pump]:
    scope = {"type": "websocket", "headers": [], "extensions": {"csts.wire": far}}
    websocket = WebSocket(scope, far.receive, far.send)
    await websocket.accept()
    yield Pump(websocket, reader, expires_at=clock.now() + timedelta(seconds=seconds))


async def nothing() -> None:
    """Nothing was missed."""


def ignore(frame: bytes) -> None:
    """Whatever is said."""


def words(text: str) -> Frames:
    return Frames(staff=text.encode(), public=text.encode())


async def test_events_are_held_back_until_the_backlog_is_sent_and_unwanted_ones_left_out() -> None:
    far = FarEnd()
    async with pumping(far) as pump:
        old, new = words("old"), words("new")

        async def catch_up() -> None:
            pump.deliver(new)
            await pump.send_now(b"backlog")
            pump.release(lambda event: event is not old)
            pump.deliver(words("last"))

        pump.deliver(old)
        far.leave_after = "last"
        assert (await pump.run(catch_up, ignore)).code == 1001
    assert far.heard == ["backlog", "new", "last"]


async def test_socket_catches_up_again_while_it_is_open() -> None:
    """Where another process may have spoken to nobody: what comes meanwhile stands behind what was missed."""
    far = FarEnd()
    async with pumping(far) as pump, asyncio.TaskGroup() as group:
        live = asyncio.Event()

        async def catch_up() -> None:
            pump.release(lambda _event: True)
            live.set()

        async def catch_up_again() -> None:
            pump.deliver(words("meanwhile"))
            await pump.send_now(b"missed")
            pump.release(lambda _event: True)

        running = group.create_task(pump.run(catch_up, ignore))
        await live.wait()
        far.leave_after = "meanwhile"
        await asyncio.sleep(0)
        pump.catch_up(catch_up_again)
        assert (await running).code == 1001
    assert far.heard == ["missed", "meanwhile"]


@pytest.mark.parametrize("has_begun", [False, True])
async def test_socket_that_is_catching_up_does_it_once_more_for_what_came_meanwhile(*, has_begun: bool) -> None:
    far = FarEnd()
    async with pumping(far) as pump:

        async def catch_up() -> None:
            if has_begun:
                pump.catch_up(once_more)
            await pump.send_now(b"backlog")
            pump.release(lambda _event: True)

        async def once_more() -> None:
            pump.deliver(words("meanwhile"))
            await pump.send_now(b"missed")
            far.leave_after = "meanwhile"
            pump.release(lambda _event: True)

        if not has_begun:
            pump.catch_up(once_more)
        assert (await pump.run(catch_up, ignore)).code == 1001
    assert far.heard == ["backlog", "missed", "meanwhile"]


@pytest.mark.parametrize("is_released", [False, True])
async def test_who_falls_behind_is_hung_up_on_with_1013(*, is_released: bool) -> None:
    far = FarEnd()
    far.go_deaf()
    async with pumping(far) as pump:
        if is_released:
            pump.release(lambda _event: True)
        for _ in range(OUTBOX_FRAMES + 2):
            pump.deliver(words("x"))
        assert (await pump.run(nothing, ignore)).code == 1013
    assert far.end == (1013, "fell behind")


async def test_what_waited_for_the_network_goes_out_first() -> None:
    far = FarEnd()
    far.go_deaf()
    async with pumping(far) as pump, asyncio.TaskGroup() as group:

        async def catch_up() -> None:
            pump.release(lambda _event: True)
            pump.deliver(words("first"))
            far._takes.set()
            pump.deliver(words("second"))
            far.listen_again()
            pump.deliver(words("third"))

        far.leave_after = "third"
        group.create_task(pump.run(catch_up, ignore))
    assert far.heard == ["first", "second", "third"]


async def test_end_of_the_session_is_not_held_back_by_a_backlog() -> None:
    """Not even by one that nobody reads."""
    far = FarEnd()
    far.go_deaf()
    async with pumping(far) as pump:

        async def catch_up() -> None:
            pump.deliver(SessionEnded("signed out"))
            await pump.send_now(b"backlog without end")

        assert (await pump.run(catch_up, ignore)).code == 4401
    assert (far.heard, far.end) == ([], (4401, "signed out"))


async def test_expired_token_ends_a_backlog_that_nobody_reads() -> None:
    far = FarEnd()
    far.go_deaf()
    async with pumping(far) as pump:
        pump._expires_at = clock.now()
        end = await pump.run(lambda: pump.send_now(b"backlog"), ignore)
    assert (end.code, far.end) == (4401, (4401, "the access token expired"))


async def test_frame_that_fails_ends_the_socket_with_1011_only() -> None:
    far = FarEnd()

    def fail(frame: bytes) -> None:
        raise ZeroDivisionError

    async with pumping(far) as pump:
        far.say("boom")
        assert (await pump.run(nothing, fail)).code == 1011
    assert far.end == (1011, "internal error")


async def test_frame_in_hand_is_finished_before_the_socket_closes() -> None:
    """Its message may be committed already."""
    far, began, go_on = FarEnd(), asyncio.Event(), asyncio.Event()
    done: list[bytes] = []

    async def handle(frame: bytes) -> None:
        began.set()
        await go_on.wait()
        done.append(frame)

    async with pumping(far) as pump, asyncio.TaskGroup() as group:
        group.create_task(pump.run(nothing, handle))
        far.say("half done")
        await began.wait()
        pump.hang_up(Hangup(1013, "fell behind"))
        go_on.set()
    assert (done, far.end) == ([b"half done"], (1013, "fell behind"))


async def test_message_that_waits_for_its_commit_is_answered_before_the_goodbye() -> None:
    far, handled = FarEnd(), asyncio.Event()
    async with pumping(far) as pump, asyncio.TaskGroup() as group:

        def handle(frame: bytes) -> None:
            pump.expect()
            handled.set()

        running = group.create_task(pump.run(nothing, handle))
        far.say("a message")
        await handled.wait()
        pump.leave(1012, "restarting")
        await asyncio.sleep(0)
        had_ended = far.end is not None
        pump.send(b"stored")
        pump.answered()
        assert (await running).code == 1012
    assert (had_ended, far.heard, far.end) == (False, ["stored"], (1012, "restarting"))


async def test_who_sends_faster_than_it_is_done_has_to_wait() -> None:
    """In the network: his frames take no memory here, and each is done in its turn."""
    far = FarEnd()
    done: list[bytes] = []
    async with pumping(far) as pump, asyncio.TaskGroup() as group:

        def handle(frame: bytes) -> None:
            pump.expect()
            done.append(frame)

        group.create_task(pump.run(nothing, handle))
        for number in range(MOST_UNANSWERED + 1):
            far.say(str(number))
        await asyncio.sleep(0)
        assert (len(done), far.is_paused) == (MOST_UNANSWERED, True)
        pump.answered()
        assert (len(done), far.is_paused) == (MOST_UNANSWERED + 1, False)
        far.leave()


async def test_first_hangup_counts() -> None:
    far = FarEnd()
    async with pumping(far) as pump:
        pump.hang_up(Hangup(4401, "signed out"))
        pump.hang_up(Hangup(1013, "fell behind"))
        assert (await pump.run(nothing, ignore)).code == 4401
