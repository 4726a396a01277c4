"""Administration of users: who there is, what they may, how they come and go."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from pydantic import Field

from api.dependencies import CurrentPrincipal, Paging, Services, requires
from api.idempotency import router_for
from api.models import Answer, Body, LineText, PlainText, ShortText
from api.problems import documented
from domain.accounts.administering import UserEntry
from domain.accounts.inviting import Invited
from domain.accounts.model import UserState
from domain.accounts.one_time_links import OneTimeLink
from domain.salesflows.offboarding import LeftBehind
from domain.shared.ids import UserId
from domain.shared.principal import Role

router = router_for("admin")

ADMIN = [Depends(requires("admin"))]
PATH = "/admin/users"
ONE = PATH + "/{user_id}"


class InvitationAnswer(Answer):
    """An invitation that was not accepted yet, also when it has run out. `sent_at` is null until its mail has left."""

    sent_at: datetime | None
    expires_at: datetime


class ManagedUser(Answer):
    """A user as Administrators see one."""

    id: UUID
    name: str
    email: str
    role: Role
    state: UserState
    start_salesflow_on_behalf: bool
    last_seen_at: datetime | None
    invitation: InvitationAnswer | None


class ManagedUserPage(Answer):
    """Users by name."""

    items: list[ManagedUser]
    next_cursor: str | None


class NewInvitation(Body):
    """Who is invited."""

    email: LineText
    name: ShortText
    role: Role


class UserChanges(Body):
    """What is given changes."""

    name: ShortText | None = None
    role: Role | None = None
    start_salesflow_on_behalf: bool | None = Field(None, strict=True)


class LeftSalesflowAnswer(Answer):
    """A Salesflow in which contacts are written to in somebody's name."""

    id: UUID
    name: str
    enrollments: int


class Handover(Answer):
    """How many contacts are in Salesflows in the name of the user, and in which."""

    enrollments: int
    salesflows: list[LeftSalesflowAnswer]


class WaitingAnswer(Answer):
    """A deleted user, and how many contacts wait in Salesflows to be handed over since."""

    id: UUID
    name: str
    email: str
    enrollments: int


class WaitingList(Answer):
    """By name."""

    items: list[WaitingAnswer]


class Heir(Body):
    """To whom it is handed over."""

    to: UUID


class HandedOverAnswer(Answer):
    """How many enrollments were handed over."""

    enrollments: int


@router.get(PATH, summary="List users", dependencies=ADMIN, responses=documented(400))
async def list_managed_users(
    principal: CurrentPrincipal,
    services: Services,
    page: Paging,
    q: Annotated[PlainText, Query(max_length=120, description="Part of a name or address.")] = "",
    state: Annotated[UserState | None, Query(description="Without it those who are there: active and invited.")] = None,
) -> ManagedUserPage:
    """Users of the organization by name."""
    found = await services.user_administration.page(principal, q.strip(), [state] if state else [], page)
    return ManagedUserPage(items=[_user(entry) for entry in found.items], next_cursor=found.next_cursor)


@router.post(PATH, summary="Invite a user", status_code=201, dependencies=ADMIN, responses=documented(409))
async def invite_user(body: NewInvitation, principal: CurrentPrincipal, services: Services) -> ManagedUser:
    """Sends a mail with a link to choose a password, good once within seven days."""
    return _user(await services.inviting.invite(principal, Invited(body.email, body.name, body.role)))


@router.get(ONE, summary="Get a user", dependencies=ADMIN, responses=documented(404))
async def get_managed_user(user_id: UUID, principal: CurrentPrincipal, services: Services) -> ManagedUser:
    """Deleted ones as well."""
    return _user(await services.user_administration.get(principal, UserId(user_id)))


@router.patch(ONE, summary="Change a user", dependencies=ADMIN, responses=documented(404, 409))
async def update_managed_user(
    user_id: UUID, body: UserChanges, principal: CurrentPrincipal, services: Services
) -> ManagedUser:
    """A JSON merge patch. Whose role changes has to sign in anew; the last Administrator stays one (409)."""
    changes = body.model_dump(exclude_unset=True)
    return _user(await services.user_administration.change(principal, UserId(user_id), changes))


@router.delete(ONE, summary="Delete a user", status_code=204, dependencies=ADMIN, responses=documented(404, 409))
async def delete_user(
    user_id: UUID,
    principal: CurrentPrincipal,
    services: Services,
    enrollments: Annotated[LeftBehind, Query(description="What becomes of running ones.")] = LeftBehind.PAUSE,
    to: Annotated[UUID | None, Query(description="To whom they are handed over.")] = None,
) -> None:
    """Sessions, tokens and connections end at once; providers are told. What the user did stays in the history.

    Enrollments are held until they are handed over, or handed over now to a user whose mailbox is connected.
    """
    await services.offboarding.delete(principal, UserId(user_id), enrollments, UserId(to) if to else None)


@router.post(
    ONE + "/invitations", summary="Invite a user again", status_code=201, dependencies=ADMIN, responses=documented(404)
)
async def send_invitation_again(user_id: UUID, principal: CurrentPrincipal, services: Services) -> ManagedUser:
    """Sends another mail with another link; the one before serves no more."""
    return _user(await services.inviting.invite_again(principal, UserId(user_id)))


@router.delete(
    ONE + "/invitations",
    summary="Revoke an invitation",
    status_code=204,
    dependencies=ADMIN,
    responses=documented(404, 409),
)
async def revoke_invitation(user_id: UUID, principal: CurrentPrincipal, services: Services) -> None:
    """The link serves no more. The user can be invited again, or deleted."""
    await services.inviting.revoke(principal, UserId(user_id))


@router.get(ONE + "/handover", summary="What did a user leave?", dependencies=ADMIN, responses=documented(404))
async def get_handover(user_id: UUID, principal: CurrentPrincipal, services: Services) -> Handover:
    """Unfinished enrollments in the name of the user: of a deleted one those that wait to be handed over."""
    left = await services.offboarding.left_by(principal, UserId(user_id))
    shown = [LeftSalesflowAnswer(id=one.salesflow_id, name=one.name, enrollments=one.enrollments) for one in left]
    return Handover(enrollments=sum(one.enrollments for one in left), salesflows=shown)


@router.get("/admin/handovers", summary="What waits to be handed over?", dependencies=ADMIN, responses=documented())
async def list_handovers(principal: CurrentPrincipal, services: Services) -> WaitingList:
    """Deleted users whose contacts wait in Salesflows for a colleague."""
    waiting = await services.offboarding.waiting(principal)
    shown = [
        WaitingAnswer(id=one.user_id, name=one.name, email=one.email, enrollments=one.enrollments) for one in waiting
    ]
    return WaitingList(items=shown)


@router.post(ONE + "/handover", summary="Hand over what a user left", dependencies=ADMIN, responses=documented(404))
async def hand_over(user_id: UUID, body: Heir, principal: CurrentPrincipal, services: Services) -> HandedOverAnswer:
    """A colleague goes on with what a deleted user had begun, from the own mailbox and in the own hours."""
    done = await services.offboarding.hand_over(principal, UserId(user_id), UserId(body.to))
    return HandedOverAnswer(enrollments=done.enrollments)


def _user(entry: UserEntry) -> ManagedUser:
    user = entry.user
    return ManagedUser(
        id=user.id,
        name=user.name,
        email=user.email,
        role=user.role,
        state=user.state,
        start_salesflow_on_behalf=user.start_salesflow_on_behalf,
        last_seen_at=entry.last_seen_at,
        invitation=_invitation(entry.invitation) if entry.invitation else None,
    )


def _invitation(link: OneTimeLink) -> InvitationAnswer:
    return InvitationAnswer(sent_at=link.sent_at, expires_at=link.expires_at)
