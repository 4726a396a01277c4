"""The own account: profile, business hours, access tokens; and colleagues, for pickers."""

from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import ConfigDict, Field

from api.dependencies import CurrentPrincipal, Paging, Services, requires
from api.models import Answer, Body, Day, PlainText, ShortText
from api.problems import documented
from domain.accounts.model import AccessToken, Me
from domain.accounts.tokens import LONGEST
from domain.shared.ids import TokenId
from domain.shared.principal import Role

# A new token is shown once, so it must not be remembered under an Idempotency-Key.
router = APIRouter(tags=["me"])

READ = [Depends(requires("me:read"))]
WRITE = [Depends(requires("me:write"))]

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class OrganizationAnswer(Answer):
    """The organization of the user who asks."""

    id: UUID
    name: str
    postal_address: str


class MeAnswer(Answer):
    """The user who asks."""

    id: UUID
    email: str
    name: str
    role: Role
    time_zone: str
    culture: str
    phone: str | None
    job_title: str | None
    company: str | None
    start_salesflow_on_behalf: bool
    organization: OrganizationAnswer
    now: datetime = Field(description="Business time, which may be ahead of the browser's beside the sandbox.")


class ProfileChanges(Body):
    """What is given changes; null clears what may be empty."""

    name: ShortText | None = None
    phone: ShortText | None = None
    job_title: ShortText | None = None
    company: ShortText | None = None
    time_zone: ShortText | None = None
    culture: ShortText | None = None


class TokenAnswer(Answer):
    """A personal access token, without its secret."""

    id: UUID
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


class TokenList(Answer):
    """All tokens of the user, newest first."""

    items: list[TokenAnswer]
    next_cursor: str | None = None


class NewToken(Body):
    """What a token is for."""

    name: ShortText
    scopes: list[ShortText] = Field(max_length=50)
    expires_in_days: int = Field(30, ge=1, le=LONGEST.days, strict=True)


class MadeTokenAnswer(TokenAnswer):
    """A new token: `token` is shown this once."""

    token: str


class OpenHours(Body):
    """From a time of the day to a later one, HH:MM; 24:00 is the end of the day."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, from_attributes=True)

    opens: PlainText = Field(alias="from", max_length=5)
    closes: PlainText = Field(alias="to", max_length=5)


class FreeDay(Body):
    """A day on which the user does not work."""

    date: Day
    name: PlainText = Field("", max_length=100)
    source: Literal["country", "own"] = "own"


class BusinessHours(Body):
    """When the user works: nothing is sent outside of it."""

    time_zone: ShortText
    days: dict[Weekday, list[OpenHours]]
    holidays: list[FreeDay]
    country: ShortText | None


class NewBusinessHours(Body):
    """What is left out stays; a holiday of the country that is missing in the list is a working day."""

    time_zone: ShortText | None = None
    days: dict[Weekday, list[OpenHours]] | None = None
    holidays: list[FreeDay] | None = Field(None, max_length=1000)
    country: ShortText | None = None


class ColleagueAnswer(Answer):
    """A user as pickers show one."""

    id: UUID
    name: str
    email: str


class ColleagueList(Answer):
    """Colleagues by name."""

    items: list[ColleagueAnswer]
    next_cursor: str | None


def answer_me(me: Me) -> MeAnswer:
    """The user who asks, as the API shows him."""
    user, organization = me.user, OrganizationAnswer.model_validate(me.organization)
    return MeAnswer(
        id=user.id,
        email=user.email,
        name=user.name,
        role=user.role,
        time_zone=user.time_zone,
        culture=user.culture,
        phone=user.phone,
        job_title=user.job_title,
        company=user.company,
        start_salesflow_on_behalf=user.start_salesflow_on_behalf,
        organization=organization,
        now=me.now,
    )


@router.get("/me", summary="Who am I?", dependencies=READ, responses=documented())
async def get_me(principal: CurrentPrincipal, services: Services) -> MeAnswer:
    """The user who asks, and the organization."""
    return answer_me(await services.accounts.me(principal))


@router.patch("/me", summary="Change the own profile", dependencies=WRITE, responses=documented())
async def update_me(body: ProfileChanges, principal: CurrentPrincipal, services: Services) -> MeAnswer:
    """A JSON merge patch. Phones are kept as E.164; business hours move with the time zone."""
    changes = body.model_dump(exclude_unset=True)
    return answer_me(await services.accounts.update_profile(principal, changes))


@router.get("/me/business-hours", summary="When do I work?", dependencies=READ, responses=documented())
async def get_business_hours(principal: CurrentPrincipal, services: Services) -> BusinessHours:
    """Hours per weekday, and the holidays of this year and the next."""
    return BusinessHours.model_validate(await services.accounts.business_hours(principal))


@router.put("/me/business-hours", summary="Change when I work", dependencies=WRITE, responses=documented())
async def set_business_hours(body: NewBusinessHours, principal: CurrentPrincipal, services: Services) -> BusinessHours:
    """What was already planned follows the new hours when it comes due."""
    given = body.model_dump(mode="json", exclude_unset=True, by_alias=True)
    document = {name: value for name, value in given.items() if value is not None or name == "country"}
    return BusinessHours.model_validate(await services.accounts.set_business_hours(principal, document))


@router.get("/me/tokens", summary="List personal access tokens", dependencies=READ, responses=documented())
async def list_tokens(principal: CurrentPrincipal, services: Services) -> TokenList:
    """For a signed-in person only, newest first."""
    return TokenList(items=[_token(token) for token in await services.accounts.tokens(principal)])


@router.post(
    "/me/tokens", summary="Make a personal access token", status_code=201, dependencies=WRITE, responses=documented()
)
async def create_token(body: NewToken, principal: CurrentPrincipal, services: Services) -> MadeTokenAnswer:
    """For a signed-in person only. The token itself is in this answer and nowhere else."""
    lifetime = timedelta(days=body.expires_in_days)
    made = await services.accounts.create_token(principal, body.name, body.scopes, lifetime)
    return MadeTokenAnswer(**_token(made.token).model_dump(), token=made.secret)


@router.delete(
    "/me/tokens/{token_id}",
    summary="Revoke a personal access token",
    status_code=204,
    dependencies=WRITE,
    responses=documented(404),
)
async def revoke_token(token_id: UUID, principal: CurrentPrincipal, services: Services) -> None:
    """For a signed-in person only. The token serves no more, everywhere within a second."""
    await services.accounts.revoke_token(principal, TokenId(token_id))


@router.get("/users", summary="List colleagues", dependencies=READ, responses=documented(400))
async def list_users(
    principal: CurrentPrincipal,
    services: Services,
    page: Paging,
    q: Annotated[PlainText, Query(max_length=120, description="Part of a name or address.")] = "",
) -> ColleagueList:
    """Users of the organization by name, for pickers and filters."""
    found = await services.accounts.directory(principal, q.strip(), page)
    items = [ColleagueAnswer.model_validate(colleague) for colleague in found.items]
    return ColleagueList(items=items, next_cursor=found.next_cursor)


def _token(token: AccessToken) -> TokenAnswer:
    return TokenAnswer.model_validate(token)
