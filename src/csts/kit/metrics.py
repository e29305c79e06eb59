"""What is counted for operators, in Prometheus' own registry."""

import os

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

# Where the processes of one command add up what they count. The library reads it when it is imported.
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"

SOCKETS = Gauge("csts_sockets", "Open sockets", multiprocess_mode="livesum")
# Not by path: each ticket would be a time series of its own.
REQUESTS = Counter("csts_requests_total", "HTTP requests by method and status", ["method", "status"])
SECONDS = Histogram("csts_request_seconds", "Time to the end of an HTTP answer")
BATCHES = Histogram("csts_batch_size", "Messages that shared a commit", buckets=(1, 2, 5, 10, 20, 50, 100, 200, 512))


def exposition() -> bytes:
    """All of it as text; of all processes that share a folder, whichever is asked."""
    if SHARED_FOLDER not in os.environ:
        return generate_latest()
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # theirs
    return generate_latest(registry)
