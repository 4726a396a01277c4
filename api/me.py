"""The own account: profile, business hours, access tokens; and colleagues, for pickers."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from api.dependencies import CurrentPrincipal, Paging, Services, requires
from api.me_bodies import (
    AddressAnswer,
    BusinessHours,
    ColleagueAnswer,
    ColleagueList,
    MadeTokenAnswer,
    MeAnswer,
    NewBusinessHours,
    NewToken,
    OrganizationAnswer,
    ProfileChanges,
    TokenAnswer,
    TokenList,
)
from api.models import PlainText
from api.problems import documented
from domain.accounts.model import AccessToken, Me, avatar_url
from domain.shared.ids import TokenId

# A new token is shown once, so it must not be remembered under an Idempotency-Key.
router = APIRouter(tags=["me"])

READ = [Depends(requires("me:read"))]
WRITE = [Depends(requires("me:write"))]


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
        address=AddressAnswer.model_validate(user.address),
        avatar_url=avatar_url(user),
        start_salesflow_on_behalf=user.start_salesflow_on_behalf,
        second_factor=user.second_factor,
        must_set_up_second_factor=me.must_set_up_second_factor,
        signature=user.signature.kind,
        onboarding_done=me.onboarding_done,
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
