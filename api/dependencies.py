"""What routes ask for: who is asking, and the services.

Every dependency takes time, so there are few, and none depends on another: `authenticate` remembers its answer.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Query, Request
from starlette.requests import HTTPConnection

from adapters.bootstrap import Container
from api.sessions import authenticate
from domain.shared.paging import DEFAULT_LIMIT, MAXIMUM_LIMIT, PageRequest
from domain.shared.principal import Principal


async def container(connection: HTTPConnection) -> Container:
    """The services of this process. Dependencies are coroutines: functions would each go through a thread."""
    found: Container = connection.app.state.container
    return found


Services = Annotated[Container, Depends(container)]


async def principal(request: Request) -> Principal:
    """Who asks. Raises Unauthenticated."""
    return await authenticate(request, request.app.state.container)


CurrentPrincipal = Annotated[Principal, Depends(principal)]


def requires(scope: str) -> Callable[[Request], Awaitable[None]]:
    """A dependency that declares, checks and documents the scope of a route."""

    async def check(request: Request) -> None:
        (await authenticate(request, request.app.state.container)).require(scope)

    check.scope = scope  # type: ignore[attr-defined]
    return check


async def page_request(
    limit: Annotated[int, Query(ge=1, le=MAXIMUM_LIMIT, description="How many at most.")] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=2000, description="`next_cursor` of the page before.")] = None,
    total: Annotated[bool, Query(description="Whether to count them all.")] = False,
) -> PageRequest:
    """The paging parameters that every list takes."""
    return PageRequest(limit, cursor, total)


Paging = Annotated[PageRequest, Depends(page_request)]
