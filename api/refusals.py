"""What is refused before a service is asked: input that does not fit, bodies that are no JSON, unknown addresses."""

from collections.abc import Mapping, Sequence
from string import Formatter
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.problems import field_of, problem, request_id_of
from domain.shared.errors import FieldError

CODES = {
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
    416: "range_not_satisfiable",
}
# Pydantic's own words are about Python. The values have its names.
OBJECT = "This must be a JSON object."
NUMBER = "This must be a whole number."
YES_OR_NO = "This must be true or false."
A_DATE = "Give a date as YYYY-MM-DD."
AN_INSTANT = "Give a date and time with its offset, like 2026-11-25T16:05:00Z."
CHOICE = "This is one of {expected}."
MESSAGES = {
    "json_invalid": "The body is not valid JSON.",
    "missing": "This is required.",
    "extra_forbidden": "There is no such field.",
    "model_type": OBJECT,
    "model_attributes_type": OBJECT,
    "dict_type": OBJECT,
    "list_type": "This must be a JSON array.",
    "too_long": "This has at most {max_length} entries.",
    "string_type": "This must be a text.",
    "string_unicode": "This must be valid Unicode.",
    "string_too_long": "This has at most {max_length} characters.",
    "greater_than_equal": "This is at least {ge}.",
    "less_than_equal": "This is at most {le}.",
    "int_type": NUMBER,
    "int_parsing": NUMBER,
    "int_parsing_size": NUMBER,
    "int_from_float": NUMBER,
    "bool_type": YES_OR_NO,
    "bool_parsing": YES_OR_NO,
    "uuid_type": "This must be an id, a UUID.",
    "uuid_parsing": "This must be an id, a UUID.",
    "date_type": A_DATE,
    "date_parsing": A_DATE,
    "date_from_datetime_parsing": A_DATE,
    "date_from_datetime_inexact": A_DATE,
    "datetime_type": AN_INSTANT,
    "datetime_parsing": AN_INSTANT,
    "datetime_object_invalid": AN_INSTANT,
    "datetime_from_date_parsing": AN_INSTANT,
    "timezone_aware": AN_INSTANT,
    "union_tag_invalid": "There is no such kind.",
    "union_tag_not_found": "This is required.",
    "enum": CHOICE,
    "literal_error": CHOICE,
}
# Of a text that a validator of ours has looked at, pydantic says no more than of a list: it is said as features do.
TEXT_TOO_LONG = "This has at most {maximum} characters."
NOT_JSON = FieldError("", "json_invalid", MESSAGES["json_invalid"])


def install(app: FastAPI) -> None:
    """Registers the translation of what the framework refuses."""
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)


async def _validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = error.errors()
    # An address like /contacts/statuses fits /contacts/{contact_id} too, which has other methods.
    if any(fault["loc"][0] == "path" for fault in faults) and (allowed := _methods(request, request.url.path)):
        return _refused(request, 405, "Method Not Allowed.", {"Allow": allowed})
    if isinstance(error.body, bytes):
        return _refused(request, 415, "Send JSON, with Content-Type: application/json.")
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


def _invalid(request: Request, faults: Sequence[FieldError]) -> Response:
    return problem(
        422,
        "invalid_input",
        "The input is not valid.",
        path=request.url.path,
        request_id=request_id_of(request),
        fields=[field_of(fault) for fault in faults],
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


def _field(fault: Mapping[str, Any]) -> FieldError:
    code = str(fault["type"])
    template, given = MESSAGES.get(code, ""), fault.get("ctx") or {}
    if code == "too_long" and isinstance(fault["input"], str):
        template, given = TEXT_TOO_LONG, {"maximum": given["max_length"]}
    params = {name: given[name] for _, name, _, _ in Formatter().parse(template) if name}
    message = template.format_map(params) or _sentence(str(fault["msg"]))
    return FieldError(_pointer(fault["loc"]), code, message, params)


def _pointer(location: Sequence[str | int]) -> str:
    """A JSON pointer into the body; parameters are named by where they stand, like /query/limit."""
    where, *rest = location
    parts = [part for part in (rest if where == "body" else location) if part != "[key]"]
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def _sentence(message: str) -> str:
    message = message.removeprefix("Value error, ")
    return message[:1].upper() + message[1:] + ("" if message.endswith(".") else ".")
