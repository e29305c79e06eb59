"""Agents' accounts: an admin makes and changes them, and what he takes away is gone at once."""

import asyncio
from typing import Any

import pytest
from httpx2 import AsyncClient, Response
from structlog.testing import capture_logs

from tests.auth.sessions import is_signed_in, refresh, refusal
from tests.people import MONA, PASSWORD, SAM, Somebody, hire, sign_in
from tests.support.chat import open_socket
from tests.support.server import Server

NEW = {"username": "lee", "name": "Lee Park", "password": "three red foxes at dawn"}


async def make(admin: Somebody, **changes: Any) -> Response:
    return await admin.post("/agents", NEW | changes)


async def login(client: AsyncClient, password: str, username: str = "priya") -> int:
    answer = await client.post("/agent/login", json={"username": username, "password": password})
    return answer.status_code


async def test_an_admin_makes_an_agent(mona: Somebody) -> None:
    answer = await make(mona, username=" Lee.Park ")
    told = answer.json()
    assert answer.status_code == 201
    assert told == {
        "id": told["id"],
        "name": "Lee Park",
        "username": "lee.park",
        "role": "agent",
        "active": True,
        "online": False,
    }
    assert await login(mona.client, NEW["password"], "Lee.Park") == 200


async def test_an_admin_makes_an_admin(mona: Somebody) -> None:
    assert (await make(mona, role="admin")).json()["role"] == "admin"


async def test_an_account_can_wait_until_it_is_switched_on(mona: Somebody) -> None:
    lee = (await make(mona, active=False)).json()
    assert await login(mona.client, NEW["password"], "lee") == 401
    await mona.put(f"/agents/{lee['id']}", {"active": True})
    assert await login(mona.client, NEW["password"], "lee") == 200


async def test_a_username_is_one_account(mona: Somebody, priya: Somebody) -> None:
    for answer in (
        await make(mona, username="PRIYA"),
        await mona.put(f"/agents/{mona.id}", {"username": priya.account.login}),
    ):
        assert refusal(answer) == (409, "username_taken")
        assert answer.json()["errors"][0]["field"] == "username"


async def test_of_ten_accounts_with_one_username_at_once_one_is_made(mona: Somebody) -> None:
    answers = await asyncio.gather(*(make(mona) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 9


@pytest.mark.parametrize(
    "changes",
    [
        {"username": ""},
        {"username": "ab"},
        {"username": "x" * 65},
        {"username": "lee park"},
        {"username": "léé"},
        {"username": "-lee"},
        {"name": " "},
        {"name": "x" * 101},
        {"role": "owner"},
        {"active": "perhaps"},
        {"password": "short"},
        {"password": "iloveyou"},
        {"password": "Lee Park"},
        {"salary": 1},
    ],
    ids=str,
)
async def test_an_account_of_another_shape_is_refused(mona: Somebody, changes: dict[str, Any]) -> None:
    for answer in (await make(mona, **changes), await mona.put(f"/agents/{mona.id}", {"name": "Lee Park"} | changes)):
        assert refusal(answer) == (422, "invalid_input")
        assert [error["field"] for error in answer.json()["errors"]] == list(changes)
    assert (await mona.get("/agent/me")).json()["name"] == MONA.name


async def test_only_what_is_given_changes(mona: Somebody, priya: Somebody) -> None:
    answer = await mona.put(f"/agents/{priya.id}", {"name": "Priya N."})
    told = answer.json()
    assert (told["name"], told["username"], told["role"], told["active"]) == ("Priya N.", "priya", "agent", True)
    assert (await priya.get("/agent/me")).json()["name"] == "Priya N."
    assert (await mona.put(f"/agents/{priya.id}", {})).json() == told


async def test_a_new_role_counts_from_the_next_request_on(mona: Somebody, priya: Somebody) -> None:
    await mona.put(f"/agents/{priya.id}", {"role": "admin"})
    assert (await make(priya)).status_code == 201
    await mona.put(f"/agents/{priya.id}", {"role": "agent"})
    assert refusal(await make(priya)) == (403, "wrong_role")


@pytest.mark.parametrize("agent_id", ["999999", "2147483647"])
async def test_nobody_is_not_found(mona: Somebody, agent_id: str) -> None:
    for changes in ({"name": "Nobody"}, {"password": NEW["password"]}):
        assert refusal(await mona.put(f"/agents/{agent_id}", changes)) == (404, "not_found")


@pytest.mark.parametrize("agent_id", ["0", "-1", "x", "99999999999999999999"])
async def test_what_is_no_id_is_refused(mona: Somebody, agent_id: str) -> None:
    assert refusal(await mona.put(f"/agents/{agent_id}", {"name": "Nobody"})) == (422, "invalid_input")


async def test_a_deactivated_agent_is_out_at_once(mona: Somebody, priya: Somebody) -> None:
    with capture_logs() as logs:
        assert (await mona.put(f"/agents/{priya.id}", {"active": False})).json()["active"] is False
    assert not await is_signed_in(priya)
    assert refusal(await refresh(priya)) == (401, "session_expired")
    assert await login(priya.client, PASSWORD) == 401
    changed = next(entry for entry in logs if entry["event"] == "agent_changed")
    assert (changed["id"], changed["by"], changed["fields"]) == (priya.id, mona.id, ["active"])


async def test_an_agent_who_comes_back_signs_in_anew(mona: Somebody, priya: Somebody) -> None:
    for active in (False, True):
        await mona.put(f"/agents/{priya.id}", {"active": active})
    assert not await is_signed_in(priya)
    assert (await refresh(priya)).status_code == 401
    assert await login(priya.client, PASSWORD) == 200


async def test_a_deactivated_agent_learns_no_more_than_a_stranger(mona: Somebody, priya: Somebody) -> None:
    await mona.put(f"/agents/{priya.id}", {"active": False})
    credentials = ({"username": name, "password": PASSWORD} for name in ("priya", "stranger"))
    known, unknown = [await priya.client.post("/agent/login", json=each) for each in credentials]
    assert known.json() == unknown.json()


async def test_a_new_password_ends_the_sessions_of_the_old_one(mona: Somebody, priya: Somebody) -> None:
    answer = await mona.put(f"/agents/{priya.id}", {"password": NEW["password"]})
    assert answer.status_code == 200
    assert not await is_signed_in(priya)
    assert await is_signed_in(mona)
    assert await login(priya.client, PASSWORD) == 401
    assert await login(priya.client, NEW["password"]) == 200


async def test_a_sign_in_that_overlaps_a_new_password_does_not_outlive_it(mona: Somebody, priya: Somebody) -> None:
    changed, *entered = await asyncio.gather(
        mona.put(f"/agents/{priya.id}", {"password": NEW["password"]}),
        *(priya.client.post("/agent/login", json=priya.account.credentials) for _ in range(5)),
    )
    assert changed.status_code == 200
    for answer in entered:
        if answer.status_code == 200:
            assert not await is_signed_in(priya, answer.json()["access_token"])


async def test_the_last_admin_stays_one(mona: Somebody) -> None:
    for changes in ({"active": False}, {"role": "agent"}, {"role": "agent", "active": False, "name": "Nobody"}):
        assert refusal(await mona.put(f"/agents/{mona.id}", changes)) == (409, "last_admin")
    assert (await mona.put(f"/agents/{mona.id}", {"name": "Mona H.", "role": "admin"})).status_code == 200


async def test_two_admins_who_demote_each_other_leave_one(mona: Somebody, sam: Somebody) -> None:
    await mona.put(f"/agents/{sam.id}", {"role": "admin"})
    answers = await asyncio.gather(
        mona.put(f"/agents/{sam.id}", {"role": "agent"}), sam.put(f"/agents/{mona.id}", {"role": "agent"})
    )
    assert sorted(answer.status_code for answer in answers) in ([200, 409], [200, 403])


async def test_agents_see_all_agents_by_name(mona: Somebody, priya: Somebody, sam: Somebody) -> None:
    await mona.put(f"/agents/{sam.id}", {"active": False})
    told = (await priya.get("/agents")).json()
    assert [(agent["name"], agent["role"], agent["active"]) for agent in told] == [
        ("Mona Haddad", "admin", True),
        ("Priya Nair", "agent", True),
        ("Sam Lindqvist", "agent", False),
    ]
    assert all(set(agent) == {"id", "name", "username", "role", "active", "online"} for agent in told)


@pytest.mark.sockets
async def test_an_agent_with_an_open_socket_is_online(server: Server, priya: Somebody, sam: Somebody) -> None:
    async with open_socket(f"{server.sockets}/ws/desk", priya.token) as desk:
        await desk.next("ready")
        online = {agent["id"]: agent["online"] for agent in (await sam.get("/agents")).json()}
    assert online == {priya.id: True, sam.id: False}


@pytest.mark.sockets
async def test_a_deactivated_agents_sockets_close_at_once(
    server: Server, database_url: str, mona: Somebody, priya: Somebody
) -> None:
    await hire(database_url, SAM)
    sam = await sign_in(mona.client, SAM)
    async with (
        open_socket(f"{server.sockets}/ws/desk", priya.token) as hers,
        open_socket(f"{server.sockets}/ws/desk", sam.token) as his,
    ):
        await hers.next("ready")
        await his.next("ready")
        await mona.put(f"/agents/{priya.id}", {"active": False})
        assert (await hers.closed())[0] == 4401
        await his.next("presence", online=[sam.person])


async def test_only_admins_see_and_set_the_address_of_an_agent(mona: Somebody, priya: Somebody) -> None:
    made = await make(mona, email="Lee@Example.com")
    assert made.json()["email"] == "lee@example.com"
    changed = await mona.put(f"/agents/{priya.id}", {"email": "lee@example.com"})
    assert changed.json()["email"] == "lee@example.com", "several may read one mailbox"
    told = (await mona.get("/agents")).json()
    assert [each.get("email") for each in told] == ["lee@example.com", None, "lee@example.com"]
    assert not any("email" in each for each in (await priya.get("/agents")).json())
    assert "email" not in (await mona.put(f"/agents/{priya.id}", {"email": None})).json()
    assert refusal(await mona.put(f"/agents/{priya.id}", {"email": "nobody"})) == (422, "invalid_input")
