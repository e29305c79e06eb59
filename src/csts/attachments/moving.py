"""Bringing files from one place to another while a desk uses them: as often as one likes, each proved by its digest."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from csts.attachments.storage import Listed, Storage, path_of

# Of four megabytes each at most, twice: as sent, and as read back.
_AT_ONCE = 8


@dataclass
class Moved:
    """What became of the files. `damaged` are those whose content is not what their name says; they stay behind."""

    copied: int = 0
    there: int = 0
    bytes: int = 0
    damaged: list[str] = field(default_factory=list)


class NotKept(Exception):
    """The new place has not kept what it was given."""


async def move(source: Storage, target: Storage) -> Moved:
    """Copy what is not there yet, and read each copy back. Nothing is deleted. Raises NotKept and FilesUnavailable."""
    there = {file.path: file.size async for file in target.files()}
    moved = Moved()
    async for batch in _batches(source):
        copies = (_copy(file, source, target, there, moved) for file in batch)
        # All of them are waited for: a copy that went on after the failure was told would not be counted.
        ends = await asyncio.gather(*copies, return_exceptions=True)
        if failure := next((end for end in ends if end is not None), None):
            raise failure
    return moved


async def _copy(file: Listed, source: Storage, target: Storage, there: dict[str, int], moved: Moved) -> None:
    # A place keeps a file whole or not at all, so what is there has been there before, and been read back.
    if there.get(file.path) == file.size:
        moved.there += 1
        return
    try:
        data = await source.get(file.path)
    except FileNotFoundError:
        return  # swept meanwhile
    if path_of(data) != file.path:
        moved.damaged.append(file.path)
        return
    await target.put(file.path, data)
    if path_of(await target.get(file.path)) != file.path:
        raise NotKept(file.path)
    moved.copied += 1
    moved.bytes += len(data)


async def _batches(source: Storage) -> AsyncIterator[list[Listed]]:
    batch: list[Listed] = []
    async for file in source.files():
        batch.append(file)
        if len(batch) == _AT_ONCE:
            yield batch
            batch = []
    yield batch
