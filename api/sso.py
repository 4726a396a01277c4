"""Single sign-on: the way to the organization's identity provider and back, and its settings."""

import secrets
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query
from pydantic import Field, StringConstraints
from starlette.requests import Request
from starlette.responses import RedirectResponse

from adapters.bootstrap import Container
from api.auth import address_of, browser_of, is_secure, set_cookie
from api.dependencies import CurrentPrincipal, Services, requires
from api.models import Answer, Body, LineText, PlainText
from api.problems import documented
from api.refusals import MESSAGES
from domain.accounts.identities import IdentityProvider
from domain.accounts.single_sign_on import ATTEMPT_LIVES
from domain.shared.errors import InvalidField, NotFound, SignOnRefused, TooManyRequests
from domain.shared.ids import OrganizationId
from domain.shared.principal import Principal

router = APIRouter(tags=["sso"])

ADMIN = [Depends(requires("admin"))]
COOKIE = "eng_sign_on"
COOKIE_LENGTH = 43

GivenOrganization = Annotated[PlainText, Path(max_length=100, json_schema_extra={"format": "uuid"})]
Secret = Annotated[PlainText, StringConstraints(max_length=1000)]


class SignOnAnswer(Answer):
    """The provider, null while there is none; and what the provider has to be told."""

    issuer: str | None
    client_id: str | None
    enabled: bool
    trust_email: bool
    redirect_uri: str = Field(description="Where the provider has to send browsers back to.")
    sign_in_url: str = Field(description="Where people begin to sign in through the provider.")


class SignOnAvailability(Answer):
    """Whether people of the organization can sign in through a provider now."""

    available: bool


class NewSignOn(Body):
    """The provider. Without a secret the one before stays, for the same client alone.

    `trust_email`: this provider verifies addresses though its tokens do not say so (no `email_verified`), as with
    Entra ID. Only for a provider where nobody can enter somebody else's address as the own one.
    """

    issuer: LineText
    client_id: LineText
    client_secret: Secret | None = None
    enabled: Annotated[bool, Field(strict=True)] = True
    trust_email: Annotated[bool, Field(strict=True)] = False


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
        return _refused(services, refusal.reason)
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
async def begin_sign_on(organization_id: GivenOrganization, request: Request, services: Services) -> RedirectResponse:
    """Goes on to the organization's provider. The way back leads through this browser alone, within ten minutes.

    Organizations without single sign-on are answered as missing ones (404), and who begins again and again has to wait
    (429); a browser that shows pages is sent to the page for signing in instead, with the reason (`sso_error`).
    """
    known = request.cookies.get(_cookie(services), "")
    # Kept, so that two tabs can be on the way.
    browser = known if len(known) == COOKIE_LENGTH else secrets.token_urlsafe(32)
    try:
        url = await services.single_sign_on.begin(_organization(organization_id), browser, address_of(request))
    except SignOnRefused as refusal:
        return _refused(services, refusal.reason)
    except (InvalidField, NotFound, TooManyRequests) as refusal:
        if "text/html" not in request.headers.get("accept", ""):
            raise
        return _refused(services, refusal.code if isinstance(refusal, TooManyRequests) else "not_configured")
    answer = RedirectResponse(url, 302)
    lives = int(ATTEMPT_LIVES.total_seconds())
    answer.set_cookie(
        _cookie(services), browser, max_age=lives, secure=is_secure(services), httponly=True, samesite="lax"
    )
    return answer


@router.get("/auth/sso/{organization_id}/availability", summary="Ask for single sign-on", responses=documented())
async def is_sign_on_available(organization_id: UUID, services: Services) -> SignOnAvailability:
    """For the page for signing in. Organizations without single sign-on are answered as missing ones."""
    return SignOnAvailability(available=await services.single_sign_on.offered(OrganizationId(organization_id)))


@router.get("/admin/sso", summary="Show single sign-on", dependencies=ADMIN, responses=documented())
async def get_sign_on(principal: CurrentPrincipal, services: Services) -> SignOnAnswer:
    """For Administrators. The secret is never shown."""
    return _answer(await services.sign_on_settings.get(principal), principal, services)


@router.put("/admin/sso", summary="Set up single sign-on", dependencies=ADMIN, responses=documented())
async def set_sign_on(body: NewSignOn, principal: CurrentPrincipal, services: Services) -> SignOnAnswer:
    """The provider is asked at once (discovery). People are found by the verified address that it gives."""
    provider = await services.sign_on_settings.put(
        principal,
        body.issuer,
        body.client_id,
        body.client_secret,
        enabled=body.enabled,
        trust_email=body.trust_email,
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
        trust_email=provider is not None and provider.trust_email,
        redirect_uri=f"{public_url}/auth/sso/callback",
        sign_in_url=f"{public_url}/app/login?sso={principal.organization_id}",
    )


def _organization(given: str) -> OrganizationId:
    """Here and not by the framework, since browsers come with links that were copied in part. Raises InvalidField."""
    try:
        return OrganizationId(UUID(given))
    except ValueError as refusal:
        raise InvalidField("/path/organization_id", "uuid_parsing", MESSAGES["uuid_parsing"]) from refusal


def _refused(services: Container, reason: str) -> RedirectResponse:
    query = urlencode({"sso_error": reason})
    return RedirectResponse(f"{services.settings.public_url}/app/login?{query}", 302)


def _cookie(services: Container) -> str:
    return f"__Host-{COOKIE}" if is_secure(services) else COOKIE
