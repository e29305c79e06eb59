"""Files go from a folder into a bucket and back, while somebody looks at them."""

from pathlib import Path

import pytest

from csts.attachments.moving import NotKept, move
from csts.attachments.storage import FilesUnavailable, Storage, path_of
from tests.support.command import run
from tests.support.s3 import KEYS, S3

pytestmark = pytest.mark.once


@pytest.fixture
def s3(service: S3, monkeypatch: pytest.MonkeyPatch) -> S3:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    return service


@pytest.fixture
async def folder(tmp_path: Path) -> Storage:
    """With twenty files."""
    storage = Storage(str(tmp_path / "uploads"))
    for number in range(20):
        data = bytes([number]) * (1000 + number)
        await storage.put(path_of(data), data)
    return storage


async def files_of(storage: Storage) -> dict[str, bytes]:
    return {file.path: await storage.get(file.path) async for file in storage.files()}


class Broken(Storage):
    """A place that breaks down after so many files, or gives back something else."""

    most = 7
    returns: bytes | None = None

    async def put(self, path: str, data: bytes) -> None:
        if not self.most:
            raise FilesUnavailable
        self.most -= 1
        await super().put(path, data)

    async def get(self, path: str) -> bytes:
        return await super().get(path) if self.returns is None else self.returns


async def test_all_files_go_into_the_bucket_and_back(s3: S3, folder: Storage, tmp_path: Path) -> None:
    bucket, again = Storage(s3.bucket()), Storage(str(tmp_path / "again"))

    there, back = await move(folder, bucket), await move(bucket, again)

    assert (there.copied, there.there, back.copied) == (20, 0, 20)
    assert await files_of(again) == await files_of(bucket) == await files_of(folder)


async def test_a_move_that_was_broken_off_goes_on_where_it_was(s3: S3, folder: Storage) -> None:
    place = s3.bucket()
    with pytest.raises(FilesUnavailable):
        await move(folder, Broken(place))
    bucket = Storage(place)
    done = len(await files_of(bucket))
    await folder.put(path_of(b"came meanwhile"), b"came meanwhile")

    moved = await move(folder, bucket)

    assert done == 7
    assert (moved.copied, moved.there) == (14, 7)
    assert await files_of(bucket) == await files_of(folder)


async def test_a_place_that_gives_back_something_else_is_found_out(folder: Storage, tmp_path: Path) -> None:
    liar = Broken(str(tmp_path / "liar"))
    liar.most, liar.returns = 100, b"something else"
    with pytest.raises(NotKept):
        await move(folder, liar)


async def test_a_damaged_file_stays_behind_and_is_named(s3: S3, folder: Storage) -> None:
    await folder.put("ab/cd", b"not what its name says")
    bucket = Storage(s3.bucket())

    moved = await move(folder, bucket)

    assert moved.damaged == ["ab/cd"]
    assert "ab/cd" not in await files_of(bucket)


def test_the_command_tells_what_it_did(environment: dict[str, str], s3: S3, folder: Storage, tmp_path: Path) -> None:
    told = {**environment, **KEYS}
    place = s3.bucket()
    first, second = (run(told, "uploads", "move", folder.place, place) for _ in range(2))
    lost = run(told, "uploads", "move", folder.place, s3.place("nobody-made-it"))

    assert "20 files copied (0.0 MB), 0 were there already." in first.stdout, first.stderr
    assert "0 files copied (0.0 MB), 20 were there already." in second.stdout
    assert lost.returncode == 1
    assert lost.stderr.startswith("csts: it stopped: NoSuchBucket")
    assert "Traceback" not in lost.stderr
