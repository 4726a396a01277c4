"""The one way to other people's systems: HTTP that never repeats a request by itself."""

import httpx

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 20.0
# Over everything, slow bytes included; well below the time for which a worker owns a mailbox.
TOTAL_SECONDS = 30.0
TIMEOUT = httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
LIMITS = httpx.Limits(max_connections=200, max_keepalive_connections=50, keepalive_expiry=20)
MOST_BYTES = 50_000_000


def transport() -> httpx.AsyncHTTPTransport:
    """Without retries: a request that was repeated behind our back would be a second email."""
    return httpx.AsyncHTTPTransport(retries=0, limits=LIMITS)


def new_client() -> httpx.AsyncClient:
    """A client without cookies to keep, redirects, and proxies of the environment. Whoever makes it closes it."""
    return httpx.AsyncClient(transport=transport(), timeout=TIMEOUT, follow_redirects=False, trust_env=False)
