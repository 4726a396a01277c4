"""Signing in and out."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from adapters.bootstrap import Container
from api.dependencies import Services
from api.me import MeAnswer, answer_me
from api.models import Body, LineText, PlainText
from api.problems import documented
from api.sessions import cookie_name, refuse_foreign_sites
from domain.accounts.model import SignedIn
from domain.accounts.sessions import ABSOLUTE

# Answers here are secrets or depend on the browser: nothing is remembered under an Idempotency-Key.
router = APIRouter(prefix="/auth", tags=["auth"])

GivenPassword = Annotated[PlainText, StringConstraints(max_length=1000)]


class SignIn(Body):
    """Who somebody says to be, and the proof."""

    email: LineText
    password: GivenPassword


@router.post("/login", summary="Sign in", responses=documented())
async def log_in(body: SignIn, request: Request, response: Response, services: Services) -> MeAnswer:
    """Answers with the user and sets the session cookie; a session that the browser had before ends.

    Unknown addresses and wrong passwords are answered alike. Who guesses has to wait longer and longer (429).
    """
    refuse_foreign_sites(request, services)
    signed_in = await services.accounts.log_in(
        body.email,
        body.password,
        address=request.client.host if request.client else "",
        user_agent=request.headers.get("user-agent", ""),
        previous=request.cookies.get(cookie_name(services.settings.public_url)),
    )
    _set_cookie(response, services, signed_in)
    return answer_me(await services.accounts.me(signed_in.principal))


@router.post("/logout", summary="Sign out", status_code=204, responses=documented())
async def log_out(request: Request, response: Response, services: Services) -> None:
    """Ends the session at once. Without one there is nothing to do, which is no error."""
    refuse_foreign_sites(request, services)
    name = cookie_name(services.settings.public_url)
    token = request.cookies.get(name)
    if token:
        await services.accounts.log_out(token)
    response.delete_cookie(name, secure=_secure(services), httponly=True, samesite="lax")


def _set_cookie(response: Response, services: Container, signed_in: SignedIn) -> None:
    response.set_cookie(
        cookie_name(services.settings.public_url),
        signed_in.token,
        max_age=int(ABSOLUTE.total_seconds()),
        secure=_secure(services),
        httponly=True,
        samesite="lax",
    )


def _secure(services: Container) -> bool:
    return services.settings.public_url.startswith("https://")
