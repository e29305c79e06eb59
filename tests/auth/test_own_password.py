"""A new password for who knows the old one: it holds at once, and ends whatever is signed in elsewhere."""

import re

import pytest
from httpx2 import AsyncClient, Response
from structlog.testing import capture_logs

from tests.auth.sessions import is_signed_in, refusal
from tests.people import ANA, PASSWORD, PRIYA, Account, Somebody, sign_in
from tests.support.chat import open_socket
from tests.support.server import Server

NEW = "five grey geese at dawn"
WRONG = "four brown mice at noon"


async def change(who: Somebody, old: str = PASSWORD, new: str = NEW) -> Response:
    return await who.put("/password", {"old_password": old, "password": new})


async def opens(client: AsyncClient, account: Account, password: str) -> bool:
    credentials = account.credentials | {"password": password}
    return (await client.post(f"{account.door}/login", json=credentials)).status_code == 200


def failures(metrics: Response, kind: str) -> float:
    line = re.search(rf'^csts_login_failures_total{{kind="{kind}",why="password"}} (\S+)$', metrics.text, re.MULTILINE)
    return float(line[1]) if line else 0


@pytest.mark.parametrize("account", [ANA, PRIYA], ids=lambda account: account.kind)
async def test_a_new_password_holds_and_ends_all_other_sessions(
    client: AsyncClient, ana: Somebody, priya: Somebody, account: Account
) -> None:
    here, neighbour = (ana, priya) if account is ANA else (priya, ana)
    elsewhere = await sign_in(client, account)
    with capture_logs() as logs:
        answer = await change(here)
    assert (answer.status_code, answer.content) == (204, b"")
    assert [await is_signed_in(each) for each in (here, elsewhere, neighbour)] == [True, False, True]
    assert (await opens(client, account, PASSWORD), await opens(client, account, NEW)) == (False, True)
    assert NEW not in str(logs)


async def test_without_the_old_password_nothing_changes(client: AsyncClient, ana: Somebody) -> None:
    elsewhere = await sign_in(client, ANA)
    answer = await change(ana, old=WRONG)
    assert refusal(answer) == (409, "wrong_password")
    assert answer.json()["errors"] == [{"field": "old_password", "message": "That is not your current password."}]
    assert await is_signed_in(elsewhere)
    assert await opens(client, ANA, PASSWORD)


@pytest.mark.parametrize("new", ["short", "x" * 129, "password123", "ana@example.com", "Ana Ruiz"])
async def test_a_new_password_obeys_the_rules_of_the_first(ana: Somebody, new: str) -> None:
    answer = await change(ana, new=new)
    assert refusal(answer) == (422, "invalid_input")
    assert answer.json()["errors"][0]["field"] == "password"


@pytest.mark.parametrize("body", [{}, {"password": NEW}, {"old_password": "", "password": NEW}, {"x": 1}])
async def test_a_change_of_another_shape_is_refused(ana: Somebody, body: dict[str, str]) -> None:
    assert refusal(await ana.put("/password", body)) == (422, "invalid_input")


class TestLimits:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"CSTS_LIMIT_LOGIN": "2/minute"}

    async def test_a_stolen_session_may_not_try_on_and_on(self, ana: Somebody) -> None:
        for _ in range(2):
            assert refusal(await change(ana, old=WRONG)) == (409, "wrong_password")
        refused = await change(ana)
        assert refusal(refused) == (429, "too_many_requests")
        assert int(refused.headers["retry-after"]) > 0

    @pytest.mark.parametrize("account", [ANA, PRIYA], ids=lambda account: account.kind)
    async def test_it_counts_with_the_failures_at_the_door(
        self, client: AsyncClient, ana: Somebody, priya: Somebody, account: Account
    ) -> None:
        await change(ana if account is ANA else priya, old=WRONG)
        assert not await opens(client, account, WRONG)
        here = await client.post(f"{account.door}/login", json=account.credentials)
        assert refusal(here) == (429, "too_many_requests")

    async def test_an_erasure_is_not_tried_out_either(self, client: AsyncClient, ana: Somebody) -> None:
        for _ in range(2):
            wrong = {"password": WRONG, "confirmation": ANA.login}
            assert refusal(await ana.post("/user/erasure", wrong)) == (422, "invalid_input")
        assert refusal(await client.post("/user/login", json=ANA.credentials)) == (429, "too_many_requests")


async def test_a_wrong_one_is_put_down_as_at_the_door(ana: Somebody, priya: Somebody, mona: Somebody) -> None:
    before = failures(await mona.client.get("/metrics"), "customer")
    await change(priya, old=WRONG)
    await change(ana, old=WRONG)
    await ana.post("/user/erasure", {"password": WRONG, "confirmation": ANA.login})
    [entry] = (await mona.get("/audit", params={"act": "sign_in_failed"})).json()["items"]
    assert (entry["about"]["name"], entry["details"]) == ("Priya Nair", {"why": "password", "place": "settings"})
    assert failures(await mona.client.get("/metrics"), "customer") == before + 2


@pytest.mark.sockets
async def test_sockets_of_other_sessions_close(server: Server, ana: Somebody) -> None:
    elsewhere = await sign_in(ana.client, ANA)
    address = f"{server.sockets}/ws/inbox"
    async with open_socket(address, ana.token) as stays, open_socket(address, elsewhere.token) as ends:
        await stays.next("ready")
        await ends.next("ready")
        await change(ana)
        assert (await ends.closed())[0] == 4401
        await stays.send("ping")
        await stays.next("pong")
