"""What operators ask: is it alive, can it work, what has it done."""

import shutil
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

from csts.app import create_app
from csts.kit.tasks import enqueue
from csts.settings import Settings
from tests.make import open_ticket
from tests.people import Somebody


async def test_it_is_alive(client: AsyncClient) -> None:
    answer = await client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_it_can_work_when_all_parts_answer(client: AsyncClient) -> None:
    answer = await client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok", "broker": "ok", "uploads": "ok"}


async def test_a_folder_that_is_gone_is_named(client: AsyncClient, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "uploads")
    (tmp_path / "uploads").write_text("a file where the folder was")
    answer = await client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["uploads"].startswith("does not answer")
    assert answer.json()["database"] == "ok"


async def test_a_database_that_is_gone_is_named(settings: Settings) -> None:
    away = settings.model_copy(update={"database_url": "mysql+asyncmy://somebody:hush@127.0.0.1:1/csts"})
    app = create_app(away)
    async with app.router.lifespan_context(app), AsyncClient(transport=ASGITransport(app)) as client:
        answer = await client.get("http://desk.test/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"].startswith("does not answer")
    assert "hush" not in answer.text
    assert answer.json()["uploads"] == "ok"


async def from_address(app: FastAPI, address: str, headers: dict[str, str]) -> int:
    async with AsyncClient(transport=ASGITransport(app, client=(address, 5000))) as client:
        return (await client.get("http://desk.test/metrics", headers=headers)).status_code


@pytest.mark.parametrize(
    "address,headers,status",
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}, 403),
        ("127.0.0.1", {"Forwarded": "for=203.0.113.9"}, 403),
        ("127.0.0.1", {"X-Real-IP": "203.0.113.9"}, 403),
        ("127.0.0.1", {"Via": "1.1 proxy"}, 403),
        ("203.0.113.9", {}, 403),
        ("203.0.113.9", {"X-Forwarded-For": "127.0.0.1"}, 403),
        ("203.0.113.9", {"Authorization": "Bearer "}, 403),
        ("unix", {}, 403),
    ],
)
async def test_metrics_are_for_this_machine(app: FastAPI, address: str, headers: dict[str, str], status: int) -> None:
    assert await from_address(app, address, headers) == status


@pytest.mark.parametrize("offered,status", [("Bearer scrape me", 200), ("Bearer scrape", 403), ("Bearer é", 403)])
async def test_metrics_are_for_who_has_the_token(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, offered: str, status: int
) -> None:
    for name, value in {**environment, "CSTS_METRICS_TOKEN": "scrape me"}.items():
        monkeypatch.setenv(name, value)
    app = create_app(Settings(_env_file=None))
    async with app.router.lifespan_context(app):
        assert await from_address(app, "203.0.113.9", {"Authorization": offered.encode("latin-1")}) == status  # type: ignore[dict-item]  # httpx takes bytes as well


def figure(text: str, name: str) -> float:
    """What stands behind this name and these labels; 0 where there is no such line yet."""
    lines = (line.rpartition(" ") for line in text.splitlines())
    return sum(float(value) for told, _, value in lines if told == name)


async def test_requests_are_counted_by_their_route(client: AsyncClient, ana: Somebody) -> None:
    ticket = await open_ticket(ana)
    names = (
        'csts_requests_total{method="GET",route="none",status="404"}',
        'csts_requests_total{method="GET",route="/ticket/{ticket_id}",status="200"}',
        'csts_request_seconds_count{route="/ticket/{ticket_id}"}',
    )
    before = (await client.get("/metrics")).text
    await client.get("/nowhere")
    await ana.get(f"/ticket/{ticket['id']}")
    after = (await client.get("/metrics")).text
    assert {name: figure(after, name) - figure(before, name) for name in names} == dict.fromkeys(names, 1)


async def test_what_an_operator_asks_first_is_counted(client: AsyncClient, ana: Somebody) -> None:
    names = (
        'csts_login_failures_total{kind="customer",why="password"}',
        'csts_uploads_refused_total{code="unsupported_file"}',
    )
    before = (await client.get("/metrics")).text
    ticket = await open_ticket(ana)
    await client.post("/user/login", json=ana.account.credentials)
    await client.post("/user/login", json={"email": "nobody@example.com", "password": "not a password"})
    await ana.post(f"/tickets/{ticket['id']}/attachments", files={"file": ("a.png", b"no picture", "image/png")})
    after = (await client.get("/metrics")).text
    assert [figure(after, name) - figure(before, name) for name in names] == [1, 1]


async def test_invented_methods_and_paths_make_no_series(client: AsyncClient) -> None:
    for number in range(3):
        await client.request(f"TRY{number}", f"/nowhere/{number}")
    figures = (await client.get("/metrics")).text
    assert "TRY" not in figures
    assert "nowhere" not in figures


async def test_the_queue_is_told_of_by_whoever_is_asked(app: FastAPI) -> None:
    async with app.state.database.write() as session:
        await enqueue(session, "greet", {})
        await enqueue(session, "greet", {})
    async with AsyncClient(transport=ASGITransport(app, client=("127.0.0.1", 5000))) as client:
        figures = (await client.get("http://desk.test/metrics")).text
    assert 'csts_queue_tasks{state="waiting",task="greet"} 2.0' in figures
    assert 'csts_queue_late_seconds{state="waiting",task="greet"}' in figures
