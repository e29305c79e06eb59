"""Files in a bucket, at a real S3 service: kept, shown, swept; and what happens while it is away."""

import asyncio
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from csts.attachments.storage import FilesUnavailable, Storage, path_of
from csts.jobs.sweeps import sweep_files
from csts.kit import clock
from tests.attachments.stores import check_what_was_put_can_be_read_back_whole_and_in_pieces, everything
from tests.make import open_ticket, png_bytes, post_message, screenshots, ticket_form, upload
from tests.people import Somebody
from tests.support.command import run
from tests.support.s3 import KEYS, S3

pytestmark = pytest.mark.once


@pytest.fixture
def s3(service: S3, monkeypatch: pytest.MonkeyPatch) -> Iterator[S3]:
    """Running, whatever the test did to it."""
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    yield service
    service.stop()
    service.start()


@pytest.fixture
def environment(environment: dict[str, str], s3: S3) -> dict[str, str]:
    return {**environment, **KEYS, "CSTS_UPLOADS": s3.bucket()}


async def test_what_was_put_can_be_read_back_whole_and_in_pieces(s3: S3) -> None:
    await check_what_was_put_can_be_read_back_whole_and_in_pieces(Storage(s3.bucket()))


async def test_a_prefix_is_a_folder_of_its_own(s3: S3) -> None:
    bucket = s3.bucket("")
    here, there = (Storage(bucket.replace("?", f"/{name}?")) for name in ("here", "there"))
    await here.put("ab/cd", b"x")

    assert await everything(here) == ["ab/cd"]
    assert await everything(there) == []


async def test_a_file_that_is_not_there_is_not_found_and_may_be_deleted(s3: S3) -> None:
    storage = Storage(s3.bucket())
    with pytest.raises(FileNotFoundError):
        await storage.open("ab/cd")
    await storage.delete("ab/cd")


async def test_the_check_leaves_no_file_that_a_sweep_would_see(s3: S3) -> None:
    storage = Storage(s3.bucket())
    await asyncio.gather(*(storage.check() for _ in range(8)))
    assert await everything(storage) == []


async def test_more_files_than_one_page_of_a_listing_are_all_listed(s3: S3) -> None:
    storage = Storage(s3.bucket())
    paths = [f"{number % 7:02}/{number:04}" for number in range(1010)]
    await asyncio.gather(*(storage.put(path, b"x") for path in paths))
    assert await everything(storage) == sorted(paths)


async def test_a_bucket_that_does_not_exist_is_no_missing_file(s3: S3) -> None:
    storage = Storage(s3.place("nobody-made-it"))
    with pytest.raises(FilesUnavailable):
        await storage.put("ab/cd", b"x")
    with pytest.raises(OSError, match="NoSuchBucket"):
        await storage.check()


async def test_a_picture_goes_into_the_bucket_and_comes_back(app: FastAPI, ana: Somebody, priya: Somebody) -> None:
    picture = png_bytes(40, 30)
    ticket = await open_ticket(ana, picture)
    (shown,) = ticket["attachments"]

    answer = await priya.get(shown["url"])

    assert answer.headers["content-length"] == str(shown["size"]) == str(len(answer.content))
    assert path_of(answer.content) in await everything(app.state.storage)


async def test_a_sweep_takes_what_nobody_names_from_the_bucket(app: FastAPI, ana: Somebody) -> None:
    ticket = await open_ticket(ana)
    storage = app.state.storage
    await storage.put("ab/cdef", b"left behind by a crash")

    with clock.at(clock.now() + timedelta(days=1, minutes=1)):
        assert await sweep_files(app.state.database, storage) == 1

    assert (await ana.get(ticket["attachments"][0]["url"])).status_code == 200


async def test_while_the_bucket_is_away_text_goes_on_and_files_are_refused_with_503(
    s3: S3, client: AsyncClient, ana: Somebody
) -> None:
    ticket = await open_ticket(ana)
    s3.stop()

    opened = await ana.post("/user/createticket", data=ticket_form(), files=screenshots())
    uploaded = await ana.post(f"/tickets/{ticket['id']}/attachments", files={"file": ("a.png", png_bytes())})
    fetched = await ana.get(ticket["attachments"][0]["url"])
    said = await post_message(ana, ticket["id"], "Text needs no bucket")
    ready = await client.get("/readyz")

    for answer in (opened, uploaded, fetched):
        assert (answer.status_code, answer.json()["code"]) == (503, "files_unavailable")
        assert int(answer.headers["retry-after"]) > 0
    assert said["content"] == "Text needs no bucket"
    assert (ready.status_code, ready.json()["database"]) == (503, "ok")
    assert ready.json()["uploads"].startswith("does not answer")
    tickets = (await ana.get("/tickets")).json()["items"]
    assert [row["id"] for row in tickets] == [ticket["id"]], "a refused file leaves no ticket"

    s3.start()
    assert (await ana.get(ticket["attachments"][0]["url"])).status_code == 200
    assert (await upload(ana, ticket["id"]))["url"]


async def test_a_bucket_that_says_nothing_is_waited_for_with_an_end(s3: S3, client: AsyncClient, ana: Somebody) -> None:
    ticket = await open_ticket(ana)
    began = time.monotonic()
    with s3.dumb():
        refused = asyncio.create_task(
            ana.post(f"/tickets/{ticket['id']}/attachments", files={"file": ("a.png", png_bytes())})
        )
        ready = await client.get("/readyz")
        assert ready.json()["uploads"] == "does not answer (TimeoutError)"
        assert (await refused).status_code == 503
    assert time.monotonic() - began < 45


def test_check_tells_what_is_wrong_with_a_bucket(environment: dict[str, str], s3: S3) -> None:
    good = run(environment, "check")
    missing = run({**environment, "CSTS_UPLOADS": s3.place("nobody-made-it")}, "check")
    s3.stop()
    away = run(environment, "check")

    assert "uploads   ok" in good.stdout, good.stdout + good.stderr
    assert "NoSuchBucket" in missing.stdout
    assert "uploads   ok" not in away.stdout
    assert [done.returncode for done in (good, missing, away)] == [0, 1, 1]
    assert "Traceback" not in missing.stderr + away.stderr


@pytest.mark.parametrize(
    "place,word",
    [("http://127.0.0.1/files", "s3://"), ("s3:///files", "s3://"), ("s3://desk?zone=eu", "zone")],
)
def test_a_wrong_address_of_a_bucket_is_named(environment: dict[str, str], place: str, word: str) -> None:
    done = run({**environment, "CSTS_UPLOADS": place}, "check")
    assert done.returncode == 1
    assert "CSTS_UPLOADS" in done.stderr
    assert word in done.stderr


async def test_what_is_not_moved_yet_is_read_from_where_it_was(s3: S3, tmp_path: Path) -> None:
    before = Storage(str(tmp_path))
    await before.put("ab/cd", b"old")
    storage = Storage(s3.bucket(), str(tmp_path))
    await storage.put("ab/ce", b"new")

    assert [await storage.get(path) for path in ("ab/cd", "ab/ce")] == [b"old", b"new"]
    assert await everything(storage) == ["ab/ce"]
    with pytest.raises(FileNotFoundError):
        await storage.open("ab/cf")
