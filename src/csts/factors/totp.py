"""Codes by the clock (RFC 6238), as every authenticator app shows them: SHA-1, six digits, thirty seconds."""

import base64
import hmac
import secrets
from datetime import datetime

import segno
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP
from cryptography.hazmat.primitives.twofactor.totp import TOTP

DIGITS, STEP_SECONDS = 6, 30
# As long as the output of its hash (RFC 4226, 4).
SECRET_BYTES = 20
# A phone's clock, and the time that typing takes (RFC 6238, 5.2).
STEPS_OFF = 1


def new_secret() -> bytes:
    return secrets.token_bytes(SECRET_BYTES)


def typed_secret(secret: bytes) -> str:
    """As people type it into an app that cannot see the picture."""
    return base64.b32encode(secret).decode()


def key_uri(secret: bytes, *, username: str, issuer: str) -> str:
    """What the picture says (the Key URI format of Google Authenticator)."""
    return TOTP(secret, DIGITS, SHA1(), STEP_SECONDS).get_provisioning_uri(username, issuer)  # noqa: S303 - RFC 6238


def picture(uri: str) -> str:
    """A QR code as a `data:` address of an SVG: dark on light in every theme, or cameras do not read it."""
    return segno.make(uri, error="m").svg_data_uri(scale=4, border=4, dark="#000", light="#fff")


def step_of(code: str, secret: bytes, *, at: datetime, after: int) -> int | None:
    """The number of the time step whose code this is, if it is near `at` and later than step `after`."""
    now = int(at.timestamp()) // STEP_SECONDS
    hotp = HOTP(secret, DIGITS, SHA1())  # noqa: S303
    # All of them are compared, in a time that does not tell which one it was.
    near = range(now - STEPS_OFF, now + STEPS_OFF + 1)
    found = [step for step in near if hmac.compare_digest(hotp.generate(step), code.encode())]
    return next((step for step in found if step > after), None)
