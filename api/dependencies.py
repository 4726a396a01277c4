"""What routes ask for: who is asking, and the services."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Query, Request, Security
from fastapi.security import APIKeyCookie, HTTPBearer
from starlette.requests import HTTPConnection

from adapters.bootstrap import Container
from api.sessions import COOKIE, authenticate
from domain.shared.paging import DEFAULT_LIMIT, MAXIMUM_LIMIT, PageRequest
from domain.shared.principal import Principal

# For the document alone: `authenticate` reads the headers itself.
session_cookie = APIKeyCookie(name=COOKIE, auto_error=False, description="The session of a signed-in person.")
bearer = HTTPBearer(auto_error=False, description="A personal access token, `eng_pat_…`.")


async def container(connection: HTTPConnection) -> Container:
    """The services of this process. Dependencies are coroutines: functions would each go through a thread."""
    found: Container = connection.app.state.container
    return found


Services = Annotated[Container, Depends(container)]


async def principal(request: Request) -> Principal:
    """Who asks. Raises Unauthenticated."""
    return await authenticate(request, await container(request))


CurrentPrincipal = Annotated[Principal, Depends(principal)]


def requires(scope: str) -> Callable[..., Awaitable[None]]:
    """A dependency that declares, checks and documents the scope of a route."""

    async def check(
        who: CurrentPrincipal,
        _cookie: Annotated[str | None, Security(session_cookie)],
        _bearer: Annotated[object | None, Security(bearer)],
    ) -> None:
        who.require(scope)

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
