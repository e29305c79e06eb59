"""Another e-mail address: with the password, by a letter to it, and never behind the back of who reads the old one."""

import asyncio

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient, Response

from csts.customers.models import User
from tests.auth.letters import MAIL, delivered, link_in, token_in
from tests.auth.sessions import is_signed_in, refusal
from tests.make import open_ticket
from tests.people import ANA, BEN, PASSWORD, PRIYA, Account, Somebody, sign_up
from tests.support.mailbox import Mailbox, text_of

NEW = "ana@elsewhere.example"
NEW_PASSWORD = "five grey geese at dawn"
WRONG = "four brown mice at noon"
BOTH = pytest.mark.parametrize("account", [ANA, PRIYA], ids=lambda account: account.kind)


@pytest.fixture
def environment(environment: dict[str, str], mailbox: Mailbox) -> dict[str, str]:
    return environment | {"CSTS_SMTP_URL": mailbox.url}


async def change(who: Somebody, email: str = NEW, password: str = PASSWORD) -> Response:
    return await who.put("/email", {"email": email, "password": password})


async def use(client: AsyncClient, account: Account, token: str) -> Response:
    return await client.post(f"{account.door}/email/change", json={"token": token})


async def told(who: Somebody) -> tuple[str | None, str | None]:
    answer = (await who.get("/email")).json()
    return answer["email"], answer["waiting_for"]


@BOTH
async def test_it_changes_once_the_letter_to_it_was_opened(
    app: FastAPI, client: AsyncClient, people: dict[Account, Somebody], mailbox: Mailbox, account: Account
) -> None:
    who, old, desk = people[account], MAIL[account], "/desk" if account is PRIYA else ""
    assert await told(who) == (old, None)
    assert (await change(who, f" {NEW.upper()}")).json() == {"email": old, "waiting_for": NEW}
    asked, warned = sorted(await delivered(app, mailbox), key=lambda letter: letter["To"] != NEW)
    assert (asked["To"], asked["Subject"]) == (NEW, "Confirm your new e-mail address")
    assert link_in(asked).startswith(f"http://desk.test{desk}/confirm-new-email#")
    assert (warned["To"], warned["Subject"]) == (old, "Your e-mail address is about to change")
    assert link_in(warned) == f"http://desk.test{desk}/forgot-password"
    assert NEW not in text_of(warned), "whoever reads the old mailbox need not know the new one"
    assert await told(who) == (old, NEW)

    answers = await asyncio.gather(*(use(client, account, token_in(asked)) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [204, 409, 409]
    assert await told(who) == (NEW, None)
    assert await is_signed_in(who)


async def test_a_customer_signs_in_with_the_new_one_and_it_is_confirmed(
    app: FastAPI, client: AsyncClient, people: dict[Account, Somebody], mailbox: Mailbox
) -> None:
    await change(people[ANA])
    await use(client, ANA, await token(app, mailbox))
    assert refusal(await client.post("/user/login", json=ANA.credentials)) == (401, "bad_credentials")
    assert (await client.post("/user/login", json=ANA.credentials | {"email": NEW})).status_code == 200
    async with app.state.database.read() as session:
        assert (await session.get_one(User, people[ANA].id)).email_confirmed_at


async def token(app: FastAPI, mailbox: Mailbox) -> str:
    """Of the newest letter to the new address."""
    return token_in([letter for letter in await delivered(app, mailbox) if letter["To"] == NEW][-1])


async def test_tickets_are_found_by_the_new_address_and_no_more_by_the_old(
    app: FastAPI, client: AsyncClient, people: dict[Account, Somebody], mailbox: Mailbox
) -> None:
    ticket = await open_ticket(people[ANA])
    priya = people[PRIYA]
    assert await found(priya, ANA.login) == [ticket["id"]]
    await change(people[ANA])
    await use(client, ANA, await token(app, mailbox))
    await delivered(app, mailbox)
    assert (await found(priya, NEW), await found(priya, ANA.login)) == ([ticket["id"]], [])


async def found(agent: Somebody, words: str) -> list[int]:
    return [row["id"] for row in (await agent.get("/tickets", params={"q": words})).json()["items"]]


async def test_an_agents_change_is_put_down(
    app: FastAPI, client: AsyncClient, people: dict[Account, Somebody], mona: Somebody, mailbox: Mailbox
) -> None:
    await change(people[PRIYA])
    await use(client, PRIYA, await token(app, mailbox))
    [entry] = (await mona.get("/audit", params={"act": "email_changed"})).json()["items"]
    assert (entry["who"]["name"], entry["about"]["name"], entry["details"]) == ("Priya Nair", "Priya Nair", {})


@BOTH
async def test_a_new_password_stops_it(
    app: FastAPI, client: AsyncClient, people: dict[Account, Somebody], mailbox: Mailbox, account: Account
) -> None:
    await change(people[account])
    link = await token(app, mailbox)
    await people[account].put("/password", {"old_password": PASSWORD, "password": NEW_PASSWORD})
    assert refusal(await use(client, account, link)) == (409, "link_expired")
    assert await told(people[account]) == (MAIL[account], None)


async def test_the_newest_wish_counts(
    app: FastAPI, client: AsyncClient, people: dict[Account, Somebody], mailbox: Mailbox
) -> None:
    await change(people[ANA])
    old = await token(app, mailbox)
    await change(people[ANA], "ana@third.example")
    assert refusal(await use(client, ANA, old)) == (409, "link_expired")
    assert await told(people[ANA]) == (ANA.login, "ana@third.example")


@BOTH
async def test_it_wants_the_password(
    app: FastAPI, people: dict[Account, Somebody], mailbox: Mailbox, account: Account
) -> None:
    answer = await change(people[account], password=WRONG)
    assert refusal(answer) == (422, "invalid_input")
    assert answer.json()["errors"][0]["field"] == "password"
    assert await delivered(app, mailbox) == []


async def test_an_address_of_another_customer_is_refused_first_and_last(
    app: FastAPI, client: AsyncClient, people: dict[Account, Somebody], ben: Somebody, mailbox: Mailbox
) -> None:
    answer = await change(people[ANA], BEN.login)
    assert refusal(answer) == (409, "email_taken")
    assert answer.json()["errors"][0]["field"] == "email"
    await change(people[ANA])
    link = await token(app, mailbox)
    await sign_up(client, Account("customer", NEW, "Somebody quicker", "customer"))
    assert refusal(await use(client, ANA, link)) == (409, "email_taken")
    assert (await told(people[ANA]))[0] == ANA.login


async def test_agents_may_share_a_mailbox(
    app: FastAPI, client: AsyncClient, people: dict[Account, Somebody], sam: Somebody, mailbox: Mailbox
) -> None:
    assert (await change(sam, MAIL[PRIYA])).status_code == 200
    [letter] = await delivered(app, mailbox)
    assert (await use(client, PRIYA, token_in(letter))).status_code == 204
    assert [(await told(each))[0] for each in (sam, people[PRIYA])] == [MAIL[PRIYA]] * 2


@pytest.mark.parametrize("email", [ANA.login, "no address", ""])
async def test_what_is_no_new_address_is_refused(people: dict[Account, Somebody], email: str) -> None:
    answer = await change(people[ANA], email)
    assert refusal(answer) == (422, "invalid_input")
    assert answer.json()["errors"][0]["field"] == "email"


async def test_an_agent_is_told_at_the_old_address_what_an_admin_has_entered(
    app: FastAPI, people: dict[Account, Somebody], mona: Somebody, mailbox: Mailbox
) -> None:
    assert (await mona.put(f"/agents/{people[PRIYA].id}", {"email": NEW})).status_code == 200
    assert (await mona.put(f"/agents/{people[PRIYA].id}", {"email": NEW, "name": "Priya N."})).status_code == 200
    [letter] = await delivered(app, mailbox)
    assert (letter["To"], letter["Subject"]) == (MAIL[PRIYA], "Your e-mail address was changed")


class TestLimits:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"CSTS_LIMIT_LOGIN": "2/minute", "CSTS_LIMIT_RESET": "1/hour"}

    async def test_guesses_count_with_the_failures_at_the_door(self, client: AsyncClient, ana: Somebody) -> None:
        for _ in range(2):
            await change(ana, password=WRONG)
        assert refusal(await change(ana)) == (429, "too_many_requests")
        assert refusal(await client.post("/user/login", json=ANA.credentials)) == (429, "too_many_requests")

    async def test_nobody_fills_a_mailbox(self, ana: Somebody) -> None:
        assert (await change(ana)).status_code == 200
        assert refusal(await change(ana, "ana@third.example")) == (429, "too_many_requests")


class TestWithoutMail:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"CSTS_SMTP_URL": ""}

    @BOTH
    async def test_it_changes_at_once(self, people: dict[Account, Somebody], account: Account) -> None:
        assert (await change(people[account])).json() == {"email": NEW, "waiting_for": None}
        assert await told(people[account]) == (NEW, None)
