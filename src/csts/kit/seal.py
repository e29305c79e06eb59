"""Sealed secrets: what must be read again, and is worth nothing to whoever has only the database."""

import base64
import binascii
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES = 12


class Seal:
    """Seals with a key of its own for each purpose, derived from the desk's key (HKDF, RFC 5869; AES-256-GCM)."""

    def __init__(self, key: str, purpose: str) -> None:
        derived = HKDF(SHA256(), length=32, salt=None, info=f"csts {purpose}".encode()).derive(key.encode())
        self._cipher = AESGCM(derived)

    def close(self, secret: bytes, *, about: str) -> str:
        """`about` is not kept: only with the same words can it be opened again, so that it fits no other row."""
        nonce = os.urandom(_NONCE_BYTES)
        return base64.b64encode(nonce + self._cipher.encrypt(nonce, secret, about.encode())).decode()

    def open(self, sealed: str, *, about: str) -> bytes | None:
        """None when it was sealed with another key or about something else, or is damaged."""
        try:
            raw = base64.b64decode(sealed, validate=True)
            return self._cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], about.encode())
        except (InvalidTag, binascii.Error, ValueError):
            return None
