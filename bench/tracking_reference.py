"""The reference for tracking: a bare ASGI application that answers with the pixel and does nothing else.

`python -m bench.tracking_reference --port PORT`.
"""

import sys
from typing import Any

import uvicorn

from domain.emails.tracking import PIXEL, PIXEL_HEADERS

START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(name.lower().encode(), value.encode()) for name, value in PIXEL_HEADERS.items()],
}
BODY = {"type": "http.response.body", "body": PIXEL}


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Every request is the same."""
    if scope["type"] == "http":
        await send(START)
        await send(BODY)


if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[2]), log_level="error", access_log=False, lifespan="off")
