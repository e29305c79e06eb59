"""A chat server as one would write it on Django Channels: groups over Redis, one statement per message.

It makes none of the other promises: no accounts, no idempotency, no resume, one process only. The statement goes past
Django's ORM, straight to the driver that the desk itself uses: the ORM would be slower, and is not what is compared.
"""

import asyncio
import json
import os
from collections import Counter
from datetime import UTC, datetime
from urllib.parse import parse_qs, unquote, urlsplit

import asyncmy
import django
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.urls import re_path

settings.configure(
    SECRET_KEY="it guards nothing",  # noqa: S106 - nobody signs in
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF="server",
    CHANNEL_LAYERS={
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [os.environ["REDIS_URL"]]},
        }
    },
)
django.setup()
urlpatterns: list[object] = []

TABLE = """CREATE TABLE IF NOT EXISTS messages (
  id INT AUTO_INCREMENT PRIMARY KEY,
  ticket_id INT NOT NULL,
  seq INT NOT NULL,
  client_id CHAR(36) NOT NULL,
  sender VARCHAR(100) NOT NULL,
  content TEXT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  UNIQUE (ticket_id, seq),
  UNIQUE (ticket_id, sender, client_id)
)"""
INSERT = (
    "INSERT INTO messages (ticket_id, seq, client_id, sender, content, created_at) VALUES (%s, %s, %s, %s, %s, NOW(6))"
)


class Database:
    """A pool that is made by the first who needs it, on the loop that serves."""

    def __init__(self) -> None:
        self._pool: asyncmy.Pool | None = None
        self._making = asyncio.Lock()

    async def insert(self, *values: object) -> int:
        pool = self._pool or await self._made()
        async with pool.acquire() as connection, connection.cursor() as cursor:
            await cursor.execute(INSERT, values)
            return int(cursor.lastrowid)

    async def _made(self) -> asyncmy.Pool:
        async with self._making:
            if self._pool is None:
                url = urlsplit(os.environ["DATABASE_URL"])
                pool = await asyncmy.create_pool(
                    host=url.hostname,
                    port=url.port,
                    user=url.username,
                    password=unquote(url.password or ""),
                    db=url.path.strip("/"),
                    minsize=20,
                    maxsize=20,
                    autocommit=True,
                )
                async with pool.acquire() as connection, connection.cursor() as cursor:
                    await cursor.execute(TABLE)
                self._pool = pool
        return self._pool


database = Database()
seqs: Counter[int] = Counter()


class Room(AsyncWebsocketConsumer):
    async def connect(self) -> None:
        self.ticket_id = int(self.scope["url_route"]["kwargs"]["ticket_id"])
        self.person = parse_qs(self.scope["query_string"].decode())["person"][0]
        self.group = f"ticket.{self.ticket_id}"
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()
        await self.send(json.dumps({"type": "ready", "last_seq": seqs[self.ticket_id]}))

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        frame = json.loads(text_data or "{}")
        if frame["type"] != "message":
            return
        seqs[self.ticket_id] += 1
        seq, client_id, content = seqs[self.ticket_id], frame["client_id"], frame["content"]
        number = await database.insert(self.ticket_id, seq, client_id, self.person, content)
        told = {
            "type": "message",
            "id": number,
            "seq": seq,
            "client_id": client_id,
            "ticket_id": self.ticket_id,
            "sender": {"name": self.person},
            "content": content,
            "timestamp": datetime.now(UTC).isoformat(),
        }
        await self.channel_layer.group_send(self.group, {"type": "told", "text": json.dumps(told)})

    async def told(self, event: dict[str, str]) -> None:
        await self.send(event["text"])


application = ProtocolTypeRouter(
    {
        "http": get_asgi_application(),
        "websocket": URLRouter([re_path(r"^ws/tickets/(?P<ticket_id>\d+)$", Room.as_asgi())]),
    }
)
