"""Where the bytes live."""

import asyncio
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from csts.attachments.storage import FilesUnavailable, Storage, path_of
from tests.attachments.stores import check_what_was_put_can_be_read_back_whole_and_in_pieces, everything


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(str(tmp_path / "up" / "loads"))


async def test_what_was_put_can_be_read_back_whole_and_in_pieces(storage: Storage) -> None:
    await check_what_was_put_can_be_read_back_whole_and_in_pieces(storage)


async def test_the_same_bytes_are_stored_once_even_by_many_at_once(storage: Storage) -> None:
    path = path_of(b"same")
    await asyncio.gather(*(storage.put(path, b"same") for _ in range(20)))

    assert await everything(storage) == [path]
    assert await storage.get(path) == b"same"


async def test_files_are_spread_over_folders_by_their_digest() -> None:
    folder, _, rest = path_of(b"").partition("/")

    assert (folder, len(rest)) == ("e3", 62)


async def test_a_file_that_is_not_there_is_not_found(storage: Storage) -> None:
    with pytest.raises(FileNotFoundError):
        await storage.open("ab/cd")
    with pytest.raises(FileNotFoundError):
        await storage.get("ab/cd")


async def test_a_deleted_file_is_gone_and_may_be_deleted_again(storage: Storage) -> None:
    await storage.put("ab/cd", b"x")

    await storage.delete("ab/cd")
    await storage.delete("ab/cd")

    assert await everything(storage) == []


async def test_the_check_leaves_no_file_that_a_sweep_would_see(storage: Storage) -> None:
    await asyncio.gather(*(storage.check() for _ in range(8)))

    assert await everything(storage) == []


async def test_the_check_fails_when_the_folder_is_gone_for_good(storage: Storage, tmp_path: Path) -> None:
    (tmp_path / "up" / "loads").rmdir()
    (tmp_path / "up" / "loads").write_text("a file in its place")

    with pytest.raises(Exception, match="loads"):
        await storage.check()


async def test_a_full_disk_is_told_and_leaves_no_half_of_a_file(storage: Storage) -> None:
    with disk_full_at(1000), pytest.raises(FilesUnavailable):
        await storage.put("ab/cd", bytes(5000))
    assert await everything(storage) == []
    with pytest.raises(FileNotFoundError):
        await storage.open("ab/cd")


async def test_a_folder_that_cannot_be_written_is_told(storage: Storage, tmp_path: Path) -> None:
    (tmp_path / "up" / "loads").rmdir()
    (tmp_path / "up" / "loads").write_text("a file in its place")
    with pytest.raises(FilesUnavailable):
        await storage.put("ab/cd", b"x")


@contextmanager
def disk_full_at(size: int) -> Iterator[None]:
    """While the block runs this process can write no file that is larger."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.usefixtures("storage")
def test_the_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    assert (tmp_path / "up" / "loads").stat().st_mode & 0o077 == 0


async def test_another_kind_of_storage_is_chosen_by_its_url() -> None:
    storage = Storage("memory:///")
    await storage.put("ab/cd", b"x")

    assert await storage.get("ab/cd") == b"x"
