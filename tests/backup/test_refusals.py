"""What is not whole is refused with one sentence, before anything is written anywhere."""

import asyncio
from pathlib import Path
from random import Random

import msgspec
import pytest

from csts.attachments.storage import Storage
from csts.backup.archive import contents, verify
from csts.backup.manifest import BadBackup, Manifest
from csts.backup.restoring import restore
from csts.backup.saving import save
from csts.migrations import schema
from tests.backup.places import found_in, place_at, read, rewritten, write
from tests.support.command import Done, run
from tests.support.database import sqlite_url

FLIPS, CUTS = 120, 40


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of a young desk."""
    folder = tmp_path_factory.mktemp("whole")
    url = sqlite_url(folder / "csts.db")
    asyncio.run(schema.upgrade(url))
    write(folder / "secret.key", b"the key of that desk")
    asyncio.run(save(url, Storage(str(folder / "uploads")), folder / "secret.key", folder / "desk.tar"))
    return folder / "desk.tar"


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    return tmp_path / "bad.tar"


async def refused(source: Path, folder: Path) -> str:
    """The sentence; nothing has come into being at the place."""
    place = place_at(sqlite_url(folder / "there" / "csts.db"), folder / "there")
    with pytest.raises(BadBackup) as told:
        await restore(source, place, force=True)
    assert found_in(folder / "there") == []
    return str(told.value)


async def test_half_a_backup_is_refused_wherever_it_was_cut(whole: Path, bad: Path, tmp_path: Path) -> None:
    data, chance = read(whole), Random(1)
    end = data.rindex(b"manifest.sha256")
    for size in (0, 1, 511, 512, end, *(chance.randrange(end) for _ in range(CUTS))):
        write(bad, data[:size])
        assert await refused(bad, tmp_path)


async def test_a_bit_that_was_flipped_is_refused_or_changes_nothing(whole: Path, bad: Path, tmp_path: Path) -> None:
    data, chance, caught = read(whole), Random(2), 0
    for _ in range(FLIPS):
        changed = bytearray(data)
        changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        write(bad, bytes(changed))
        try:
            verify(bad)
        except BadBackup:
            caught += 1
        else:
            # In what fills up blocks, which nobody reads.
            assert list(contents(bad)) == list(contents(whole))
    assert caught > FLIPS / 4


async def test_a_member_that_is_missing_or_too_much_is_refused(whole: Path, bad: Path, tmp_path: Path) -> None:
    def without_rules(manifest: Manifest, members: dict[str, bytes]) -> Manifest:
        del members["tables/knowledge_rules/000001.jsonl.gz"]
        return manifest

    def with_more(manifest: Manifest, members: dict[str, bytes]) -> Manifest:
        members["files/ab/cd"] = b"slipped in"
        return manifest

    for change in (without_rules, with_more):
        rewritten(whole, bad, change)
        assert "manifest" in await refused(bad, tmp_path)


@pytest.mark.parametrize(
    "change,words",
    [
        ({"schema": "9999", "version": "7.0.0"}, ("7.0.0", "9999")),
        ({"format": 2, "version": "7.0.0"}, ("7.0.0", "format")),
    ],
)
async def test_what_a_later_release_has_written_is_named(
    whole: Path, bad: Path, tmp_path: Path, change: dict[str, object], words: tuple[str, ...]
) -> None:
    rewritten(whole, bad, lambda manifest, _members: msgspec.structs.replace(manifest, **change))
    sentence = await refused(bad, tmp_path)
    assert all(word in sentence for word in words), sentence


@pytest.mark.parametrize("content", [b"", b"not a tar at all" * 200, bytes(10_240)])
async def test_what_is_no_backup_is_refused(bad: Path, tmp_path: Path, content: bytes) -> None:
    write(bad, content)
    assert await refused(bad, tmp_path)


def sentence(done: Done) -> str:
    assert done.returncode == 1, done.stdout
    assert done.stderr.startswith("csts: nothing was ")
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def at(folder: Path) -> dict[str, str]:
    """A desk that keeps everything in one folder, its key as well."""
    return {"CSTS_DATA": str(folder), "CSTS_DATABASE_URL": "", "CSTS_UPLOADS": "", "CSTS_SECRET_KEY": ""}


def test_the_commands_tell_what_they_did_and_why_not(whole: Path, tmp_path: Path) -> None:
    here, there = at(whole.parent), at(tmp_path / "there")
    kept = run(here, "backup", str(tmp_path))
    (made,) = tmp_path.glob("csts-*.tar")
    checked = run(there, "restore", str(made), "--check")
    assert not (tmp_path / "there").exists(), "it only looked"
    restored = run(there, "restore", str(made))

    assert [done.returncode for done in (kept, checked, restored)] == [0, 0, 0], kept.stderr + restored.stderr
    assert "read back" in kept.stdout
    assert "whole" in checked.stdout
    assert made.stat().st_mode & 0o077 == 0
    key = tmp_path / "there" / "secret.key"
    assert (key.read_text(), key.stat().st_mode & 0o077) == ("the key of that desk", 0)
    assert run(there, "check").returncode == 0
    made.write_bytes(made.read_bytes()[:5000])
    assert "only a part" in sentence(run(there, "restore", str(made), "--force"))
    assert "No such file" in sentence(run(there, "restore", str(tmp_path / "none.tar")))
    assert "No such file" in sentence(run(here, "backup", str(tmp_path / "none" / "desk.tar")))
