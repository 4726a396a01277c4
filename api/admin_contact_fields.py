"""The fields that an organization adds to its contacts, for Administrators."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import Field, StrictBool

from api.dependencies import CurrentPrincipal, Services, requires
from api.idempotency import router_for
from api.models import Answer, Body, ShortText
from api.problems import documented
from domain.contacts.fields import MOST_CHOICES, MOST_FIELDS, FieldChanges, FieldDraft
from domain.contacts.own_values import FieldKind
from domain.shared.ids import ContactFieldId

router = router_for("admin")

ADMIN = [Depends(requires("admin"))]

CHOICES = Field(max_length=MOST_CHOICES, description="What can be chosen from, in order.")
Choices = Annotated[list[ShortText], CHOICES]


class ContactFieldAnswer(Answer):
    """A field of the organization. Values stand under its `key`, which never changes; archived ones keep theirs."""

    id: UUID
    key: str
    label: str
    kind: FieldKind
    choices: list[str]
    position: int
    archived_at: datetime | None
    created_at: datetime
    updated_at: datetime


class ContactFieldList(Answer):
    """All of them in their order, the archived ones last; `maximum` may be in use."""

    items: list[ContactFieldAnswer]
    next_cursor: str | None = None
    maximum: int = MOST_FIELDS


class NewContactField(Body):
    """A field at the end of the others. `choices` are for the kind choice."""

    label: ShortText
    kind: FieldKind
    choices: Annotated[Choices, Field(default_factory=list)]


class ContactFieldChanges(Body):
    """A JSON Merge Patch: what is left out stays. The kind never changes; `archived` false brings a field back."""

    label: ShortText | None = None
    choices: Choices | None = None
    archived: StrictBool | None = None


class ContactFieldOrder(Body):
    """All fields in use, each once."""

    ids: Annotated[list[UUID], Field(max_length=MOST_FIELDS)]


@router.get("/admin/contact-fields", summary="List own fields", responses=documented(), dependencies=ADMIN)
async def list_own_fields(who: CurrentPrincipal, services: Services) -> ContactFieldList:
    """The archived ones too, at the end."""
    found = await services.own_fields.with_archived(who)
    return ContactFieldList(items=[ContactFieldAnswer.model_validate(field) for field in found])


@router.post(
    "/admin/contact-fields", summary="Add an own field", status_code=201, responses=documented(409), dependencies=ADMIN
)
async def create_own_field(who: CurrentPrincipal, services: Services, body: NewContactField) -> ContactFieldAnswer:
    """From now on every contact can have a value of it. `already_exists` for the name of another field."""
    field = await services.own_fields.add(who, FieldDraft(body.label, body.kind, body.choices))
    return ContactFieldAnswer.model_validate(field)


@router.put("/admin/contact-fields/order", summary="Order the own fields", responses=documented(), dependencies=ADMIN)
async def order_own_fields(who: CurrentPrincipal, services: Services, body: ContactFieldOrder) -> ContactFieldList:
    """In which people see them."""
    found = await services.own_fields.put_in_order(who, [ContactFieldId(key) for key in body.ids])
    return ContactFieldList(items=[ContactFieldAnswer.model_validate(field) for field in found])


@router.patch(
    "/admin/contact-fields/{field_id}",
    summary="Change an own field",
    responses=documented(404, 409),
    dependencies=ADMIN,
)
async def update_own_field(
    who: CurrentPrincipal, services: Services, field_id: UUID, body: ContactFieldChanges
) -> ContactFieldAnswer:
    """Values that can't be chosen any more stay with the contacts that have them."""
    changes = FieldChanges(body.label, body.choices, body.archived)
    return ContactFieldAnswer.model_validate(await services.own_fields.change(who, ContactFieldId(field_id), changes))


@router.delete(
    "/admin/contact-fields/{field_id}",
    summary="Archive an own field",
    status_code=204,
    responses=documented(404),
    dependencies=ADMIN,
)
async def archive_own_field(who: CurrentPrincipal, services: Services, field_id: UUID) -> None:
    """It is shown, filled and asked for nowhere from now on. Its values are kept and come back with it."""
    await services.own_fields.archive(who, ContactFieldId(field_id))
