"""Whether a customer's address is his: asked by letter, and not in the way of who needs help, by default."""

import asyncio

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient, Response
from sqlalchemy import delete

from csts.auth.models import AccountLink
from csts.customers.models import User
from csts.settings import Settings
from tests.auth.letters import delivered, link_in, token_in
from tests.auth.sessions import enter, refusal
from tests.make import open_ticket
from tests.people import ANA, Somebody, sign_in
from tests.support.mailbox import Mailbox, text_of

pytestmark = pytest.mark.signed_up


@pytest.fixture
def environment(environment: dict[str, str], mailbox: Mailbox) -> dict[str, str]:
    return environment | {"CSTS_SMTP_URL": mailbox.url}


async def register(client: AsyncClient, **changes: str) -> Response:
    return await client.post("/user/register", json={"name": ANA.name, **ANA.credentials, **changes})


async def confirm(client: AsyncClient, token: str) -> Response:
    return await client.post("/user/email/confirm", json={"token": token})


async def is_confirmed(app: FastAPI, who: int) -> bool:
    async with app.state.database.read() as session:
        return (await session.get_one(User, who)).email_confirmed_at is not None


async def test_signing_up_sends_a_link_that_confirms_the_address_once(
    app: FastAPI, client: AsyncClient, ana: Somebody, mailbox: Mailbox
) -> None:
    [letter] = await delivered(app, mailbox)
    assert (letter["To"], letter["Subject"]) == ("ana@example.com", "Confirm your e-mail address")
    assert link_in(letter).startswith("http://desk.test/confirm-email#")
    assert not await is_confirmed(app, ana.id)
    assert (await confirm(client, token_in(letter))).status_code == 204
    assert await is_confirmed(app, ana.id)
    assert refusal(await confirm(client, token_in(letter))) == (409, "link_expired")


async def test_a_sign_up_that_fails_sends_nothing(
    app: FastAPI, client: AsyncClient, ana: Somebody, mailbox: Mailbox
) -> None:
    assert refusal(await register(client)) == (409, "email_taken")
    assert refusal(await register(client, email="ben@example.com", password="short")) == (422, "invalid_input")
    assert len(await delivered(app, mailbox)) == 1


async def test_a_letter_says_nothing_that_a_stranger_has_written(
    app: FastAPI, client: AsyncClient, mailbox: Mailbox
) -> None:
    await register(client, name="You have won: https://evil.test")
    [letter] = await delivered(app, mailbox)
    assert "evil" not in letter.as_string() + text_of(letter) + text_of(letter, "html")


async def test_who_has_not_confirmed_his_address_gets_help_all_the_same(ana: Somebody) -> None:
    assert (await open_ticket(ana))["status"] == "open"


async def test_a_new_link_kills_the_old_one_and_is_not_sent_to_who_has_confirmed(
    app: FastAPI, client: AsyncClient, ana: Somebody, mailbox: Mailbox
) -> None:
    assert (await ana.post("/user/email/confirm-request")).status_code == 202
    old, new = await delivered(app, mailbox)
    assert refusal(await confirm(client, token_in(old))) == (409, "link_expired")
    assert (await confirm(client, token_in(new))).status_code == 204
    assert (await ana.post("/user/email/confirm-request")).status_code == 202
    assert len(await delivered(app, mailbox)) == 2


async def test_of_first_links_that_are_asked_for_at_once_one_is_good(
    app: FastAPI, client: AsyncClient, ana: Somebody, mailbox: Mailbox
) -> None:
    await delivered(app, mailbox)
    async with app.state.database.write() as session:
        await session.execute(delete(AccountLink))
    answers = await asyncio.gather(*(ana.post("/user/email/confirm-request") for _ in range(5)))
    assert [answer.status_code for answer in answers] == [202] * 5
    letters = (await delivered(app, mailbox))[1:]
    confirmed = [(await confirm(client, token_in(letter))).status_code for letter in letters]
    assert sorted(confirmed) == [204, 409, 409, 409, 409]


async def test_a_page_asks_until_the_address_is_confirmed(
    app: FastAPI, client: AsyncClient, ana: Somebody, browser: AsyncClient, mailbox: Mailbox
) -> None:
    await enter(browser, ANA)
    assert "Please confirm ana@example.com" in (await browser.get("/my/tickets")).text
    await confirm(client, token_in((await delivered(app, mailbox))[0]))
    assert "<confirm-banner" not in (await browser.get("/my/tickets")).text


class TestLimits:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"CSTS_LIMIT_RESET": "1/hour"}

    async def test_nobody_fills_a_mailbox(self, ana: Somebody) -> None:
        assert (await ana.post("/user/email/confirm-request")).status_code == 202
        assert refusal(await ana.post("/user/email/confirm-request")) == (429, "too_many_requests")


class TestRequired:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"CSTS_CONFIRM_EMAIL": "required", "CSTS_LIMIT_RESET": "1/hour"}

    async def test_a_desk_may_let_in_only_who_has_confirmed_his_address(
        self, app: FastAPI, client: AsyncClient, mailbox: Mailbox
    ) -> None:
        assert (await register(client)).status_code == 201
        for _ in range(3):
            refused = await client.post("/user/login", json=ANA.credentials)
            assert refusal(refused) == (403, "email_unconfirmed")
        letters = await delivered(app, mailbox)
        assert len(letters) == 2, "one at the sign-up, and one more by the limit"
        await confirm(client, token_in(letters[-1]))
        assert (await sign_in(client, ANA)).token

    async def test_a_wrong_password_does_not_tell_who_has_confirmed(self, client: AsyncClient) -> None:
        await register(client)
        wrong = ANA.credentials | {"password": "not the one at all"}
        assert refusal(await client.post("/user/login", json=wrong)) == (401, "bad_credentials")


class TestWithoutMail:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"CSTS_SMTP_URL": ""}

    async def test_nobody_is_asked(self, app: FastAPI, ana: Somebody, browser: AsyncClient, mailbox: Mailbox) -> None:
        await enter(browser, ANA)
        assert "<confirm-banner" not in (await browser.get("/my/tickets")).text
        assert refusal(await ana.post("/user/email/confirm-request")) == (409, "mail_off")
        assert await delivered(app, mailbox) == []


def test_a_desk_without_mail_cannot_want_confirmed_addresses() -> None:
    with pytest.raises(ValueError, match="CSTS_SMTP_URL"):
        Settings(_env_file=None, confirm_email="required")
