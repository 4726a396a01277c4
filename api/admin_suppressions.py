"""The suppression list, for Administrators."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from api.dependencies import CurrentPrincipal, Paging, Services, requires
from api.idempotency import router_for
from api.models import Answer, Body, LineText, Named
from api.problems import documented
from domain.contacts.suppression import Suppression, SuppressionKind
from domain.shared.ids import SuppressionId

router = router_for("admin")

ADMIN = [Depends(requires("admin"))]


class SuppressionAnswer(Answer):
    """An entry. Addresses and phones are kept as hashes, so only a `domain` can be read back. Those that the person
    asked for are by nobody and cannot be removed."""

    id: UUID
    kind: SuppressionKind
    domain: str | None
    reason: str
    by_person: bool
    created_by: Named | None
    created_at: datetime


class SuppressionPage(Answer):
    """Some entries, newest first."""

    items: list[SuppressionAnswer]
    next_cursor: str | None


class SuppressedValue(Body):
    """An address, a domain with all its addresses, or a phone."""

    kind: SuppressionKind
    value: LineText


class NewSuppression(SuppressedValue):
    """`reason` is for those who look at the list; write nobody's name into it."""

    reason: LineText


class SuppressionCheck(Answer):
    """Whether it is suppressed, and by which entry."""

    suppressed: bool
    suppression: SuppressionAnswer | None


@router.get("/admin/suppressions", summary="List suppressions", responses=documented(400), dependencies=ADMIN)
async def list_suppressions(
    who: CurrentPrincipal,
    services: Services,
    page: Paging,
    kind: Annotated[SuppressionKind | None, Query(description="Of one kind alone.")] = None,
) -> SuppressionPage:
    """Newest first."""
    found = await services.suppression_list.page(who, kind, page)
    return SuppressionPage(items=[_answer(one) for one in found.items], next_cursor=found.next_cursor)


@router.post("/admin/suppressions", summary="Suppress", status_code=201, responses=documented(), dependencies=ADMIN)
async def add_suppression(who: CurrentPrincipal, services: Services, body: NewSuppression) -> SuppressionAnswer:
    """In force at once, for every user and Salesflow. What is there already stays as it is, and is answered."""
    return _answer(await services.suppression_list.add(who, body.kind, body.value, body.reason))


@router.post("/admin/suppressions/check", summary="Is this suppressed?", responses=documented(), dependencies=ADMIN)
async def check_suppression(who: CurrentPrincipal, services: Services, body: SuppressedValue) -> SuppressionCheck:
    """Of an address also by its domain."""
    found = await services.suppression_list.check(who, body.kind, body.value)
    return SuppressionCheck(suppressed=found is not None, suppression=_answer(found) if found else None)


@router.delete(
    "/admin/suppressions/{suppression_id}",
    summary="Remove a suppression",
    status_code=204,
    responses=documented(404, 409),
    dependencies=ADMIN,
)
async def remove_suppression(who: CurrentPrincipal, services: Services, suppression_id: UUID) -> None:
    """What the person asked for stays: `suppressed_by_person`."""
    await services.suppression_list.remove(who, SuppressionId(suppression_id))


def _answer(one: Suppression) -> SuppressionAnswer:
    by = Named(id=str(one.created_by), name=one.created_by_name or "") if one.created_by else None
    return SuppressionAnswer(
        id=one.id,
        kind=one.kind,
        domain=one.domain,
        reason=one.reason,
        by_person=one.by_person,
        created_by=by,
        created_at=one.created_at,
    )
