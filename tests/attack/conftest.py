"""What the attacks share: everybody, and each door with a request that would pass it."""

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from tests.access.test_access import House
from tests.attack.doors import Described, described
from tests.people import Somebody


@pytest.fixture
def people(ana: Somebody, ben: Somebody, priya: Somebody, sam: Somebody, mona: Somebody) -> dict[str, Somebody | None]:
    return {"nobody": None, "owner": ana, "customer": ben, "agent": priya, "colleague": sam, "admin": mona}


@pytest.fixture
def house(client: AsyncClient, app: FastAPI, people: dict[str, Somebody | None]) -> House:
    return House(client, people, app.state.database)


@pytest.fixture
def api(app: FastAPI) -> Described:
    """What /openapi.json says of each door."""
    return described(app)
