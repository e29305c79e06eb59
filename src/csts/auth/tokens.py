"""Access tokens: signed, short-lived, and for one audience only (RFC 7519)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import jwt
import msgspec
from jwt.types import Options

from csts.auth.actor import ActorKind
from csts.kit import clock
from csts.kit.secrets import new_token

DEVICE_LIFETIME = timedelta(days=180)
# An audience of its own, or a device could be presented as an access token.
_DEVICE = "device"
# So many tokens are verified once and not with each request; those used last.
_KEPT = 4096


class Claims(msgspec.Struct, frozen=True):
    """`aud` is the kind of account, `sid` the family of refresh tokens; times are in seconds since 1970."""

    sub: str
    aud: ActorKind
    sid: str
    iat: int
    exp: int


@dataclass(frozen=True)
class Signer:
    """Signs and reads access tokens with one key."""

    key: str
    lifetime: timedelta

    def sign(self, kind: ActorKind, account_id: int, family: str) -> str:
        now = clock.now()
        claims = Claims(str(account_id), kind, family, int(now.timestamp()), int((now + self.lifetime).timestamp()))
        return jwt.encode(msgspec.to_builtins(claims), self._key, algorithm="HS256")

    def read(self, token: str) -> Claims | None:
        """None for a token that is damaged, expired or not ours. The caller compares the audience."""
        try:
            claims = _verified(token, self._key)
        except (jwt.InvalidTokenError, msgspec.ValidationError):
            return None
        return claims if claims.sub.isdecimal() and claims.exp > clock.now().timestamp() else None

    def sign_device(self, kind: ActorKind, account_id: int) -> str:
        """For a browser that this account has signed in from; it opens nothing."""
        ends = clock.now() + DEVICE_LIFETIME
        claims = {"aud": _DEVICE, "sub": f"{kind}:{account_id}", "jti": new_token(), "exp": int(ends.timestamp())}
        return jwt.encode(claims, self._key, algorithm="HS256")

    def read_device(self, token: str, kind: ActorKind, account_id: int) -> str | None:
        """Which of this account's devices it is; None for a token that is damaged, expired or another's."""
        options: Options = {"require": ["sub", "aud", "jti", "exp"], "verify_exp": False}
        try:
            found = jwt.decode(token, self._key, algorithms=["HS256"], audience=_DEVICE, options=options)
        except jwt.InvalidTokenError:
            return None
        is_good = found["sub"] == f"{kind}:{account_id}" and found["exp"] > clock.now().timestamp()
        return str(found["jti"]) if is_good else None

    @property
    def _key(self) -> bytes:
        return self.key.encode()


# The same token comes with each request of a quarter of an hour. What is refused raises, and is not kept.
@lru_cache(_KEPT)
def _verified(token: str, key: bytes) -> Claims:
    """What a token of ours says, expired or not. Raises jwt.InvalidTokenError, msgspec.ValidationError."""
    found = jwt.decode(
        token,
        key,
        # Fixed here, never taken from the token, which may ask for `none` (RFC 8725, 3.1).
        algorithms=["HS256"],
        audience=["customer", "agent"],
        # Time is compared by whoever asks, by the one clock of the house.
        options={"require": ["sub", "aud", "sid", "iat", "exp"], "verify_exp": False, "verify_iat": False},
    )
    return msgspec.convert(found, Claims)


def expiry(claims: Claims) -> datetime:
    return datetime.fromtimestamp(claims.exp, tz=UTC)
