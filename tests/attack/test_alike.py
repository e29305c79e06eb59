"""Names that look alike: of one address there is one account, and nobody takes another's by another spelling."""

import pytest
from httpx2 import AsyncClient

from tests.people import ANA, PASSWORD, Somebody

# Each is Ana's own address to a careless reader: to a database, a mail server, or an eye.
SPELLINGS = [
    "ANA@EXAMPLE.COM",
    " ana@example.com ",
    "ana@example.com.",
    "ana@EXAMPLE.com",
    "\uff41na@example.com",
    "ana@\uff45xample.com",
    "ana@example\u3002com",
    "ana@exam\u00adple.com",
    "a\u200bna@example.com",
    "ana@example.com\u202e",
    "ana@example.com\x00",
    "ana@example.com\r\nBcc: evil@evil.test",
    "ana@example.com,evil@evil.test",
    "<ana@example.com>",
    '"ana"@example.com',
    "ana@[127.0.0.1]",
]
# Others' addresses, which only look like hers.
STRANGERS = [
    "an\u0430@example.org",
    "ana@ex\u0430mple.com",
    "\u00e4na@example.com",
    "an\u00e1@example.com",
    "ana+x@example.com",
]

AGENTS = ["Priya", "PRIYA ", "pr\u0131ya", "\u1e57riya", "pri\u0443a", "priya\u200b", "\uff50riya", "priya\x00"]
PATTERNS = ["pr\u0131ya", "\u1e57riya", "priy\u00e1", "priya%", "pri_a", "priya\\", "*"]


async def register(client: AsyncClient, email: str, name: str = "Somebody") -> int:
    form = {"name": name, "email": email, "password": PASSWORD}
    return (await client.post("/user/register", json=form)).status_code


@pytest.mark.usefixtures("ana")
async def test_no_spelling_makes_a_second_account_of_an_address(client: AsyncClient) -> None:
    answers = {spelt: await register(client, spelt) for spelt in SPELLINGS}
    assert {spelt: status for spelt, status in answers.items() if status not in {409, 422}} == {}


async def test_an_address_that_only_looks_the_same_opens_nothing_of_hers(client: AsyncClient, ana: Somebody) -> None:
    for spelt in STRANGERS:
        if await register(client, spelt) == 201:
            answer = await client.post("/user/login", json={"email": spelt, "password": PASSWORD})
            assert answer.json()["user"]["id"] != ana.id, spelt
    answer = await client.post("/user/login", json=ANA.credentials)
    assert answer.json()["user"]["id"] == ana.id


@pytest.mark.usefixtures("priya")
async def test_no_spelling_makes_a_second_agent_of_a_username(mona: Somebody) -> None:
    for spelt in AGENTS:
        form = {"username": spelt, "name": "Priya Nair", "password": PASSWORD}
        assert (await mona.post("/agents", form)).status_code in {409, 422}, spelt


@pytest.mark.usefixtures("priya")
async def test_a_database_does_not_compare_names_in_its_own_way(client: AsyncClient) -> None:
    """Neither by a collation that drops accents, nor as a pattern."""
    for spelt in PATTERNS:
        answer = await client.post("/agent/login", json={"username": spelt, "password": PASSWORD})
        assert answer.status_code == 401, spelt
        assert (await client.post("/user/login", json={"email": spelt, "password": PASSWORD})).status_code == 401


async def test_a_name_turns_nothing_around_and_is_not_empty(client: AsyncClient) -> None:
    answer = await client.post(
        "/user/register", json={"name": "Mona\u202e daddaH\r\n", "email": "m@example.com", "password": PASSWORD}
    )
    assert answer.json()["name"] == "Mona daddaH"
    assert await register(client, "n@example.com", "\u200b\u2060\ufeff") == 422
