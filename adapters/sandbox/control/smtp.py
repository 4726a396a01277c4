"""GET /control/smtp: where the mail server listens."""

from typing import Any

from fastapi import APIRouter

from adapters.sandbox.control.errors import UnknownError
from adapters.sandbox.world import TheWorld

router = APIRouter()


@router.get("/smtp")
async def where(world: TheWorld) -> dict[str, Any]:
    """404 when this sandbox takes no mail."""
    listener = world.options.smtp_listener
    if listener is None:
        raise UnknownError("this sandbox has no mail server")
    host, port = listener.getsockname()[:2]
    return {"host": host, "port": port, "security": "none"}
