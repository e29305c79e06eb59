"""What an admin does to an agent's account is told to the agent, where he reads his mail."""

import pytest
from fastapi import FastAPI

from tests.auth.letters import MAIL, delivered, link_in
from tests.auth.sessions import is_signed_in
from tests.people import ANA, PRIYA, Account, Somebody
from tests.support.authenticator import set_up
from tests.support.mailbox import Mailbox, text_of

NEW = "five grey geese at dawn"


@pytest.fixture
def environment(environment: dict[str, str], mailbox: Mailbox) -> dict[str, str]:
    return environment | {"CSTS_SMTP_URL": mailbox.url}


async def test_an_agent_hears_that_an_admin_has_set_his_password(
    app: FastAPI, people: dict[Account, Somebody], mona: Somebody, mailbox: Mailbox
) -> None:
    assert (await mona.put(f"/agents/{people[PRIYA].id}", {"password": NEW})).status_code == 200
    [letter] = await delivered(app, mailbox)
    assert (letter["To"], letter["Subject"]) == (MAIL[PRIYA], "A new password was set for you")
    assert "the account priya" in " ".join(text_of(letter).split())
    assert NEW not in text_of(letter)
    assert link_in(letter) == "http://desk.test/desk/forgot-password"


async def test_an_agent_hears_that_his_second_factor_is_gone(
    app: FastAPI, people: dict[Account, Somebody], mona: Somebody, mailbox: Mailbox
) -> None:
    await set_up(people[PRIYA])
    answer = await mona.delete(f"/agents/{people[PRIYA].id}/factor")
    assert answer.status_code == 204, answer.text
    [letter] = await delivered(app, mailbox)
    assert (letter["To"], letter["Subject"]) == (MAIL[PRIYA], "Your second factor was removed")
    assert not await is_signed_in(people[PRIYA])


async def test_nobody_hears_of_what_did_not_happen_or_is_his_own_doing(
    app: FastAPI, people: dict[Account, Somebody], mona: Somebody, sam: Somebody, mailbox: Mailbox
) -> None:
    priya = people[PRIYA]
    assert (await mona.put(f"/agents/{priya.id}", {"name": "Priya N."})).status_code == 200
    assert (await mona.put(f"/agents/{priya.id}", {"password": "short"})).status_code == 422
    assert (await mona.delete(f"/agents/{priya.id}/factor")).status_code == 409
    assert (await mona.put(f"/agents/{sam.id}", {"password": NEW})).status_code == 200, "he has no address"
    assert (await mona.put(f"/agents/{mona.id}", {"email": ANA.login, "password": NEW})).status_code == 200
    assert await delivered(app, mailbox) == []


class TestWithoutMail:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"CSTS_SMTP_URL": ""}

    async def test_it_is_done_all_the_same(
        self, app: FastAPI, people: dict[Account, Somebody], mona: Somebody, mailbox: Mailbox
    ) -> None:
        assert (await mona.put(f"/agents/{people[PRIYA].id}", {"password": NEW})).status_code == 200
        assert await delivered(app, mailbox) == []
