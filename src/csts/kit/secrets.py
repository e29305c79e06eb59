"""Secrets: random tokens, their hashes, and the key that signs."""

import hashlib
import hmac
import os
import secrets
from base64 import urlsafe_b64encode
from contextlib import suppress
from pathlib import Path
from typing import NoReturn


def new_token() -> str:
    """256 random bits, safe in URLs and cookies."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is stored of a token. It has 256 bits of entropy, so a plain SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def sealed(key: str, nonce: str) -> str:
    """A token of 256 bits that only who has the key can make of this nonce; safe in URLs."""
    # The word keeps it apart from whatever else the key signs.
    seal = hmac.digest(key.encode(), f"link:{nonce}".encode(), "sha256")
    return urlsafe_b64encode(seal).decode().rstrip("=")


def kept_key(folder: Path) -> str:
    """The signing key in this folder; made on the first call, readable by its owner alone."""
    path = folder / "secret.key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f"{path.name}.{secrets.token_hex(8)}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(new_token())
        # A link appears whole or not at all: of two processes that start at once both read the key of one,
        # and neither an empty file, whose tokens anybody could sign.
        with suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text().strip() or _refuse_empty(path)


def _refuse_empty(path: Path) -> NoReturn:
    raise ValueError(f"{path} is empty. Delete it, and a new key is made; everybody has to sign in again.")
