"""`csts serve`: from a command to a desk that answers, or a sentence that says why not."""

import gc
import signal
import socket
import sys
from types import FrameType
from typing import Annotated

import typer
import uvicorn
import uvloop
from fastapi import FastAPI
from obstore.exceptions import BaseError
from pydantic import SecretStr

from csts import demo
from csts.app import create_app
from csts.attachments.buckets import reason_of
from csts.attachments.storage import Storage
from csts.cli import workers as processes
from csts.cli.terminal import fail, reaching_database, read_settings
from csts.kit import tracing
from csts.kit.http import HttpProtocol
from csts.kit.log import configure
from csts.migrations import schema
from csts.realtime.protocol import SocketProtocol
from csts.realtime.socket import MAX_FRAME_BYTES
from csts.settings import Settings

# SIGTERM promises an end within ten seconds; what was accepted gets most of them.
GRACE_SECONDS = 8
# A batch of messages makes thousands of objects and no cycles; Python looks for some after every 700.
GARBAGE = (50_000, 20, 100)
# A thread gets Python's lock after so long, and not after 5 ms: each batch on SQLite asks for it some five times.
SWITCH_SECONDS = 0.0005


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 picks a free one.")] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes; more than one need Redis.")] = 1,
) -> None:
    """Serve the desk. Migrates first on SQLite; elsewhere an old schema is refused."""
    given = {name: value for name, value in {"host": host, "port": port}.items() if value is not None}
    settings = read_settings(**given)
    configure(settings.log_format)
    if workers > 1 and not settings.redis_url.get_secret_value():
        fail(
            "what is written in one process has to reach the readers in another, and Redis carries it there. "
            "Set CSTS_REDIS_URL, or use --workers 1."
        )
    listener = _listen(settings)
    _reach_files(settings)
    typer.echo("Preparing the desk …")
    if uvloop.run(_prepare(settings)):
        typer.echo(demo.LOGINS)
    # Where everything but the port is known, the sentence can be clicked.
    typer.echo(f"{settings.brand} is at {_address(settings, listener)}  (stop with Ctrl+C)")
    if workers > 1:
        processes.run(settings, listener, workers)
    else:
        answer(settings, listener)


@tracing.exporting()
def answer(settings: Settings, listener: socket.socket) -> None:
    """Serve in this process until SIGTERM or Ctrl+C."""
    server = uvicorn.Server(_config(create_app(settings)))
    # What is there now stays to the end: to look through it again and again for rubbish costs others their answers.
    gc.freeze()
    gc.set_threshold(*GARBAGE)
    sys.setswitchinterval(SWITCH_SECONDS)

    def obey(_signal: int, _frame: FrameType | None) -> None:
        # uvicorn repeats what it has obeyed, and the default would then call a good end a failure.
        if not server.should_exit:
            raise SystemExit(0)

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, obey)
    server.run(sockets=[listener])
    if not server.started:
        raise SystemExit(1)


def _listen(settings: Settings) -> socket.socket:
    """Bound before anything else is done: a port that is taken is told at once, not after the migrations."""
    try:
        return socket.create_server((settings.host, settings.port), backlog=2048)
    except OSError as error:
        fail(f"cannot listen on {settings.host}:{settings.port}: {error.strerror}. Choose another one with --port.")


def _reach_files(settings: Settings) -> None:
    # One that does not answer now may do so later; a folder that cannot be made will not.
    try:
        Storage(settings.resolved_uploads, settings.uploads_before)
    except (OSError, ValueError, BaseError) as error:
        fail(f"the uploads cannot be kept at {settings.resolved_uploads}: {reason_of(error)}. See CSTS_UPLOADS.")


async def _prepare(settings: Settings) -> bool:
    """Bring the schema and the demo data there; true when the demo logins work."""
    url = settings.resolved_database_url
    with reaching_database():
        is_current = await _is_current(url)
    if not is_current:
        fail("the database has another schema than this release. Run: csts migrate")
    if not settings.demo:
        return False
    # Alone: nobody listens yet, a Redis that is gone is no reason to wait, and nobody asks what words mean.
    alone = {"jobs": False, "redis_url": SecretStr(""), "assistant_semantic": ""}
    app = create_app(settings.model_copy(update=alone))
    async with app.router.lifespan_context(app):
        return await demo.fill_once(app.state) or await demo.logins_work(app.state)


async def _is_current(url: str) -> bool:
    """Whether the schema is that of this release, which it is made to be on SQLite."""
    # Elsewhere an operator chooses the moment: other processes may still run on the old tables.
    if url.startswith("sqlite"):
        await schema.upgrade(url)
        return True
    return await schema.is_current(url)


def _config(app: FastAPI) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="uvloop",
        http=HttpProtocol,
        ws=SocketProtocol,
        ws_max_size=MAX_FRAME_BYTES,
        # Deflate costs 31 µs a message and 34 KiB a connection.
        ws_per_message_deflate=False,
        # Both are ours: RequestLog tells of requests with their ids, and without their queries.
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def _address(settings: Settings, listener: socket.socket) -> str:
    return settings.public_url or f"http://{settings.host}:{listener.getsockname()[1]}"
