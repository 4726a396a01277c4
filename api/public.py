"""Pages for recipients: leaving. No sign-in, no cookies, no script; in the language of the reader's browser."""

import base64
import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from api.dependencies import Services
from api.models import PlainText
from api.problems import documented_problem
from domain.shared.culture import language_of
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
    "Vary": "Accept-Language",
    "X-Robots-Tag": "noindex",
}
FORGED: dict[int | str, dict[str, Any]] = {
    404: {"description": "Not one of our links", "content": {"text/html": {"schema": {"type": "string"}}}},
    503: documented_problem(503),
}

ENGLISH = "en"
TEXTS = {
    ENGLISH: {
        "leave": "Unsubscribe",
        "effect": "You will get no more emails from this sender.",
        "left": "You are unsubscribed",
        "forged": "This link does not work",
        "forged_why": "It may be incomplete. Try the one in the email again.",
    },
    "de": {
        "leave": "Abmelden",
        "effect": "Sie bekommen keine E-Mails mehr von diesem Absender.",
        "left": "Sie sind abgemeldet",
        "forged": "Dieser Link funktioniert nicht",
        "forged_why": "Vielleicht ist er unvollständig. Versuchen Sie es noch einmal mit dem in der E-Mail.",
    },
}

Token = Annotated[PlainText, Path(max_length=200, description="From the link in an email.")]


@router.get(
    "/u/{token}",
    summary="The page for leaving",
    response_class=HTMLResponse,
    responses=FORGED,
)
async def show_unsubscribe_page(token: Token, request: Request, services: Services) -> Response:
    """Changes nothing, since scanners fetch every link; the button on it does."""
    try:
        services.unsubscribing.check(token)
    except NotFound:
        return _page(request, "forged", "forged_why", status=404)
    return _page(request, "leave", "effect", button="leave")


@router.head("/u/{token}", summary="Does the page exist?", include_in_schema=False)
async def check_unsubscribe_page(token: Token, request: Request, services: Services) -> Response:
    """As the page, without its text."""
    shown = await show_unsubscribe_page(token, request, services)
    return Response(None, shown.status_code, dict(shown.headers))


@router.post(
    "/u/{token}",
    summary="Leave",
    response_class=HTMLResponse,
    responses=FORGED,
)
async def unsubscribe(token: Token, request: Request, services: Services) -> Response:
    """By the page's button, or by the mail program's own (RFC 8058): whatever the body says, it is meant.

    In force before this is answered. May be repeated.
    """
    try:
        await services.unsubscribing.leave(token)
    except NotFound:
        return _page(request, "forged", "forged_why", status=404)
    return _page(request, "left", "effect")


def _page(request: Request, title: str, text: str, *, button: str = "", status: int = 200) -> HTMLResponse:
    language = _language(request)
    words = TEXTS[language]
    form = f'<form method="post"><p><button>{words[button]}</button></p></form>' if button else ""
    html = (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{words[title]}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>'
        f"<body><main><h1>{words[title]}</h1><p>{words[text]}</p>{form}</main></body></html>"
    )
    return HTMLResponse(html, status, headers=HEADERS)


def _language(request: Request) -> str:
    """The first of the browser's that is spoken here; they come in the reader's order."""
    asked = request.headers.get("accept-language", "").split(",")
    spoken = (language_of(culture.partition(";")[0].strip()) for culture in asked)
    return next((language for language in spoken if language in TEXTS), ENGLISH)
