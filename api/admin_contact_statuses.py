"""The Contact Status list, for Administrators."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from pydantic import Field, StrictBool
from starlette.responses import Response

from api.contacts import ContactStatusAnswer, ContactStatusList
from api.dependencies import CurrentPrincipal, Services, requires
from api.idempotency import router_for
from api.jobs import JobAnswer, answer_of
from api.models import Body, ShortText
from api.problems import documented
from domain.contacts.model import ContactStatus, ContactStatusId
from domain.contacts.statuses import MOST_STATUSES, StatusChanges

router = router_for("admin")

ADMIN = [Depends(requires("admin"))]

Color = Annotated[ShortText, Field(description="As #rrggbb.")]


class NewContactStatus(Body):
    """A status at the end of the others."""

    label: ShortText
    color: Color
    is_default: StrictBool = False


class ContactStatusChanges(Body):
    """A JSON Merge Patch: what is left out stays. A new default takes the place of the former one."""

    label: ShortText | None = None
    color: Color | None = None
    is_default: StrictBool | None = None


class ContactStatusOrder(Body):
    """All statuses, each once."""

    ids: Annotated[list[UUID], Field(max_length=MOST_STATUSES)]


@router.get("/admin/contact-statuses", summary="List contact statuses", responses=documented(), dependencies=ADMIN)
async def list_statuses(who: CurrentPrincipal, services: Services) -> ContactStatusList:
    """In their order."""
    return _answer(await services.statuses.all(who))


@router.post(
    "/admin/contact-statuses",
    summary="Add a contact status",
    status_code=201,
    responses=documented(409),
    dependencies=ADMIN,
)
async def create_status(who: CurrentPrincipal, services: Services, body: NewContactStatus) -> ContactStatusAnswer:
    """`already_exists` for the name of another one."""
    status = await services.statuses.add(who, body.label, body.color, is_default=body.is_default)
    return ContactStatusAnswer.model_validate(status)


@router.put(
    "/admin/contact-statuses/order", summary="Order the contact statuses", responses=documented(), dependencies=ADMIN
)
async def order_statuses(who: CurrentPrincipal, services: Services, body: ContactStatusOrder) -> ContactStatusList:
    """In which people choose from them."""
    return _answer(await services.statuses.put_in_order(who, [ContactStatusId(key) for key in body.ids]))


@router.patch(
    "/admin/contact-statuses/{status_id}",
    summary="Change a contact status",
    responses=documented(404, 409),
    dependencies=ADMIN,
)
async def update_status(
    who: CurrentPrincipal, services: Services, status_id: UUID, body: ContactStatusChanges
) -> ContactStatusAnswer:
    """Contacts keep it under its new name, and so do lists and views that ask for it."""
    changes = StatusChanges(body.label, body.color, body.is_default)
    return ContactStatusAnswer.model_validate(await services.statuses.change(who, ContactStatusId(status_id), changes))


@router.delete(
    "/admin/contact-statuses/{status_id}",
    summary="Delete a contact status",
    status_code=204,
    responses={**documented(404, 409), 202: {"model": JobAnswer, "description": "Its contacts get the other one."}},
    dependencies=ADMIN,
    response_class=Response,
)
async def delete_status(
    who: CurrentPrincipal,
    services: Services,
    status_id: UUID,
    replace_with: Annotated[UUID | None, Query(description="The status that its contacts get.")] = None,
) -> Response:
    """At once if no contact has it. Else `replace_with` is needed, and the answer is the job that gives its contacts
    the other one and then removes it."""
    other = ContactStatusId(replace_with) if replace_with else None
    job = await services.statuses.remove(who, ContactStatusId(status_id), other)
    if job is None:
        return Response(status_code=204)
    return Response(answer_of(job, services).model_dump_json(), 202, media_type="application/json")


def _answer(statuses: Sequence[ContactStatus]) -> ContactStatusList:
    return ContactStatusList(items=[ContactStatusAnswer.model_validate(status) for status in statuses])
