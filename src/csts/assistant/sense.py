"""What tells this process what words mean: the operator's sentence model, or nothing."""

import asyncio
import importlib
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from csts.intents.encoder import Encoder

_log = structlog.get_logger()


class Sense:
    """Reads the folder once, when it is needed first; one that cannot be read is told in the log, and is none."""

    def __init__(self, folder: str) -> None:
        self.folder = Path(folder) if folder else None
        self._encoder: Encoder | None = None
        self._is_read = False
        self._reading = asyncio.Lock()

    async def encoder(self) -> "Encoder | None":
        async with self._reading:
            if self.folder and not self._is_read:
                self._encoder = await asyncio.to_thread(_read, self.folder)
            self._is_read = True
        return self._encoder


def _read(folder: Path) -> "Encoder | None":
    # Not at the top of the file: a desk without a sentence model starts without what reads one.
    module = importlib.import_module("csts.intents.encoder")
    try:
        encoder: Encoder = module.encoder_at(folder)
    except module.NoEncoder as reason:
        _log.warning("semantic_unavailable", reason=str(reason), instead="answers by words alone")
        return None
    _log.info("semantic_ready", folder=str(folder), encoder=encoder.name)
    return encoder
