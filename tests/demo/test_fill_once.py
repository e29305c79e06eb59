"""The demo as people find it: who can sign in, and what the desk then shows."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from csts import demo
from csts.auth.actor import Actor
from csts.demo import people
from csts.demo.stories import stories
from csts.demo.telling import Teller
from csts.kit import clock
from csts.knowledge.actions import import_articles
from csts.knowledge.schemas import NewArticle
from tests.make import open_ticket
from tests.people import Account, Somebody, sign_up
from tests.support.firm import rows

VISITOR = Account("customer", "visitor@example.com", "A Visitor", "customer")


async def test_the_first_look_finds_a_busy_desk(app: FastAPI, client: AsyncClient, database_url: str) -> None:
    assert await demo.fill_once(app.state)

    # Nothing that was said in a story is answered when the desk opens.
    assert await rows(database_url) == []
    await check_the_agents_desk(client)
    await check_a_thread(client)
    await check_what_ana_sees(client)
    await check_the_help(client)
    await check_the_part_of_the_assistant(client)
    await check_what_the_assistant_is_there_for(client)
    assert not await demo.fill_once(app.state)
    assert await demo.logins_work(app.state)


async def check_what_the_assistant_is_there_for(client: AsyncClient) -> None:
    """What is new, and none of the stories."""
    visitor = await sign_up(client, VISITOR)
    new = (await open_ticket(visitor))["id"]
    await sign_in(client, "agent", username="priya", password=people.AGENT_PASSWORD)
    tickets = [row["id"] for row in await items(client, "/tickets")]
    talks = {each: (await client.get(f"/tickets/{each}/assistant")).json() for each in tickets}
    assert [each for each, talk in talks.items() if talk["speaks"] and "outcome" not in talk] == [new]


async def check_the_part_of_the_assistant(client: AsyncClient) -> None:
    await sign_in(client, "agent", username="mona", password=people.ADMIN_PASSWORD)
    figures = (await client.get("/assistant/figures")).json()
    told = {name: figures[name] for name in ("talks", "answers", "solved", "handed_over", "right", "wrong", "reopened")}
    expected = {"talks": 4, "answers": 4, "solved": 1, "handed_over": 3, "right": 1, "wrong": 1, "reopened": 0}
    assert told == expected
    (wrong,) = await items(client, "/assistant/review")
    assert wrong["citations"][0]["topic"] == "promo_code"
    (waits,) = await items(client, "/tickets", q="rent the roastery")
    talk = (await client.get(f"/tickets/{waits['id']}/assistant")).json()
    assert (waits["agent"], talk["outcome"]) == (None, "handed_over")
    assert "only 22% likely" in talk["summary"]
    thread = await items(client, f"/tickets/{waits['id']}/messages", after=0)
    assert [line["timestamp"] for line in thread] == sorted(line["timestamp"] for line in thread)


async def test_it_fills_only_a_database_without_accounts(ana: Somebody, app: FastAPI) -> None:
    assert not await demo.fill_once(app.state)

    assert not await demo.logins_work(app.state)
    assert (await ana.get("/tickets")).json()["items"] == []


@pytest.mark.once
async def test_what_an_operator_has_imported_is_left_alone(app: FastAPI, client: AsyncClient) -> None:
    async with app.state.database.write() as session:
        own = NewArticle(topic="refund", title="Ours", answer="Within a week.")
        await import_articles(session, [own], by=None)

    assert await demo.fill_once(app.state)

    (row,) = await items(client, "/help/articles")
    assert row["title"] == "Ours"
    await sign_in(client, "agent", username="priya", password=people.AGENT_PASSWORD)
    assert (await client.get("/assistant/figures")).json()["talks"] == 0


async def test_a_desk_with_other_categories_files_everything_under_the_first(
    app: FastAPI, ana: Somebody, mona: Somebody
) -> None:
    (story,) = (each for each in stories(clock.now()) if each.subject == "Charged twice for one bag of beans")
    cast = {each.account.login.partition("@")[0]: actor_of(each) for each in (ana, mona)}
    teller = Teller(app.state.database, app.state.storage, cast, ["hardware", "other"])

    await teller.tell(replace(story, by="ana"))

    (row,) = (await ana.get("/tickets")).json()["items"]
    assert row["issue_type"] == "hardware"


async def check_the_agents_desk(client: AsyncClient) -> None:
    await sign_in(client, "agent", username="priya", password=people.AGENT_PASSWORD)
    rows = await items(client, "/tickets")

    assert len(rows) == 64
    assert {row["status"] for row in rows} == {"open", "in_progress", "waiting", "resolved", "closed"}
    assert {row["priority"] for row in rows} == {"low", "medium", "high", "urgent"}
    assert any(row["unread"] for row in rows)
    assert any(row["awaiting_reply"] for row in rows)
    assert not any(row["unread"] for row in rows if row["status"] == "closed")
    numbers = [row["ticket_no"] for row in rows]
    assert numbers == sorted(numbers, reverse=True)
    # Half of an answer waits for her, and its customer has written since.
    (draft,) = await items(client, "/drafts")
    (news, *_) = await items(client, f"/tickets/{draft['ticket_id']}/messages", after=draft["after"])
    assert (draft["kind"], news["sender"]["kind"]) == ("reply", "customer")


async def check_a_thread(client: AsyncClient) -> None:
    (ticket,) = await items(client, "/tickets", q="leaks water")
    thread = await items(client, f"/tickets/{ticket['id']}/messages", after=0)
    history = await items(client, f"/tickets/{ticket['id']}/events")

    assert [message["seq"] for message in thread] == list(range(1, len(thread) + 1))
    assert [message["timestamp"] for message in thread] == sorted(message["timestamp"] for message in thread)
    assert any(message["internal"] for message in thread)
    assert sum(len(message["attachments"]) for message in thread) == 1
    assert [event["kind"] for event in history] == ["opened", "claimed", "status_changed", "tagged", "tagged"]
    assert history[0]["created_at"] == ticket["created_at"] == thread[0]["timestamp"]


async def check_what_ana_sees(client: AsyncClient) -> None:
    await sign_in(client, "user", email="ana@example.com", password=people.CUSTOMER_PASSWORD)
    rows = await items(client, "/tickets")
    thread = await items(client, f"/tickets/{rows[0]['id']}/messages")
    screenshot, *_ = (await client.get(f"/ticket/{rows[0]['id']}")).json()["attachments"]
    picture = await client.get(screenshot["url"])

    assert len(rows) >= 5
    assert rows[0]["unread"] == 1
    assert not any(message["internal"] for message in thread)
    assert picture.headers["Content-Type"] == "image/png"
    assert len(picture.content) == screenshot["size"]


async def check_the_help(client: AsyncClient) -> None:
    rows = await items(client, "/help/articles")
    found = await items(client, "/help/articles", q="my card still hasn't come")

    assert len(rows) == 20
    assert found[0]["topic"] == "card_lost_or_missing"
    await sign_in(client, "agent", username="priya", password=people.AGENT_PASSWORD)
    articles = await items(client, "/knowledge/articles")
    replies = {rule["name"]: rule["reply"] for rule in await items(client, "/knowledge/rules")}
    assert "Monday to Friday" in replies["Opening hours"]
    assert {row["updated_by"]["name"] for row in articles} == {"Mona Haddad"}
    assert all(row["updated_at"] < (clock.now() - timedelta(days=60)).isoformat() for row in articles)


async def sign_in(client: AsyncClient, door: str, **credentials: str) -> None:
    answer = await client.post(f"/{door}/login", json=credentials)
    assert answer.status_code == 200, answer.text
    client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"


async def items(client: AsyncClient, path: str, **query: str | int) -> list[dict[str, Any]]:
    answer = await client.get(path, params={"limit": 100, **query})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def actor_of(somebody: Somebody) -> Actor:
    account = somebody.account
    return Actor(account.kind, somebody.id, account.role, account.name, session="test", expires_at=clock.now())
