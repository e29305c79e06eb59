"""What strangers learn and what they can do where a password is forgotten: nothing, and not for long."""

import statistics
import time

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

from tests.auth.letters import MAIL, ask, delivered
from tests.auth.sessions import refusal
from tests.people import ANA, PRIYA, Account, Somebody
from tests.queries import count_queries
from tests.support.mailbox import Mailbox

BOTH = pytest.mark.parametrize("account", [ANA, PRIYA], ids=lambda account: account.kind)


@pytest.fixture
def environment(environment: dict[str, str], mailbox: Mailbox) -> dict[str, str]:
    return environment | {"CSTS_SMTP_URL": mailbox.url}


class TestEnumeration:
    @BOTH
    async def test_nobody_hears_whether_an_address_is_known(
        self, app: FastAPI, client: AsyncClient, people: dict[Account, Somebody], mailbox: Mailbox, account: Account
    ) -> None:
        answers, statements = [], []
        for email in (MAIL[account], "nobody@example.com"):
            with count_queries(app.state.database.engine) as sent:
                answers.append(await ask(client, account, email))
            statements.append(len(sent))
        known, unknown = answers
        assert (known.status_code, known.content) == (unknown.status_code, unknown.content) == (202, b"")
        assert set(known.headers) == set(unknown.headers)
        assert statements[0] == statements[1]
        assert [letter["To"] for letter in await delivered(app, mailbox)] == [MAIL[account]]

    async def test_both_take_the_same_time(self, client: AsyncClient, people: dict[Account, Somebody]) -> None:
        """Measured in turns, so that whatever slows the machine slows both."""
        spent: dict[str, list[float]] = {MAIL[ANA]: [], "nobody@example.com": []}
        for _ in range(40):
            for email, times in spent.items():
                started = time.perf_counter()
                await ask(client, ANA, email)
                times.append(time.perf_counter() - started)
        known, unknown = (statistics.median(times) for times in spent.values())
        assert 0.6 < known / unknown < 1.7

    @pytest.mark.parametrize("email", ["", "nobody", "a@b@c", "ana@example.com\r\nBcc: ben@example.com", "x" * 300])
    async def test_what_is_no_address_is_refused(self, client: AsyncClient, email: str) -> None:
        assert refusal(await ask(client, ANA, email)) == (422, "invalid_input")


class TestLimits:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"CSTS_LIMIT_RESET": "2/hour"}

    @pytest.mark.parametrize("email", ["ana@example.com", "nobody@example.com"])
    async def test_an_address_of_the_net_may_ask_so_often(
        self, client: AsyncClient, people: dict[Account, Somebody], email: str
    ) -> None:
        for _ in range(2):
            assert (await ask(client, ANA, email)).status_code == 202
        refused = await ask(client, ANA, "another@example.com")
        assert refusal(refused) == (429, "too_many_requests")
        assert int(refused.headers["retry-after"]) > 0

    async def test_an_account_gets_so_many_letters_from_wherever_they_are_asked_for(
        self, app: FastAPI, people: dict[Account, Somebody], mailbox: Mailbox
    ) -> None:
        for number in range(5):
            transport = ASGITransport(app, client=(f"192.0.2.{number}", 1))
            async with AsyncClient(transport=transport, base_url="https://desk.example.org") as stranger:
                assert (await ask(stranger, ANA, MAIL[ANA])).status_code == 202
        assert len(await delivered(app, mailbox)) == 2


class TestWithoutMail:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"CSTS_SMTP_URL": ""}

    async def test_a_desk_without_mail_says_so(self, client: AsyncClient, ana: Somebody) -> None:
        for account in (ANA, PRIYA):
            assert refusal(await ask(client, account, MAIL[account])) == (409, "mail_off")
        page = (await client.get("/forgot-password")).text
        assert "This desk sends no e-mail" in page
        assert "<form" not in page
        assert "An admin can give you a new password." in (await client.get("/desk/forgot-password")).text
