"""Gmail's HTTP: one request, one answer, one translation of everything that can go wrong.

Sources: Gmail API discovery document, https://developers.google.com/workspace/gmail/api/guides/handle-errors,
https://developers.google.com/workspace/gmail/api/reference/quota.
"""

import asyncio
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import orjson

from adapters.http import MOST_BYTES, TOTAL_SECONDS
from domain.providers.mailbox import AccessTokens
from domain.shared.clock import Clock
from domain.shared.errors import (
    ProviderAccessLost,
    ProviderError,
    ProviderNotFound,
    ProviderRejected,
    ProviderThrottled,
    ProviderUnavailable,
    ProviderUnknown,
)

Json = dict[str, Any]
Query = Sequence[tuple[str, str]]

# 403 is both "not allowed" and "too much"; these reasons mean the latter.
TOO_MUCH = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "dailyLimitExceeded", "quotaExceeded"})
NO_ACCESS = frozenset({"insufficientPermissions", "domainPolicy", "forbidden", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"})
# Of a 400: the message itself is at fault, or the account (no mailbox, suspended), which says nothing of the message.
INVALID = frozenset({"invalidArgument", "INVALID_ARGUMENT"})
NOT_NOW = frozenset({"failedPrecondition", "FAILED_PRECONDITION"})
# A request that was not heard to its end proves nothing.
UNHEARD = (408, 425)
RETRY_AFTER = re.compile(r"[Rr]etry after (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)")
# Nothing was written yet, so nothing was done.
NEVER_REACHED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


class GmailClient:
    """Requests for one user. A 401 was never acted on: the token is renewed and the request repeated once."""

    def __init__(self, http: httpx.AsyncClient, base_url: str, tokens: AccessTokens, clock: Clock) -> None:
        self._http = http
        self._base_url = f"{base_url.rstrip('/')}/users/me"
        self._tokens = tokens
        self._clock = clock

    async def get(self, path: str, query: Query = ()) -> Json:
        return await self._ask("GET", path, query=query)

    async def post(self, path: str, body: Json, query: Query = ()) -> Json:
        """Raises ProviderUnknown when it may have been done."""
        return await self._ask("POST", path, query=query, body=body)

    async def delete(self, path: str) -> None:
        await self._ask("DELETE", path)

    async def _ask(self, method: str, path: str, query: Query = (), body: Json | None = None) -> Json:
        token = await self._tokens.current()
        answer = await self._request(method, path, query, body, token)
        if answer.status_code == 401:
            token = await self._tokens.renewed(token)
            answer = await self._request(method, path, query, body, token)
        if answer.is_success:
            return _content(answer, method)
        failure = self._failure(answer, method)
        if isinstance(failure, ProviderAccessLost):
            await self._tokens.lost(failure.code)
        raise failure

    async def _request(self, method: str, path: str, query: Query, body: Json | None, token: str) -> httpx.Response:
        try:
            async with asyncio.timeout(TOTAL_SECONDS):
                return await self._http.request(
                    method,
                    self._base_url + path,
                    params=list(query),
                    content=orjson.dumps(body) if body is not None else None,
                    headers=_headers(token, body is not None),
                )
        except NEVER_REACHED as failure:
            raise ProviderUnavailable("Gmail cannot be reached.") from failure
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as failure:
            raise _lost(method, "The line to Gmail broke.") from failure

    def _failure(self, answer: httpx.Response, method: str) -> ProviderError:
        status, (reason, message) = answer.status_code, _explanation(answer)
        if status == 429 or (status == 403 and reason in TOO_MUCH):
            return ProviderThrottled(f"Gmail asks for patience ({reason}).", self._retry_at(answer, message))
        if status == 401 or (status == 403 and reason in NO_ACCESS):
            return ProviderAccessLost(f"Gmail lets us in no more ({reason}).")
        if status == 403 or (status == 400 and reason in NOT_NOW):
            # The whole account, or our whole application: no reason to give up a single message.
            return ProviderThrottled(f"Gmail does nothing for this account now ({reason}).")
        if status == 404:
            return ProviderNotFound("Gmail does not have it.")
        if _is_final(method, status, reason):
            return ProviderRejected(f"Gmail refused it: {status} {reason}.")
        return _lost(method, f"Gmail answered {status} {reason}.")

    def _retry_at(self, answer: httpx.Response, message: str) -> datetime | None:
        """The time that Gmail names in the text or the header, as system time."""
        named = RETRY_AFTER.search(message)
        if named:
            return datetime.fromisoformat(named[1])
        header = answer.headers.get("retry-after", "")
        if header.isdigit():
            return self._clock.system() + timedelta(seconds=int(header))
        try:
            return parsedate_to_datetime(header).astimezone(UTC) if header else None
        except (TypeError, ValueError):
            return None


def _headers(token: str, has_body: bool) -> Mapping[str, str]:
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    return {**headers, "Content-Type": "application/json"} if has_body else headers


def _is_final(method: str, status: int, reason: str) -> bool:
    """Whether asking again gives the same answer, and nothing was done. For a POST only faults of the message."""
    if method == "POST":
        return status == 413 or (status == 400 and reason in INVALID)
    return 400 <= status < 500 and status not in UNHEARD


def _lost(method: str, message: str) -> ProviderError:
    """Reading and deleting again is harmless; whether a POST was acted on is unknown."""
    return ProviderUnknown(message) if method == "POST" else ProviderUnavailable(message)


def _content(answer: httpx.Response, method: str) -> Json:
    """A success that cannot be read is no proof of anything."""
    if answer.status_code == 204 or (method == "DELETE" and not answer.content):
        return {}
    try:
        content = orjson.loads(answer.content) if len(answer.content) <= MOST_BYTES else None
    except orjson.JSONDecodeError as broken:
        raise _lost(method, "Gmail's answer cannot be read.") from broken
    if not isinstance(content, dict):
        raise _lost(method, "Gmail's answer cannot be read.")
    return content


def _explanation(answer: httpx.Response) -> tuple[str, str]:
    """(reason, message) of Google's error body; status words when there is none."""
    try:
        error = orjson.loads(answer.content)["error"]
        details = error.get("errors") or [{}]
        return str(details[0].get("reason", error.get("status", ""))), str(error.get("message", ""))
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError, IndexError):
        return answer.reason_phrase, ""
