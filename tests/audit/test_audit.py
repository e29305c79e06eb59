"""The audit log: what is put down, by whom and from where; who reads it; and that no secret is in it."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import func, select

from csts.audit.actions import DESK, OPERATOR, About, note
from csts.audit.models import Act, AuditEntry
from csts.jobs.sweeps import sweep_audit
from csts.kit import clock
from csts.kit.db import Database
from tests.auth.sessions import refresh, refusal
from tests.make import can_reply, make_rule, open_ticket, write_article
from tests.people import PASSWORD, PRIYA, SAM, Somebody, sign_in
from tests.queries import count_queries
from tests.support.authenticator import set_up

WRONG = "five grey owls at noon"


async def entries(admin: Somebody, **wanted: Any) -> list[dict[str, Any]]:
    """The newest first."""
    answer = await admin.get("/audit", params=wanted)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def acts(admin: Somebody, **wanted: Any) -> list[str]:
    """In the order in which they were done."""
    return [entry["act"] for entry in reversed(await entries(admin, **wanted))]


async def test_a_day_of_an_agent(client: AsyncClient, priya: Somebody, mona: Somebody) -> None:
    await client.post("/agent/login", json={**PRIYA.credentials, "password": WRONG})
    phone = await set_up(priya)
    await client.post("/agent/login", json={**PRIYA.credentials, "code": phone.wrong_code()})
    await client.post("/agent/login", json={**PRIYA.credentials, "code": phone.next_code()})
    await priya.post("/agent/logout", {"refresh_token": priya.refresh_token})
    by_priya = ["signed_in", "factor_on", "signed_in", "signed_out"]
    assert await acts(mona, agent=priya.id) == by_priya
    failed = await entries(mona, act="sign_in_failed")
    assert [(entry["who"]["kind"], entry["about"]["name"], entry["details"]["why"]) for entry in failed] == [
        ("nobody", "Priya Nair", "code"),
        ("nobody", "Priya Nair", "password"),
    ]


async def test_it_says_who_from_where_when_and_on_what(sam: Somebody, mona: Somebody) -> None:
    before = clock.now()
    await mona.put(f"/agents/{sam.id}", {"role": "admin", "name": sam.name})
    (entry,) = await entries(mona, act="agent_changed")
    assert entry["who"] == {"kind": "agent", "id": mona.id, "name": "Mona Haddad"}
    assert entry["about"] == {"kind": "agent", "id": sam.id, "name": "Sam Lindqvist"}
    assert entry["details"] == {"role": "admin"}, "and not the name, which is as it was"
    assert entry["address"] == "127.0.0.1"
    assert before.isoformat()[:19] <= entry["at"][:19]


async def test_what_an_admin_does_with_accounts(priya: Somebody, mona: Somebody) -> None:
    new = {"username": "lee", "name": "Lee Park", "password": PASSWORD}
    lee = (await mona.post("/agents", new)).json()
    await mona.put(f"/agents/{lee['id']}", {"active": False, "password": "three red foxes at dawn"})
    await set_up(priya)
    await mona.delete(f"/agents/{priya.id}/factor")
    done = ["agent_added", "agent_changed", "password_set", "factor_reset"]
    assert await acts(mona, agent=mona.id) == ["signed_in", *done]


async def test_what_is_written_for_all(priya: Somebody, mona: Somebody) -> None:
    article, rule = await write_article(mona, title="Card declined"), await make_rule(mona)
    await mona.put(f"/knowledge/articles/{article['id']}", {"title": "Card refused"})
    await mona.put(f"/knowledge/rules/{rule['id']}", {"enabled": False})
    await mona.delete(f"/knowledge/rules/{rule['id']}")
    reply = await can_reply(priya)
    await can_reply(priya, shared=False)
    await priya.put(f"/canned/{reply['id']}", {"title": "Hi"})
    await priya.delete(f"/canned/{reply['id']}")
    view = (await priya.post("/views", {"name": "Mine", "filters": {}})).json()
    await priya.put(f"/views/{view['id']}", {"shared": True})
    await priya.delete(f"/views/{view['id']}")
    knowledge = ["article_added", "rule_added", "article_changed", "rule_changed", "rule_deleted"]
    assert await acts(mona, agent=mona.id) == ["signed_in", *knowledge]
    # What is only his own is nobody else's business.
    shared = ["reply_added", "reply_changed", "reply_deleted", "view_changed", "view_deleted"]
    assert await acts(mona, agent=priya.id) == ["signed_in", *shared]


async def test_many_tickets_at_once(ana: Somebody, priya: Somebody, mona: Somebody) -> None:
    ids = [(await open_ticket(ana))["id"] for _ in range(2)]
    done = await priya.post("/tickets/bulk", {"ids": ids, "change": {"priority": "high"}})
    items = [{name: item[name] for name in ("id", "before", "after")} for item in done.json()["items"]]
    await priya.post("/tickets/bulk/undo", {"items": items})
    changed, restored = reversed(await entries(mona, act=["tickets_changed", "tickets_restored"]))
    assert changed["details"] == {"tickets": ids, "change": {"priority": "high"}}
    assert restored["details"] == {"tickets": ids}


async def test_what_was_refused_is_not_put_down(priya: Somebody, mona: Somebody) -> None:
    """It stands in the transaction that does it."""
    assert refusal(await mona.put(f"/agents/{mona.id}", {"active": False})) == (409, "last_admin")
    taken = {"username": "priya", "name": "Priya", "password": PASSWORD}
    assert refusal(await mona.post("/agents", taken)) == (409, "username_taken")
    assert await acts(mona, agent=mona.id) == ["signed_in"]


async def test_a_stolen_session_is_put_down(client: AsyncClient, priya: Somebody, mona: Somebody) -> None:
    await refresh(priya)
    assert (await refresh(priya)).status_code == 401
    (entry,) = await entries(mona, act="session_stolen")
    assert entry["about"]["id"] == priya.id


async def test_an_unknown_name_is_not_repeated(client: AsyncClient, mona: Somebody) -> None:
    """People type passwords into the wrong field."""
    await client.post("/agent/login", json={"username": PASSWORD, "password": WRONG})
    (entry,) = await entries(mona, act="sign_in_failed")
    assert entry["about"] is None
    assert PASSWORD not in json.dumps(entry)


async def test_customers_are_not_watched(client: AsyncClient, ana: Somebody, mona: Somebody) -> None:
    await open_ticket(ana)
    await client.post("/user/login", json={"email": ana.account.login, "password": WRONG})
    assert await acts(mona) == ["signed_in"]


async def test_no_secret_is_in_it(app: FastAPI, priya: Somebody, mona: Somebody) -> None:
    phone = await set_up(priya)
    await priya.client.post("/agent/login", json={**PRIYA.credentials, "code": phone.codes[0]})
    await mona.put(f"/agents/{priya.id}", {"password": "three red foxes at dawn"})
    told = json.dumps(await entries(mona))
    secrets = [PASSWORD, "foxes", phone.secret, priya.token, priya.refresh_token, *phone.codes]
    assert [word for word in secrets if word in told] == []


async def test_pages_go_back_to_the_first_entry(app: FastAPI, mona: Somebody) -> None:
    await fill(app.state.database, 7)
    seen: list[int] = []
    cursor = None
    while True:
        wanted = {"limit": 3} | ({"cursor": cursor} if cursor else {})
        page = (await mona.get("/audit", params=wanted)).json()
        seen += [entry["id"] for entry in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == 8
    assert seen == sorted(seen, reverse=True)


async def fill(database: Database, count: int) -> None:
    async with database.write() as session:
        for number in range(count):
            note(session, DESK, Act.TASK_RETRIED, About("task", number, f"work {number}"))


async def test_a_long_page_asks_no_more_than_a_short_one(app: FastAPI, mona: Somebody) -> None:
    await fill(app.state.database, 30)
    with count_queries(app.state.database.engine) as one:
        await entries(mona, limit=1)
    with count_queries(app.state.database.engine) as many:
        await entries(mona, limit=30)
    assert len(one) == len(many)


async def test_it_is_narrowed_by_time(app: FastAPI, mona: Somebody) -> None:
    now = clock.now()
    with clock.at(now - timedelta(days=2)):
        await fill(app.state.database, 1)
    yesterday = (now - timedelta(days=1)).isoformat()
    assert await acts(mona, until=yesterday) == ["task_retried"]
    assert await acts(mona, since=yesterday) == ["signed_in"]


@pytest.mark.parametrize(
    "wanted",
    [{"act": "slept"}, {"agent": 0}, {"since": "yesterday"}, {"since": "2026-11-26T08:00:00"}, {"cursor": "x"}],
)
async def test_a_question_of_another_shape_is_refused(mona: Somebody, wanted: dict[str, Any]) -> None:
    assert refusal(await mona.get("/audit", params=wanted)) == (422, "invalid_input")


async def test_it_is_taken_along_as_csv(app: FastAPI, sam: Somebody, mona: Somebody) -> None:
    await mona.put(f"/agents/{sam.id}", {"name": "=1+1"})
    await fill(app.state.database, 600)
    answer = await mona.get("/audit.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="audit.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 600 + 4
    assert len({row["at"] + row["act"] + row["about_id"] for row in rows}) == len(rows)
    changed = next(row for row in rows if row["act"] == "agent_changed")
    assert changed["about_name"] == "'=1+1", "no formula for a spreadsheet"
    assert json.loads(changed["details"]) == {"name": "=1+1"}
    assert "audit_downloaded" in await acts(mona)


async def test_old_entries_go_when_the_retention_is_over(app: FastAPI, mona: Somebody) -> None:
    database: Database = app.state.database
    with clock.at(clock.now() - timedelta(days=366)):
        await fill(database, 3)
    assert await sweep_audit(database, 0) == 0
    assert await sweep_audit(database, 365) == 3
    assert await acts(mona) == ["signed_in"]


async def test_the_operator_is_named_where_nobody_is_signed_in(app: FastAPI, mona: Somebody) -> None:
    database: Database = app.state.database
    async with database.write() as session:
        note(session, None, Act.FACTOR_RESET, About("agent", 1, "x" * 300))
    (entry,) = await entries(mona, act="factor_reset")
    assert entry["who"] == {"kind": OPERATOR.kind, "id": None, "name": ""}
    assert entry["address"] is None
    assert len(entry["about"]["name"]) == 200


async def test_what_is_rolled_back_was_never_done(app: FastAPI) -> None:
    database: Database = app.state.database

    async def fail() -> None:
        async with database.write() as session:
            note(session, DESK, Act.TASK_RETRIED)
            await session.flush()
            raise KeyError

    with pytest.raises(KeyError):
        await fail()
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(AuditEntry)) == 0


async def test_a_colleague_may_not_read_it(client: AsyncClient, sam: Somebody) -> None:
    assert refusal(await sam.get("/audit")) == (403, "wrong_role")
    assert refusal(await (await sign_in(client, SAM)).get("/audit.csv")) == (403, "wrong_role")
