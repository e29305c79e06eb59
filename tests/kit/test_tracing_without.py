"""A desk without a collector, with one that is gone, and with one to which it cannot speak: it serves all the same."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx2 import AsyncClient
from structlog.testing import capture_logs

from csts.kit import tracing
from tests.make import open_ticket, post_message
from tests.people import Somebody
from tests.support.collector import Collector
from tests.support.server import Server

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
NOBODY = "http://127.0.0.1:9"
# Answers one request, and names what it has read of the library that sends.
OFF = """
import asyncio, sys
from httpx2 import ASGITransport, AsyncClient
from csts.app import create_app
from csts.kit import tracing
from csts.settings import Settings

async def main():
    app = create_app(Settings(_env_file=None))
    async with app.router.lifespan_context(app):
        async with AsyncClient(transport=ASGITransport(app), base_url="http://desk.test") as client:
            assert (await client.get("/signin")).status_code == 200

with tracing.exporting():
    asyncio.run(main())
sends = ("opentelemetry.sdk.trace", "opentelemetry.exporter", "google.protobuf", "requests", "csts.kit.otlp")
print([name for name in sys.modules if name.startswith(sends)])
"""


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as running:
        yield running


@pytest.mark.once
@pytest.mark.parametrize("told", [{}, {ENDPOINT: NOBODY, "OTEL_SDK_DISABLED": "true"}], ids=["unnamed", "disabled"])
def test_nothing_is_read_of_what_sends_while_no_collector_is_named(
    environment: dict[str, str], told: dict[str, str]
) -> None:
    variables = {**os.environ, **environment, **told}
    done = subprocess.run([sys.executable, "-c", OFF], env=variables, capture_output=True, text=True, check=False)
    assert (done.stdout.splitlines()[-1:], done.returncode) == (["[]"], 0), done.stderr


def test_a_span_that_nobody_records_is_the_same_for_all() -> None:
    with tracing.span("a", {}) as first, tracing.span("b", {"size": 1}) as second:
        first.fail("ValueError")
        assert first is second is tracing.NONE
        assert (tracing.here(), tracing.origin(), tracing.name_trace(None, "info", {})) == ("", {}, {})


def test_a_desk_without_the_extra_says_what_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENDPOINT, NOBODY)
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.resources", None)
    monkeypatch.delitem(sys.modules, "csts.kit.otlp", raising=False)
    with capture_logs() as logs, tracing.exporting():
        assert tracing.span("a", {}) is tracing.NONE
    [line] = logs
    assert (line["event"], line["needs"]) == ("traces_unavailable", "csts[telemetry]")


@pytest.mark.parametrize(
    "name, value, told",
    [("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "grpc"), ("OTEL_BSP_SCHEDULE_DELAY", "0", "must be positive")],
)
def test_a_variable_that_cannot_be_followed_is_told(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(ENDPOINT, NOBODY)
    monkeypatch.setenv(name, value)
    with capture_logs() as logs, tracing.exporting():
        assert tracing.span("a", {}) is tracing.NONE
    assert [(line["event"], told in line["reason"]) for line in logs] == [("traces_unavailable", True)]


@pytest.mark.sockets
@pytest.mark.once
@pytest.mark.alone
class TestACollectorThatIsGone:
    @pytest.fixture
    def environment(self, environment: dict[str, str], collector: Collector) -> dict[str, str]:
        quick = {"OTEL_BSP_SCHEDULE_DELAY": "20", "OTEL_EXPORTER_OTLP_TIMEOUT": "1"}
        return environment | quick | {ENDPOINT: collector.url, "CSTS_LOG_FORMAT": "json"}

    async def test_it_is_told_once_and_once_when_it_is_back(
        self, client: AsyncClient, server: Server, collector: Collector
    ) -> None:
        collector.status = 500
        for refused in range(1, 4):
            assert (await client.get("/signin")).status_code == 200
            await asyncio.to_thread(collector.until_asked, refused)
        collector.status = 200
        await client.get("/help")
        await asyncio.to_thread(collector.until_told, "GET /help")
        server.stop()
        told = server.said()
        assert (told.count('"traces_not_sent"'), told.count('"traces_sent_again"')) == (1, 1)
        assert "opentelemetry" not in told

    async def test_one_that_takes_and_never_answers_holds_nobody_up(
        self, server: Server, collector: Collector, ana: Somebody
    ) -> None:
        collector.is_deaf = True
        ticket = await open_ticket(ana)
        await post_message(ana, ticket["id"], "Is anybody there?")
        await asyncio.to_thread(collector.until_asked, 1)
        began = time.monotonic()
        assert await asyncio.to_thread(server.stop) == 0
        assert time.monotonic() - began < 10


@pytest.mark.sockets
@pytest.mark.once
@pytest.mark.alone
async def test_a_collector_may_stand_in_the_file_of_settings(
    environment: dict[str, str], tmp_path: Path, collector: Collector
) -> None:
    """As all other settings do; a name of one's own goes before ours."""
    lines = [f"{ENDPOINT}={collector.url}", "OTEL_SERVICE_NAME=night-desk", "OTEL_RESOURCE_ATTRIBUTES=team=support"]
    (tmp_path / ".env").write_text("\n".join(lines))
    with Server(environment, tmp_path, within=tmp_path) as desk:
        async with AsyncClient(base_url=desk.url) as visitor:
            await visitor.get("/signin")
    assert {span.service for span in collector.spans} == {"night-desk"}
