"""`csts work`: the jobs, in a process of their own."""

import asyncio
import signal

from csts.app import create_app
from csts.cli.terminal import read_settings
from csts.kit import tracing
from csts.kit.log import configure
from csts.settings import Settings


def work() -> None:
    """Do what nobody waits for, until SIGTERM or Ctrl+C. A server does it too: this is for those who want it apart."""
    settings = read_settings()
    configure(settings.log_format)
    with tracing.exporting():
        asyncio.run(_work(settings))


async def _work(settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"jobs": True}))
    stop = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        # The lifespan ends in its own way, which gives unfinished tasks back: others need not wait for their leases.
        asyncio.get_running_loop().add_signal_handler(each, stop.set)
    async with app.router.lifespan_context(app):
        await stop.wait()
