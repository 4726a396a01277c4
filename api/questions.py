"""Lists that people wait for: what is asked is one model, read from the address in one go.

FastAPI documents and routes them; it takes longer to gather parameters one by one than PostgreSQL to find the page.
"""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any, get_type_hints

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from api.models import PlainText
from api.openapi import scope_of
from api.sessions import authenticate
from domain.shared.paging import DEFAULT_LIMIT, MAXIMUM_LIMIT, PageRequest

PARAMETER = "asked"


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

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
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


def _read(question: type[Question], request: Request) -> Question:
    """Raises RequestValidationError, as FastAPI does."""
    try:
        return question.model_validate(dict(request.query_params))
    except ValidationError as faults:
        raise RequestValidationError(
            [{**fault, "loc": ("query", *fault["loc"])} for fault in faults.errors(include_url=False)]
        ) from faults
