"""The sockets of the lists: the agents' desk, and a customer's inbox."""

from typing import Literal

import msgspec
from fastapi import APIRouter
from msgspec.json import Decoder
from starlette.websockets import WebSocket

from csts.auth.events import STAFF
from csts.chat.connection import admit, connected, logged, refusing
from csts.chat.schemas import ErrorFrame, FeedReady, Ping, Pong, RoomFrame
from csts.kit.errors import InvalidInput
from csts.kit.wire import decode
from csts.realtime.events import Hangup
from csts.realtime.socket import FORBIDDEN, Pump
from csts.tickets.events import DESK, inbox_channel, lists_channel

router = APIRouter()

# Not of `Ping` alone: the decoder of a single struct asks for no `type`.
_frames: Decoder[RoomFrame] = Decoder(RoomFrame)


@router.websocket("/ws/desk")
async def desk(websocket: WebSocket) -> None:
    await _feed(websocket, "agent")


@router.websocket("/ws/inbox")
async def inbox(websocket: WebSocket) -> None:
    await _feed(websocket, "customer")


async def _feed(websocket: WebSocket, kind: Literal["customer", "agent"]) -> None:
    path = websocket.url.path
    async with refusing(websocket, path):
        actor = await admit(websocket)
        if actor.kind != kind:
            raise Hangup(FORBIDDEN, "not this role's socket")
        channel = DESK if kind == "agent" else inbox_channel(actor.id)
        pump = Pump(websocket, actor.person, expires_at=actor.expires_at)
        with logged(actor, path) as ends:
            async with connected(websocket, actor, pump, [channel, lists_channel(kind, actor.id)]):

                async def catch_up() -> None:
                    online = await websocket.app.state.broker.present(STAFF) if kind == "agent" else []
                    await pump.send_now(msgspec.json.encode(FeedReady(online)))
                    pump.release(lambda _event: True)

                with websocket.app.state.open_sockets.list(pump):
                    ends.append(await pump.run(catch_up, lambda frame: pump.send(_reply(frame))))


def _reply(frame: bytes) -> bytes:
    """A list is only heard; all that may be said to it is a ping."""
    try:
        if isinstance(decode(frame, _frames), Ping):
            return msgspec.json.encode(Pong())
        raise InvalidInput.of("type", "Only pings are understood here.")
    except InvalidInput as error:
        return msgspec.json.encode(ErrorFrame(error.code, str(error)))
