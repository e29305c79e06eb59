"""A desk goes into one file beside people who write, and comes back out of it elsewhere, byte for byte."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

from csts.app import create_app
from csts.attachments.storage import Storage
from csts.backup.restoring import InTheWay, Place, restore
from csts.backup.saving import NothingToKeep, save
from csts.kit.loading import loading
from csts.kit.snapshots import Value, snapshot
from csts.migrations import schema
from csts.settings import Settings
from tests.backup.places import files_of, found_in, place_at, read, rows_of, write
from tests.make import claim, jpeg_bytes, open_ticket, pdf_bytes, png_bytes, post_message, thread, upload
from tests.people import ANA, PRIYA, Somebody, sign_in
from tests.support.database import elsewhere, sqlite_url


@pytest.fixture
async def place(database_url: str, tmp_path: Path) -> Place:
    """An empty one, of the same kind of database."""
    return place_at(await elsewhere(database_url, tmp_path), tmp_path / "elsewhere")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "desk.tar"


@pytest.fixture
async def ticket_id(ana: Somebody, priya: Somebody) -> int:
    """A ticket with pictures, a document, a note, and words of every kind."""
    ticket_id = int((await open_ticket(ana, png_bytes(), jpeg_bytes(), subject="Größe 🙂 \u2028 'quoted'"))["id"])
    await claim(priya, ticket_id)
    document = await upload(ana, ticket_id, pdf_bytes(), "bill.pdf")
    await post_message(ana, ticket_id, "The bill\nin two lines; \\ and a tab\t.", attachment_ids=[document["id"]])
    await post_message(priya, ticket_id, "Only among us", internal=True)
    return ticket_id


@asynccontextmanager
async def desk_at(place: Place, settings: Settings) -> AsyncIterator[AsyncClient]:
    """A desk that is started on what was restored."""
    told = {"database_url": place.url, "uploads": place.storage.place}
    app = create_app(settings.model_copy(update=told))
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=ASGITransport(app), base_url="http://desk.test") as client,
    ):
        yield client


async def test_everything_comes_back_elsewhere(
    app: FastAPI, settings: Settings, place: Place, target: Path, ticket_id: int
) -> None:
    kept = await save(settings.resolved_database_url, app.state.storage, None, target)
    told = await restore(target, place, force=False)

    assert kept.lost == []
    assert told == kept.manifest
    rows = await rows_of(place.url)
    assert rows == await rows_of(settings.resolved_database_url)
    assert {name: len(found) for name, found in rows.items() if name != "alembic_version"} == told.tables
    files = await files_of(place.storage)
    assert files == await files_of(app.state.storage)
    assert (told.files, told.file_bytes) == (len(files), sum(map(len, files.values())))
    assert await schema.is_current(place.url)


async def test_a_restored_desk_goes_on_where_it_was(
    app: FastAPI, settings: Settings, place: Place, target: Path, ana: Somebody, ticket_id: int
) -> None:
    before = await thread(ana, ticket_id)
    # What has been said is in the index of words by then, and the rest is taken in later.
    assert (await ana.get("/tickets", params={"q": "bill"})).json()["items"]
    await save(settings.resolved_database_url, app.state.storage, None, target)
    await restore(target, place, force=False)

    async with desk_at(place, settings) as client:
        again, agent = await sign_in(client, ANA), await sign_in(client, PRIYA)
        assert await thread(again, ticket_id) == before
        said = await post_message(again, ticket_id, "After the restore")
        assert (said["seq"], said["id"] > before[-1]["id"]) == (before[-1]["seq"] + 1, True)
        for words in ("bill", "restore"):
            found = (await agent.get("/tickets", params={"q": words})).json()["items"]
            assert [row["id"] for row in found] == [ticket_id], words
        assert (await open_ticket(again))["id"] > ticket_id
        for file in (await again.get(f"/ticket/{ticket_id}")).json()["attachments"]:
            assert len((await again.get(file["url"])).content) == file["size"]


async def test_what_was_confirmed_before_the_backup_began_is_in_it_while_people_write(
    app: FastAPI, settings: Settings, place: Place, target: Path, ana: Somebody, ben: Somebody
) -> None:
    confirmed: list[int] = []
    enough, over = asyncio.Event(), asyncio.Event()

    async def talk(who: Somebody) -> None:
        ticket_id = (await open_ticket(who))["id"]
        while not over.is_set():
            file = await upload(who, ticket_id, png_bytes(colour=(len(confirmed) % 256, who.id, 7)))
            confirmed.append((await post_message(who, ticket_id, "On and on", attachment_ids=[file["id"]]))["id"])
            if len(confirmed) >= 20:
                enough.set()

    async with asyncio.TaskGroup() as group:
        for who in (ana, ben):
            group.create_task(talk(who))
        await enough.wait()
        due = set(confirmed)
        kept = await save(settings.resolved_database_url, app.state.storage, None, target)
        over.set()
    await restore(target, place, force=False)

    rows = await rows_of(place.url)
    messages = {row["id"] for row in await named(place.url, "messages")}
    assert due <= messages
    assert len(confirmed) > len(due), "they wrote all the while"
    assert kept.lost == []
    files = await files_of(place.storage)
    assert {row["file_path"] for row in await named(place.url, "attachments")} == files.keys()
    # One moment: no file without its message, and numbers without a gap.
    for ticket in await named(place.url, "tickets"):
        numbers = [row["seq"] for row in await named(place.url, "messages") if row["ticket_id"] == ticket["id"]]
        assert sorted(numbers) == list(range(1, ticket["last_seq"] + 1))
    assert rows["attachments"]


async def named(url: str, table: str) -> list[dict[str, Any]]:
    async with snapshot(url) as moment:
        columns = (await moment.tables())[table]
        return [dict(zip(columns, row, strict=True)) async for rows in moment.rows(table, columns) for row in rows]


async def test_a_backup_of_one_database_comes_back_in_another(
    app: FastAPI, settings: Settings, place: Place, tmp_path: Path, ticket_id: int
) -> None:
    """On MariaDB: into SQLite, and from there into a MariaDB again."""
    between = place_at(sqlite_url(tmp_path / "between" / "csts.db"), tmp_path / "between")
    await save(settings.resolved_database_url, app.state.storage, None, tmp_path / "first.tar")
    await restore(tmp_path / "first.tar", between, force=False)
    await save(between.url, between.storage, None, tmp_path / "second.tar")
    await restore(tmp_path / "second.tar", place, force=False)

    there = await rows_of(settings.resolved_database_url)
    assert await rows_of(between.url) == there
    assert await rows_of(place.url) == there


async def test_an_older_release_comes_back_and_is_migrated(
    settings: Settings, place: Place, target: Path, tmp_path: Path
) -> None:
    old = place_at(sqlite_url(tmp_path / "old" / "csts.db"), tmp_path / "old")
    await schema.upgrade(old.url, "0008")
    async with snapshot(old.url) as moment:
        columns = (await moment.tables())["users"]
    told: dict[str, Value] = {
        "id": 7,
        "name": "Ana",
        "email": "ana@example.com",
        "password_hash": "x",
        "role": "customer",
    }
    async with loading(old.url) as loader:
        values = tuple(told.get(name, "2026-01-02 03:04:05.000006") for name in columns)
        await loader.put("users", columns, [values])

    kept = await save(old.url, old.storage, None, target)
    await restore(target, place, force=False)

    assert kept.manifest.schema == "0008"
    assert await schema.is_current(place.url)
    (user,) = await named(place.url, "users")
    assert (user["id"], user["email"], user["created_at"]) == (7, "ana@example.com", "2026-01-02 03:04:05.000006")


async def test_a_desk_that_is_there_is_replaced_only_with_force(
    app: FastAPI, settings: Settings, place: Place, target: Path, tmp_path: Path, ticket_id: int
) -> None:
    await save(settings.resolved_database_url, app.state.storage, None, target)
    await restore(target, place, force=False)
    async with loading(place.url) as loader:
        await loader.clear(["drafts", "messages"])
    changed = await rows_of(place.url)

    with pytest.raises(InTheWay, match="--force"):
        await restore(target, place, force=False)
    assert await rows_of(place.url) == changed
    await restore(target, place, force=True)
    assert await rows_of(place.url) == await rows_of(settings.resolved_database_url)


async def test_a_desk_that_runs_is_left_alone_even_with_force(
    app: FastAPI, settings: Settings, target: Path, tmp_path: Path, ana: Somebody, ticket_id: int
) -> None:
    here = Place(settings.resolved_database_url, app.state.storage, None)
    await save(here.url, here.storage, None, target)
    with pytest.raises(InTheWay, match="in use"):
        await restore(target, here, force=True)
    assert (await ana.get(f"/ticket/{ticket_id}")).status_code == 200


async def test_a_database_that_was_only_migrated_is_empty(
    app: FastAPI, settings: Settings, place: Place, target: Path, ticket_id: int
) -> None:
    await save(settings.resolved_database_url, app.state.storage, None, target)
    await schema.upgrade(place.url)
    await restore(target, place, force=False)
    assert await rows_of(place.url) == await rows_of(settings.resolved_database_url)


async def test_files_that_are_lost_or_damaged_are_named(
    app: FastAPI, settings: Settings, target: Path, ana: Somebody, ticket_id: int
) -> None:
    storage = app.state.storage
    first, second, *_ = sorted(await files_of(storage))
    await storage.delete(first)
    await storage.put(second, b"something else")

    kept = await save(settings.resolved_database_url, storage, None, target)

    assert sorted(kept.lost) == [first, second]


@pytest.mark.once
async def test_a_backup_is_never_written_over_another(
    app: FastAPI, settings: Settings, target: Path, tmp_path: Path
) -> None:
    write(target, b"an older one")
    with pytest.raises(FileExistsError):
        await save(settings.resolved_database_url, app.state.storage, None, target)
    assert read(target) == b"an older one"
    assert [file for file in found_in(tmp_path) if file.suffix == ".part"] == []


@pytest.mark.once
async def test_a_database_without_tables_is_nothing_to_keep(target: Path, tmp_path: Path) -> None:
    with pytest.raises(NothingToKeep):
        await save(sqlite_url(tmp_path / "none.db"), Storage(str(tmp_path / "up")), None, target)
    assert target not in found_in(tmp_path)
