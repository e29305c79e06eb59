"""The house that every test stands in: settings, a database of its own, the application, a real server."""

import gc
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncBaseTransport, AsyncClient, AsyncHTTPTransport
from playwright.async_api import Browser

from csts.app import create_app
from csts.settings import Settings
from tests.people import ANA, BEN, MONA, PRIYA, SAM, Account, Somebody, enrol, hire, sign_in, sign_up
from tests.support.browser import chromium
from tests.support.database import MARIADB_URL, Databases, MariaDbSchema, SqliteFiles
from tests.support.fleet import Fleet
from tests.support.live import serving
from tests.support.mailbox import Mailbox
from tests.support.mariadb import MariaDB
from tests.support.s3 import KEYS, S3
from tests.support.server import Desk, Server
from tests.support.statements import share_statements

DATABASE = pytest.StashKey[MariaDB]()
STORED = {"app", "client", "database_url", "databases", "server", "settings"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=["sqlite", "mariadb"], default="sqlite", help="where the rows live")
    parser.addoption("--fleet", action="store_true", help="two servers behind nginx, with a Redis, and files in S3")
    parser.addoption("--minutes", type=float, default=0, help="how long the torture goes on; half a minute by itself")
    parser.addoption("--examples", type=int, default=0, help="of each thing that is fuzzed; a few by itself")
    parser.addoption("--seed", type=int, default=0, help="repeats the choices of an earlier torture")


def pytest_configure(config: pytest.Config) -> None:
    """One MariaDB for the run: the first process starts it, and those that share the work find it by its URL."""
    # The default drawing of a traceback shows every local variable and takes seconds.
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(),
        ]
    )
    share_statements()
    is_first = not hasattr(config, "workerinput")
    wants_mariadb = config.getoption("--database") == "mariadb" and not config.option.collectonly
    if is_first and wants_mariadb and MARIADB_URL not in os.environ:
        config.stash[DATABASE] = server = MariaDB()
        server.start()
        os.environ[MARIADB_URL] = server.url


def pytest_collection_finish() -> None:
    """Half a million objects live as long as the run: the collector need not look at them again and again."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure(config: pytest.Config) -> None:
    if server := config.stash.get(DATABASE, None):
        server.stop()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What lives in tests/browser and tests/torture is marked so; what asks nothing of a database runs on SQLite."""
    for item in items:
        if item.path.parent.name in {"browser", "torture"}:
            item.add_marker(item.path.parent.name)
    if config.getoption("--fleet") or config.getoption("--database") == "mariadb":
        kept = [item for item in items if (_is_for_a_fleet if config.getoption("--fleet") else _is_about_rows)(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept


def _is_about_rows(item: pytest.Item) -> bool:
    return not STORED.isdisjoint(getattr(item, "fixturenames", ())) and not item.get_closest_marker("once")


def _is_for_a_fleet(item: pytest.Item) -> bool:
    return "server" in getattr(item, "fixturenames", ()) and not item.get_closest_marker("alone")


def pytest_report_header(config: pytest.Config) -> str:
    return f"database: {config.getoption('--database')}"


@pytest.fixture(scope="session")
def databases(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Databases:
    if pytestconfig.getoption("--database") == "mariadb":
        return MariaDbSchema(os.environ[MARIADB_URL], os.environ.get("PYTEST_XDIST_WORKER", "alone"))
    return SqliteFiles(tmp_path_factory.mktemp("template"))


@pytest.fixture
async def database_url(databases: Databases, tmp_path: Path) -> str:
    """A migrated database without a row in it."""
    return await databases.fresh(tmp_path)


@pytest.fixture(scope="session")
def files_service(pytestconfig: pytest.Config) -> Iterator[S3 | None]:
    """Where a fleet keeps its files."""
    if not pytestconfig.getoption("--fleet"):
        yield None
        return
    with S3() as running:
        yield running


@pytest.fixture
def environment(database_url: str, tmp_path: Path, files_service: S3 | None) -> dict[str, str]:
    """The settings of a test, as the variables that a command reads: no demo, no limits, its own folders."""
    limits = {name: "" for name in Settings.model_fields if name.startswith("limit_")}
    settings = {
        "data": str(tmp_path / "data"),
        "database_url": database_url,
        "uploads": files_service.bucket() if files_service else str(tmp_path / "uploads"),
        "secret_key": "a key that only tests know, long enough to sign with",
        "demo": "0",
        "jobs": "0",
        "assistant": "0",
        "public_url": "http://desk.test",
        **limits,
    }
    keys = KEYS if files_service else {}
    return {**keys, **{f"CSTS_{name.upper()}": value for name, value in settings.items()}}


@pytest.fixture
def settings(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Override `environment` to change a setting for a module."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return Settings(_env_file=None)


@pytest.fixture(scope="session")
def built() -> dict[Settings, FastAPI]:
    """Applications by their settings, for to build one takes longer than most tests do."""
    return {}


@pytest.fixture
async def app(settings: Settings, built: dict[Settings, FastAPI]) -> AsyncIterator[FastAPI]:
    """The application in this process, started and, at the end, stopped."""
    # Where rows and files are is looked up at the start; everything else may have shaped what was built.
    shape = settings.model_copy(update={"data": Path(), "database_url": "", "uploads": ""})
    if shape not in built:
        built[shape] = create_app(settings)
    application = built[shape]
    application.state.settings = settings
    async with application.router.lifespan_context(application):
        yield application


@pytest.fixture
async def sockets(app: FastAPI) -> AsyncIterator[str]:
    """Where the sockets of that application are, such as `ws://127.0.0.1:4711`: no other process is paid for."""
    async with serving(app) as url:
        yield url


@pytest.fixture
def server(environment: dict[str, str], tmp_path: Path, pytestconfig: pytest.Config) -> Iterator[Desk]:
    """A real server in a process of its own; with `--fleet` two of them, and all that belongs to it."""
    kind = Fleet if pytestconfig.getoption("--fleet") else Server
    with kind(environment, tmp_path) as running:
        yield running


@pytest.fixture
def transport(request: pytest.FixtureRequest) -> AsyncBaseTransport:
    """Over the wire to the server where the test has asked for one, else straight into the application."""
    if "server" in request.fixturenames:
        return AsyncHTTPTransport()
    return ASGITransport(request.getfixturevalue("app"), raise_app_exceptions=False)


@pytest.fixture
def base_url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue("server").url) if "server" in request.fixturenames else "http://desk.test"


@pytest.fixture
async def client(transport: AsyncBaseTransport, base_url: str) -> AsyncIterator[AsyncClient]:
    """Nobody in particular: a client without credentials."""
    async with AsyncClient(transport=transport, base_url=base_url) as anonymous:
        yield anonymous


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    """Where the letters go, of a desk that sends any."""
    async with Mailbox() as mailbox:
        yield mailbox


@pytest.fixture(scope="session")
async def chrome() -> AsyncIterator[Browser]:
    async with chromium() as opened:
        yield opened


@pytest.fixture
async def browser(chrome: Browser) -> AsyncIterator[Browser]:
    """Without a window; those that a test opens are closed after it."""
    yield chrome
    for opened in chrome.contexts:
        await opened.close()


@pytest.fixture
async def ana(request: pytest.FixtureRequest, client: AsyncClient, database_url: str) -> Somebody:
    return await _customer(request, client, database_url, ANA)


@pytest.fixture
async def ben(request: pytest.FixtureRequest, client: AsyncClient, database_url: str) -> Somebody:
    return await _customer(request, client, database_url, BEN)


async def _customer(
    request: pytest.FixtureRequest, client: AsyncClient, database_url: str, account: Account
) -> Somebody:
    if request.node.get_closest_marker("signed_up"):
        return await sign_up(client, account)
    await enrol(database_url, account)
    return await sign_in(client, account)


@pytest.fixture
async def priya(client: AsyncClient, database_url: str) -> Somebody:
    await hire(database_url, PRIYA)
    return await sign_in(client, PRIYA)


@pytest.fixture
async def sam(client: AsyncClient, database_url: str) -> Somebody:
    await hire(database_url, SAM)
    return await sign_in(client, SAM)


@pytest.fixture
async def mona(client: AsyncClient, database_url: str) -> Somebody:
    await hire(database_url, MONA)
    return await sign_in(client, MONA)
