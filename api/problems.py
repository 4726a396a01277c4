"""Errors as application/problem+json (RFC 9457): the one table from the domain's tree to HTTP."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.models import Problem
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
    422: "Invalid input",
    429: "Too many requests",
    500: "Something went wrong",
    502: "Provider unavailable",
    503: "Unavailable",
    504: "Provider did not answer",
}

# Codes of refusals that no domain error stands for.
HTTP_CODES = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 415: "unsupported_media_type"}


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
    fields: Sequence[Mapping[str, str]] | None = None,
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
    fields = None
    if isinstance(error, errors.Rejected):
        fields = [{"pointer": e.pointer, "code": e.code, "message": e.message} for e in error.errors]
    more = error.existing if isinstance(error, errors.AlreadyExists) else None
    return problem(
        status_of(error),
        error.code,
        error.message,
        path=path,
        request_id=request_id,
        fields=fields,
        more=more,
        headers=_headers(error),
    )


def _headers(error: errors.EngageError) -> dict[str, str]:
    if isinstance(error, errors.TooManyRequests):
        return {"Retry-After": str(max(1, int(error.retry_after.total_seconds())))}
    if isinstance(error, errors.Unavailable | errors.ProviderThrottled):
        return {"Retry-After": "5"}
    if isinstance(error, errors.Unauthenticated):
        return {"WWW-Authenticate": "Bearer"}
    return {}


def install(app: FastAPI) -> None:
    """Registers the translation of every error that a route can end with."""
    app.add_exception_handler(errors.EngageError, _domain)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


def _request_id(request: Request) -> str:
    return str(request.scope.get("request_id", ""))


async def _domain(request: Request, error: Exception) -> Response:
    assert isinstance(error, errors.EngageError)
    return problem_of(error, request.url.path, _request_id(request))


async def _validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = error.errors()
    fields = [
        {"pointer": _pointer(fault["loc"]), "code": str(fault["type"]), "message": _sentence(str(fault["msg"]))}
        for fault in faults
    ]
    if any(fault["type"] == "json_invalid" for fault in faults):
        fields = [{"pointer": "", "code": "json_invalid", "message": "The body is not valid JSON."}]
    return problem(
        422,
        "invalid_input",
        "The input is not valid.",
        path=request.url.path,
        request_id=_request_id(request),
        fields=fields,
    )


def _pointer(location: Sequence[str | int]) -> str:
    """A JSON pointer into the body; parameters are named by where they stand, like /query/limit."""
    where, *rest = location
    parts = rest if where == "body" else [where, *rest]
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def _sentence(message: str) -> str:
    message = message.removeprefix("Value error, ")
    return message[:1].upper() + message[1:] + ("" if message.endswith(".") else ".")


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = HTTP_CODES.get(error.status_code, "error")
    return problem(
        error.status_code,
        code,
        str(error.detail) + ".",
        path=request.url.path,
        request_id=_request_id(request),
        headers=error.headers,
    )


async def _unexpected(request: Request, error: Exception) -> Response:
    log.error("request.failed", exc_info=error)
    return problem(
        500,
        "internal_error",
        "Something went wrong on our side. The request id tells us where to look.",
        path=request.url.path,
        request_id=_request_id(request),
    )


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """`responses=` of a route: the errors it can answer with, beside those that every route has."""
    return {
        status: {
            "model": Problem,
            "description": TITLES.get(status, "Error"),
            "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in sorted({401, 403, 422, 429, *statuses})
    }
