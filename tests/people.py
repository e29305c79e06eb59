"""The named cast: two customers, two agents, one admin. A test says who acts, and a reader knows what is due to him."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from argon2 import PasswordHasher
from httpx2 import AsyncClient, Response
from sqlalchemy.ext.asyncio import AsyncSession

from csts.agents.models import Agent
from csts.customers.models import User
from csts.kit.db import create_engine

PASSWORD = "four brown owls at noon"


@dataclass(frozen=True)
class Account:
    """How somebody is known to the desk: a customer by e-mail, an agent by username."""

    kind: Literal["customer", "agent"]
    login: str
    name: str
    role: Literal["customer", "agent", "admin"]

    @property
    def door(self) -> str:
        return "/user" if self.kind == "customer" else "/agent"

    @property
    def credentials(self) -> dict[str, str]:
        return {"email" if self.kind == "customer" else "username": self.login, "password": PASSWORD}


ANA = Account("customer", "ana@example.com", "Ana Ruiz", "customer")
BEN = Account("customer", "ben@example.com", "Ben Okafor", "customer")
PRIYA = Account("agent", "priya", "Priya Nair", "agent")
SAM = Account("agent", "sam", "Sam Lindqvist", "agent")
MONA = Account("agent", "mona", "Mona Haddad", "admin")


@dataclass
class Somebody:
    """One of the cast, signed in: `get`, `post` and `put` speak in his name."""

    account: Account
    id: int
    token: str
    refresh_token: str
    client: AsyncClient = field(repr=False)

    @property
    def name(self) -> str:
        return self.account.name

    @property
    def person(self) -> dict[str, Any]:
        """As everybody in a room sees him."""
        return {"kind": self.account.kind, "id": self.id, "name": self.name}

    async def get(self, path: str, **options: Any) -> Response:
        return await self.request("GET", path, **options)

    async def post(self, path: str, json: Any = None, **options: Any) -> Response:
        return await self.request("POST", path, json=json, **options)

    async def put(self, path: str, json: Any = None, **options: Any) -> Response:
        return await self.request("PUT", path, json=json, **options)

    async def delete(self, path: str, **options: Any) -> Response:
        return await self.request("DELETE", path, **options)

    async def request(self, method: str, path: str, **options: Any) -> Response:
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return await self.client.request(method, path, headers=headers, **options)


async def sign_up(client: AsyncClient, account: Account) -> Somebody:
    """Registers a customer and signs him in."""
    form = {"name": account.name, **account.credentials}
    answer = await client.post("/user/register", json=form)
    assert answer.status_code == 201, answer.text
    return await sign_in(client, account)


async def sign_in(client: AsyncClient, account: Account) -> Somebody:
    answer = await client.post(f"{account.door}/login", json=account.credentials)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    me = told["user" if account.kind == "customer" else "agent"]
    return Somebody(account, me["id"], told["access_token"], told["refresh_token"], client)


async def hire(database_url: str, account: Account) -> None:
    """Makes an agent's account behind the desk's back."""
    agent = Agent(username=account.login, name=account.name, role=account.role, password_hash=quick_hash())
    await _add(database_url, agent)


async def enrol(database_url: str, account: Account) -> None:
    """Makes a customer's account behind the desk's back: `sign_up` without the price of a good hash."""
    await _add(database_url, User(name=account.name, email=account.login, password_hash=quick_hash()))


async def _add(database_url: str, person: User | Agent) -> None:
    engine = create_engine(database_url)
    async with AsyncSession(engine) as session:
        session.add(person)
        await session.commit()
    await engine.dispose()


@cache
def quick_hash() -> str:
    """The cast's password with parameters that are good for nothing else: a hash carries its own."""
    return PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
