"""Errors in the shape of Google's APIs.

`{"error": {"code", "message", "errors": [{"message", "domain", "reason"}], "status"}}`
"""

from datetime import UTC, datetime
from typing import Any

import orjson

_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    413: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
_REASON = {400: "badRequest", 401: "authError", 403: "forbidden", 404: "notFound", 429: "rateLimitExceeded"}
_TOKEN_ERROR = {400: "invalid_grant", 401: "invalid_client", 403: "access_denied", 429: "rate_limit_exceeded"}
_MESSAGE = {
    401: "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
    "authentication credential.",
    404: "Requested entity was not found.",
    500: "Internal error encountered.",
    503: "The service is currently unavailable.",
}


class GoogleError(Exception):
    """An answer that refuses. `reason` is what the official client library and careful callers look at."""

    def __init__(
        self, code: int, message: str, reason: str, domain: str = "global", more: dict[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.reason, self.domain, self.more = code, message, reason, domain, more or {}

    def body(self) -> dict[str, Any]:
        detail: dict[str, Any] = {"message": self.message, "domain": self.domain, "reason": self.reason}
        if self.code == 401:
            detail |= {"message": "Invalid Credentials", "location": "Authorization", "locationType": "header"}
        status = "FAILED_PRECONDITION" if self.reason == "failedPrecondition" else _STATUS.get(self.code, "UNKNOWN")
        error = {"code": self.code, "message": self.message, "errors": [detail], "status": status}
        return {"error": error | self.more}


def not_found() -> GoogleError:
    return GoogleError(404, _MESSAGE[404], "notFound")


def invalid(message: str) -> GoogleError:
    return GoogleError(400, message, "invalidArgument")


def unauthenticated() -> GoogleError:
    return GoogleError(401, _MESSAGE[401], "authError")


def rate_limited(until: datetime, what: str = "") -> GoogleError:
    """429 with the time until which to wait inside the message, as Gmail writes it."""
    text = until.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{until.microsecond // 1000:03d}Z"
    message = f"User-rate limit exceeded.  Retry after {text}" + (f" ({what})" if what else "")
    return GoogleError(429, message, "rateLimitExceeded", "usageLimits")


def fault_body(path: str, status: int, retry_at: datetime | None) -> bytes:
    """What Google answers for a status without any more to say; used for faults made on purpose."""
    if path.endswith("/token"):
        return orjson.dumps({"error": _TOKEN_ERROR.get(status, "internal_failure"), "error_description": "Bad Request"})
    if status == 429 and retry_at is not None:
        return orjson.dumps(rate_limited(retry_at).body())
    reason = _REASON.get(status, "backendError" if status >= 500 else "badRequest")
    return orjson.dumps(GoogleError(status, _MESSAGE.get(status, "Request failed."), reason).body())
