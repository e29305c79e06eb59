"""The wheel holds the whole desk, and runs it from an empty folder of another environment."""

import re
import tomllib
import zipfile
from pathlib import Path

import pytest
from httpx2 import AsyncClient

from csts import __version__
from csts.demo import people
from tests.architecture.trees import ROOT
from tests.support.chat import open_socket
from tests.support.database import Databases
from tests.support.wheel import Installed, build

# Installed, and started with nothing read or compiled before: a busy machine takes its time for that.
pytestmark = [pytest.mark.sockets, pytest.mark.timeout(600)]

ASSET = re.compile(r'(?:href|src)="(/static/[^"#]+)')


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    return build(tmp_path)


@pytest.fixture
def installed(wheel: Path, tmp_path: Path) -> Installed:
    return Installed.from_wheel(wheel, tmp_path / "installed")


@pytest.mark.once
def test_the_wheel_holds_every_file_of_the_package_and_no_other(wheel: Path) -> None:
    source = ROOT / "src"
    files = [path for path in (source / "csts").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert packed == {path.relative_to(source).as_posix() for path in files}


@pytest.mark.once
async def test_its_first_start_without_a_setting_is_a_desk_with_its_demo(installed: Installed) -> None:
    """SQLite, uploads and the demo in the folder that it stands in."""
    check_the_version(installed)
    with installed.serving() as desk:
        await check_that_pages_come_with_all_their_files(desk)
        await check_that_the_demo_is_there_and_its_sockets_are_live(desk)


def check_the_version(installed: Installed) -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert installed.run("--version").stdout == f"csts {told}\n"
    assert told == __version__


async def check_that_pages_come_with_all_their_files(desk: str) -> None:
    async with AsyncClient(base_url=desk) as browser:
        for page in ("/signin", "/desk/signin", "/help", "/connection"):
            answer = await browser.get(page, headers={"Accept-Language": "es"})
            assert answer.status_code == 200
            assert '<html lang="es"' in answer.text
            for asset in set(ASSET.findall(answer.text)):
                file = await browser.get(asset)
                assert file.status_code == 200, asset
                assert "immutable" in file.headers["cache-control"], asset
        assert (await browser.get("/docs")).status_code == 200


async def check_that_the_demo_is_there_and_its_sockets_are_live(desk: str) -> None:
    async with AsyncClient(base_url=desk) as priya:
        login = {"username": "priya", "password": people.AGENT_PASSWORD}
        signed_in = await priya.post("/agent/login", json=login)
        assert signed_in.status_code == 200, signed_in.text
        token = signed_in.json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        tickets = (await priya.get("/tickets", headers=headers)).json()["items"]
        ticket = (await priya.get(f"/ticket/{tickets[0]['id']}", headers=headers)).json()
        picture = await priya.get(ticket["attachments"][0]["url"], headers=headers)
    assert len(tickets) > 20
    assert picture.headers["content-type"].startswith("image/")
    async with open_socket(f"{desk.replace('http', 'ws')}/ws/tickets/{ticket['id']}", token) as chat:
        await chat.next("ready")
        said = await chat.say("Hello from the wheel.")
    assert said["sender"]["name"] == "Priya Nair"


async def test_a_bare_database_is_migrated_and_served(
    installed: Installed, databases: Databases, tmp_path: Path
) -> None:
    url = await databases.bare(tmp_path)
    settings = {"CSTS_DATABASE_URL": url, "CSTS_DATA": str(tmp_path / "data"), "CSTS_DEMO": "0"}
    migrated = installed.run("migrate", **settings)
    assert migrated.returncode == 0, migrated.stderr
    with installed.serving(**settings) as desk:
        async with AsyncClient(base_url=desk) as browser:
            ready = await browser.get("/readyz")
    assert ready.status_code == 200, ready.text
