"""Sends spans to a collector, by OTLP over HTTP. Needs the extra `telemetry`; `tracing` imports it where it has to."""

import logging
import threading
from collections.abc import Iterable, Mapping, Sequence

import structlog
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import (
    Link,
    Span,
    SpanContext,
    SpanKind,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)

from csts import __version__

# SIGTERM promises ten seconds, and what people do gets them first.
FLUSH_SECONDS = 1.5
# Of a library's own making when nobody has given one.
_NAMELESS = "unknown_service"

_log = structlog.get_logger()


class Collector:
    """What the `OTEL_` variables name. Raises ValueError for a value that is none.

    Its provider is its own and not the process's: libraries would find that, and tell it what they like, such as the
    words of a search.
    """

    def __init__(self) -> None:
        self._provider = TracerProvider(resource=_resource(), shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(_Noted(OTLPSpanExporter())))
        self._tracer = self._provider.get_tracer("csts", __version__)
        # It says every few seconds that nobody answers; `_Noted` says so once.
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)

    def begin(
        self,
        name: str,
        attributes: Mapping[str, str | int | float],
        within: Span | None,
        kind: str,
        origins: Iterable[str],
    ) -> Span:
        """`origins` are W3C traceparents."""
        links = [Link(_context_of(place)) for place in origins if place]
        context = set_span_in_context(within, Context()) if within else Context()
        return self._tracer.start_span(name, context, SpanKind[kind], attributes, links)

    def fail(self, span: Span, kind: str) -> None:
        span.set_attribute("error.type", kind)
        span.set_status(StatusCode.ERROR)

    def close(self) -> None:
        """Sends what is left, if that takes no longer than FLUSH_SECONDS."""
        # In a thread, which ends with the process: the library itself would wait for half a minute.
        flushing = threading.Thread(target=self._provider.shutdown, daemon=True)
        flushing.start()
        flushing.join(FLUSH_SECONDS)


class _Noted(SpanExporter):
    """Says once that spans do not arrive, and once that they do again."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter
        self._is_failing = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = self._exporter.export(spans)
        was_failing, self._is_failing = self._is_failing, result is not SpanExportResult.SUCCESS
        if self._is_failing and not was_failing:
            _log.warning("traces_not_sent", instead="they are dropped until the collector takes them")
        elif was_failing and not self._is_failing:
            _log.info("traces_sent_again")
        return result

    def shutdown(self) -> None:
        self._exporter.shutdown()


def _resource() -> Resource:
    told = Resource.create({SERVICE_VERSION: __version__})
    if str(told.attributes[SERVICE_NAME]).startswith(_NAMELESS):
        return told.merge(Resource({SERVICE_NAME: "csts"}))
    return told


def _context_of(place: str) -> SpanContext:
    _, trace, span, flags = place.split("-")
    return SpanContext(int(trace, 16), int(span, 16), is_remote=True, trace_flags=TraceFlags(int(flags, 16)))
