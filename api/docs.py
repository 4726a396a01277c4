"""The API's documentation at /docs: Swagger UI from the SPA's build, so that no request leaves the origin."""

from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Engage API</title><meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="/docs/assets/swagger-ui.css"><link rel="icon" href="/app/favicon.svg"></head>
<body><div id="swagger-ui"></div>
<script src="/docs/assets/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body>
</html>"""
START = (
    'SwaggerUIBundle({url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true, '
    "persistAuthorization: false, displayRequestDuration: true})"
)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def install(app: FastAPI, assets: Path) -> None:
    """Adds the page; `assets` holds the files of the package swagger-ui-dist."""

    async def page(_: Request) -> Response:
        return HTMLResponse(PAGE, headers={"content-security-policy": POLICY})

    async def start(_: Request) -> Response:
        return Response(START, media_type="text/javascript")

    app.add_route("/docs", page, include_in_schema=False)
    app.add_route("/docs/start.js", start, include_in_schema=False)
    if assets.is_dir():  # Without the SPA's build there are none, and Starlette would fail at each request.
        app.mount("/docs/assets", StaticFiles(directory=assets))
