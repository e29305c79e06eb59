"""Signing up: who gets an account, under which name, and who is told what to mend."""

import asyncio
import unicodedata
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient, Response
from sqlalchemy import func, select

from csts.customers.models import User
from tests.people import ANA, PASSWORD, Somebody


async def sign_up(client: AsyncClient, **changes: Any) -> Response:
    form = {"name": "Ana Ruiz", "email": "ana@example.com", "password": PASSWORD}
    return await client.post("/user/register", json=form | changes)


def fields(answer: Response) -> list[str]:
    assert answer.status_code == 422, answer.text
    return [error["field"] for error in answer.json()["errors"]]


async def test_a_customer_signs_up(client: AsyncClient) -> None:
    answer = await sign_up(client)
    assert answer.status_code == 201
    told = answer.json()
    assert told == {"id": told["id"], "name": "Ana Ruiz", "email": "ana@example.com", "role": "customer"}


async def test_the_password_is_kept_as_a_hash(client: AsyncClient, app: FastAPI) -> None:
    await sign_up(client)
    async with app.state.database.read() as session:
        user = (await session.scalars(select(User))).one()
    assert user.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.usefixtures("ana")
async def test_an_address_is_one_account_however_it_is_written(client: AsyncClient) -> None:
    answer = await sign_up(client, email="  ANA@Example.COM ")
    assert answer.status_code == 409
    assert answer.json()["code"] == "email_taken"
    assert answer.json()["errors"][0]["field"] == "email"


async def test_a_customer_signs_in_however_the_address_is_written(client: AsyncClient, ana: Somebody) -> None:
    answer = await client.post("/user/login", json={"email": " Ana@EXAMPLE.com", "password": PASSWORD})
    assert answer.json()["user"]["id"] == ana.id


async def test_a_foreign_domain_is_one_address_in_both_alphabets(client: AsyncClient) -> None:
    await sign_up(client, email="ana@bücher.example")
    answer = await client.post("/user/login", json={"email": "ana@xn--bcher-kva.example", "password": PASSWORD})
    assert answer.status_code == 200


async def test_of_ten_sign_ups_at_once_with_one_address_one_wins(client: AsyncClient, app: FastAPI) -> None:
    answers = await asyncio.gather(*(sign_up(client) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 9
    async with app.state.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(User)) == 1


@pytest.mark.parametrize(
    "name", ["李小龙", "🙂🙃", "محمد علي", 'O\'Brien "Obi" <b>', "x" * 100, "Zoë"], ids=lambda name: f"{len(name)}"
)
async def test_names_of_every_kind_come_back_as_they_were(client: AsyncClient, name: str) -> None:
    answer = await sign_up(client, name=name)
    assert answer.status_code == 201
    assert answer.json()["name"] == name


async def test_a_name_is_trimmed_and_freed_of_what_cannot_be_seen(client: AsyncClient) -> None:
    answer = await sign_up(client, name=unicodedata.normalize("NFD", "  Zoë\x07 \n Ruiz "))
    assert answer.json()["name"] == "Zoë Ruiz"


@pytest.mark.parametrize("name", ["", "   ", "\x00\x1b", "x" * 101, "x" * 300, None, 7, ["Ana"]])
async def test_a_name_that_is_none_is_refused(client: AsyncClient, name: object) -> None:
    assert fields(await sign_up(client, name=name)) == ["name"]


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ana",
        "ana@",
        "@example.com",
        "ana@example",
        "a b@example.com",
        "ana@example.com\nbcc: x@y.z",
        "a" * 250 + "@example.com",
    ],
)
async def test_what_is_no_address_is_refused(client: AsyncClient, email: str) -> None:
    assert fields(await sign_up(client, email=email)) == ["email"]


@pytest.mark.parametrize(
    "password",
    [
        "",
        "7 chars",
        "x1" * 65,
        "password",
        "PassWord",
        "iloveyou",
        "aaaaaaaaaaaa",
        "ana@example.com",
        "Ana Ruiz",
        "tab\tin the middle",
        "null\x00in the middle",
    ],
)
async def test_a_weak_password_is_refused(client: AsyncClient, password: str) -> None:
    assert fields(await sign_up(client, password=password)) == ["password"]


async def test_a_refused_password_is_not_told_back(client: AsyncClient) -> None:
    assert "iloveyou" not in (await sign_up(client, name="", password="iloveyou")).text


async def test_a_lone_surrogate_is_refused(client: AsyncClient) -> None:
    body = b'{"name": "Ana", "email": "ana@example.com", "password": "four \\ud800 brown owls"}'
    answer = await client.post("/user/register", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422


async def test_a_password_of_128_characters_opens_the_door(client: AsyncClient) -> None:
    password = "ß🦉 brown owls and " * 7
    assert (await sign_up(client, password=password[:128])).status_code == 201
    answer = await client.post("/user/login", json={"email": ANA.login, "password": password[:128]})
    assert answer.status_code == 200


async def test_a_password_fits_from_every_keyboard(client: AsyncClient) -> None:
    await sign_up(client, password=unicodedata.normalize("NFC", "vier größe Eulen"))
    typed = unicodedata.normalize("NFD", "vier größe Eulen")
    answer = await client.post("/user/login", json={"email": ANA.login, "password": typed})
    assert answer.status_code == 200


async def test_nobody_gives_himself_a_role(client: AsyncClient) -> None:
    assert fields(await sign_up(client, role="admin")) == ["role"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b'"ana"', b"\xff\xfe"])
async def test_a_body_that_is_no_form_is_refused(client: AsyncClient, body: bytes) -> None:
    answer = await client.post("/user/register", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid_input"


class TestLimit:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"CSTS_LIMIT_REGISTER": "2/hour"}

    async def test_sign_ups_of_one_address_are_limited(self, client: AsyncClient) -> None:
        for number in range(2):
            assert (await sign_up(client, email=f"ana{number}@example.com")).status_code == 201
        answer = await sign_up(client, email="ana3@example.com")
        assert answer.status_code == 429
        assert int(answer.headers["retry-after"]) > 3000
