"""Each text of each table after an erasure: nothing names or quotes the customer, but what is kept on purpose."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import JSON, String, func, select

from csts.assistant.models import AssistantReply
from csts.jobs.sweeps import sweep_tickets
from csts.kit import clock, leases
from csts.kit.db import Base, Database
from csts.kit.tasks import State, StoredTask
from csts.mail.letters import MAIL
from csts.privacy import actions
from csts.tickets.indexing import catch_up
from tests.make import claim, open_ticket, pdf_bytes, post_message, set_status, upload, write_article
from tests.people import ANA, BEN, PASSWORD, Account, Somebody

pytestmark = pytest.mark.signed_up

# A word of his own, his name, his address and his number, as any of his tables might hold them.
WORDS = ("zebra", "ruiz", "ana@example.com", "600000000")
# What agents find many tickets by is theirs, and stays: tags, views, and the line that says who tagged.
KEPT = {"saved_views", "tags", "tickets", "ticket_events"}


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    """A desk that sends mail, to a server that nobody asks: its letters wait."""
    return environment | {"CSTS_SMTP_URL": "smtp://127.0.0.1:9"}


async def tables_with(database: Database, word: str) -> set[str]:
    """Where it stands, in whatever column."""
    found = set()
    async with database.read() as session:
        for table in Base.metadata.sorted_tables:
            texts = [column for column in table.columns if isinstance(column.type, String | JSON)]
            if texts and any(
                word in str(value).lower() for row in await session.execute(select(*texts)) for value in row
            ):
                found.add(table.name)
    return found


async def leave_traces(app: FastAPI, customer: Somebody, agent: Somebody, admin: Somebody) -> int:
    """Whatever a desk writes down of a customer; the number of his ticket."""
    opened = await open_ticket(customer, subject="Zebra crossing", callback_number="+34600000000")
    ticket = opened["id"]
    await claim(agent, ticket)
    file = await upload(customer, ticket, pdf_bytes(), "zebra.pdf")
    await post_message(customer, ticket, "My zebra is ill.", attachment_ids=[file["id"]])
    drawing = await upload(agent, ticket, pdf_bytes(), "for Ana Ruiz.pdf")
    words = "Good morning Ana, your “Zebra crossing” is here. I write to Ana@example.com, and call +34600000000."
    await post_message(agent, ticket, words, attachment_ids=[drawing["id"]])
    await post_message(agent, ticket, "Mrs Ruiz is right.", internal=True)
    for who, kind in ((customer, "reply"), (agent, "reply"), (agent, "note")):
        await who.put(f"/tickets/{ticket}/drafts/{kind}", {"content": "Ana Ruiz and Zebra crossing"})
    await customer.put("/preferences", {"sound": False})
    await agent.post("/views", {"name": "Stripes", "filters": {"q": "stripes"}})
    await agent.put(f"/tickets/{ticket}/tags", {"add": ["stripes"]})
    other = await open_ticket(customer, subject="Zebra again")
    await agent.post(f"/tickets/{other['id']}/merge", {"into": ticket})
    await set_status(agent, ticket, "resolved")
    await customer.put(f"/tickets/{ticket}/rating", {"score": 5, "comment": "Lovely zebra."})
    await learn_from(app, ticket, agent, admin)
    await ask_for_letters(app, customer)
    await catch_up(app.state.database)
    return int(ticket)


async def learn_from(app: FastAPI, ticket: int, agent: Somebody, admin: Somebody) -> None:
    """An answer of the assistant was right, and its question became an example."""
    await write_article(admin, topic="animals", examples=["a sick animal"])
    message = await post_message(agent, ticket, "See there.")
    async with app.state.database.write() as session:
        reply = AssistantReply(ticket_id=ticket, message_id=message["id"], question="Is my zebra ill?", topic="animals")
        reply.source, reply.confidence, reply.reason, reply.citations = "knowledge", 0.9, "sure", []
        session.add(reply)
    answer = await agent.put(f"/assistant/replies/{reply.id}/verdict", {"right": True})
    assert answer.status_code == 200, answer.text


async def ask_for_letters(app: FastAPI, customer: Somebody) -> None:
    """One that has failed for good, and two that wait."""
    async with app.state.database.write() as session:
        for task in await session.scalars(select(StoredTask).where(StoredTask.name == MAIL)):
            if task.payload["to"] == ANA.login:
                task.state, task.due_at, task.failed_at = State.FAILED, None, clock.now()
                task.last_error = f"there is no {ANA.login} here"
    await customer.post("/user/email/confirm-request")
    await customer.client.post("/user/password/reset-request", json={"email": ANA.login})


async def erase(app: FastAPI, customer: Somebody) -> None:
    asked = {"password": PASSWORD, "confirmation": customer.account.login}
    answer = await customer.post("/user/erasure", asked)
    assert answer.status_code == 202, answer.text
    database: Database = app.state.database
    async with database.write() as session:
        [task] = await leases.claim(session, [actions.ERASE], limit=1, lease_seconds=60)
    await actions.erase_tickets(database, task)
    async with database.write() as session:
        await task.finish(session)


async def test_no_column_of_any_table_holds_a_word_of_who_was_erased(
    app: FastAPI, ana: Somebody, ben: Somebody, priya: Somebody, mona: Somebody
) -> None:
    database: Database = app.state.database
    await leave_traces(app, ana, priya, mona)
    before = {word: await tables_with(database, word) for word in WORDS}
    assert {"tickets", "messages", "attachments", "ratings", "drafts", "search_pieces"} <= before["zebra"]
    assert {"articles", "article_revisions", "assistant_replies"} <= before["zebra"]
    assert {"users", "messages", "drafts", "attachments", "search_pieces"} <= before["ruiz"]
    assert {"users", "messages", "tasks"} <= before["ana@example.com"]
    assert {"tickets", "messages"} <= before["600000000"]

    await erase(app, ana)
    assert {word: await tables_with(database, word) for word in WORDS} == {word: set() for word in WORDS}
    assert await tables_with(database, "stripes") == KEPT
    assert await tables_with(database, BEN.login) >= {"users", "tasks"}, "others have their letters"


async def test_what_agents_wrote_is_found_without_his_name(
    app: FastAPI, ana: Somebody, priya: Somebody, mona: Somebody
) -> None:
    ticket = await leave_traces(app, ana, priya, mona)
    await erase(app, ana)
    said = (await priya.get(f"/tickets/{ticket}/messages")).json()["items"]
    assert [each["content"] for each in said if each["sender"]["kind"] == "agent"] == [
        "Good morning Erased, your “Erased” is here. I write to Erased, and call Erased.",
        "Mrs Erased is right.",
        "See there.",
    ]
    assert len((await priya.get("/tickets", params={"q": "good morning"})).json()["items"]) == 1
    assert (await priya.get("/tickets", params={"q": "ruiz"})).json()["items"] == []


async def test_an_example_that_is_gone_is_learnt_without(
    app: FastAPI, ana: Somebody, priya: Somebody, mona: Somebody
) -> None:
    await leave_traces(app, ana, priya, mona)
    article = (await mona.get("/knowledge/articles")).json()["items"][0]
    before = await state_of(app)
    await erase(app, ana)
    after = (await mona.get(f"/knowledge/articles/{article['id']}")).json()
    assert after["examples"] == ["a sick animal"]
    assert await state_of(app) > before


async def state_of(app: FastAPI) -> int:
    async with app.state.database.read() as session:
        version: int = await session.scalar(select(func.max(Base.metadata.tables["knowledge_state"].c.version)))
        return version


async def test_a_letter_to_an_agent_in_the_same_mailbox_stays(app: FastAPI, ana: Somebody, mona: Somebody) -> None:
    made = {"username": "ana.r", "name": "Ana", "password": "five grey geese at dawn", "email": ANA.login}
    agent = (await mona.post("/agents", made)).json()
    credentials = {"username": made["username"], "password": made["password"]}
    token = (await ana.client.post("/agent/login", json=credentials)).json()["access_token"]
    him = Somebody(Account("agent", "ana.r", "Ana", "agent"), agent["id"], token, "", ana.client)
    change = {"old_password": made["password"], "password": "six black cats at dusk"}
    assert (await him.put("/password", change)).status_code == 204
    await erase(app, ana)
    async with app.state.database.read() as session:
        payloads: list[dict[str, Any]] = list(await session.scalars(select(StoredTask.payload)))
    assert [payload["person"] for payload in payloads if payload.get("to") == ANA.login] == [f"agent-{agent['id']}"]


async def test_a_closed_ticket_keeps_no_word_either_when_its_time_is_over(
    app: FastAPI, ana: Somebody, priya: Somebody, mona: Somebody
) -> None:
    ticket = await leave_traces(app, ana, priya, mona)
    await set_status(priya, ticket, "closed")
    with clock.at(clock.now() + timedelta(days=31)):
        assert await sweep_tickets(app.state.database, 30) == 2
    assert await tables_with(app.state.database, "zebra") == set()
