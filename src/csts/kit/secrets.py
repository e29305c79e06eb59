"""Secrets: random tokens, their hashes, and the key that signs."""

import hashlib
import os
import secrets
from pathlib import Path


def new_token() -> str:
    """256 random bits, safe in URLs and cookies."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is stored of a token. It has 256 bits of entropy, so a plain SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def kept_key(folder: Path) -> str:
    """The signing key in this folder; made on the first call, readable by its owner alone."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "secret.key"
    try:
        # O_EXCL: of two processes that start at once, one writes and the other reads.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(new_token())
    except FileExistsError:
        pass
    return path.read_text()
