"""Structured logs: one event a line, with the id of the request or socket that it belongs to."""

import logging
import sys

import structlog
import structlog.tracebacks

from csts.kit.tracing import name_trace

# Without the local variables of each frame: they hold passwords, tokens and people's words.
_tracebacks = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))


def configure(style: str) -> None:
    """Log to standard error as `json` or as `text`; `auto` is text on a terminal."""
    as_text = style == "text" or (style == "auto" and sys.stderr.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        name_trace,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # Strangers choose what they ask for, and a terminal obeys what it is shown: as Python writes it, it is only read.
    console = structlog.dev.ConsoleRenderer(repr_native_str=True, exception_formatter=structlog.dev.plain_traceback)
    renderers: list[structlog.typing.Processor] = (
        [console] if as_text else [_tracebacks, structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[*shared, *renderers],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    # It quotes the files that it cannot read, and what customers send has no place in a log.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
