"""Rows of a table as members of a backup: lines of JSON in parts of some megabytes, the same for every database."""

import gzip
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Sequence
from typing import Any

import msgspec

from csts.backup.manifest import BadBackup
from csts.kit.snapshots import Row, Snapshot, Value

PART_BYTES = 4 * 1024 * 1024

_encode, _decode = msgspec.json.Encoder().encode, msgspec.json.Decoder().decode


async def parts(snapshot: Snapshot, table: str, columns: Sequence[str]) -> AsyncIterator[tuple[bytes, int]]:
    """Each part with the number of its rows; one at least, for it names the columns."""
    lines, size, count = [_encode(columns)], 0, 0
    async for rows in snapshot.rows(table, columns):
        for row in rows:
            lines.append(_encode([_portable(value) for value in row]))
            size += len(lines[-1])
        if size >= PART_BYTES:
            yield _packed(lines), len(lines) - 1
            lines, size, count = lines[:1], 0, count + 1
    if len(lines) > 1 or not count:
        yield _packed(lines), len(lines) - 1


def unpacked(data: bytes) -> tuple[list[str], list[Row]]:
    """The columns of a part, and its rows. Raises BadBackup."""
    try:
        columns, *rows = (_decode(line) for line in gzip.decompress(data).splitlines())
    except (OSError, EOFError, ValueError, msgspec.MsgspecError) as error:
        raise BadBackup("rows in it cannot be read") from error
    return columns, [tuple(map(_restored, row)) for row in rows]


def _packed(lines: Sequence[bytes]) -> bytes:
    # Without the time, so that equal rows are equal bytes.
    return gzip.compress(b"\n".join(lines), compresslevel=6, mtime=0)


def _portable(value: Value) -> Any:
    return {"base64": b64encode(value).decode()} if isinstance(value, bytes) else value


def _restored(value: Any) -> Value:
    return b64decode(value["base64"]) if isinstance(value, dict) else value
