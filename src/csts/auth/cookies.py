"""The cookies of a browser's session: no script can read them, and each kind of account has its own pair."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import Response

from csts.auth.actor import ActorKind
from csts.auth.tokens import DEVICE_LIFETIME
from csts.settings import Settings

_PREFIX: dict[ActorKind, str] = {"customer": "csts_user", "agent": "csts_agent"}


def access_cookie(kind: ActorKind, settings: Settings) -> str:
    return f"{_only_ours(settings)}{_PREFIX[kind]}_access"


def refresh_cookie(kind: ActorKind, settings: Settings) -> str:
    return f"{_only_ours(settings)}{_PREFIX[kind]}_refresh"


def device_cookie(kind: ActorKind, settings: Settings) -> str:
    return f"{_only_ours(settings)}{_PREFIX[kind]}_device"


@dataclass(frozen=True)
class Pair:
    """Both tokens of a session."""

    kind: ActorKind
    access_token: str
    refresh_token: str


def set_cookies(response: Response, pair: Pair, settings: Settings) -> None:
    """The access token goes when it expires, the refresh token when the session would."""
    lives = {
        access_cookie(pair.kind, settings): (pair.access_token, settings.access_token_seconds),
        refresh_cookie(pair.kind, settings): (pair.refresh_token, settings.refresh_token_seconds),
    }
    # Lax, not Strict: a link to a ticket in a mail should find its reader signed in.
    for name, (token, seconds) in lives.items():
        response.set_cookie(
            name, token, max_age=seconds, httponly=True, samesite="lax", secure=_is_https(settings), path="/"
        )


def clear_cookies(response: Response, kind: ActorKind, settings: Settings) -> None:
    for name in (access_cookie(kind, settings), refresh_cookie(kind, settings)):
        response.delete_cookie(name, httponly=True, samesite="lax", secure=_is_https(settings), path="/")


def set_device_cookie(response: Response, kind: ActorKind, token: str, settings: Settings) -> None:
    """It stays when the session ends, and names the account that was here last."""
    seconds = int(DEVICE_LIFETIME.total_seconds())
    name, secure = device_cookie(kind, settings), _is_https(settings)
    response.set_cookie(name, token, max_age=seconds, httponly=True, samesite="lax", secure=secure, path="/")


def is_own_origin(connection: HTTPConnection) -> bool:
    """Whether the browser says that a page of this site asks. A request without `Origin` proves nothing."""
    return connection.headers.get("origin") in own_origins(connection)


def own_origins(connection: HTTPConnection) -> set[str]:
    """How this site is called: by whoever asks, and by its operator."""
    settings: Settings = connection.app.state.settings
    # An Origin names the page, whose scheme is http(s) also where it opens a socket (RFC 6455, 4.1).
    scheme = {"ws": "http", "wss": "https"}.get(connection.url.scheme, connection.url.scheme)
    public = urlsplit(settings.public_url)
    asked = f"{scheme}://{connection.headers.get('host', '')}"
    return {asked, f"{public.scheme}://{public.netloc}"} if public.netloc else {asked}


def _only_ours(settings: Settings) -> str:
    """A browser takes a cookie of this name from this very host alone, and not from a neighbour under its domain.

    Such a neighbour could else sign somebody in here as whom he likes, and read later what was written (RFC 6265bis).
    """
    return "__Host-" if _is_https(settings) else ""


def _is_https(settings: Settings) -> bool:
    return urlsplit(settings.public_url).scheme == "https"
