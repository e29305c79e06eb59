"""What a stranger writes stays data: in logs, headers, addresses, paths and queries of the database."""

import itertools
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient, Response

from tests.access.matrix import matrix
from tests.access.test_access import House
from tests.attack.doors import Described, numbered, right_person
from tests.make import open_ticket
from tests.people import ANA, Somebody
from tests.support.server import Server

LINES = [
    "x\r\nSet-Cookie: evil=1",
    "x\nlevel=critical",
    "x\r\n\r\n<script>",
    "x\x00y",
    "\x1b]0;owned\x07",
    "x\u2028y\x85z",
]
SQL = [
    "' OR '1'='1",
    "%' UNION SELECT password_hash, 1, 2 FROM agents --",
    "\\' OR 1=1 #",
    "x' AND SLEEP(9) AND 'x",
    "MATCH * NEAR(",
    '+-><()~*"@',
    "{{7*7}}${7*7}<%= 7*7 %>",
    "%s%n%x",
]
ELSEWHERE = [
    "//evil.test",
    "/\\evil.test",
    "\\\\evil.test",
    "https://evil.test",
    "https:evil.test",
    "javascript:alert(1)",
    "data:text/html,x",
    "/\t/evil.test",
    "/\r\nLocation: //evil.test",
    " //evil.test",
    "///evil.test",
    "@evil.test",
    "/desk\u2028//evil.test",
]
PATHS = ["../", "..%2f", "%2e%2e/", "..%5c", "....//", "%252e%252e%252f", "..%c0%af", "/", "//", "%00/", ";/../"]


def place(answer: Response) -> str:
    return answer.headers.get("location", "")


@pytest.mark.sockets
@pytest.mark.once
@pytest.mark.alone
class TestLog:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return {**environment, "CSTS_LOG_FORMAT": "json"}

    async def test_nobody_writes_a_line_of_the_log(self, client: AsyncClient, server: Server, ana: Somebody) -> None:
        ticket = await open_ticket(ana)
        for line in LINES:
            coded = quote(line, safe="")
            printable = line.encode("ascii", "ignore").replace(b"\r", b"").replace(b"\n", b"").replace(b"\0", b"")
            await client.get(f"/{coded}", headers={b"X-Request-ID": printable, b"User-Agent": printable})
            await client.get("/tickets", params={"q": line}, headers={"X-Forwarded-For": "127.0.0.1, evil"})
            await client.post("/user/login", json={"email": line, "password": line})
            await client.post("/agent/login", json={"username": line, "password": line})
            files = {"file": (line.replace("\0", ""), b"nothing")}
            await ana.post(f"/tickets/{ticket['id']}/attachments", files=files)
        assert server.stop() == 0
        told = server.said().strip("\0").splitlines()
        lines = [line for line in told if line.startswith("{")]
        assert len(lines) > 20
        for line in lines:
            assert json.loads(line)["level"] in {"info", "warning"}
            assert "\x1b" not in line
        assert not [line for line in told if "owned" in line and not line.startswith("{")]


def test_nobody_steers_the_terminal_of_who_reads_along(environment: dict[str, str]) -> None:
    """The log as text, which a person reads, shows signs that would be obeyed as words."""
    coloured = run_python(
        environment,
        "import structlog; from csts.kit.log import configure; configure('text');"
        r"structlog.get_logger().info('request', path='/\x1b]0;owned\x07\r\nlevel=critical', word='Zürich')",
    )
    said = re.sub("\x1b\\[[0-9;]*m", "", coloured)
    assert r"\x1b]0;owned\x07\r\nlevel" in said
    assert "Zürich" in said
    assert "\x1b" not in said
    assert len(said.splitlines()) == 1


async def test_no_header_is_written_by_who_asks(house: House, app: FastAPI, api: Described) -> None:
    """Each query of each door, with line ends: no cookie, no header, no second answer."""
    for (method, path), operation in api.items():
        who = house.people[right_person((method, path))]
        token = {"Authorization": f"Bearer {who.token}"} if who else {}
        for each in operation.get("parameters", []):
            if method == "GET" and each["in"] == "query":
                for line in LINES:
                    answer = await house.client.get(numbered(path), params={each["name"]: line}, headers=token)
                    assert answer.status_code < 500
                    assert "set-cookie" not in answer.headers


@pytest.mark.once
@pytest.mark.usefixtures("ana")
async def test_no_page_leads_to_another_site(client: AsyncClient) -> None:
    doors = list(itertools.product(("/signin", "/signup"), ELSEWHERE))
    for path, target in doors:
        page = await client.get(path, params={"next": target})
        assert page.status_code == 200
        assert "evil.test" not in page.text
    form = {**ANA.credentials, "session": "cookie"}
    await client.post("/user/login", json=form, headers={"Origin": "http://desk.test"})
    for path, target in doors:
        answer = await client.get(path, params={"next": target})
        assert (answer.status_code, place(answer)) == (303, "/my/tickets"), target


@pytest.mark.once
async def test_the_host_of_a_request_goes_into_no_address(client: AsyncClient, app: FastAPI) -> None:
    """A forged Host poisons neither a redirection nor a page; nor does the name that a proxy would pass on."""
    forged = {"Host": "evil.test", "X-Forwarded-Host": "evil.test", "Forwarded": "host=evil.test"}
    for method, path in matrix():
        if method == "GET" and path != "/metrics":
            for address in (numbered(path), numbered(path) + "/"):
                answer = await client.get(address, headers=forged)
                assert not place(answer).startswith(("http", "//")), address
                assert b"evil.test" not in answer.content, address


@pytest.mark.once
async def test_no_path_leads_out_of_what_is_served(client: AsyncClient, environment: dict[str, str]) -> None:
    key = Path(environment["CSTS_DATA"]) / "secret.key"
    key.parent.mkdir(parents=True, exist_ok=True)
    key.write_text("the secret of this desk")
    for root in ("/static/", "/static/x/", "/docs/ui/", "/docs/own/", "/attachments/", "/help/", "/desk/knowledge/"):
        for step in PATHS:
            for wanted in ("etc/passwd", "settings.py", "app.py", str(key).lstrip("/"), "locale/de.po"):
                answer = await client.get(root + step * 6 + wanted)
                assert answer.status_code in {303, 400, 401, 404, 405, 422}, answer.url
                assert b"secret of this desk" not in answer.content


async def test_no_filter_speaks_sql(house: House, api: Described, ana: Somebody) -> None:
    """Each text in each query of each door: never a fall, never more than an honest question finds."""
    await open_ticket(ana)
    for (method, path), operation in api.items():
        who = house.people[right_person((method, path))]
        token = {"Authorization": f"Bearer {who.token}"} if who else {}
        names = [each["name"] for each in operation.get("parameters", []) if each["in"] == "query"]
        for name in names if method == "GET" else []:
            for text in SQL:
                answer = await house.client.get(numbered(path), params={name: text}, headers=token)
                assert answer.status_code in {200, 401, 403, 404, 422}, (path, name, text)
                assert "password_hash" not in answer.text.replace(text, "")
                if path == "/tickets" and name in {"q", "tag"} and answer.status_code == 200:
                    assert answer.json()["items"] == [], text


async def test_text_is_stored_and_found_as_it_was_written(ana: Somebody, priya: Somebody) -> None:
    for text in SQL:
        ticket = await open_ticket(ana, subject=f"Ticket {text}", description=text)
        assert ticket["subject"] == f"Ticket {' '.join(text.split())}"
        tagged = await priya.put(f"/tickets/{ticket['id']}/tags", {"add": [text[:30]]})
        assert tagged.status_code in {200, 422}
    assert (await ana.get("/tickets")).json()["next_cursor"] is None


def run_python(environment: dict[str, str], program: str) -> str:
    """What this program says on standard error."""
    environment = {**os.environ, **environment}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True)
    return done.stderr
