"""From where a session is used, as far as its request says."""

from dataclasses import dataclass

from starlette.requests import HTTPConnection

MAX_USER_AGENT, MAX_ADDRESS = 300, 45


@dataclass(frozen=True)
class Place:
    """What the browser calls itself, which may be anything, and the address that it comes from."""

    user_agent: str
    address: str


def place_of(connection: HTTPConnection) -> Place:
    user_agent = connection.headers.get("user-agent", "")
    address = connection.client.host if connection.client else ""
    return Place(user_agent[:MAX_USER_AGENT], address[:MAX_ADDRESS])
