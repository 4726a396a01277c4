"""Lists that people wait for: what is asked is one model, read from the address in one go.

FastAPI documents them, but on its way to a function it takes longer than PostgreSQL to find the page. So they have a
lane of their own, past its routing and its gathering of parameters, with the same answers to the same faults.
"""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any, cast, get_type_hints
from urllib.parse import parse_qsl

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.models import PlainText
from api.openapi import scope_of
from api.sessions import authenticate
from domain.shared.paging import DEFAULT_LIMIT, MAXIMUM_LIMIT, PageRequest

PARAMETER = "asked"
# Of these an address may name several.
REPEATED = {"field"}

Answering = Callable[[Request], Coroutine[Any, Any, Response]]
Handler = Callable[[Request, Exception], Coroutine[Any, Any, Response]]


class Question(BaseModel):
    """The parameters that every list takes."""

    model_config = ConfigDict(frozen=True)

    limit: Annotated[int, Field(ge=1, le=MAXIMUM_LIMIT, description="How many at most.")] = DEFAULT_LIMIT
    cursor: Annotated[PlainText | None, Field(max_length=2000, description="`next_cursor` of the page before.")] = None
    total: Annotated[bool, Field(description="Whether to count them all.")] = False

    @property
    def page(self) -> PageRequest:
        return PageRequest(self.limit, self.cursor, self.total)


class QuestionRoute(APIRoute):
    """A route whose function takes `who`, `services` and `asked`, a Question, and gives a Response."""

    def get_route_handler(self) -> Answering:
        scope, endpoint = scope_of(self), self.endpoint
        question: type[Question] = get_type_hints(endpoint)[PARAMETER]
        assert scope is not None

        async def answer(request: Request) -> Response:
            services = request.app.state.container
            who = await authenticate(request, services)
            who.require(scope)
            answered: Response = await endpoint(who=who, services=services, asked=_read(question, request))
            return answered

        return answer


class Lane:
    """Answers questions by itself and leaves everything else to the application."""

    def __init__(self, app: ASGIApp, api: FastAPI) -> None:
        self._app = app
        self._api = api
        routes = [route for route in api.routes if isinstance(route, QuestionRoute)]
        self._answers = {route.path: (route, route.get_route_handler()) for route in routes}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._answers.get(scope["path"]) if scope["type"] == "http" and scope["method"] == "GET" else None
        if found is None:
            await self._app(scope, receive, send)
            return
        scope["app"], (scope["route"], answer) = self._api, found
        response = await self._answer(answer, Request(scope, receive))
        await response(scope, receive, send)

    async def _answer(self, answer: Answering, request: Request) -> Response:
        try:
            return await answer(request)
        except Exception as error:
            return await self._handler(error)(request, error)

    def _handler(self, error: Exception) -> Handler:
        """As the application has them: of the nearest class."""
        handlers = self._api.exception_handlers
        return next(cast(Handler, handlers[kind]) for kind in type(error).__mro__ if kind in handlers)


def _read(question: type[Question], request: Request) -> Question:
    """Raises RequestValidationError, as FastAPI does."""
    asked: dict[str, Any] = {}
    for name, value in parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True):
        if name in REPEATED:
            asked.setdefault(name, []).append(value)
        else:
            asked[name] = value
    try:
        return question.model_validate(asked)
    except ValidationError as faults:
        raise RequestValidationError(
            [{**fault, "loc": ("query", *fault["loc"])} for fault in faults.errors(include_url=False)]
        ) from faults
