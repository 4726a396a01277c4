"""Pages for recipients: leaving. No sign-in, no cookies, no script."""

import base64
import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.responses import HTMLResponse, Response

from api.dependencies import Services
from api.models import PlainText
from api.problems import documented_problem
from domain.shared.errors import NotFound

router = APIRouter(tags=["public"])

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff;"
    "max-width:32rem;margin:15vh auto;padding:0 1.5rem}"
    "h1{font-size:1.5rem}button{font:inherit;padding:.6rem 1.4rem;border:0;border-radius:.4rem;"
    "background:#1a4fd0;color:#fff}"
    "button:focus-visible{outline:3px solid #8aa8ff}"
)
STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
FORGED: dict[int | str, dict[str, Any]] = {
    404: {"description": "Not one of our links", "content": {"text/html": {"schema": {"type": "string"}}}},
    503: documented_problem(503),
}

Token = Annotated[PlainText, Path(max_length=200, description="From the link in an email.")]


@router.get(
    "/u/{token}",
    summary="The page for leaving",
    response_class=HTMLResponse,
    responses=FORGED,
)
async def show_unsubscribe_page(token: Token, services: Services) -> Response:
    """Changes nothing, since scanners fetch every link; the button on it does."""
    try:
        services.unsubscribing.check(token)
    except NotFound:
        return _forged()
    form = '<form method="post"><p><button>Unsubscribe</button></p></form>'
    return _page("Unsubscribe", f"<p>You will get no more emails from this sender.</p>{form}")


@router.head("/u/{token}", summary="Does the page exist?", include_in_schema=False)
async def check_unsubscribe_page(token: Token, services: Services) -> Response:
    """As the page, without its text."""
    shown = await show_unsubscribe_page(token, services)
    return Response(None, shown.status_code, dict(shown.headers))


@router.post(
    "/u/{token}",
    summary="Leave",
    response_class=HTMLResponse,
    responses=FORGED,
)
async def unsubscribe(token: Token, services: Services) -> Response:
    """By the page's button, or by the mail program's own (RFC 8058): whatever the body says, it is meant.

    In force before this is answered. May be repeated.
    """
    try:
        await services.unsubscribing.leave(token)
    except NotFound:
        return _forged()
    return _page("You are unsubscribed", "<p>You will get no more emails from this sender.</p>")


def _forged() -> HTMLResponse:
    return _page("This link does not work", "<p>It may be incomplete. Try the one in the email again.</p>", 404)


def _page(title: str, content: str, status: int = 200) -> HTMLResponse:
    html = (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>'
        f"<body><main><h1>{title}</h1>{content}</main></body></html>"
    )
    return HTMLResponse(html, status, headers=HEADERS)
