"""Prometheus metrics of the API; workers have theirs in the database, where `/metrics` reads them."""

from functools import lru_cache

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Counter("engage_http_requests_total", "Answered requests.", ["method", "route", "status"])
SECONDS = Histogram(
    "engage_http_request_seconds",
    "Time to answer.",
    ["method", "route"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
DUE_LAG = Gauge("engage_send_due_lag_seconds", "Age of the oldest email that should have left.")
UNKNOWN = Gauge("engage_send_unknown", "Emails whose fate is being looked up at the provider.")
NEEDS_HUMAN = Gauge("engage_send_needs_human", "Emails whose fate only a person can tell.")
OUTBOX_AGE = Gauge("engage_outbox_oldest_seconds", "Age of the oldest job that waits for the queue.")


def counted(method: str, route: str, status: int, seconds: float) -> None:
    """Counts an answered request."""
    requests, times = _series(method, route, status)
    requests.inc()
    times.observe(seconds)


@lru_cache(maxsize=4096)
def _series(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    """Remembered, as finding them takes longer than counting."""
    return REQUESTS.labels(method, route, status), SECONDS.labels(method, route)
