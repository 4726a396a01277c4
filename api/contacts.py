"""Contacts: the directory, one contact, what happened with it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
import orjson
from fastapi import Depends, Header, Query
from pydantic import Field
from starlette.responses import Response

from api.contact_filters import ContactsMeant
from api.contact_values import OwnValues
from api.dependencies import CurrentPrincipal, Paging, Services, requires
from api.etags import version_of
from api.idempotency import router_for
from api.models import Answer, Body, LineText, Named, ShortText
from api.problems import documented
from api.questions import Question, QuestionRoute
from domain.activities.model import ActivityType, TimelineEntry, TimelineKind
from domain.contacts.model import Contact, ContactChanges, EmailState, NewContact
from domain.contacts.ports import ListedContact
from domain.shared.ids import ContactId

router = router_for("contacts")

READ = [Depends(requires("contacts:read"))]
WRITE = [Depends(requires("contacts:write"))]
ETAG = {"ETag": {"description": "The version, for If-Match.", "schema": {"type": "string"}}}


class ContactAnswer(Answer):
    """A person to be sold to. `custom` has the values of own fields by their keys, of archived ones as well."""

    id: UUID
    first_name: str | None
    last_name: str
    name: str
    salutation: str | None
    email: str | None
    company: str | None
    job_title: str | None
    business_phone: str | None
    mobile_phone: str | None
    street: str | None
    city: str | None
    state: str | None
    zip: str | None
    country: str | None
    time_zone: str | None
    custom: dict[str, str | float | bool]
    status: str
    owner: Named | None
    email_state: EmailState
    opted_out: bool
    opted_out_at: datetime | None
    do_not_call: bool
    last_activity_at: datetime
    created_at: datetime
    updated_at: datetime
    version: int


class ContactDetailAnswer(ContactAnswer):
    """A contact as its page shows it: with the static lists on which it stands, by name."""

    lists: list[Named]


class ContactPage(Answer):
    """Some contacts. `total` is counted when asked for, up to 100,000, which reads "100,000 or more"."""

    items: list[ContactAnswer]
    next_cursor: str | None
    total: int | None = None


class ContactFields(Body):
    """What can be said about a contact. Phones are kept as E.164; `status` is a label of /contacts/statuses, and
    `custom` has values of the organization's own fields by their keys, see /contacts/fields. Null clears one."""

    first_name: ShortText | None = None
    salutation: ShortText | None = None
    email: LineText | None = None
    company: LineText | None = None
    job_title: LineText | None = None
    business_phone: ShortText | None = None
    mobile_phone: ShortText | None = None
    street: LineText | None = None
    city: ShortText | None = None
    state: ShortText | None = None
    zip: ShortText | None = None
    country: ShortText | None = None
    time_zone: ShortText | None = None
    status: ShortText | None = None
    owner_id: UUID | None = None
    custom: OwnValues


class NewContactBody(ContactFields):
    """A new contact; the owner is who adds it, unless another is named."""

    last_name: ShortText


class ContactChangesBody(ContactFields):
    """A JSON Merge Patch: what is left out stays, null clears; so it is with each value of `custom`."""

    last_name: ShortText | None = None
    do_not_call: Annotated[bool, Field(strict=True, default_factory=bool)]


class ContactStatusAnswer(Answer):
    """A value that a contact's status can have."""

    id: UUID
    label: str
    color: str
    position: int
    is_default: bool


class ContactStatusList(Answer):
    """All of them, in their order."""

    items: list[ContactStatusAnswer]
    next_cursor: str | None = None


class EmailReference(Answer):
    """An email, by its subject."""

    id: UUID
    subject: str | None


class WrittenNote(Answer):
    """A note as it stands now."""

    id: UUID
    text: str
    version: int
    updated_at: datetime


class ActivityAnswer(Answer):
    """Something that happened. `detail` depends on the type, like the `url` of an email_clicked; a note_added has its
    `note`."""

    id: UUID
    type: ActivityType
    at: datetime
    user: Named | None
    salesflow: Named | None
    email: EmailReference | None
    note: WrittenNote | None
    detail: dict[str, Any]


class ActivityPage(Answer):
    """Some activities, newest first."""

    items: list[ActivityAnswer]
    next_cursor: str | None


class Listing(msgspec.Struct):
    """A ContactPage on its way out: rows as the store gives them."""

    items: Sequence[ListedContact]
    next_cursor: str | None
    total: int | msgspec.UnsetType


JSON = msgspec.json.Encoder()


class ContactsQuestion(Question, ContactsMeant):
    """Which contacts, in which order."""


class NeighboursAnswer(Answer):
    """Who comes before and after a contact in the directory."""

    previous: UUID | None
    next: UUID | None


async def list_contacts(
    who: CurrentPrincipal, services: Services, asked: Annotated[ContactsQuestion, Query()]
) -> Response:
    """Contacts that match every word and meet every condition, page by page."""
    found = await services.contacts.page(who, asked.matching, asked.sort, asked.page)
    listing = Listing(found.items, found.next_cursor, msgspec.UNSET if found.total is None else found.total)
    return Response(JSON.encode(listing), media_type="application/json")


router.add_api_route(
    "/contacts",
    list_contacts,
    methods=["GET"],
    summary="Find contacts",
    responses={**documented(400), 200: {"model": ContactPage}},
    dependencies=READ,
    response_class=Response,
    route_class_override=QuestionRoute,
)


@router.post(
    "/contacts",
    summary="Add a contact",
    status_code=201,
    responses={**documented(409), 201: {"model": ContactAnswer, "headers": ETAG}},
    dependencies=WRITE,
    response_class=Response,
)
async def create_contact(who: CurrentPrincipal, services: Services, body: NewContactBody) -> Response:
    """Refused with `already_exists` and the `contact_id` when a contact has the address already, or had it as a record
    that was merged into it."""
    contact = await services.contacts.create(who, NewContact(**body.model_dump(exclude_unset=True)))
    return contact_answer(contact, 201)


@router.get("/contacts/statuses", summary="List contact statuses", responses=documented(), dependencies=READ)
async def list_contact_statuses(who: CurrentPrincipal, services: Services) -> ContactStatusList:
    """The values that a contact's status can have, in the order that Administrators gave them."""
    statuses = await services.contacts.statuses(who)
    return ContactStatusList(items=[ContactStatusAnswer.model_validate(status) for status in statuses])


@router.get(
    "/contacts/{contact_id}",
    summary="Get a contact",
    responses={**documented(404), 200: {"model": ContactDetailAnswer, "headers": ETAG}},
    dependencies=READ,
    response_class=Response,
)
async def get_contact(who: CurrentPrincipal, services: Services, contact_id: UUID) -> Response:
    """With its version as ETag."""
    contact = await services.contacts.get(who, ContactId(contact_id))
    lists = await services.lists.of_contact(who, contact.id)
    return contact_answer(contact, lists=[{"id": one.id, "name": one.name} for one in lists])


@router.get(
    "/contacts/{contact_id}/neighbours",
    summary="Find who comes before and after a contact",
    responses=documented(404),
    dependencies=READ,
)
async def find_neighbours(
    who: CurrentPrincipal, services: Services, contact_id: UUID, asked: Annotated[ContactsMeant, Query()]
) -> NeighboursAnswer:
    """Among those who match, in that order; the contact itself need not match any more."""
    found = await services.contacts.neighbours(who, ContactId(contact_id), asked.matching, asked.sort)
    return NeighboursAnswer(previous=found.previous, next=found.next)


@router.patch(
    "/contacts/{contact_id}",
    summary="Change a contact",
    responses={**documented(404, 409, 412), 200: {"model": ContactAnswer, "headers": ETAG}},
    dependencies=WRITE,
    response_class=Response,
)
async def update_contact(
    who: CurrentPrincipal,
    services: Services,
    contact_id: UUID,
    body: ContactChangesBody,
    if_match: Annotated[str | None, Header(max_length=100, description="The ETag that the change was made on.")] = None,
) -> Response:
    """What is left out stays, null clears. With If-Match refused when somebody changed the contact meanwhile."""
    changes = ContactChanges(**body.model_dump(exclude_unset=True))
    changed = await services.contacts.update(who, ContactId(contact_id), changes, version_of(if_match))
    return contact_answer(changed)


@router.delete(
    "/contacts/{contact_id}",
    summary="Delete a contact",
    status_code=204,
    responses=documented(404),
    dependencies=WRITE,
)
async def delete_contact(who: CurrentPrincipal, services: Services, contact_id: UUID) -> None:
    """Ends the contact's Salesflows too. For its owner and Administrators."""
    await services.contacts.delete(who, ContactId(contact_id))


@router.get(
    "/contacts/{contact_id}/activities",
    summary="List what happened with a contact",
    responses=documented(400, 404),
    dependencies=READ,
)
async def list_contact_activities(
    who: CurrentPrincipal,
    services: Services,
    page: Paging,
    contact_id: UUID,
    kind: Annotated[TimelineKind | None, Query(description="Of this kind alone.")] = None,
) -> ActivityPage:
    """Newest first."""
    found = await services.contacts.timeline(who, ContactId(contact_id), page, kind)
    return ActivityPage(items=[_activity(entry) for entry in found.items], next_cursor=found.next_cursor)


def contact_answer(contact: Contact, status: int = 200, **more: object) -> Response:
    """With its version as ETag."""
    return _json({**shown(contact), **more}, status, {"etag": f'"{contact.version}"'})


def _json(content: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Ids that the driver read are of a class of its own, hence `str`."""
    body = orjson.dumps(content, default=str, option=orjson.OPT_UTC_Z)
    return Response(body, status, media_type="application/json", headers=headers)


def shown(contact: Contact) -> dict[str, object]:
    """The same as the directory shows of it."""
    plain = {name: getattr(contact, name) for name in ContactAnswer.model_fields if name != "owner"}
    return {**plain, "owner": {"id": contact.owner_id, "name": contact.owner_name} if contact.owner_id else None}


def _activity(entry: TimelineEntry) -> ActivityAnswer:
    happened = entry.activity
    return ActivityAnswer(
        id=entry.id,
        type=happened.type,
        at=happened.at,
        user=_named(happened.user_id, entry.user_name),
        salesflow=_named(happened.salesflow_id, entry.salesflow_name),
        email=EmailReference(id=happened.email_id, subject=entry.email_subject) if happened.email_id else None,
        note=WrittenNote.model_validate(entry.note) if entry.note else None,
        detail=dict(happened.detail),
    )


def _named(key: UUID | None, name: str | None) -> Named | None:
    """Nothing for what was removed since."""
    return Named(id=str(key), name=name) if key and name is not None else None
