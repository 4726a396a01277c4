"""Refusals of the control routes, as RFC 9457 problems."""

from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from adapters.sandbox.clock import BackwardsError
from adapters.sandbox.post_office import NoMailboxError
from adapters.sandbox.prospects.browsing import ImpossibleActError, UnreachableError


class UnknownError(LookupError):
    """There is no such message or account."""


_PROBLEMS: dict[type[Exception], tuple[int, str]] = {
    UnknownError: (404, "not_found"),
    BackwardsError: (422, "clock_backwards"),
    ImpossibleActError: (422, "impossible_act"),
    NoMailboxError: (422, "no_mailbox"),
    UnreachableError: (502, "unreachable"),
}


def install(app: FastAPI) -> None:
    for kind, (status, code) in _PROBLEMS.items():
        app.add_exception_handler(kind, _handler(status, code))
    app.add_exception_handler(RequestValidationError, _invalid)


def _handler(status: int, code: str) -> Callable[[Request, Exception], Awaitable[JSONResponse]]:
    async def answer(request: Request, error: Exception) -> JSONResponse:
        return _problem(status, code, str(error))

    return answer


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    details = [f"/{'/'.join(str(part) for part in each['loc'][1:])}: {each['msg']}" for each in error.errors()]
    return _problem(422, "invalid_field", "; ".join(details))


def _problem(status: int, code: str, detail: str) -> JSONResponse:
    content = {"type": "about:blank", "title": code.replace("_", " "), "status": status, "detail": detail, "code": code}
    return JSONResponse(content, status, media_type="application/problem+json")
