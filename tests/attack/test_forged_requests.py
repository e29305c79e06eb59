"""Another site in the victim's browser (CSRF, login CSRF, foreign sockets): cookies come along, and nothing happens."""

import json

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from websockets.typing import Origin

from tests.access.matrix import doors
from tests.access.test_access import House
from tests.attack.doors import Described, body_shape, changing, numbered, right_person
from tests.people import ANA, PRIYA, Somebody
from tests.support.chat import open_socket

pytestmark = pytest.mark.once

FOREIGN = [
    None,
    "null",
    "https://evil.test",
    "http://evil.desk.test",
    "http://desk.test.evil.test",
    "http://desk.test:1",
]
# Doors that ask nobody who he is: a forged request does there what its forger could do by himself.
OPEN = {
    ("POST", "/user/register"),
    ("POST", "/connection/seen"),
    ("POST", "/connection/upload"),
    # A letter's link opens these, which no other site has.
    ("POST", "/user/password/reset"),
    ("POST", "/agent/password/reset"),
    ("POST", "/user/password/reset-request"),
    ("POST", "/agent/password/reset-request"),
    ("POST", "/user/email/confirm"),
    ("POST", "/user/email/change"),
    ("POST", "/agent/email/change"),
}
LOGINS = {("POST", "/user/login"): ANA, ("POST", "/agent/login"): PRIYA}
# What a form of HTML can send without being asked for leave (Fetch, 2.2.2).
SIMPLE = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/json", ""]


def cookies_of(house: House) -> str:
    """Of a browser in which a customer and an admin are signed in."""
    customer, admin = house.somebody("owner"), house.somebody("admin")
    pairs = {"csts_user": customer, "csts_agent": admin}
    return "; ".join(f"{name}_access={who.token}; {name}_refresh={who.refresh_token}" for name, who in pairs.items())


async def test_form_of_another_site_changes_nothing_at_any_door(house: House, app: FastAPI) -> None:
    passed = {}
    for method, path in changing(app):
        for origin in FOREIGN if (method, path) not in OPEN | LOGINS.keys() else []:
            headers = {"Cookie": cookies_of(house), **({} if origin is None else {"Origin": origin})}
            answer = await house.client.request(method, numbered(path), headers=headers)
            if answer.status_code != 403 or answer.json()["code"] != "cross_origin":
                passed[method, path, origin] = answer.status_code
    assert passed == {}


@pytest.mark.parametrize("origin", FOREIGN[1:])
async def test_another_site_signs_its_visitor_in_as_nobody(client: AsyncClient, origin: str) -> None:
    for (_method, path), account in LOGINS.items():
        form = {**account.credentials, "session": "cookie"}
        answer = await client.post(path, json=form, headers={"Origin": origin})
        assert (answer.status_code, answer.json()["code"]) == (403, "cross_origin")
        assert "set-cookie" not in answer.headers


async def test_what_a_browser_sends_unasked_is_read_as_json_nowhere(house: House, api: Described) -> None:
    """Also where somebody forgets to look at the Origin."""
    read = {}
    for door, operation in api.items():
        if body_shape(operation):
            path, options = await house.prepare(door, right_person(door))
            body = json.dumps(options.pop("json"))
            for kind in SIMPLE:
                options["headers"]["Content-Type"] = kind
                answer = await house.client.request(door[0], path, content=body, **options)
                if answer.status_code != 422:
                    read[door, kind] = answer.status_code
    assert read == {}


@pytest.mark.sockets
async def test_socket_of_another_site_is_let_in_nowhere(house: House, app: FastAPI, sockets: str) -> None:
    headers = {"Host": "desk.test", "Cookie": cookies_of(house)}
    for method, path in doors(app):
        for origin in FOREIGN[1:] if method == "SOCKET" and path != "/ws/echo" else []:
            url = sockets + path.format(ticket_id=1)
            async with open_socket(url, origin=Origin(origin or ""), additional_headers=headers) as socket:
                assert await socket.opening() == "4403", (path, origin)


async def test_nobody_reads_an_answer_from_another_site(ana: Somebody) -> None:
    """No CORS: neither the answer nor the leave to ask is given to anybody."""
    for path in ("/tickets", "/user/me", "/options", "/openapi.json"):
        for method in ("GET", "OPTIONS"):
            asked = {"Origin": "https://evil.test", "Access-Control-Request-Method": "PUT"}
            answer = await ana.request(method, path, headers=asked)
            assert not [name for name in answer.headers if name.startswith("access-control")]


async def test_method_is_what_the_request_line_says(ana: Somebody) -> None:
    """No header and no parameter makes a harmless request a dangerous one."""
    disguises = {"X-HTTP-Method-Override": "POST", "X-HTTP-Method": "POST", "X-Method-Override": "POST"}
    answer = await ana.get("/user/createticket", params={"_method": "POST"}, headers=disguises)
    assert answer.status_code == 405
