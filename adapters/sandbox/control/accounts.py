"""The provider's console and the user's account page: access taken back, tokens for trying things out."""

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel, ConfigDict

from adapters.sandbox.control.errors import UnknownError
from adapters.sandbox.google import scopes
from adapters.sandbox.google.oauth.grants import AskedFor
from adapters.sandbox.world import TheWorld

router = APIRouter()

Json = dict[str, Any]


def _address(value: str) -> str:
    address = value.strip().lower()
    local, _, domain = address.rpartition("@")
    if not local or not domain:
        raise ValueError("an email address is needed")
    return address


Address = Annotated[str, AfterValidator(_address)]


class AccountOf(BaseModel):
    model_config = ConfigDict(extra="forbid")

    provider: Literal["google"]
    account: Address


class TokenFor(AccountOf):
    """`scopes` by their full names; without them signing in and gmail.modify."""

    scopes: list[str] | None = None


@router.get("/accounts")
async def list_accounts(world: TheWorld) -> Json:
    connected = world.google.grants.connected_accounts()
    items = [
        asdict(account) | {"provider": "google", "account": account.address, "connected": account.address in connected}
        for account in world.google.accounts.all()
    ]
    return {"items": items, "next_cursor": None}


@router.post("/accounts/revoke")
async def revoke(world: TheWorld, wanted: AccountOf) -> Json:
    """Every token of the account dies, for every client."""
    if world.google.accounts.find(wanted.account) is None:
        raise UnknownError(f"there is no account {wanted.account}")
    return {"revoked_tokens": world.google.grants.revoke_account(wanted.account)}


@router.post("/tokens")
async def token(world: TheWorld, wanted: TokenFor) -> Json:
    """A token, and all that an official client library needs to renew it."""
    google = world.google
    client = next(iter(google.clients.values()), None)
    if client is None:
        raise UnknownError("no client is registered")
    google.accounts.ensure(wanted.account)
    google.mailboxes.history_id(wanted.account)
    scope = " ".join(wanted.scopes or scopes.DEFAULT)
    asked = AskedFor(client.client_id, "", wanted.account, scope, offline=True)
    issued = google.grants.issue(asked, google.switches.behaviour.access_token_seconds)
    return {
        "access_token": issued.access_token,
        "refresh_token": issued.refresh_token,
        "expires_in": issued.expires_in,
        "scope": issued.scope,
        "token_type": "Bearer",
        "token_uri": f"{google.issuer}/token",
        "client_id": client.client_id,
        "client_secret": client.client_secret,
        "api_endpoint": google.issuer,
    }
