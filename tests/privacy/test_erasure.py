"""A customer's data erased: nobody finds a word of him any more, and no number is missing."""

import json
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import func, select

from csts.attachments.models import Attachment
from csts.audit.models import AuditEntry
from csts.jobs.sweeps import sweep_tickets
from csts.kit import clock
from csts.kit.db import Database
from csts.kit.tasks import Later, StoredTask, Task
from csts.privacy import actions
from csts.search.models import SearchPiece
from tests.auth.sessions import is_signed_in, refresh, refusal
from tests.make import claim, open_ticket, pdf_bytes, post_message, set_status, thread, upload
from tests.people import ANA, PASSWORD, Somebody

OWN = {"password": PASSWORD, "confirmation": ANA.login}


async def erase(app: FastAPI, customer: Somebody, **changes: str) -> None:
    """He asks for it, and the queue does it."""
    answer = await customer.post("/user/erasure", OWN | changes)
    assert answer.status_code == 202, answer.text
    await carry_out(app.state.database)


async def carry_out(database: Database) -> int:
    """What the queue does with the task; how many turns that took."""
    async with database.read() as session:
        row = (await session.scalars(select(StoredTask).where(StoredTask.name == actions.ERASE))).one()
    task = Task(row.id, row.name, row.merge_key, row.payload, 1, is_given_up=False, lease="")
    turns = 1
    while True:
        try:
            await actions.erase_tickets(database, task)
        except Later:
            turns += 1
        else:
            return turns


async def talk(customer: Somebody, agent: Somebody) -> dict[str, Any]:
    """A ticket with everything in it that names or quotes its customer."""
    ticket = await open_ticket(customer, subject="Zebra crossing", callback_number="+34600000000")
    await claim(agent, ticket["id"])
    file = await upload(customer, ticket["id"], pdf_bytes(), "zebra.pdf")
    await post_message(customer, ticket["id"], "My zebra is ill.", attachment_ids=[file["id"]])
    await post_message(agent, ticket["id"], f"Good morning {customer.name}, is it striped?")
    await post_message(agent, ticket["id"], "Sounds like a horse.", internal=True)
    await set_status(agent, ticket["id"], "resolved")
    await customer.put(f"/tickets/{ticket['id']}/rating", {"score": 5, "comment": "Lovely zebra."})
    await set_status(customer, ticket["id"], "open")
    return ticket


async def test_nobody_finds_a_word_of_him(app: FastAPI, ana: Somebody, priya: Somebody, mona: Somebody) -> None:
    ticket = await talk(ana, priya)
    number = ticket["id"]
    before = await thread(priya, number)
    assert (await priya.get("/tickets", params={"q": "zebra"})).json()["items"]
    await erase(app, ana)

    after = await thread(priya, number)
    assert [message["seq"] for message in after] == [message["seq"] for message in before]
    told = [
        await priya.get(f"/ticket/{number}"),
        await priya.get(f"/tickets/{number}/messages"),
        await priya.get(f"/tickets/{number}/events"),
        await priya.get(f"/tickets/{number}/ratings"),
        await priya.get("/tickets"),
        await mona.get("/audit"),
        await mona.get(f"/customers/{ana.id}"),
    ]
    text = " ".join(answer.text for answer in told).lower()
    words = ["zebra", "ana ruiz", ana.account.login, "+3460"]
    assert [word for word in words if word in text] == []
    said = [message["content"] for message in after if message["sender"]["kind"] == "agent"]
    assert said == ["Good morning Erased, is it striped?", "Sounds like a horse."]
    assert (await priya.get("/tickets", params={"q": "zebra"})).json()["items"] == []
    assert (await priya.get("/tickets", params={"q": "striped"})).json()["items"], "an agent's words are found"


async def test_his_files_are_gone(app: FastAPI, ana: Somebody, priya: Somebody) -> None:
    ticket = await talk(ana, priya)
    kept = await upload(priya, ticket["id"])
    await post_message(priya, ticket["id"], "A drawing", attachment_ids=[kept["id"]])
    await erase(app, ana)
    assert (await priya.get(f"/attachments/{ticket['attachments'][0]['id']}")).status_code == 404
    assert (await priya.get(f"/attachments/{kept['id']}")).status_code == 200
    async with app.state.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Attachment)) == 1


async def test_he_is_signed_out_and_cannot_come_back(app: FastAPI, client: AsyncClient, ana: Somebody) -> None:
    await erase(app, ana)
    assert not await is_signed_in(ana)
    assert (await refresh(ana)).status_code == 401
    for email in (ana.account.login, f"erased-{ana.id}@erased.invalid"):
        answer = await client.post("/user/login", json={"email": email, "password": PASSWORD})
        assert refusal(answer) == (401, "bad_credentials")
    again = {"name": "Ana Ruiz", **ANA.credentials}
    assert (await client.post("/user/register", json=again)).status_code == 201, "the address is free again"


async def test_others_are_left_alone(app: FastAPI, ana: Somebody, ben: Somebody, priya: Somebody) -> None:
    other = await open_ticket(ben, subject="Zebra of another")
    await talk(ana, priya)
    await erase(app, ana)
    assert (await ben.get(f"/ticket/{other['id']}")).json()["subject"] == "Zebra of another"
    assert len((await priya.get("/tickets", params={"q": "zebra"})).json()["items"]) == 1


@pytest.mark.parametrize(
    "changes, field",
    [({"password": "five grey owls at noon"}, "password"), ({"confirmation": "ben@x.test"}, "confirmation")],
)
async def test_it_wants_the_password_and_the_address_by_hand(
    ana: Somebody, changes: dict[str, str], field: str
) -> None:
    answer = await ana.post("/user/erasure", OWN | changes)
    assert refusal(answer) == (422, "invalid_input")
    assert answer.json()["errors"][0]["field"] == field
    assert await is_signed_in(ana)


async def test_an_admin_does_it_for_him_once(app: FastAPI, ana: Somebody, mona: Somebody) -> None:
    path = f"/customers/{ana.id}/erasure"
    assert refusal(await mona.post(path, {"confirmation": "ben@example.com"})) == (422, "invalid_input")
    assert (await mona.post(path, {"confirmation": " ANA@example.com "})).status_code == 202
    assert refusal(await mona.post(path, {"confirmation": ANA.login})) == (409, "already_erased")
    assert refusal(await mona.post("/customers/999999/erasure", {"confirmation": ANA.login})) == (404, "not_found")
    shown = (await mona.get(f"/customers/{ana.id}")).json()
    assert (shown["name"], shown["erased"]) == ("Erased", True)


async def test_it_is_put_down_without_his_name(app: FastAPI, ana: Somebody, mona: Somebody) -> None:
    await mona.post(f"/customers/{ana.id}/erasure", {"confirmation": ANA.login})
    async with app.state.database.read() as session:
        entry = (await session.scalars(select(AuditEntry).where(AuditEntry.act == "customer_erased"))).one()
    assert (entry.who_id, entry.about_id, entry.about_name) == (mona.id, ana.id, f"#{ana.id}")


async def test_many_tickets_are_erased_in_turns_and_go_on_after_a_restart(
    app: FastAPI, ana: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("csts.privacy.actions.TICKETS_AT_ONCE", 2)
    for _ in range(5):
        await open_ticket(ana, subject="Zebra")
    assert (await ana.post("/user/erasure", OWN)).status_code == 202
    assert await carry_out(app.state.database) == 3
    assert await carry_out(app.state.database) == 1, "what is done is not done again"


async def test_what_the_index_had_not_seen_yet_is_not_found_either(
    app: FastAPI, ana: Somebody, priya: Somebody
) -> None:
    await open_ticket(ana, subject="Zebra")
    await erase(app, ana)
    assert (await priya.get("/tickets", params={"q": "zebra"})).json()["items"] == []
    async with app.state.database.read() as session:
        terms = " ".join(await session.scalars(select(SearchPiece.terms)))
    assert "zebra" not in terms


async def test_closed_tickets_lose_their_texts_when_the_retention_is_over(
    app: FastAPI, ana: Somebody, priya: Somebody, mona: Somebody
) -> None:
    database: Database = app.state.database
    old, young = await talk(ana, priya), await talk(ana, priya)
    await set_status(priya, old["id"], "closed")
    assert await sweep_tickets(database, 30) == 0
    with clock.at(clock.now() + timedelta(days=31)):
        assert await sweep_tickets(database, 0) == 0
        assert await sweep_tickets(database, 30) == 1
        assert await sweep_tickets(database, 30) == 0
    gone = await thread(priya, old["id"])
    assert {message["content"] for message in gone if message["sender"]["kind"] != "system"} == {"Erased"}
    assert (await priya.get(f"/ticket/{old['id']}")).json()["attachments"] == []
    assert (await priya.get(f"/ticket/{young['id']}")).json()["subject"] == "Zebra crossing"
    entries = (await mona.get("/audit", params={"act": "tickets_erased"})).json()["items"]
    assert [(entry["who"]["kind"], entry["details"]) for entry in entries] == [("desk", {"tickets": 1})]
    assert ana.name not in json.dumps(entries)
