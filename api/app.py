"""Puts the HTTP application together."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import FastAPI
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp

from adapters.bootstrap import Container
from adapters.settings import Settings
from api import (
    admin_audit,
    admin_contact_fields,
    admin_contact_statuses,
    admin_settings,
    admin_suppressions,
    admin_users,
    auth,
    confirmation,
    connections,
    contact_bulk,
    contact_duplicates,
    contact_fields,
    contact_imports,
    contact_lists,
    contact_merges,
    contact_notes,
    contact_privacy,
    contact_views,
    contacts,
    docs,
    emails,
    feed,
    health,
    invitations,
    jobs,
    me,
    me_calls,
    me_settings,
    openapi,
    problems,
    public,
    refusals,
    salesflows,
    security,
    sso,
)
from api.limits import RequestLimits
from api.middleware import RequestFrame
from api.questions import Lane
from api.serving import END_STREAMS
from api.spa import SinglePageApp
from api.streams import Streams
from api.tracking import Tracking

# Searched in this order: what people wait for comes first.
ROUTERS = (
    contact_bulk.router,
    contact_imports.uploads,
    contact_imports.router,
    contact_fields.router,
    contact_duplicates.router,
    contact_lists.router,
    contact_merges.router,
    contact_notes.router,
    contact_privacy.router,
    contact_views.router,
    contacts.router,
    salesflows.router,
    emails.router,
    jobs.router,
    me.router,
    me_settings.router,
    me_calls.router,
    feed.router,
    security.router,
    admin_audit.router,
    admin_contact_fields.router,
    admin_contact_statuses.router,
    admin_settings.router,
    admin_suppressions.router,
    admin_users.router,
    connections.router,
    auth.router,
    confirmation.router,
    sso.router,
    invitations.router,
    public.router,
    health.router,
)


def build_app(settings: Settings, open_services: Callable[[], AbstractAsyncContextManager[Container]]) -> ASGIApp:
    """The whole application: tracking ahead of everything, then the frame, then routes, pages and files."""
    app = build_api(open_services)
    app.state.limits = RequestLimits(settings.requests_per_minute)
    docs.install(app, settings.spa_dist / "docs")
    app.mount("/app", SinglePageApp(settings.spa_dist))
    framed = RequestFrame(Lane(app, app), https=settings.public_url.startswith("https://"))
    return Tracking(framed, lambda: app.state.container)


def build_api(open_services: Callable[[], AbstractAsyncContextManager[Container]]) -> FastAPI:
    """The routes alone; the OpenAPI document is made from these."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[Mapping[str, object]]:
        async with open_services() as container:
            app.state.container, app.state.streams = container, Streams()
            yield {END_STREAMS: app.state.streams.end_all}
            await app.state.streams.close()

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
