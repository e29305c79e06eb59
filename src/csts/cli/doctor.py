"""`csts check --url`: what stands between people and the desk, and what it breaks, in a line for each question."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Literal

import typer
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from csts.attachments.intake import MAX_SCREENSHOTS
from csts.attachments.refusals import MAX_BYTES
from csts.cli.doctor_line import Answer, Line, next_frame, parsed
from csts.cli.terminal import fail

CLOCK_SECONDS = 60
SLOW_SECONDS = 1.0
SILENCE_SECONDS = 65
LITTLE_BYTES = 900 * 1024
FORM_BYTES = 64 * 1024
UPLOADS = (MAX_SCREENSHOTS * MAX_BYTES + FORM_BYTES, MAX_BYTES + FORM_BYTES, LITTLE_BYTES)
TOO_MANY = 4429
OWN_MACHINE = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class Finding:
    """What one question brought to light. A fault has a name that does not change."""

    name: str
    verdict: Literal["ok", "note", "FAULT", "unknown"]
    says: str
    fault: str = ""

    def __str__(self) -> str:
        what = f"{self.verdict} {self.fault}".strip()
        return f"{self.name:<10} {what}: {self.says}"


def examine(url: str, silence: int) -> None:
    """Ask all questions of the desk at this address, a line each; exit code 1 when something is broken."""
    try:
        line = Line(url)
    except ValueError as error:
        fail(f"--url: {error}.")
    if not asyncio.run(_tell(line, silence)):
        raise typer.Exit(1)


async def _tell(line: Line, silence: int) -> bool:
    """True when nothing is broken."""
    is_well = True
    async for finding in findings(line, silence):
        typer.echo(str(finding))
        is_well = is_well and finding.verdict != "FAULT"
    return is_well


async def findings(line: Line, silence: int) -> AsyncIterator[Finding]:
    """Each as soon as it is there; what cannot be asked any more is left out."""
    answer = await line.ask()
    yield _way(answer)
    if "expected" not in answer.json:
        return
    yield _encryption(line, answer.json)
    yield _clock(answer)
    yield _origin("origin", line, answer.json)
    async for finding in _socket(line, silence, trusts=answer.json["own_origin"]):
        yield finding
    yield await _upload(line)


def _way(answer: Answer) -> Finding:
    if "expected" in answer.json:
        verdict: Literal["ok", "note"] = "ok" if answer.seconds <= SLOW_SECONDS else "note"
        return Finding("desk", verdict, f"answers within {round(answer.seconds * 1000)} ms")
    if answer.location:
        return Finding("desk", "FAULT", f"this address sends on to {answer.location}; check that one", "moved")
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return Finding("desk", "unknown", "too many tests are running already; try again in a minute")
    if answer.status:
        return Finding("desk", "FAULT", f"something answers {answer.status}, but not the desk", "unreachable")
    return Finding("desk", "FAULT", f"cannot be reached: {answer.why}", "unreachable")


def _encryption(line: Line, seen: dict[str, Any]) -> Finding:
    if line.is_encrypted:
        return Finding("encryption", "ok", "https, and so are the sockets")
    if seen["secure_cookies"]:
        says = "CSTS_PUBLIC_URL is an https address, so that nobody stays signed in over http; use that address"
        return Finding("encryption", "FAULT", says, "insecure")
    if line.host in OWN_MACHINE:
        return Finding("encryption", "ok", "none, which is fine on one's own machine")
    return Finding("encryption", "note", "none: others on the way can read passwords; give the proxy a certificate")


def _clock(answer: Answer) -> Finding:
    away = (answer.at - datetime.fromisoformat(answer.json["time"])).total_seconds()
    if abs(away) <= CLOCK_SECONDS:
        return Finding("clock", "ok", "this machine's and the desk's agree")
    return Finding(
        "clock", "note", f"this machine is {round(abs(away))} s {'ahead of' if away > 0 else 'behind'} the desk"
    )


def _origin(name: str, line: Line, seen: dict[str, Any]) -> Finding:
    if seen["own_origin"]:
        return Finding(name, "ok", "the desk knows this address")
    says = f"people are at {line.origin}, but the desk takes itself for {', '.join(seen['expected'])}; "
    if line.origin.replace("https:", "http:", 1) in seen["expected"]:
        mend = "proxy_set_header X-Forwarded-Proto $scheme;"
    else:
        mend = "proxy_set_header Host $http_host;"
    says += f"what signed-in people send is refused. In nginx: {mend} or set CSTS_PUBLIC_URL={line.origin}"
    return Finding(name, "FAULT", says, "origin")


async def _socket(line: Line, silence: int, *, trusts: bool) -> AsyncIterator[Finding]:
    try:
        async with line.socket() as socket:
            seen = await next_frame(socket)
            # A proxy may treat sockets in a way of their own; what is wrong with every request was told already.
            is_sockets_own = trusts and not seen.get("own_origin", False)
            yield _origin("socket", line, seen) if is_sockets_own else await _carries(socket)
            if silence:
                typer.echo(f"Listening to a silent socket for {silence} s …", err=True)
                yield await _silence(socket, silence)
    except InvalidStatus as refusal:
        yield _refused(refusal)
    except ConnectionClosed as end:
        yield _cut(end)
    except TimeoutError:
        yield Finding("socket", "FAULT", "opens, but something in between holds back what is sent", "held_back")
    except (OSError, InvalidHandshake) as error:
        yield Finding("socket", "FAULT", f"is refused before it reaches the desk: {error}", "socket_blocked")


async def _carries(socket: ClientConnection) -> Finding:
    started = time.monotonic()
    await socket.send('{"type":"ping"}')
    await next_frame(socket)
    return Finding("socket", "ok", f"a message takes {round((time.monotonic() - started) * 1000)} ms there and back")


async def _silence(socket: ClientConnection, seconds: int) -> Finding:
    started = time.monotonic()
    try:
        await next_frame(socket, seconds)
    except TimeoutError:
        pass
    except ConnectionClosed:
        return _idle(round(time.monotonic() - started))
    try:
        await _carries(socket)
    except (ConnectionClosed, TimeoutError):
        return _idle(seconds)
    return Finding("silence", "ok", f"a socket on which nobody writes lives for {seconds} s and longer")


def _idle(seconds: int) -> Finding:
    says = f"a socket on which nobody writes is cut after {seconds} s. In nginx: proxy_read_timeout 90s;"
    return Finding("silence", "FAULT", says, "idle_timeout")


def _refused(refusal: InvalidStatus) -> Finding:
    mend = (
        "In nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; "
        "proxy_set_header Connection $connection_upgrade;"
    )
    # The desk itself knows no plain request to that address, and says so in its own way.
    if parsed(refusal.response.body or b"").get("code") == "not_found":
        says = f"the request reaches the desk, but not its wish for a socket. {mend}"
        return Finding("socket", "FAULT", says, "upgrade_refused")
    status = refusal.response.status_code
    return Finding(
        "socket", "FAULT", f"is refused before it reaches the desk (answer {status}). {mend}", "socket_blocked"
    )


def _cut(end: ConnectionClosed) -> Finding:
    if end.rcvd and end.rcvd.code == TOO_MANY:
        return Finding("socket", "unknown", "too many tests are running already; try again in a minute")
    return Finding("socket", "FAULT", "opens, but is cut at once", "socket_cut")


async def _upload(line: Line) -> Finding:
    """The largest that the desk takes, then less, until something passes."""
    refused: list[str] = []
    for size in UPLOADS:
        answer = await line.send(size)
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            return Finding("upload", "unknown", "too many tests are running already; try again in a minute")
        if answer.json.get("bytes", 0) >= size:
            if not refused:
                return Finding("upload", "ok", f"{_megabytes(size)} at once pass, as much as the desk takes")
            return _body_limit(refused[0], f"{_megabytes(size)} pass")
        refused.append(f"{_megabytes(size)} are refused before they reach the desk (answer {answer.status or 'none'})")
    return _body_limit(refused[0], "nothing passes")


def _body_limit(refused: str, passed: str) -> Finding:
    return Finding("upload", "FAULT", f"{refused}; {passed}. In nginx: client_max_body_size 32m;", "body_limit")


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MB"
