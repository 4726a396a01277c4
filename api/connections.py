"""The user's own connections to providers."""

from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from starlette.responses import RedirectResponse

from api.dependencies import CurrentPrincipal, Services, requires
from api.models import Answer, PlainText
from api.problems import documented
from domain.connections.model import BackTo, Connection, ConnectionRefused, Provider
from domain.connections.service import back_to

# The way to a consent page can be gone once, so it must not be remembered under an Idempotency-Key.
router = APIRouter(prefix="/me/connections", tags=["connections"])

READ = [Depends(requires("me:read"))]
WRITE = [Depends(requires("me:write"))]

PAGES = {BackTo.ACCOUNT: "/app/account/connect", BackTo.ONBOARDING: "/app/onboarding"}
KINDS: dict[Provider, Literal["email"]] = {Provider.GOOGLE: "email"}


class ConnectionAnswer(Answer):
    """A provider and whether the user's account there is connected. `lost_reason` says why it has to be done again."""

    provider: Provider
    kind: Literal["email"]
    state: Literal["not_connected", "connected", "needs_reconnect"]
    account: str | None = None
    connected_at: datetime | None = None
    lost_reason: str | None = None


class ConnectionList(Answer):
    """Every provider that can be connected."""

    items: list[ConnectionAnswer]
    next_cursor: str | None = None


class Consent(Answer):
    """Where the user's browser has to go."""

    authorize_url: str


@router.get("", summary="List connections", dependencies=READ, responses=documented())
async def list_connections(principal: CurrentPrincipal, services: Services) -> ConnectionList:
    """One entry for each provider, connected or not."""
    known = {connection.provider: connection for connection in await services.connections.list(principal)}
    return ConnectionList(items=[_answer(provider, known.get(provider)) for provider in Provider])


@router.post("/{provider}", summary="Connect an account", dependencies=WRITE, responses=documented())
async def connect(
    provider: Provider,
    principal: CurrentPrincipal,
    services: Services,
    from_page: Annotated[
        BackTo, Query(alias="from", description="The page of the app that the user is sent back to.")
    ] = BackTo.ACCOUNT,
) -> Consent:
    """Answers with the address of the provider's consent page, good once within ten minutes for this user."""
    return Consent(authorize_url=await services.connections.begin(principal, provider, from_page))


@router.get(
    "/{provider}/callback",
    summary="Back from the consent page",
    status_code=302,
    response_class=RedirectResponse,
    dependencies=WRITE,
    responses=documented(),
)
async def complete_connection(
    provider: Provider,
    principal: CurrentPrincipal,
    services: Services,
    state: Annotated[PlainText, Query(max_length=500)] = "",
    code: Annotated[PlainText | None, Query(max_length=4000)] = None,
    error: Annotated[PlainText | None, Query(max_length=200)] = None,
) -> RedirectResponse:
    """Where the provider sends the browser. Goes on to the app, which says whether it worked or why not."""
    try:
        await services.connections.complete(principal, provider, state, code, error)
        outcome = {"connected": provider.value}
    except ConnectionRefused as refusal:
        outcome = {"error": refusal.reason}
        if refusal.missing:
            outcome["missing"] = " ".join(refusal.missing)
    target = f"{services.settings.public_url}{PAGES[back_to(state)]}?{urlencode(outcome)}"
    return RedirectResponse(target, 302)


@router.delete(
    "/{provider}", summary="Disconnect an account", status_code=204, dependencies=WRITE, responses=documented(404)
)
async def disconnect(provider: Provider, principal: CurrentPrincipal, services: Services) -> None:
    """Nothing is sent from it or read in it any more; the provider is told that the access ends."""
    await services.connections.disconnect(principal, provider)


def _answer(provider: Provider, connection: Connection | None) -> ConnectionAnswer:
    if connection is None:
        return ConnectionAnswer(provider=provider, kind=KINDS[provider], state="not_connected")
    return ConnectionAnswer(
        provider=provider,
        kind=KINDS[provider],
        state=connection.state.value,
        account=connection.account,
        connected_at=connection.connected_at,
        lost_reason=connection.lost_reason,
    )
