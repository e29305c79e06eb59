"""When the tour is there, and when it is not: on a desk that nobody shows around, nothing betrays it."""

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from csts import demo
from csts.demo import people
from tests.people import Somebody

pytestmark = pytest.mark.once

ORIGIN = {"Origin": "http://desk.test"}
ANA = {"email": people.email_of("ana"), "password": people.CUSTOMER_PASSWORD}


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return {**environment, "CSTS_DEMO": "1"}


async def test_a_desk_with_its_demo_shows_the_tour_to_everybody(app: FastAPI, client: AsyncClient) -> None:
    assert await demo.fill_once(app.state)
    tour = await client.get("/tour")
    assert tour.status_code == 200
    assert "callback_number" in tour.text
    for door, who in (("/signin", people.CUSTOMER_PASSWORD), ("/desk/signin", people.AGENT_PASSWORD)):
        page = await client.get(door, params={"as": "ana" if door == "/signin" else "priya"})
        assert 'href="/tour"' in page.text
        assert f'value="{who}"' in page.text
        assert who not in (await client.get(door)).text
    # Filled in it is shown also to somebody else who is signed in, and to its person not at all.
    login = {**ANA, "email": people.email_of("ben"), "session": "cookie"}
    await client.post("/user/login", json=login, headers=ORIGIN)
    assert (await client.get("/signin")).status_code == 303
    assert (await client.get("/signin?as=ana&next=/my/tickets/59")).status_code == 200
    await client.post("/user/login", json={**ANA, "session": "cookie"}, headers=ORIGIN)
    assert (await client.get("/signin?as=ana&next=/my/tickets/59")).headers["location"] == "/my/tickets/59"


async def test_without_the_demos_people_there_is_no_tour(client: AsyncClient, priya: Somebody) -> None:
    # A Priya of its own, with another password: this desk is somebody's.
    assert (await client.get("/tour")).status_code == 404
    page = await client.get("/signin?as=ana")
    assert "/tour" not in page.text
    assert people.CUSTOMER_PASSWORD not in page.text
