"""What is counted for operators, in Prometheus' own registry."""

from prometheus_client import Counter, Gauge, Histogram

SOCKETS = Gauge("csts_sockets", "Open sockets")
# Not by path: each ticket would be a time series of its own.
REQUESTS = Counter("csts_requests_total", "HTTP requests by method and status", ["method", "status"])
SECONDS = Histogram("csts_request_seconds", "Time to the end of an HTTP answer")
