"""What uvicorn loads: `api.main:create_app`."""

from starlette.types import ASGIApp

from adapters.bootstrap import open_container
from adapters.logging import configure_logging
from adapters.settings import load_settings
from api.app import build_app


def create_app() -> ASGIApp:
    """The application after the settings of this process."""
    settings = load_settings()
    configure_logging(settings)
    return build_app(settings, lambda: open_container(settings))
