"""Another secret key under a running fleet: sessions end, or are renewed, and nobody meets an error of ours."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from pydantic import SecretStr

from csts.app import create_app
from csts.settings import Settings
from tests.make import open_ticket, thread
from tests.people import ANA, Somebody
from tests.support.chat import open_socket
from tests.support.live import serving


@pytest.fixture
async def other(settings: Settings) -> AsyncIterator[FastAPI]:
    """A process of the same desk that was started with another key."""
    app = create_app(settings.model_copy(update={"secret_key": SecretStr("another key, as long as the first one was")}))
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def there(other: FastAPI) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(transport=ASGITransport(other), base_url="http://desk.test") as client:
        yield client


async def test_an_access_token_is_worth_nothing_and_is_renewed(ana: Somebody, there: AsyncClient) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    old = Somebody(ANA, ana.id, ana.token, ana.refresh_token, there)

    refused = await old.get("/tickets")
    renewed = await there.post("/user/refresh", json={"refresh_token": ana.refresh_token})

    assert (refused.status_code, refused.json()["code"]) == (401, "not_signed_in")
    assert renewed.status_code == 200
    new = Somebody(ANA, ana.id, renewed.json()["access_token"], "", there)
    assert len(await thread(new, ticket_id)) == 1


async def test_a_socket_is_closed_with_4401(ana: Somebody, other: FastAPI) -> None:
    async with serving(other) as url, open_socket(f"{url}/ws/inbox", ana.token) as inbox:
        assert (await inbox.closed())[0] == 4401


@pytest.mark.parametrize("page", ["/", "/my/tickets", "/my/tickets/new", "/settings"])
async def test_a_page_leads_on_without_an_error(
    client: AsyncClient, ana: Somebody, there: AsyncClient, page: str
) -> None:
    form = {**ANA.credentials, "session": "cookie"}
    signed_in = await client.post("/user/login", json=form)
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in signed_in.cookies.items())}
    client.cookies.clear()

    answer = await there.get(page, headers=headers, follow_redirects=False)

    assert answer.status_code < 400
