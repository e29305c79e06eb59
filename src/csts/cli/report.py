"""`csts check` and `csts openapi`: what the command can say about an installation."""

import asyncio
import importlib
from collections.abc import Awaitable
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from obstore.exceptions import BaseError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from csts.app import create_app
from csts.attachments.buckets import reason_of
from csts.attachments.storage import Storage
from csts.cli import doctor
from csts.cli.terminal import read_settings
from csts.jobs.queries import failed_count
from csts.kit.db import create_engine
from csts.mail.transports import transport_of
from csts.migrations import schema
from csts.realtime.redis_line import FAULTS, Line
from csts.settings import Settings


def openapi() -> None:
    """Print the description of the HTTP API."""
    described = create_app(read_settings()).openapi()
    typer.echo(msgspec.json.format(msgspec.json.encode(described), indent=2).decode())


def check(
    url: Annotated[str, typer.Option(help="Instead: what stands between people and the desk at this address.")] = "",
    silence: Annotated[
        int, typer.Option(min=0, max=85, help="With --url: seconds on a silent socket; 0 for none.")
    ] = 65,
) -> None:
    """Ask each part that the desk needs, a line each; exit code 1 when one does not answer."""
    if url:
        doctor.examine(url, silence)
        return
    settings = read_settings()
    typer.echo("settings  ok")
    verdicts = asyncio.run(_verdicts(settings))
    for name, verdict in verdicts.items():
        typer.echo(f"{name:<9} {verdict}")
    if "mail" not in verdicts:
        typer.echo("mail      none is sent: CSTS_SMTP_URL is empty")
    if verdicts["database"] == "ok":
        typer.echo(f"tasks     {asyncio.run(_tasks(settings))}")
    if any(verdict != "ok" for verdict in verdicts.values()):
        raise typer.Exit(1)


async def _verdicts(settings: Settings) -> dict[str, str]:
    found = {
        "database": await _verdict(_database(settings)),
        "broker": await _verdict(_broker(settings)),
        "uploads": await _verdict(_uploads(settings)),
    }
    if transport := transport_of(settings.smtp_url.get_secret_value()):
        found["mail"] = await _verdict(transport.check())
    if folder := settings.assistant_semantic:
        found["semantic"] = await _verdict(_semantic(Path(folder)))
    return found


async def _database(settings: Settings) -> None:
    if not await schema.is_current(settings.resolved_database_url):
        raise LookupError("the schema is not that of this release; run: csts migrate")


async def _tasks(settings: Settings) -> str:
    """Told, and no reason to fail: what was given up keeps nobody from working."""
    engine = create_engine(settings.resolved_database_url)
    async with AsyncSession(engine) as session:
        count = await failed_count(session)
    await engine.dispose()
    return f"{count} failed for good; see Background work at /desk/assistant" if count else "none has failed for good"


async def _broker(settings: Settings) -> None:
    # Without one it lives inside of the server: there is nothing between processes that could fail to answer.
    if url := settings.redis_url.get_secret_value():
        line = Line(url)
        try:
            await line.open()
        finally:
            await line.close()


async def _uploads(settings: Settings) -> None:
    await Storage(settings.resolved_uploads).check()


async def _semantic(folder: Path) -> None:
    # By name: what it needs takes half a second to import, and few desks have one.
    encoder = importlib.import_module("csts.intents.encoder")
    try:
        await asyncio.to_thread(encoder.encoder_at, folder)
    except encoder.NoEncoder as reason:
        raise LookupError(str(reason)) from reason


async def _verdict(part: Awaitable[None]) -> str:
    try:
        await part
    except (SQLAlchemyError, BaseError, LookupError, *FAULTS) as error:
        return reason_of(error)
    return "ok"
