"""Where backups come from and where they go, and what is in a database, for comparing."""

from collections.abc import Callable
from pathlib import Path

from csts.attachments.storage import Storage
from csts.backup.archive import Writer, contents, verify
from csts.backup.manifest import Manifest
from csts.backup.restoring import Place
from csts.kit.snapshots import Row, snapshot

Rows = dict[str, list[Row]]


def place_at(url: str, folder: Path) -> Place:
    return Place(url, Storage(str(folder / "uploads")), folder / "data" / "secret.key")


async def rows_of(url: str, *, but: tuple[str, ...] = ()) -> Rows:
    """All rows of all tables, in an order of their own."""
    found: Rows = {}
    async with snapshot(url) as moment:
        for table, columns in (await moment.tables()).items():
            if table not in but:
                rows = [row async for rows in moment.rows(table, sorted(columns)) for row in rows]
                found[table] = sorted(rows, key=repr)
    return found


async def files_of(storage: Storage) -> dict[str, bytes]:
    return {file.path: await storage.get(file.path) async for file in storage.files()}


def rewritten(source: Path, target: Path, change: Callable[[Manifest, dict[str, bytes]], Manifest]) -> None:
    """The same backup with other members, or with another manifest, whole in itself."""
    members = dict(contents(source))
    manifest = change(verify(source), members)
    with target.open("wb") as file, Writer(file) as writer:
        for name, data in members.items():
            writer.add(name, data)
        writer.seal(manifest)


def read(path: Path) -> bytes:
    return path.read_bytes()


def write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def found_in(folder: Path) -> list[Path]:
    """The files, in whatever folder of it."""
    return [path for path in folder.rglob("*") if path.is_file()]
