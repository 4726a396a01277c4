"""The log of requests, and the faults that are put in their way."""

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from adapters.sandbox.faults import Fault, FaultKind
from adapters.sandbox.world import TheWorld

router = APIRouter()

Json = dict[str, Any]


class FaultRule(BaseModel):
    """See the README of the sandbox. Without `count` it strikes for as long as it is there."""

    model_config = ConfigDict(extra="forbid")

    provider: Literal["google", "microsoft", "salesforce", "twilio", "zoominfo", "smtp"] | None = None
    path: str | None = None
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] | None = None
    kind: FaultKind
    status: int = Field(default=500, ge=200, le=599)
    rate: float = Field(default=1.0, ge=0, le=1)
    count: int | None = Field(default=None, ge=0)
    accepted: bool = False
    retry_after: int | None = Field(default=None, ge=0)
    seconds: float | None = Field(default=None, gt=0)


@router.get("/requests")
async def list_requests(
    world: TheWorld,
    provider: str | None = None,
    path: str | None = None,
    limit: Annotated[int, Query(ge=0, le=10_000)] = 100,
) -> Json:
    return world.log.report(provider, path, limit)


@router.delete("/requests", status_code=204)
async def forget_requests(world: TheWorld) -> None:
    world.log.clear()


@router.get("/faults")
async def list_faults(world: TheWorld) -> list[Json]:
    """The rules in force, with the strikes that are left of each."""
    return [asdict(rule) for rule in world.faults.rules]


@router.put("/faults")
async def replace_faults(world: TheWorld, rules: list[FaultRule]) -> list[Json]:
    world.faults.replace([Fault(**rule.model_dump()) for rule in rules])
    return [asdict(rule) for rule in world.faults.rules]
