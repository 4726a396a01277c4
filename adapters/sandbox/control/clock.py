"""GET and POST /control/clock."""

import re
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, model_validator

from adapters.sandbox.world import TheWorld

router = APIRouter()

_DURATION = re.compile(
    r"P(?=.)(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=.)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)


def duration(text: str) -> timedelta:
    """An ISO 8601 duration of weeks, days and less; months and years have no fixed length and are refused."""
    found = _DURATION.fullmatch(text)
    if found is None:
        raise ValueError("an ISO 8601 duration such as PT72H or P1DT12H is needed, forwards only")
    return timedelta(**{unit: float(amount) for unit, amount in found.groupdict().items() if amount})


def _is_duration(text: str) -> str:
    duration(text)
    return text


class Move(BaseModel):
    """Either by how much, or to when."""

    model_config = ConfigDict(extra="forbid")

    advance: Annotated[str, AfterValidator(_is_duration)] | None = None
    at: AwareDatetime | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "Move":
        if (self.advance is None) == (self.at is None):
            raise ValueError("either advance or at is needed")
        return self


@router.get("/clock")
async def read(world: TheWorld) -> dict[str, datetime]:
    return {"now": world.clock.now()}


@router.post("/clock")
async def move(world: TheWorld, wanted: Move) -> dict[str, datetime]:
    """Moves the time that Engage and the sandbox see; 422 backwards."""
    if wanted.at is not None:
        return {"now": world.clock.move_to(wanted.at)}
    return {"now": world.clock.advance(duration(wanted.advance or "PT0S"))}
