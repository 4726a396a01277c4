"""What only the stand-in of Google has: its behaviour where the real one is uncertain, limits, accounts, history."""

from dataclasses import asdict
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from adapters.sandbox.control.accounts import Address
from adapters.sandbox.world import TheWorld

router = APIRouter()

Json = dict[str, Any]


class _Changes(BaseModel):
    """Fields that are left out stay as they are."""

    model_config = ConfigDict(extra="forbid")

    def given(self) -> Json:
        return self.model_dump(exclude_unset=True, exclude_none=True)


class BehaviourChanges(_Changes):
    keep_message_id: bool | None = None
    search_lag_seconds: float | None = Field(default=None, ge=0)
    access_token_seconds: int | None = Field(default=None, ge=1)
    quota_status: Literal[403, 429] | None = None


class LimitChanges(_Changes):
    units_per_minute: int | None = Field(default=None, ge=0)
    sends_per_day: int | None = Field(default=None, ge=0)


class AccountChanges(_Changes):
    name: str | None = None
    signature: str | None = None
    aliases: list[Address] | None = None


class Whose(BaseModel):
    model_config = ConfigDict(extra="forbid")

    account: Address


@router.get("/google")
async def read_behaviour(world: TheWorld) -> Json:
    return asdict(world.google.switches.behaviour)


@router.put("/google")
async def change_behaviour(world: TheWorld, changes: BehaviourChanges) -> Json:
    return asdict(world.google.switches.change_behaviour(changes.given()))


@router.get("/limits")
async def read_limits(world: TheWorld) -> Json:
    return asdict(world.google.switches.limits)


@router.put("/limits")
async def change_limits(world: TheWorld, changes: LimitChanges) -> Json:
    return asdict(world.google.switches.change_limits(changes.given()))


@router.put("/google/accounts/{account}")
async def change_account(world: TheWorld, account: Address, changes: AccountChanges) -> Json:
    """Name, HTML signature and further sender addresses of an account, which is made when it is new."""
    return asdict(world.google.accounts.change(account, changes.given()))


@router.post("/google/history/expire", status_code=204)
async def expire_history(world: TheWorld, whose: Whose) -> None:
    """Every cursor that was given so far is too old from now on."""
    with world.store.transaction():
        world.google.mailboxes.expire_history(whose.account)
