"""What holds for files wherever they are kept."""

from csts.attachments.storage import Storage, path_of


async def everything(storage: Storage) -> list[str]:
    return sorted([file.path async for file in storage.files()])


async def check_what_was_put_can_be_read_back_whole_and_in_pieces(storage: Storage) -> None:
    data = bytes(range(256)) * 5000
    await storage.put(path_of(data), data)

    stored = await storage.open(path_of(data))

    assert stored.size == len(data)
    assert b"".join([piece async for piece in stored.pieces]) == data
    assert await storage.get(path_of(data)) == data
