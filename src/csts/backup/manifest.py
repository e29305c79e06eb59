"""What a backup says of itself, and why one is not restored."""

import msgspec

FORMAT = 1


class BadBackup(Exception):
    """What cannot be restored; the sentence says why."""


class Manifest(msgspec.Struct, frozen=True):
    """What is in a backup. `sums` is the SHA-256 of its list of checksums, and so vouches for all of it."""

    format: int
    version: str
    schema: str
    database: str
    created_at: str
    tables: dict[str, int]
    files: int
    file_bytes: int
    sums: str

    @property
    def rows(self) -> int:
        return sum(self.tables.values())

    def encoded(self) -> bytes:
        return msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n"


def decoded(data: bytes) -> Manifest:
    """Raises BadBackup, for a format of a later release as well."""
    try:
        manifest = msgspec.json.decode(data, type=Manifest)
    except msgspec.MsgspecError as error:
        raise BadBackup("its manifest cannot be read") from error
    if manifest.format != FORMAT:
        raise BadBackup(f"it was written by release {manifest.version} in a format that this release does not know")
    return manifest
