"""Serves the built SPA under /app: files as they are, every other path is a page of its own router."""

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from api.problems import TITLES, problem
from api.refusals import CODES

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; connect-src 'self'; font-src 'self' data:; frame-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
FOREVER = "public, max-age=31536000, immutable"


def _refused(scope: Scope, status: int) -> Response:
    return problem(
        status,
        CODES.get(status, "error"),
        f"{TITLES.get(status, 'Error')}.",
        path=scope["path"],
        request_id=str(scope.get("request_id", "")),
        headers={"Allow": "GET, HEAD"} if status == 405 else None,
    )


class SinglePageApp:
    """An ASGI app over the folder that the SPA was built into."""

    def __init__(self, folder: Path) -> None:
        self._index = folder / "index.html"
        self._files = StaticFiles(directory=folder, check_dir=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["mounted"] = "/app"
        response = await self._respond(scope)
        response.headers["content-security-policy"] = POLICY
        await response(scope, receive, send)

    async def _respond(self, scope: Scope) -> Response:
        if not self._index.exists():
            return PlainTextResponse("The SPA is not built yet: run `make install`.", 503)
        try:
            path = self._files.get_path(scope)
            found = await self._files.get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404:
                return _refused(scope, error.status_code)
            return FileResponse(self._index, headers={"cache-control": "no-cache"})
        if path.startswith("assets/"):
            found.headers["cache-control"] = FOREVER
        elif path in (".", "index.html"):
            found.headers["cache-control"] = "no-cache"
        return found
