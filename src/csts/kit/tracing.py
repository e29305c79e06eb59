"""Where the time goes: spans of requests, batches, tasks and calls. Nothing of it happens without a collector.

Spans hold names, counts and kinds of errors, and never what somebody wrote, an address, or the words of an error.
"""

import importlib
import os
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar, Token
from typing import TYPE_CHECKING, Any, Literal, Self

import structlog

if TYPE_CHECKING:
    from opentelemetry.trace import Span as Recording

    from csts.kit.otlp import Collector

Kind = Literal["INTERNAL", "SERVER", "CLIENT", "CONSUMER"]
Attributes = Mapping[str, str | int | float]

# The member of a task's payload that leads back to what has left it.
ORIGIN = "traceparent"

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")

_log = structlog.get_logger()


class Span:
    """A stretch of time. In a `with` it is the current one, to which those that begin meanwhile belong.

    Whoever cannot stay inside of one block, as a stream, calls `end`.
    """

    def __init__(self, recording: "Recording | None" = None) -> None:
        self.recording = recording
        self._token: Token[Span] | None = None
        self._has_failed = False

    def __enter__(self) -> Self:
        if self.recording:
            self._token = _current.set(self)
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if self._token:
            _current.reset(self._token)
            if isinstance(error, Exception):
                self.fail(kind_of(error))
            self.end()

    @property
    def is_on(self) -> bool:
        return self.recording is not None

    def rename(self, name: str) -> None:
        if self.recording:
            self.recording.update_name(name)

    def note(self, attributes: Attributes) -> None:
        if self.recording:
            self.recording.set_attributes(attributes)

    def fail(self, kind: str) -> None:
        """It went wrong, in this way; who says so first is the closest to it."""
        if self.recording and _process.collector and not self._has_failed:
            self._has_failed = True
            _process.collector.fail(self.recording, kind)

    def end(self) -> None:
        if self.recording:
            self.recording.end()

    @property
    def place(self) -> str:
        """As others may refer to it: a W3C traceparent, and empty while nothing is recorded."""
        if not self.recording:
            return ""
        context = self.recording.get_span_context()
        return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags & 1:02x}"


class _Process:
    """What this process sends to, which is one thing for all of it, as its log and its metrics are."""

    collector: "Collector | None" = None


_process = _Process()
# All that there is while nothing is recorded; it does nothing.
NONE = Span()
_current: ContextVar[Span] = ContextVar("span", default=NONE)


@contextmanager
def exporting() -> Iterator[None]:
    """Sends spans until the end of the block, where the standard `OTEL_` variables name a collector."""
    collector = _process.collector = _connect()
    try:
        yield
    finally:
        _process.collector = None
        if collector:
            collector.close()


def span(name: str, attributes: Attributes, *, kind: Kind = "INTERNAL", origins: Iterable[str] = ()) -> Span:
    """A span that begins now, within the current one; `origins` are places of others that have led to it."""
    if not _process.collector:
        return NONE
    return Span(_process.collector.begin(name, attributes, _current.get().recording, kind, origins))


def here() -> str:
    """The place of the current span; empty where there is none."""
    return _current.get().place


def origin() -> dict[str, str]:
    """What is added to the payload of a task, so that its span leads back here."""
    return {ORIGIN: place} if (place := here()) else {}


def blame(error: Exception) -> None:
    """The current span failed for this, even if somebody answers for it."""
    _current.get().fail(kind_of(error))


def kind_of(error: Exception) -> str:
    """The name of its class: what it says may quote the person whom it met."""
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def name_trace(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Puts the trace into a line of the log that is written within a span."""
    if place := here():
        line["trace_id"] = place.split("-")[1]
    return line


def _connect() -> "Collector | None":
    """None where no collector is named, and, with a line in the log, where nothing can be sent to it."""
    if not _is_wanted():
        return None
    protocol = next(filter(None, map(os.environ.get, _PROTOCOLS)), "http/protobuf")
    if protocol != "http/protobuf":
        _log.warning("traces_unavailable", reason=f"only http/protobuf is spoken here, and not {protocol}")
        return None
    try:
        # Not at the top of the file: it takes a third of a second to import, and is there only with the extra.
        module = importlib.import_module("csts.kit.otlp")
        collector: Collector = module.Collector()
    except ImportError as reason:
        _log.warning("traces_unavailable", reason=str(reason), needs="csts[telemetry]")
        return None
    except ValueError as reason:
        _log.warning("traces_unavailable", reason=str(reason))
        return None
    return collector


def _is_wanted() -> bool:
    is_off = os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
    exporter = os.environ.get("OTEL_TRACES_EXPORTER") or "otlp"
    return any(map(os.environ.get, _ENDPOINTS)) and not is_off and exporter == "otlp"
