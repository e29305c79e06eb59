"""The evaluator's tour: each requirement with what shows it live, on a desk that still has its demo."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection, Dialect, inspect, select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import State
from starlette.requests import Request
from starlette.responses import Response

from csts.demo import logins_work, people
from csts.kit.errors import NotFound
from csts.kit.sessions import database_of
from csts.tickets.models import Ticket
from csts.web.visitors import public_page

router = APIRouter(include_in_schema=False)

# Where stops lead: two tickets of the demo, by their subjects.
TALK = "Machine leaks water after the last update"
UNCLAIMED = "Checkout says my postcode does not exist"
# As the design document names them.
TABLES = (
    "users",
    "agents",
    "user_refresh_tokens",
    "agent_refresh_tokens",
    "tickets",
    "messages",
    "attachments",
)


@dataclass(frozen=True)
class Login:
    """One of the demo's people: his name, and what his sign-in form is filled in with."""

    name: str
    fields: Mapping[str, str]


Logins = Mapping[str, Login]


class Tour:
    """Whether there is a demo to be shown; looked up when somebody first asks, for it takes the time of a sign-in."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._logins: Logins | None = None

    async def logins(self) -> Logins:
        """The demo's people by their keys; nobody where the demo is off, gone or changed."""
        if self._logins is None:
            is_there = self._state.settings.demo and await logins_work(self._state)
            self._logins = _logins() if is_there else {}
        return self._logins


def _logins() -> Logins:
    agents = {
        key: Login(agent.name, {"username": key, "password": agent.password}) for key, agent in people.AGENTS.items()
    }
    ana = Login(people.CUSTOMERS["ana"], {"email": people.email_of("ana"), "password": people.CUSTOMER_PASSWORD})
    return {"ana": ana, **agents}


@router.get("/tour")
async def tour_page(request: Request) -> Response:
    logins = await request.app.state.tour.logins()
    if not logins:
        raise NotFound
    async with database_of(request).read() as session:
        talk, unclaimed = [await _ticket(session, subject) for subject in (TALK, UNCLAIMED)]
        connection = await session.connection()
        tables, database = await connection.run_sync(_columns), _name(connection.dialect)
    hands = {key: logins[key].fields for key in ("ana", "priya")}
    facts = {"tour": {**hands, "talk": talk, "not_hers": unclaimed}}
    return await public_page(request, "tour.html", facts=facts, tables=tables, database=database)


async def _ticket(session: AsyncSession, subject: str) -> int:
    """The oldest with this subject. Raises NotFound when there is none any more."""
    found = await session.scalar(select(Ticket.id).where(Ticket.subject == subject).order_by(Ticket.id).limit(1))
    if found is None:
        raise NotFound
    return found


def _name(dialect: Dialect) -> str:
    if getattr(dialect, "is_mariadb", False):
        return "MariaDB"
    return {"sqlite": "SQLite", "mysql": "MySQL"}[dialect.name]


def _columns(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """The columns that the database itself tells of: `name` and `type` of each."""
    told = inspect(connection)
    return {table: [_column(each) for each in told.get_columns(table)] for table in TABLES}


def _column(told: Any) -> dict[str, Any]:
    return {"name": told["name"], "type": str(told["type"]).split(" ")[0]}
