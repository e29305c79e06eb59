"""`csts work`: the jobs, in a process of their own."""

import asyncio
import contextlib

from csts.app import create_app
from csts.cli.terminal import read_settings
from csts.jobs import runner
from csts.kit.log import configure
from csts.settings import Settings


def work() -> None:
    """Do what nobody waits for, until Ctrl+C. A server does it too: this is for those who want it apart."""
    settings = read_settings()
    configure(settings.log_format)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_work(settings))


async def _work(settings: Settings) -> None:
    # Without the jobs of the app itself, which would sweep beside these.
    app = create_app(settings.model_copy(update={"jobs": False}))
    async with app.router.lifespan_context(app):
        await runner.run(app.state.database, app.state.storage)
