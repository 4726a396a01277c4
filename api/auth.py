"""Signing in, with a password or a passkey, and out."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from adapters.bootstrap import Container
from api.dependencies import Services
from api.me import answer_me
from api.me_bodies import MeAnswer
from api.models import Answer, Body, LineText, PlainText
from api.problems import documented
from api.sessions import cookie_name, refuse_foreign_sites
from domain.accounts.model import SignedIn

# Answers here are secrets or depend on the browser: nothing is remembered under an Idempotency-Key.
router = APIRouter(prefix="/auth", tags=["auth"])

GivenPassword = Annotated[PlainText, StringConstraints(max_length=1000)]
GivenCode = Annotated[PlainText, StringConstraints(max_length=100)]


class SignIn(Body):
    """Who somebody says to be, and the proof. `code` is what the app shows, or a recovery code."""

    email: LineText
    password: GivenPassword
    code: GivenCode | None = None


class PasskeySignIn(Body):
    """The browser's answer to the options: `PublicKeyCredential.toJSON()`."""

    challenge_id: UUID
    credential: dict[str, Any]


class PasskeyOptions(Answer):
    """What to give to the browser, and under which id its answer is expected within five minutes."""

    challenge_id: UUID
    options: dict[str, Any]


@router.post("/login", summary="Sign in", responses=documented())
async def log_in(body: SignIn, request: Request, response: Response, services: Services) -> MeAnswer:
    """Answers with the user and sets the session cookie; a session that the browser had before ends.

    Unknown addresses and wrong passwords are answered alike. `second_factor_required` (401): the password is right, and
    a code is needed too. Who guesses has to wait longer and longer (429).
    """
    refuse_foreign_sites(request, services)
    signed_in = await services.signing_in.log_in(body.email, body.password, body.code, **browser_of(request, services))
    set_cookie(response, services, signed_in)
    return answer_me(await services.accounts.me(signed_in.principal))


@router.post("/passkeys/options", summary="Begin signing in with a passkey", responses=documented(409))
async def begin_passkey_sign_in(request: Request, services: Services) -> PasskeyOptions:
    """For `navigator.credentials.get`. `passkeys_unavailable` (409): not at an address like this installation's.

    Who begins again and again has to wait (429).
    """
    refuse_foreign_sites(request, services)
    challenge_id, options = await services.passkeys.begin_sign_in(address_of(request))
    return PasskeyOptions(challenge_id=challenge_id, options=options)


@router.post("/passkeys", summary="Sign in with a passkey", responses=documented(409))
async def sign_in_with_passkey(
    body: PasskeySignIn, request: Request, response: Response, services: Services
) -> MeAnswer:
    """As signing in with a password; the device has asked its owner, which counts as a second factor."""
    refuse_foreign_sites(request, services)
    browser = browser_of(request, services)
    signed_in = await services.passkeys.sign_in(body.challenge_id, body.credential, **browser)
    set_cookie(response, services, signed_in)
    return answer_me(await services.accounts.me(signed_in.principal))


@router.post("/logout", summary="Sign out", status_code=204, responses=documented())
async def log_out(request: Request, response: Response, services: Services) -> None:
    """Ends the session at once. Without one there is nothing to do, which is no error."""
    refuse_foreign_sites(request, services)
    name = cookie_name(services.settings.public_url)
    token = request.cookies.get(name)
    if token:
        await services.signing_in.log_out(token)
    response.delete_cookie(name, secure=is_secure(services), httponly=True, samesite="lax")


def browser_of(request: Request, services: Container) -> dict[str, Any]:
    """Who asks to be signed in, and the session that ends when that works."""
    return {
        "address": address_of(request),
        "user_agent": request.headers.get("user-agent", ""),
        "previous": request.cookies.get(cookie_name(services.settings.public_url)),
    }


def address_of(request: Request) -> str:
    """Where the request comes from; proxies that are trusted have said so already."""
    return request.client.host if request.client else ""


def set_cookie(response: Response, services: Container, signed_in: SignedIn) -> None:
    """The browser keeps the session until it ends whatever happens."""
    lives = signed_in.expires_at - services.clock.system()
    response.set_cookie(
        cookie_name(services.settings.public_url),
        signed_in.token,
        max_age=int(lives.total_seconds()),
        secure=is_secure(services),
        httponly=True,
        samesite="lax",
    )


def is_secure(services: Container) -> bool:
    """Whether browsers reach us over TLS alone."""
    return services.settings.public_url.startswith("https://")
