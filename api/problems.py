"""Errors as application/problem+json (RFC 9457): the one table from the domain's tree to HTTP."""

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request
from starlette.responses import Response

from domain.shared import errors

log = structlog.get_logger(__name__)

PROBLEM_TYPE = "application/problem+json"

# Looked up along the class's ancestors: the nearest one wins.
STATUSES: Mapping[type[errors.EngageError], int] = {
    errors.Rejected: 422,
    errors.InvalidCursor: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.VersionMismatch: 412,
    errors.TooManyRequests: 429,
    errors.Unavailable: 503,
    errors.ProviderRejected: 422,
    errors.ProviderAccessLost: 409,
    errors.ProviderThrottled: 503,
    errors.ProviderUnavailable: 502,
    errors.ProviderUnknown: 504,
}

TITLES = {
    400: "Bad request",
    401: "Not signed in",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    412: "Changed meanwhile",
    413: "Too large",
    415: "Unsupported media type",
    416: "No such range",
    422: "Invalid input",
    429: "Too many requests",
    500: "Something went wrong",
    502: "Provider unavailable",
    503: "Unavailable",
    504: "Provider did not answer",
}


# Seconds and counts, as draft-ietf-httpapi-ratelimit-headers-05 has them.
PATIENCE: Mapping[str, Mapping[str, Any]] = {
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}},
    "RateLimit-Limit": {"description": "Requests in a window of time.", "schema": {"type": "integer"}},
    "RateLimit-Remaining": {"description": "How many of them are left.", "schema": {"type": "integer"}},
    "RateLimit-Reset": {"description": "Seconds until the next window.", "schema": {"type": "integer"}},
}


def status_of(error: errors.EngageError) -> int:
    """The HTTP status of an error of the tree."""
    for ancestor in type(error).__mro__:
        if ancestor in STATUSES:
            return STATUSES[ancestor]
    return 500


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    path: str,
    request_id: str,
    fields: Sequence[Mapping[str, Any]] | None = None,
    more: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """An answer that says what happened, why, and where."""
    body = {
        "type": f"urn:engage:problem:{code}",
        "title": TITLES.get(status, "Error"),
        "status": status,
        "detail": detail,
        "instance": path,
        "code": code,
        "request_id": request_id,
        **({"errors": list(fields)} if fields is not None else {}),
        **(more or {}),
    }
    return Response(orjson.dumps(body), status, media_type=PROBLEM_TYPE, headers=dict(headers or {}))


def problem_of(error: errors.EngageError, path: str, request_id: str) -> Response:
    """The answer to an error of the tree."""
    fields = [field_of(fault) for fault in error.errors] if isinstance(error, errors.Rejected) else None
    return problem(
        status_of(error),
        error.code,
        error.message,
        path=path,
        request_id=request_id,
        fields=fields,
        more=_more(error),
        headers=_headers(error),
    )


def field_of(fault: errors.FieldError) -> dict[str, Any]:
    """One fault of the input, as problems list it."""
    told: dict[str, Any] = {"pointer": fault.pointer, "code": fault.code, "message": fault.message}
    return {**told, "params": fault.params} if fault.params else told


def _more(error: errors.EngageError) -> dict[str, Any]:
    """What some errors say beyond their code."""
    more: dict[str, Any] = {"reason": error.reason, "params": error.params or None}
    if isinstance(error, errors.AlreadyExists):
        more |= error.existing
    elif isinstance(error, errors.SecondFactorRequired | errors.ConfirmationRequired):
        more["methods"] = list(error.methods)
    return {name: value for name, value in more.items() if value is not None}


def _headers(error: errors.EngageError) -> dict[str, str]:
    if isinstance(error, errors.TooManyRequests):
        seconds = str(max(1, ceil(error.retry_after.total_seconds())))
        return {
            "Retry-After": seconds,
            "RateLimit-Limit": str(error.limit),
            "RateLimit-Remaining": "0",
            "RateLimit-Reset": seconds,
        }
    if isinstance(error, errors.Unavailable | errors.ProviderThrottled):
        return {"Retry-After": "5"}
    if isinstance(error, errors.Unauthenticated):
        return {"WWW-Authenticate": "Bearer"}
    return {}


def install(app: FastAPI) -> None:
    """Registers the translation of every error that a service can end with; see `refusals.install` for the others."""
    app.add_exception_handler(errors.EngageError, _domain)
    app.add_exception_handler(Exception, _unexpected)


def request_id_of(request: Request) -> str:
    """As the answer's X-Request-Id and the log have it."""
    return str(request.scope.get("request_id", ""))


async def _domain(request: Request, error: Exception) -> Response:
    assert isinstance(error, errors.EngageError)
    return problem_of(error, request.url.path, request_id_of(request))


async def _unexpected(request: Request, error: Exception) -> Response:
    log.error("request.failed", exc_info=error)
    return problem(
        500,
        "internal_error",
        "Something went wrong on our side. The request id tells us where to look.",
        path=request.url.path,
        request_id=request_id_of(request),
    )


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """`responses=` of a route: the errors it can answer with, beside those that every route has."""
    return {status: documented_problem(status) for status in sorted({401, 403, 422, 429, 503, *statuses})}


def documented_problem(status: int) -> dict[str, Any]:
    """What the OpenAPI document says of one error."""
    headers = {name: PATIENCE[name] for name in PATIENCE if status == 429 or (status == 503 and name == "Retry-After")}
    return {
        "description": TITLES.get(status, "Error"),
        "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        **({"headers": headers} if headers else {}),
    }
