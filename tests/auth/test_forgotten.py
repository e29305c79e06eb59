"""A forgotten password: who reads the account's mail chooses a new one, once, and nobody else learns anything."""

import asyncio
from datetime import timedelta

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import select
from structlog.testing import capture_logs

from csts.agents.models import Agent
from csts.audit.models import Act, AuditEntry
from csts.auth.models import AccountLink
from csts.customers.models import User
from csts.kit import clock
from csts.kit.secrets import digest
from csts.kit.tasks import StoredTask
from tests.auth.letters import MAIL, ask, delivered, link_in, reset, token_in, working
from tests.auth.sessions import is_signed_in, refresh, refusal
from tests.people import ANA, PASSWORD, PRIYA, SAM, Account, Somebody
from tests.support.authenticator import set_up
from tests.support.mailbox import Mailbox, text_of

NEW = "five grey geese at dawn"
BOTH = pytest.mark.parametrize("account", [ANA, PRIYA], ids=lambda account: account.kind)


@pytest.fixture
def environment(environment: dict[str, str], mailbox: Mailbox) -> dict[str, str]:
    return environment | {"CSTS_SMTP_URL": mailbox.url, "CSTS_PUBLIC_URL": "https://desk.example.org"}


async def link_for(app: FastAPI, client: AsyncClient, account: Account, mailbox: Mailbox) -> str:
    """The token of a fresh letter."""
    assert (await ask(client, account, MAIL[account])).status_code == 202
    return token_in((await delivered(app, mailbox))[-1])


async def opens(client: AsyncClient, account: Account, password: str) -> bool:
    credentials = account.credentials | {"password": password}
    return (await client.post(f"{account.door}/login", json=credentials)).status_code == 200


@BOTH
async def test_a_link_sets_a_new_password_and_ends_all_sessions(
    app: FastAPI, client: AsyncClient, people: dict[Account, Somebody], mailbox: Mailbox, account: Account
) -> None:
    token = await link_for(app, client, account, mailbox)
    desk = "/desk" if account is PRIYA else ""
    assert link_in(mailbox.messages[0]).startswith(f"https://desk.example.org{desk}/reset-password#")
    assert mailbox.messages[0]["To"] == MAIL[account]
    with capture_logs() as logs:
        answer = await reset(client, account, token, NEW)
    assert (answer.status_code, answer.content) == (204, b"")
    assert (await opens(client, account, PASSWORD), await opens(client, account, NEW)) == (False, True)
    assert not await is_signed_in(people[account])
    assert refusal(await refresh(people[account])) == (401, "session_expired")
    assert NEW not in str(logs)
    assert token not in str(logs)
    *_, told = await delivered(app, mailbox)
    assert (told["Subject"], told["To"]) == ("Your password was changed", MAIL[account])
    assert link_in(told) == f"https://desk.example.org{desk}/forgot-password"


async def test_a_new_password_by_a_link_leaves_the_second_factor_in_force(
    app: FastAPI, client: AsyncClient, people: dict[Account, Somebody], mailbox: Mailbox
) -> None:
    phone = await set_up(people[PRIYA])
    token = await link_for(app, client, PRIYA, mailbox)
    assert (await reset(client, PRIYA, token, NEW)).status_code == 204
    credentials = PRIYA.credentials | {"password": NEW}
    assert refusal(await client.post("/agent/login", json=credentials)) == (401, "second_factor_required")
    answer = await client.post("/agent/login", json=credentials | {"code": phone.next_code()})
    assert answer.status_code == 200


@BOTH
async def test_a_link_works_once(
    app: FastAPI, client: AsyncClient, people: dict[Account, Somebody], mailbox: Mailbox, account: Account
) -> None:
    token = await link_for(app, client, account, mailbox)
    answers = await asyncio.gather(*(reset(client, account, token, NEW) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [204, 409, 409]
    assert refusal(await reset(client, account, token, "six blue herons at dusk")) == (409, "link_expired")
    assert await opens(client, account, NEW)


async def test_opening_its_page_does_not_use_a_link_up(
    app: FastAPI, client: AsyncClient, people: dict[Account, Somebody], mailbox: Mailbox
) -> None:
    token = await link_for(app, client, ANA, mailbox)
    for method in ("GET", "HEAD"):
        await client.request(method, "/reset-password", params={"token": token})
        await client.request(method, "/user/password/reset", params={"token": token})
    assert (await reset(client, ANA, token, NEW)).status_code == 204


async def test_a_password_that_will_not_do_leaves_the_link_as_it_was(
    app: FastAPI, client: AsyncClient, people: dict[Account, Somebody], mailbox: Mailbox
) -> None:
    token = await link_for(app, client, ANA, mailbox)
    for bad in ("short", "password123", "ana@example.com"):
        answer = await reset(client, ANA, token, bad)
        assert refusal(answer) == (422, "invalid_input")
        assert answer.json()["errors"][0]["field"] == "password"
    assert (await reset(client, ANA, token, NEW)).status_code == 204


async def test_the_newest_link_kills_the_older(
    app: FastAPI, client: AsyncClient, people: dict[Account, Somebody], mailbox: Mailbox
) -> None:
    old = await link_for(app, client, ANA, mailbox)
    new = await link_for(app, client, ANA, mailbox)
    assert refusal(await reset(client, ANA, old, NEW)) == (409, "link_expired")
    assert (await reset(client, ANA, new, NEW)).status_code == 204


async def test_a_link_is_too_old_after_half_an_hour(
    app: FastAPI, client: AsyncClient, people: dict[Account, Somebody], mailbox: Mailbox
) -> None:
    token = await link_for(app, client, ANA, mailbox)
    with clock.at(clock.now() + timedelta(minutes=30)):
        assert refusal(await reset(client, ANA, token, NEW)) == (409, "link_expired")
    assert await opens(client, ANA, PASSWORD)


async def test_a_link_does_not_outlive_the_password_that_it_was_for(
    app: FastAPI, client: AsyncClient, people: dict[Account, Somebody], mailbox: Mailbox
) -> None:
    token = await link_for(app, client, ANA, mailbox)
    await people[ANA].put("/password", {"old_password": PASSWORD, "password": NEW})
    assert refusal(await reset(client, ANA, token, "six blue herons at dusk")) == (409, "link_expired")


async def test_a_link_does_not_outlive_the_address_that_it_was_sent_to(
    app: FastAPI, client: AsyncClient, people: dict[Account, Somebody], mona: Somebody, mailbox: Mailbox
) -> None:
    token = await link_for(app, client, PRIYA, mailbox)
    await mona.put(f"/agents/{people[PRIYA].id}", {"email": "priya@new.example"})
    assert refusal(await reset(client, PRIYA, token, NEW)) == (409, "link_expired")


async def test_a_link_opens_no_other_door(
    app: FastAPI, client: AsyncClient, people: dict[Account, Somebody], mailbox: Mailbox
) -> None:
    token = await link_for(app, client, ANA, mailbox)
    assert refusal(await reset(client, PRIYA, token, NEW)) == (409, "link_expired")
    assert refusal(await client.post("/user/email/confirm", json={"token": token})) == (409, "link_expired")
    for wrong in (token[:-1], token.lower(), digest(token), "x", "é\u0000"):
        assert refusal(await reset(client, ANA, wrong, NEW)) == (409, "link_expired")


async def test_an_agent_who_was_switched_off_gets_no_letter_and_his_link_is_dead(
    app: FastAPI, client: AsyncClient, people: dict[Account, Somebody], mona: Somebody, mailbox: Mailbox
) -> None:
    token = await link_for(app, client, PRIYA, mailbox)
    await mona.put(f"/agents/{people[PRIYA].id}", {"active": False})
    assert refusal(await reset(client, PRIYA, token, NEW)) == (409, "link_expired")
    await ask(client, PRIYA, MAIL[PRIYA])
    assert len(await delivered(app, mailbox)) == 1


async def test_of_agents_who_share_a_mailbox_each_gets_a_letter_that_names_his_account(
    app: FastAPI, client: AsyncClient, people: dict[Account, Somebody], sam: Somebody, mailbox: Mailbox
) -> None:
    async with app.state.database.write() as session:
        (await session.get_one(Agent, sam.id)).email = MAIL[PRIYA]
    await ask(client, PRIYA, MAIL[PRIYA])
    letters = await delivered(app, mailbox)
    of_sam = next(letter for letter in letters if "account sam" in " ".join(text_of(letter).split()))
    assert len(letters) == 2
    await reset(client, SAM, token_in(of_sam), NEW)
    assert (await opens(client, SAM, NEW), await opens(client, PRIYA, PASSWORD)) == (True, True)


async def test_the_log_of_the_desk_keeps_that_an_agent_has_a_new_password(
    app: FastAPI, client: AsyncClient, people: dict[Account, Somebody], mailbox: Mailbox
) -> None:
    await reset(client, PRIYA, await link_for(app, client, PRIYA, mailbox), NEW)
    async with app.state.database.read() as session:
        [entry] = await session.scalars(select(AuditEntry).where(AuditEntry.act == Act.PASSWORD_SET))
    assert (entry.who_kind, entry.who_id, entry.about_id) == ("agent", people[PRIYA].id, people[PRIYA].id)
    assert entry.address


async def test_who_has_reset_his_password_has_shown_that_the_address_is_his(
    app: FastAPI, client: AsyncClient, people: dict[Account, Somebody], mailbox: Mailbox
) -> None:
    await reset(client, ANA, await link_for(app, client, ANA, mailbox), NEW)
    async with app.state.database.read() as session:
        assert (await session.get_one(User, people[ANA].id)).email_confirmed_at


async def test_neither_the_tables_nor_the_queue_hold_what_opens_an_account(
    app: FastAPI, client: AsyncClient, people: dict[Account, Somebody], mailbox: Mailbox
) -> None:
    mailbox.refuses = "550 No such mailbox"
    await ask(client, ANA, MAIL[ANA])
    async with working(app):
        await mailbox.until_refused(1)
    async with app.state.database.read() as session:
        [failed] = (await session.scalars(select(StoredTask).where(StoredTask.name == "mail"))).all()
        [link] = (await session.scalars(select(AccountLink).where(AccountLink.purpose == "reset"))).all()
    for stolen in (failed.payload["nonce"], link.token, link.proof):
        assert refusal(await reset(client, ANA, stolen, NEW)) == (409, "link_expired")


EVIL = {
    "Host": "evil.test",
    "X-Forwarded-Host": "evil.test",
    "Origin": "https://evil.test",
    "Forwarded": "host=evil.test",
}


async def test_a_link_leads_to_the_desk_whatever_the_request_says_about_its_address(
    app: FastAPI, client: AsyncClient, people: dict[Account, Somebody], mailbox: Mailbox
) -> None:
    await ask(client, ANA, MAIL[ANA], headers=EVIL)
    [letter] = await delivered(app, mailbox)
    assert "evil" not in letter.as_string()
    assert link_in(letter).startswith("https://desk.example.org/reset-password#")


async def test_a_letter_speaks_the_language_of_who_asks(
    app: FastAPI, client: AsyncClient, people: dict[Account, Somebody], mailbox: Mailbox
) -> None:
    await ask(client, ANA, MAIL[ANA], headers={"Accept-Language": "de-AT"})
    await ask(client, ANA, MAIL[ANA], headers={"Accept-Language": "de", "Cookie": "csts_locale=es"})
    subjects = [letter["Subject"] for letter in await delivered(app, mailbox)]
    assert sorted(subjects) == ["Elija una contraseña nueva", "Wählen Sie ein neues Passwort"]
