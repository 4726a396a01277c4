"""Single sign-on: the way to the organization's identity provider and back, and its settings."""

import secrets
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field, StringConstraints
from starlette.requests import Request
from starlette.responses import RedirectResponse

from adapters.bootstrap import Container
from api.auth import browser_of, is_secure, set_cookie
from api.dependencies import CurrentPrincipal, Services, requires
from api.models import Answer, Body, LineText, PlainText
from api.problems import documented
from domain.accounts.identities import IdentityProvider
from domain.accounts.single_sign_on import ATTEMPT_LIVES
from domain.shared.errors import SignOnRefused
from domain.shared.ids import OrganizationId
from domain.shared.principal import Principal

router = APIRouter(tags=["sso"])

ADMIN = [Depends(requires("admin"))]
COOKIE = "eng_sign_on"
COOKIE_LENGTH = 43

Secret = Annotated[PlainText, StringConstraints(max_length=1000)]


class SignOnAnswer(Answer):
    """The provider, null while there is none; and what the provider has to be told."""

    issuer: str | None
    client_id: str | None
    enabled: bool
    redirect_uri: str = Field(description="Where the provider has to send browsers back to.")
    sign_in_url: str = Field(description="Where people begin to sign in through the provider.")


class NewSignOn(Body):
    """The provider. Without a secret the one before stays, for the same client alone."""

    issuer: LineText
    client_id: LineText
    client_secret: Secret | None = None
    enabled: Annotated[bool, Field(strict=True)] = True


@router.get(
    "/auth/sso/callback",
    summary="Back from the identity provider",
    status_code=302,
    response_class=RedirectResponse,
    responses=documented(),
)
async def complete_sign_on(
    request: Request,
    services: Services,
    state: Annotated[PlainText, Query(max_length=500)] = "",
    code: Annotated[PlainText | None, Query(max_length=4000)] = None,
    error: Annotated[PlainText | None, Query(max_length=200)] = None,
    iss: Annotated[PlainText | None, Query(max_length=500)] = None,
) -> RedirectResponse:
    """Where the provider sends the browser.

    Goes on to the app, signed in; or to its page for signing in, with the reason why not (`sso_error`).
    """
    public_url, browser = services.settings.public_url, request.cookies.get(_cookie(services), "")
    try:
        signed_in = await services.single_sign_on.complete(
            state, browser, code, error, iss, **browser_of(request, services)
        )
    except SignOnRefused as refusal:
        return _refused(services, refusal)
    answer = RedirectResponse(f"{public_url}/app/", 302)
    set_cookie(answer, services, signed_in)
    return answer


@router.get(
    "/auth/sso/{organization_id}",
    summary="Sign in through the identity provider",
    status_code=302,
    response_class=RedirectResponse,
    responses=documented(404),
)
async def begin_sign_on(organization_id: UUID, request: Request, services: Services) -> RedirectResponse:
    """Goes on to the organization's provider. The way back leads through this browser alone, within ten minutes."""
    known = request.cookies.get(_cookie(services), "")
    # Kept, so that two tabs can be on the way.
    browser = known if len(known) == COOKIE_LENGTH else secrets.token_urlsafe(32)
    try:
        url = await services.single_sign_on.begin(OrganizationId(organization_id), browser)
    except SignOnRefused as refusal:
        return _refused(services, refusal)
    answer = RedirectResponse(url, 302)
    lives = int(ATTEMPT_LIVES.total_seconds())
    answer.set_cookie(
        _cookie(services), browser, max_age=lives, secure=is_secure(services), httponly=True, samesite="lax"
    )
    return answer


@router.get("/admin/sso", summary="Show single sign-on", dependencies=ADMIN, responses=documented())
async def get_sign_on(principal: CurrentPrincipal, services: Services) -> SignOnAnswer:
    """For Administrators. The secret is never shown."""
    return _answer(await services.sign_on_settings.get(principal), principal, services)


@router.put("/admin/sso", summary="Set up single sign-on", dependencies=ADMIN, responses=documented())
async def set_sign_on(body: NewSignOn, principal: CurrentPrincipal, services: Services) -> SignOnAnswer:
    """The provider is asked at once (discovery). People are found by the verified address that it gives."""
    provider = await services.sign_on_settings.put(
        principal, body.issuer, body.client_id, body.client_secret, enabled=body.enabled
    )
    return _answer(provider, principal, services)


@router.delete(
    "/admin/sso", summary="End single sign-on", status_code=204, dependencies=ADMIN, responses=documented(404)
)
async def remove_sign_on(principal: CurrentPrincipal, services: Services) -> None:
    """People sign in with what else they have. Who is who at the provider is forgotten."""
    await services.sign_on_settings.remove(principal)


def _answer(provider: IdentityProvider | None, principal: Principal, services: Container) -> SignOnAnswer:
    public_url = services.settings.public_url
    return SignOnAnswer(
        issuer=provider.issuer if provider else None,
        client_id=provider.client_id if provider else None,
        enabled=provider is not None and provider.enabled,
        redirect_uri=f"{public_url}/auth/sso/callback",
        sign_in_url=f"{public_url}/app/login?sso={principal.organization_id}",
    )


def _refused(services: Container, refusal: SignOnRefused) -> RedirectResponse:
    query = urlencode({"sso_error": refusal.reason})
    return RedirectResponse(f"{services.settings.public_url}/app/login?{query}", 302)


def _cookie(services: Container) -> str:
    return f"__Host-{COOKIE}" if is_secure(services) else COOKIE
