"""A collector of traces: it takes OTLP over HTTP as protobuf, refuses, or never answers."""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1 import trace_pb2

PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Seen:
    """A span as it came."""

    name: str
    kind: str
    trace: str
    id: str
    parent: str
    links: list[tuple[str, str]]
    attributes: dict[str, str | int]
    has_failed: bool
    message: str
    service: str
    scope: str

    @property
    def place(self) -> tuple[str, str]:
        """As others link to it."""
        return self.trace, self.id


class Collector:
    """Listens for as long as the block lasts. `status` is what it answers; while `is_deaf` it answers nothing."""

    def __init__(self) -> None:
        self.status = 200
        self.is_deaf = False
        self.paths: list[str] = []
        self.bodies: list[bytes] = []
        self.spans: list[Seen] = []
        self._came = threading.Condition()
        self._ended = threading.Event()
        collector = self

        class Receiver(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                collector.take(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def take(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["content-length"]))
        with self._came:
            self.paths.append(request.path)
            self.bodies.append(body)
            if self.status == 200 and not self.is_deaf:
                self.spans += _read(body)
            self._came.notify_all()
        if self.is_deaf:
            self._ended.wait()
        request.send_response(self.status)
        request.end_headers()

    def until_asked(self, times: int) -> None:
        """Returns when so many deliveries have come."""
        self._until(lambda: len(self.paths) >= times)

    def until_told(self, name: str) -> None:
        """Returns when a span of this name has come."""
        self._until(lambda: bool(self.named(name)))

    def _until(self, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        with self._came:
            while not holds():
                assert self._came.wait(deadline - time.monotonic()), [span.name for span in self.spans]

    def named(self, name: str) -> list[Seen]:
        return [span for span in self.spans if span.name == name]


def _read(body: bytes) -> list[Seen]:
    request = ExportTraceServiceRequest.FromString(body)
    return [
        _seen(span, str(_values(resource.resource.attributes)["service.name"]), scope.scope.name)
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]


def _seen(span: trace_pb2.Span, service: str, scope: str) -> Seen:
    return Seen(
        name=span.name,
        kind=trace_pb2.Span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_"),
        trace=span.trace_id.hex(),
        id=span.span_id.hex(),
        parent=span.parent_span_id.hex(),
        links=[(link.trace_id.hex(), link.span_id.hex()) for link in span.links],
        attributes=_values(span.attributes),
        has_failed=span.status.code == trace_pb2.Status.STATUS_CODE_ERROR,
        message=span.status.message,
        service=service,
        scope=scope,
    )


def _values(attributes: Iterable[KeyValue]) -> dict[str, str | int]:
    return {each.key: getattr(each.value, each.value.WhichOneof("value") or "string_value") for each in attributes}
