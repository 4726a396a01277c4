"""Puts the HTTP application together."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import FastAPI
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp

from adapters.bootstrap import Container
from adapters.settings import Settings
from api import auth, connections, contacts, docs, emails, health, me, openapi, problems, public, refusals, salesflows
from api.limits import RequestLimits
from api.middleware import RequestFrame
from api.spa import SinglePageApp
from api.tracking import Tracking

# Searched in this order: what people wait for comes first.
ROUTERS = (
    contacts.router,
    salesflows.router,
    emails.router,
    me.router,
    connections.router,
    auth.router,
    public.router,
    health.router,
)


def build_app(settings: Settings, open_services: Callable[[], AbstractAsyncContextManager[Container]]) -> ASGIApp:
    """The whole application: tracking ahead of everything, then the frame, then routes, pages and files."""
    app = build_api(open_services)
    app.state.limits = RequestLimits(settings.requests_per_minute)
    docs.install(app, settings.spa_dist / "docs")
    app.mount("/app", SinglePageApp(settings.spa_dist))
    framed = RequestFrame(app, https=settings.public_url.startswith("https://"))
    return Tracking(framed, lambda: app.state.container)


def build_api(open_services: Callable[[], AbstractAsyncContextManager[Container]]) -> FastAPI:
    """The routes alone; the OpenAPI document is made from these."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_services() as container:
            app.state.container = container
            yield

    app = FastAPI(
        title=openapi.TITLE,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
    )
    problems.install(app)
    refusals.install(app)
    # Routers inside of the application's own would each be searched twice for every request.
    app.router.routes.extend(route for router in ROUTERS for route in openapi.named(router))
    app.openapi = lambda: openapi.document(app)  # type: ignore[method-assign]
    app.add_route("/", lambda _: RedirectResponse("/app/"), include_in_schema=False)
    return app
