"""The second factor of agents: set up, asked for at the door, lost and reset; each code opens once."""

import asyncio
from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient, Response
from sqlalchemy import select, update
from structlog.testing import capture_logs

from csts.factors.models import AgentFactor, RecoveryCode
from csts.kit import clock
from csts.kit.db import Database
from csts.kit.seal import Seal
from tests.auth.sessions import enter, is_signed_in, refresh, refusal
from tests.people import MONA, PASSWORD, PRIYA, SAM, Somebody, hire, sign_in
from tests.support.authenticator import Phone, begin, set_up

WRONG = "five grey owls at noon"


async def login(client: AsyncClient, code: str | None = None, **changes: str) -> Response:
    given = {} if code is None else {"code": code}
    return await client.post("/agent/login", json={**PRIYA.credentials, **given, **changes})


async def proof(phone: Phone, code: str | None = None, password: str = PASSWORD) -> dict[str, str]:
    return {"password": password, "code": code or phone.next_code()}


def field_of(answer: Response) -> str:
    assert refusal(answer) == (422, "invalid_input")
    return str(answer.json()["errors"][0]["field"])


async def test_an_agent_sets_it_up_and_signs_in_with_a_code(client: AsyncClient, priya: Somebody) -> None:
    phone = await set_up(priya)
    assert refusal(await login(client)) == (401, "second_factor_required")
    answer = await login(client, phone.next_code())
    assert answer.status_code == 200
    assert await is_signed_in(priya, answer.json()["access_token"])


async def test_the_app_is_told_all_that_it_needs(priya: Somebody) -> None:
    answer = await begin(priya)
    told = answer.json()
    uri = urlsplit(told["uri"])
    assert (uri.scheme, uri.netloc, unquote(uri.path)) == ("otpauth", "totp", "/L1 Desk:priya")
    asked = {name: value[0] for name, value in parse_qs(uri.query).items()}
    assert asked == {"secret": told["secret"], "issuer": "L1 Desk", "digits": "6", "period": "30", "algorithm": "SHA1"}
    assert told["qr"].startswith("data:image/svg+xml")
    assert answer.headers["cache-control"] == "no-store"


async def test_what_was_only_begun_is_not_asked_for(client: AsyncClient, priya: Somebody) -> None:
    first, second = (await begin(priya)).json(), (await begin(priya)).json()
    assert first["secret"] != second["secret"]
    assert (await login(client)).status_code == 200
    old = Phone(first["secret"], [])
    assert field_of(await priya.post("/agent/factor/confirm", {"code": old.code()})) == "code"
    assert (await priya.get("/agent/factor")).json()["on"] is False


async def test_an_account_without_one_needs_no_code(client: AsyncClient, priya: Somebody) -> None:
    assert (await login(client)).status_code == 200
    assert (await login(client, "123456")).status_code == 200


async def test_a_code_opens_once(client: AsyncClient, priya: Somebody) -> None:
    phone = await set_up(priya)
    code = phone.next_code()
    assert refusal(await login(client, phone.code())) == (401, "wrong_code"), "the one that has confirmed it"
    assert (await login(client, code)).status_code == 200
    assert refusal(await login(client, code)) == (401, "wrong_code")
    with clock.at(clock.now() + timedelta(seconds=30)):
        assert refusal(await login(client, code)) == (401, "wrong_code"), "it would still be near enough"


async def test_of_two_with_the_same_code_one_gets_in(client: AsyncClient, priya: Somebody) -> None:
    phone = await set_up(priya)
    code = phone.next_code()
    answers = await asyncio.gather(*(login(client, code) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401, 401]


@pytest.mark.parametrize("steps, status", [(-2, 401), (-1, 200), (0, 200), (1, 200), (2, 401)])
async def test_a_clock_may_be_one_step_off(client: AsyncClient, priya: Somebody, steps: int, status: int) -> None:
    phone = await set_up(priya)
    later = clock.now() + timedelta(hours=1)
    with clock.at(later):
        assert (await login(client, phone.next_code(steps))).status_code == status


async def test_a_code_is_worth_nothing_without_the_password(client: AsyncClient, priya: Somebody) -> None:
    phone = await set_up(priya)
    code = phone.next_code()
    assert refusal(await login(client, code, password=WRONG)) == (401, "bad_credentials")
    assert (await login(client, code)).status_code == 200, "and it was not used up"


async def test_a_recovery_code_opens_once(client: AsyncClient, priya: Somebody) -> None:
    phone = await set_up(priya)
    assert len(set(phone.codes)) == 10
    typed = phone.codes[3].upper().replace("-", " ")
    assert (await login(client, typed)).status_code == 200
    assert refusal(await login(client, phone.codes[3])) == (401, "wrong_code")
    assert (await priya.get("/agent/factor")).json()["recovery_codes_left"] == 9


async def test_a_recovery_code_of_a_colleague_opens_nothing(
    client: AsyncClient, priya: Somebody, sam: Somebody
) -> None:
    await set_up(priya)
    of_sam = await set_up(sam)
    assert refusal(await login(client, of_sam.codes[0])) == (401, "wrong_code")


async def test_new_recovery_codes_end_the_old_ones(client: AsyncClient, priya: Somebody) -> None:
    phone = await set_up(priya)
    answer = await priya.post("/agent/factor/codes", await proof(phone))
    assert refusal(await login(client, phone.codes[0])) == (401, "wrong_code")
    assert (await login(client, answer.json()["recovery_codes"][0])).status_code == 200


async def test_other_sessions_end_when_it_is_turned_on(client: AsyncClient, priya: Somebody) -> None:
    elsewhere = await sign_in(client, PRIYA)
    await set_up(priya)
    assert await is_signed_in(priya)
    assert not await is_signed_in(elsewhere)
    assert (await refresh(elsewhere)).status_code == 401


async def test_it_is_turned_off_with_the_password_and_a_code(client: AsyncClient, priya: Somebody) -> None:
    phone = await set_up(priya)
    assert field_of(await priya.post("/agent/factor/off", await proof(phone, password=WRONG))) == "password"
    assert field_of(await priya.post("/agent/factor/off", await proof(phone, code=phone.wrong_code()))) == "code"
    assert refusal(await login(client)) == (401, "second_factor_required")
    assert (await priya.post("/agent/factor/off", await proof(phone))).status_code == 204
    assert (await login(client)).status_code == 200
    assert refusal(await priya.post("/agent/factor/off", await proof(phone))) == (409, "second_factor_off")


async def test_who_only_sits_at_an_open_desk_sets_up_nothing(priya: Somebody) -> None:
    assert field_of(await priya.post("/agent/factor", {"password": WRONG})) == "password"
    assert refusal(await priya.post("/agent/factor/confirm", {"code": "123456"})) == (409, "second_factor_off")


async def test_it_is_set_up_once(priya: Somebody) -> None:
    phone = await set_up(priya)
    assert refusal(await begin(priya)) == (409, "second_factor_on")
    again = await priya.post("/agent/factor/confirm", {"code": phone.next_code()})
    assert refusal(again) == (409, "second_factor_on")


async def test_the_settings_tell_how_it_stands(priya: Somebody) -> None:
    before = {"on": False, "since": None, "recovery_codes_left": 0, "required": False}
    assert (await priya.get("/agent/factor")).json() == before
    await set_up(priya)
    after = (await priya.get("/agent/factor")).json()
    assert after.pop("since")
    assert after == {"on": True, "recovery_codes_left": 10, "required": False}


async def test_an_admin_resets_it_for_a_lost_phone(client: AsyncClient, priya: Somebody, mona: Somebody) -> None:
    await set_up(priya)
    assert (await mona.delete(f"/agents/{priya.id}/factor")).status_code == 204
    assert not await is_signed_in(priya)
    assert (await login(client)).status_code == 200
    assert refusal(await mona.delete(f"/agents/{priya.id}/factor")) == (409, "second_factor_off")
    assert refusal(await mona.delete("/agents/999999/factor")) == (404, "not_found")


async def test_an_admin_gets_rid_of_his_own_only_with_password_and_code(mona: Somebody) -> None:
    await set_up(mona)
    assert refusal(await mona.delete(f"/agents/{mona.id}/factor")) == (409, "own_second_factor")


async def test_the_database_alone_betrays_no_secret(app: FastAPI, priya: Somebody) -> None:
    phone = await set_up(priya)
    database: Database = app.state.database
    async with database.read() as session:
        factor = await session.get_one(AgentFactor, priya.id)
        codes = (await session.scalars(select(RecoveryCode.code))).all()
    assert phone.secret not in factor.secret
    assert not {code.replace("-", "") for code in phone.codes} & set(codes)


async def test_a_secret_opens_in_no_other_row(
    app: FastAPI, client: AsyncClient, priya: Somebody, sam: Somebody
) -> None:
    """Who can write to the database must not sign in as others with his own phone."""
    mine = await set_up(sam)
    await set_up(priya)
    database: Database = app.state.database
    async with database.write() as session:
        stolen = (await session.get_one(AgentFactor, sam.id)).secret
        await session.execute(update(AgentFactor).where(AgentFactor.agent_id == priya.id).values(secret=stolen))
    assert refusal(await login(client, mine.next_code())) == (409, "second_factor_unreadable")


async def test_after_the_desks_key_was_changed_recovery_codes_still_open(
    app: FastAPI, client: AsyncClient, priya: Somebody
) -> None:
    phone = await set_up(priya)
    app.state.factor_seal = Seal("a key that the desk has had since yesterday", "second factor")
    answer = await login(client, phone.next_code())
    assert refusal(answer) == (409, "second_factor_unreadable")
    assert "recovery code" in answer.json()["detail"]
    back = await login(client, phone.codes[0])
    assert back.status_code == 200
    priya.token = back.json()["access_token"]
    assert (await priya.post("/agent/factor/off", await proof(phone, phone.codes[1]))).status_code == 204
    await set_up(priya)


async def test_neither_codes_nor_secrets_are_logged(client: AsyncClient, priya: Somebody) -> None:
    with capture_logs() as logs:
        phone = await set_up(priya)
        tried = phone.wrong_code()
        await login(client, tried)
        await login(client, phone.codes[0])
    assert any(entry["event"] == "sign_in_failed" and entry["why"] == "code" for entry in logs)
    assert not [word for word in (phone.secret, tried, *phone.codes) if word in str(logs)]


class TestLimit:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"CSTS_LIMIT_LOGIN": "3/minute"}

    async def test_codes_cannot_be_tried_all(self, client: AsyncClient, priya: Somebody) -> None:
        phone = await set_up(priya)  # the first of three
        tries = [await login(client, phone.wrong_code()) for _ in range(3)]
        assert [answer.status_code for answer in tries] == [401, 401, 429]
        assert refusal(await login(client, phone.next_code())) == (429, "too_many_requests")

    async def test_guesses_that_come_all_at_once_are_counted_one_by_one(
        self, client: AsyncClient, priya: Somebody
    ) -> None:
        phone = await set_up(priya)
        tries = await asyncio.gather(*(login(client, phone.wrong_code()) for _ in range(12)))
        assert sorted(answer.status_code for answer in tries) == [401] * 2 + [429] * 10


class TestRequired:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"CSTS_AGENT_SECOND_FACTOR": "required"}

    @pytest.mark.parametrize("path", ["/tickets", "/agents", "/canned", "/preferences", "/knowledge/articles"])
    async def test_who_has_none_can_do_nothing_else(self, mona: Somebody, path: str) -> None:
        assert refusal(await mona.get(path)) == (403, "second_factor_missing")
        assert (await mona.get("/agent/me")).status_code == 200
        await set_up(mona)
        assert (await mona.get(path)).status_code == 200

    async def test_customers_are_not_asked(self, ana: Somebody) -> None:
        assert (await ana.get("/tickets")).status_code == 200

    async def test_pages_lead_to_where_it_is_set_up(self, client: AsyncClient, database_url: str) -> None:
        await hire(database_url, SAM)
        await enter(client, SAM)
        page = await client.get("/desk")
        assert (page.status_code, page.headers.get("location")) == (303, "/desk/settings"), page.text[:300]
        assert (await client.get("/desk/settings")).status_code == 200

    async def test_it_says_so(self, client: AsyncClient, database_url: str) -> None:
        await hire(database_url, MONA)
        mona = await sign_in(client, MONA)
        assert (await mona.get("/agent/factor")).json()["required"] is True
