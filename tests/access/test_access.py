"""Each cell of the table of who may do what, tried; and no door without a row."""

import itertools
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import delete
from websockets.exceptions import ConnectionClosed

from csts.assistant.models import AssistantReply
from csts.customers.models import User
from csts.factors.models import AgentFactor, RecoveryCode
from csts.kit import clock
from csts.kit.db import Database
from csts.kit.secrets import digest
from csts.kit.tasks import State, StoredTask
from tests.access.matrix import PEOPLE, Door, doors, matrix
from tests.make import (
    can_reply,
    claim,
    make_rule,
    open_ticket,
    png_bytes,
    screenshots,
    set_status,
    thread,
    ticket_form,
    write_article,
)
from tests.people import ANA, PASSWORD, PRIYA, Somebody, sign_in
from tests.support.authenticator import Phone, begin
from tests.support.chat import open_socket
from tests.support.push_service import Browser
from tests.support.server import Server

pytestmark = pytest.mark.once

PAGES = ("/my", "/settings", "/desk", "/signin", "/signup")
RESETS: list[Door] = [("POST", "/user/password/reset"), ("POST", "/agent/password/reset")]
LINKS: list[Door] = [("POST", f"/{path}") for path in ("user/email/confirm", "user/email/change", "agent/email/change")]
FIXED_BODIES: dict[Door, dict[str, Any]] = {
    ("POST", "/user/login"): ANA.credentials,
    ("POST", "/agent/login"): PRIYA.credentials,
    ("PUT", "/agents/{agent_id}"): {"name": "Sam L."},
    ("PUT", "/knowledge/articles/{article_id}"): {"title": "Another title"},
    ("POST", "/knowledge/rules"): {"name": "Weather", "phrases": ["how is the weather"], "reply": "Fine."},
    ("PUT", "/knowledge/rules/{rule_id}"): {"enabled": False},
    ("POST", "/canned"): {"shortcut": "hello", "title": "Hello", "text": "Hello there."},
    ("PUT", "/canned/{canned_id}"): {"title": "Another title"},
    ("POST", "/tickets/{ticket_id}/answer"): {"priority": "urgent"},
    ("PUT", "/preferences"): {"sound": False},
    ("PUT", "/push/subscription"): Browser("https://fcm.googleapis.com/fcm/send/x").subscription,
    **{("POST", f"/{kind}/password/reset-request"): {"email": ANA.login} for kind in ("user", "agent")},
    **{door: {"token": "a stranger's", "password": PASSWORD} for door in RESETS},
    **{door: {"token": "a stranger's"} for door in LINKS},
    ("PUT", "/password"): {"old_password": PASSWORD, "password": PASSWORD},
    ("POST", "/assistant/ask"): {"question": "Where is my parcel?"},
    ("PUT", "/assistant/replies/{reply_id}/verdict"): {"right": False},
    ("POST", "/tickets/bulk"): {"ids": [1], "change": {"priority": "high"}},
    ("POST", "/tickets/bulk/undo"): {
        "items": [{"id": 1, "before": {"priority": "low"}, "after": {"priority": "high"}}]
    },
    ("PUT", "/tickets/{ticket_id}/status"): {"status": "closed"},
    ("PUT", "/tickets/{ticket_id}/drafts/{kind}"): {"content": "Hello"},
    ("PUT", "/tickets/{ticket_id}/priority"): {"priority": "urgent"},
    ("PUT", "/tickets/{ticket_id}/rating"): {"score": 4},
    ("POST", "/views"): {"name": "Refunds", "filters": {"tag": "refund"}},
    ("PUT", "/views/{view_id}"): {"name": "Late refunds"},
    ("PUT", "/tickets/{ticket_id}/snooze"): {"until": (clock.now() + timedelta(hours=1)).isoformat()},
    ("PUT", "/tickets/{ticket_id}/tags"): {"add": ["refund"]},
    ("PUT", "/tickets/{ticket_id}/assignee"): {"agent_id": None},
}
NUMBERS = itertools.count()
RECOVERY_CODE = "abcdefghjkmnpqrs"
GONE = "gone@example.com"


@dataclass
class House:
    """Everybody, and a ticket of the owner that the agent has; each try gets a fresh one."""

    client: AsyncClient
    people: dict[str, Somebody | None] = field(repr=False)
    database: Database = field(repr=False)
    first: dict[str, Any] = field(default_factory=dict, repr=False)

    def somebody(self, name: str) -> Somebody:
        found = self.people[name]
        assert found
        return found

    async def try_door(self, door: Door, who: str) -> int:
        """The status that this person is answered there."""
        path, options = await self.prepare(door, who)
        return (await self.client.request(door[0], path, **options)).status_code

    async def prepare(self, door: Door, who: str) -> tuple[str, dict[str, Any]]:
        """The address and the options of a request that this person would send there."""
        places = await self._places(door[1])
        return door[1].format(**places), await self._options(door, self.people[who])

    async def _places(self, path: str) -> dict[str, Any]:
        """What the path names, made for this try; nothing else, since there are hundreds of tries."""
        ticket = await self._ticket(path)
        makers: dict[str, Callable[[], Awaitable[Any]]] = {
            "reply_id": partial(self._wrong_reply, ticket["id"]),
            "task_id": self._failed_task,
            "canned_id": partial(can_reply, self.somebody("agent")),
            "session_id": self._session,
            "customer_id": self._customer,
            "view_id": self._view,
            "article_id": partial(write_article, self.somebody("admin")),
            "rule_id": partial(make_rule, self.somebody("admin")),
        }
        made = {name: await make() for name, make in makers.items() if f"{{{name}}}" in path}
        return {
            "ticket_id": ticket["id"],
            "kind": "reply",
            "attachment_id": ticket["attachments"][0]["id"],
            "agent_id": self.somebody("colleague").id,
            **{name: each["id"] if isinstance(each, dict) else each for name, each in made.items()},
        }

    async def _ticket(self, path: str) -> dict[str, Any]:
        """One of the owner that the agent has, as this door needs it; any one for a door that names none."""
        if self.first and not any(name in path for name in ("{ticket_id}", "{attachment_id}", "{reply_id}")):
            return self.first
        ticket = await open_ticket(self.somebody("owner"))
        if path != "/tickets/{ticket_id}/claim":
            await claim(self.somebody("agent"), ticket["id"])
        if path == "/tickets/{ticket_id}/rating":
            await set_status(self.somebody("agent"), ticket["id"], "resolved")
        self.first = self.first or ticket
        return ticket

    async def _customer(self) -> int:
        """Somebody who may be erased."""
        async with self.database.write() as session:
            await session.execute(delete(User).where(User.email == GONE))
            user = User(name="Gone", email=GONE, password_hash="")
            session.add(user)
            await session.flush()
            return user.id

    async def _wrong_reply(self, ticket_id: int) -> int:
        """An answer of the assistant in this ticket, which an agent has called wrong."""
        (line, *_) = await thread(self.somebody("agent"), ticket_id)
        async with self.database.write() as session:
            reply = AssistantReply(ticket_id=ticket_id, message_id=line["id"], question="?", source="knowledge")
            reply.confidence, reply.reason, reply.citations, reply.verdict = 0.9, "", [], "wrong"
            session.add(reply)
            await session.flush()
            return reply.id

    async def _failed_task(self) -> int:
        """Background work that nobody tries any more."""
        now = clock.now()
        async with self.database.write() as session:
            task = StoredTask(name="greet", payload={}, state=State.FAILED, attempts=1, created_at=now, failed_at=now)
            session.add(task)
            await session.flush()
            return task.id

    async def _session(self) -> str:
        """The owner's newest."""
        fresh = await sign_in(self.client, self.somebody("owner").account)
        found = (await fresh.get("/sessions")).json()
        return str(next(each["id"] for each in found if each["current"]))

    async def _view(self) -> int:
        """A view of the agent's that all may see."""
        view = {"name": "Urgent", "filters": {"priority": "urgent"}, "shared": True}
        return int((await self.somebody("agent").post("/views", view)).json()["id"])

    async def _proof(self, path: str, who: Somebody | None) -> dict[str, str]:
        """His password and a code; the rows stand in the order in which a factor is set up and turned off again."""
        if path == "/agent/factor":
            return {"password": PASSWORD}
        if path == "/agent/factor/confirm":
            begun = await begin(who) if who and who.account.kind == "agent" else None
            return {"code": Phone(begun.json()["secret"], []).code() if begun else "123456"}
        await self._recovery_code(who)
        return {"password": PASSWORD, "code": RECOVERY_CODE}

    async def _recovery_code(self, who: Somebody | None) -> None:
        if who and who.account.kind == "agent":
            async with self.database.write() as session:
                session.add(RecoveryCode(agent_id=who.id, code=digest(RECOVERY_CODE)))

    async def _factor(self, who: Somebody) -> None:
        async with self.database.write() as session:
            await session.merge(AgentFactor(agent_id=who.id, secret="", last_step=0, confirmed_at=clock.now()))

    async def _options(self, door: Door, who: Somebody | None) -> dict[str, Any]:
        headers = {} if who is None else _credentials(door[1], who)
        if door == ("DELETE", "/agents/{agent_id}/factor"):
            await self._factor(self.somebody("colleague"))
        is_proof = door[0] == "POST" and door[1].startswith("/agent/factor")
        body = FIXED_BODIES.get(door) or await (self._proof(door[1], who) if is_proof else self._body(door, who))
        if door[1].endswith(("createticket", "attachments")):
            return {"headers": headers, **_form(door[1])}
        return {"headers": headers, "json": body} if door[0] != "GET" and body else {"headers": headers}

    async def _body(self, door: Door, who: Somebody | None) -> dict[str, Any]:
        number, path = next(NUMBERS), door[1]
        new: dict[str, dict[str, Any]] = {
            "/user/register": {"name": "New", "email": f"new-{number}@example.com", "password": PASSWORD},
            "/email": {"email": f"new-{number}@example.com", "password": PASSWORD},
            "/agents": {"name": "New", "username": f"new-{number}", "password": PASSWORD},
            "/knowledge/articles": {"topic": f"new-{number}", "title": "New", "answer": "Yes."},
            "/customers/{customer_id}/erasure": {"confirmation": GONE},
            "/user/erasure": {"password": PASSWORD, "confirmation": who.account.login if who else "?"},
            "/tickets/{ticket_id}/messages": {"client_id": str(uuid.uuid4()), "content": "Hello"},
        }
        if path == "/tickets/{ticket_id}/merge":
            return {"into": (await open_ticket(self.somebody("owner")))["id"]}
        if who and path.endswith(("/refresh", "/logout")):
            return {"refresh_token": (await sign_in(self.client, who.account)).refresh_token}
        return new.get(path, {})


def _credentials(path: str, who: Somebody) -> dict[str, str]:
    """Programs bring a bearer token, and whoever opens a page brings its cookie."""
    if path == "/" or (path.startswith(PAGES) and not path.startswith("/ws")):
        kind = "user" if who.account.kind == "customer" else "agent"
        return {"Cookie": f"csts_{kind}_access={who.token}"}
    return {"Authorization": f"Bearer {who.token}"}


def _form(path: str) -> dict[str, Any]:
    if path.endswith("createticket"):
        return {"data": ticket_form(), "files": screenshots()}
    return {"files": {"file": ("error.png", png_bytes())}}


@pytest.fixture
def environment(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    return environment | {"CSTS_SMTP_URL": f"file://{tmp_path}/mail"}


@pytest.fixture
def people(ana: Somebody, ben: Somebody, priya: Somebody, sam: Somebody, mona: Somebody) -> dict[str, Somebody | None]:
    return {"nobody": None, "owner": ana, "customer": ben, "agent": priya, "colleague": sam, "admin": mona}


@pytest.mark.parametrize("who", PEOPLE)
async def test_everybody_is_answered_as_the_table_says(
    client: AsyncClient, app: FastAPI, people: dict[str, Somebody | None], who: str
) -> None:
    house = House(client, people, app.state.database)
    wrong = {}
    for door, cells in matrix().items():
        if door[0] != "SOCKET" and (found := str(await house.try_door(door, who))) != cells[who]:
            wrong[door] = f"{found}, not {cells[who]}"
    assert wrong == {}


@pytest.mark.sockets
async def test_sockets_open_and_close_as_the_table_says(server: Server, people: dict[str, Somebody | None]) -> None:
    owner = people["owner"]
    assert owner
    ticket = await open_ticket(owner)
    for (method, path), cells in matrix().items():
        for name, who in people.items() if method == "SOCKET" else ():
            url = server.sockets + path.format(ticket_id=ticket["id"])
            assert await opened(url, who.token if who else None) == cells[name], (path, name)


async def opened(url: str, token: str | None) -> str:
    """`open` when the socket says that it is ready, else the code that it is closed with."""
    async with open_socket(url, token) as socket:
        try:
            await socket.next("ready")
        except ConnectionClosed as end:
            return str(end.rcvd.code if end.rcvd else end)
        return "open"


def test_no_door_is_without_a_row(app: FastAPI) -> None:
    there = set(doors(app))
    assert there - set(matrix()) == set(), "say in tests/access/matrix.py who may do this"
    assert set(matrix()) - there == set()


async def test_a_deactivated_agent_is_nobody(
    client: AsyncClient, app: FastAPI, people: dict[str, Somebody | None]
) -> None:
    house = House(client, people, app.state.database)
    admin, colleague = house.somebody("admin"), house.somebody("colleague")
    assert (await admin.put(f"/agents/{colleague.id}", {"active": False})).status_code == 200
    for door in (("GET", "/agent/me"), ("GET", "/tickets"), ("POST", "/tickets/{ticket_id}/claim")):
        assert await house.try_door(door, "colleague") == 401
