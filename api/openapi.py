"""The OpenAPI document, generated from the routes: what scripts, the SPA's client and checks are written against."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from api.models import FieldProblem, Problem
from api.problems import documented_problem

TITLE = "Engage"
VERSION = "1.0.0"
DESCRIPTION = """Engage is a sales engagement platform that an organisation runs itself.

Everything that the browser does is done through this API. Sign in with `POST /auth/login` (a session cookie) or send
a personal access token as a bearer. Errors are `application/problem+json` with a stable `code`; lists are
`{"items", "next_cursor"}`; `POST` with an `Idempotency-Key` is done once."""


def operation_id(route: APIRoute) -> str:
    """The function's name: it becomes the name in generated clients, so it has to be unique."""
    return route.name


def document(app: FastAPI) -> dict[str, Any]:
    """The whole document, made once."""
    if app.openapi_schema is None:
        schema = get_openapi(title=TITLE, version=VERSION, description=DESCRIPTION, routes=app.routes)
        schemas = schema.setdefault("components", {}).setdefault("schemas", {})
        for model in (Problem, FieldProblem):
            schemas[model.__name__] = model.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas[model.__name__].pop("$defs", None)
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        for operation in _operations(schema):
            _with_refused_bodies(operation)
            _only_problems(operation)
        app.openapi_schema = schema
    return app.openapi_schema


def _operations(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in schema["paths"].values():
        for method, operation in path.items():
            if method != "parameters":
                yield operation


def _with_refused_bodies(operation: dict[str, Any]) -> None:
    """Whatever takes a body refuses one that is too large or no JSON."""
    if "requestBody" in operation:
        for status in (413, 415):
            operation["responses"].setdefault(str(status), documented_problem(status))
        operation["responses"] = dict(sorted(operation["responses"].items()))


def _only_problems(operation: dict[str, Any]) -> None:
    """Errors are problems, in one media type; FastAPI would list its own shape beside."""
    reference = {"schema": {"$ref": "#/components/schemas/Problem"}}
    for status, response in operation["responses"].items():
        if status.startswith(("4", "5")) and response.get("content", {}).keys() - {"text/html"}:
            response["content"] = {"application/problem+json": reference}
