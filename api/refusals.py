"""What is refused before a service is asked: input that does not fit, bodies that are no JSON, unknown addresses."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.problems import problem, request_id_of

CODES = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 415: "unsupported_media_type"}
NOT_JSON = {"pointer": "", "code": "json_invalid", "message": "The body is not valid JSON."}
# Pydantic's own words for these are about Python.
MESSAGES = {
    "model_attributes_type": "This must be a JSON object.",
    "dict_type": "This must be a JSON object.",
    "list_type": "This must be a JSON array.",
    "extra_forbidden": "There is no such field.",
    "missing": "This is required.",
    "string_unicode": "This must be valid Unicode.",
}


def install(app: FastAPI) -> None:
    """Registers the translation of what the framework refuses."""
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)


async def _validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if isinstance(error.body, bytes):
        return _refused(request, 415, "Send JSON, with Content-Type: application/json.")
    faults = error.errors()
    # An address like /contacts/statuses fits /contacts/{contact_id} too, which has other methods.
    if any(fault["loc"][0] == "path" for fault in faults) and (allowed := _methods(request, request.url.path)):
        return _refused(request, 405, "Method Not Allowed.", {"Allow": allowed})
    if any(fault["type"] == "json_invalid" for fault in faults):
        return _invalid(request, [NOT_JSON])
    return _invalid(request, [_field(fault) for fault in faults])


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 400:  # FastAPI's own, for bodies that fail to be read in another way than by their syntax
        return _invalid(request, [NOT_JSON])
    headers = error.headers
    if error.status_code == 405:
        # Pages and files have no route of the API.
        template = getattr(request.scope.get("route"), "path", "")
        headers = {"Allow": _methods(request, template) or "GET, HEAD"}
    return _refused(request, error.status_code, f"{error.detail}.", headers)


def _invalid(request: Request, fields: Sequence[Mapping[str, str]]) -> Response:
    return problem(
        422,
        "invalid_input",
        "The input is not valid.",
        path=request.url.path,
        request_id=request_id_of(request),
        fields=fields,
    )


def _refused(request: Request, status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    return problem(
        status,
        CODES.get(status, "error"),
        detail,
        path=request.url.path,
        request_id=request_id_of(request),
        headers=headers,
    )


def _methods(request: Request, template: str) -> str:
    """Every method of an address, for Allow. The framework would name those of the first route there alone."""
    there = (route for route in iter_route_contexts(request.app.routes) if route.path == template)
    return ", ".join(sorted({method for route in there for method in route.methods or ()}))


def _field(fault: Mapping[str, Any]) -> dict[str, str]:
    code = str(fault["type"])
    return {
        "pointer": _pointer(fault["loc"]),
        "code": code,
        "message": MESSAGES.get(code) or _sentence(str(fault["msg"])),
    }


def _pointer(location: Sequence[str | int]) -> str:
    """A JSON pointer into the body; parameters are named by where they stand, like /query/limit."""
    where, *rest = location
    parts = [part for part in (rest if where == "body" else location) if part != "[key]"]
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def _sentence(message: str) -> str:
    message = message.removeprefix("Value error, ")
    return message[:1].upper() + message[1:] + ("" if message.endswith(".") else ".")
