"""The organization's settings, for Administrators."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field, StringConstraints

from api.dependencies import CurrentPrincipal, Services, requires
from api.models import Answer, Body, PlainText, ShortText
from api.problems import documented
from domain.accounts.organization_settings import DAYS, IDLE_MINUTES, LONGEST_ADDRESS, Standing

router = APIRouter(prefix="/admin/settings", tags=["admin"])

ADMIN = [Depends(requires("admin"))]

IdleMinutes = Annotated[int, Field(ge=IDLE_MINUTES[0], le=IDLE_MINUTES[-1], strict=True)]
Days = Annotated[int, Field(ge=DAYS[0], le=DAYS[-1], strict=True)]


class SettingsAnswer(Answer):
    """What holds for the organization; `sign_in_url` is where its people sign in."""

    name: str
    postal_address: str
    require_second_factor: bool
    users_without_second_factor: int
    session_idle_minutes: int
    session_days: int
    sign_in_url: str


class SettingsChanges(Body):
    """What is given changes."""

    name: ShortText | None = None
    postal_address: Annotated[PlainText, StringConstraints(max_length=LONGEST_ADDRESS)] | None = None
    require_second_factor: Annotated[bool, Field(strict=True)] | None = None
    session_idle_minutes: IdleMinutes | None = None
    session_days: Days | None = None


@router.get("", summary="Show the organization's settings", dependencies=ADMIN, responses=documented())
async def get_settings(principal: CurrentPrincipal, services: Services) -> SettingsAnswer:
    """For Administrators."""
    return _answer(await services.organization_settings.get(principal), services.settings.public_url)


@router.patch("", summary="Change the organization's settings", dependencies=ADMIN, responses=documented(412))
async def change_settings(body: SettingsChanges, principal: CurrentPrincipal, services: Services) -> SettingsAnswer:
    """A JSON merge patch. Shorter sessions hold at once, for those that are open too."""
    changes = body.model_dump(exclude_unset=True)
    standing = await services.organization_settings.change(principal, changes)
    return _answer(standing, services.settings.public_url)


def _answer(standing: Standing, public_url: str) -> SettingsAnswer:
    organization, policy = standing.organization, standing.organization.policy
    return SettingsAnswer(
        name=organization.name,
        postal_address=organization.postal_address,
        require_second_factor=policy.require_second_factor,
        users_without_second_factor=standing.users_without_second_factor,
        session_idle_minutes=policy.session_idle_minutes,
        session_days=policy.session_days,
        sign_in_url=f"{public_url}/app/login",
    )
