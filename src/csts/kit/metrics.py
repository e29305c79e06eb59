"""What is counted for operators, in Prometheus' own registry."""

import os

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

# Where the processes of one command add up what they count. The library reads it when it is imported.
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"

SOCKETS = Gauge("csts_sockets", "Open sockets", multiprocess_mode="livesum")
FRAMES = Counter("csts_frames_total", "Frames of clients that could be read, by type", ["type"])
# By the route and not by path: each ticket would be a time series of its own.
REQUESTS = Counter("csts_requests_total", "HTTP requests by method, route and status", ["method", "route", "status"])
SECONDS = Histogram("csts_request_seconds", "Time to the end of an HTTP answer", ["route"])
LOGIN_FAILURES = Counter("csts_login_failures_total", "Sign-ins with a wrong password or code", ["kind", "why"])
UPLOADS_REFUSED = Counter("csts_uploads_refused_total", "Files that were not taken, by the code of the error", ["code"])
BATCHES = Histogram("csts_batch_size", "Messages that shared a commit", buckets=(1, 2, 5, 10, 20, 50, 100, 200, 512))
TASKS = Counter("csts_tasks_total", "Attempts at tasks of the queue, by their end", ["task", "outcome"])
# Of the database, so that every process would tell the same: of several, whoever has looked last.
TASKS_KEPT = Gauge("csts_queue_tasks", "Tasks in the queue", ["task", "state"], multiprocess_mode="mostrecent")
TASKS_OLDEST = Gauge(
    "csts_queue_late_seconds",
    "For how long the task that waits longest has been due",
    ["task", "state"],
    multiprocess_mode="mostrecent",
)
ANSWERS = Counter(
    "csts_assistant_answers_total",
    "Answers in rooms by source and by how sure they were: `low`, `fair`, `high`",
    ["source", "sure"],
)
LLM_CALLS = Counter("csts_llm_calls_total", "Questions to the language model", ["purpose", "outcome"])
LLM_TOKENS = Counter("csts_llm_tokens_total", "Tokens that were paid for", ["kind"])
LLM_COST = Counter("csts_llm_cost_total", "What they cost, in the currency of the prices that are set")
_LLM_BUCKETS = (0.1, 0.2, 0.5, 1, 2, 3, 5, 10, 20, 30, 60)
LLM_SECONDS = Histogram("csts_llm_seconds", "Time to the end of an answer, or to its failure", buckets=_LLM_BUCKETS)
LLM_FIRST_SECONDS = Histogram("csts_llm_first_seconds", "Time to the first words", buckets=_LLM_BUCKETS)


def exposition() -> bytes:
    """All of it as text; of all processes that share a folder, whichever is asked."""
    if SHARED_FOLDER not in os.environ:
        return generate_latest()
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # theirs
    return generate_latest(registry)
