"""How mail leaves: by SMTP, or for development to the terminal or into a folder."""

import asyncio
import os
import sys
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from csts.mail.smtp import SmtpServer


class Transport(Protocol):
    """A way out."""

    async def send(self, message: EmailMessage) -> None:
        """Raises Hopeless for what will never be taken; anything else may go better the next time."""

    async def check(self) -> None:
        """Whether it can be used; sends nothing. Raises LookupError with the reason."""


def transport_of(url: str) -> Transport | None:
    """The way that a checked `CSTS_SMTP_URL` names; None for no mail."""
    match urlsplit(url).scheme:
        case "":
            return None
        case "console":
            return Console()
        case "file":
            return Folder(Path(unquote(urlsplit(url).path)))
        case _:
            return SmtpServer.at(url)


class Console:
    """To the terminal that the desk was started in."""

    async def send(self, message: EmailMessage) -> None:
        text = message.get_body(("plain",))
        sys.stdout.write(f"\nTo: {message['To']}\nSubject: {message['Subject']}\n\n{text and text.get_content()}\n")
        sys.stdout.flush()

    async def check(self) -> None:
        return


class Folder:
    """A file for each message, which mail programs open."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def send(self, message: EmailMessage) -> None:
        await asyncio.to_thread(self._write, message)

    def _write(self, message: EmailMessage) -> None:
        self._path.mkdir(parents=True, exist_ok=True)
        name = str(message["Message-ID"]).strip("<>")
        draft = self._path / f".{name}"
        draft.write_bytes(bytes(message))
        # A second attempt is the same message; whoever looks into the folder finds whole ones.
        draft.rename(self._path / f"{name}.eml")

    async def check(self) -> None:
        if not await asyncio.to_thread(self._may_write):
            raise LookupError(f"{self._path} cannot be written to")

    def _may_write(self) -> bool:
        try:
            self._path.mkdir(parents=True, exist_ok=True)
        except OSError:
            return False
        return os.access(self._path, os.W_OK)
