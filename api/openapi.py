"""The OpenAPI document, generated from the routes: what scripts, the SPA's client and checks are written against."""

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from api.models import FieldProblem, Problem
from api.problems import documented_problem
from api.sessions import COOKIE

TITLE = "Engage"
VERSION = "1.0.0"
DESCRIPTION = """Engage is a sales engagement platform that an organisation runs itself.

Everything that the browser does is done through this API. Sign in with `POST /auth/login` (a session cookie) or send
a personal access token as a bearer. Errors are `application/problem+json` with a stable `code`; lists are
`{"items", "next_cursor"}`; `POST` with an `Idempotency-Key` is done once."""
SCHEMES = {
    "APIKeyCookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": "The session of a signed-in person.",
    },
    "HTTPBearer": {"type": "http", "scheme": "bearer", "description": "A personal access token, `eng_pat_…`."},
}
# Either will do.
SECURITY: list[dict[str, list[str]]] = [{name: []} for name in SCHEMES]


def named(router: APIRouter) -> Iterator[APIRoute]:
    """Its routes, known by their functions' names, which are unique: generated clients call them so."""
    for route in router.routes:
        assert isinstance(route, APIRoute)
        route.operation_id = route.name
        yield route


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
        _with_schemes(schema, app)
        for operation in _operations(schema):
            _with_refused_bodies(operation)
            _only_problems(operation)
        app.openapi_schema = schema
    return app.openapi_schema


def scope_of(route: APIRoute) -> str | None:
    """What a token needs for it, as `requires` declares; None for what is open to everybody."""
    scopes = (getattr(dependency.dependency, "scope", None) for dependency in route.dependencies)
    return next(filter(None, scopes), None)


def _operations(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in schema["paths"].values():
        for method, operation in path.items():
            if method != "parameters":
                yield operation


def _with_schemes(schema: dict[str, Any], app: FastAPI) -> None:
    """How to show who asks, wherever that is asked for."""
    schema["components"]["securitySchemes"] = SCHEMES
    for route in app.routes:
        if isinstance(route, APIRoute) and scope_of(route):
            for method in route.methods or ():
                schema["paths"][route.path][method.lower()]["security"] = SECURITY


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
