"""The sandbox as one ASGI application."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import timedelta
from pathlib import Path

import orjson
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.responses import FileResponse
from starlette.staticfiles import StaticFiles

from adapters.sandbox.control import errors, routes
from adapters.sandbox.front import ErrorBody, Front
from adapters.sandbox.google import errors as google_errors
from adapters.sandbox.google import routes as google
from adapters.sandbox.options import SandboxOptions
from adapters.sandbox.smtp.catch_all import listening
from adapters.sandbox.world import World, open_world

_PAGE = Path(__file__).parent / "page"
_PAGE_POLICY = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'"
"""Holds for the mails shown in the page too: looking at one there loads no picture, and so opens nothing."""


def create_app(options: SandboxOptions) -> Front:
    """Opens the state of `options.state_directory` and serves it: providers, control routes, page."""
    world = open_world(options)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with _mail_server(world):
            yield
        await world.close()

    app = FastAPI(title="Engage sandbox", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.state.world = world
    errors.install(app)
    app.include_router(routes.router)
    app.mount("/page", StaticFiles(directory=_PAGE), name="page")

    @app.get("/")
    async def page() -> FileResponse:
        return FileResponse(_PAGE / "index.html", headers={"Content-Security-Policy": _PAGE_POLICY})

    providers = Starlette(routes=[google.mount()])
    providers.state.world = world
    return Front(app, providers, world.clock, world.log, world.faults, _error_body(world))


def _mail_server(world: World) -> AbstractAsyncContextManager[None]:
    listener = world.options.smtp_listener
    return listening(world, listener) if listener else nullcontext()


def _error_body(world: World) -> ErrorBody:
    def body(path: str, status: int, retry_after: int | None) -> bytes:
        retry_at = world.clock.system() + timedelta(seconds=retry_after) if retry_after is not None else None
        if path.startswith("/google/"):
            return google_errors.fault_body(path, status, retry_at)
        return orjson.dumps({"error": status})

    return body
