"""Lists of contacts: static ones, and those that a filter fills."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header
from pydantic import Field
from starlette.responses import Response

from api.contact_filters import ContactFilterBody
from api.dependencies import CurrentPrincipal, Paging, Services, requires
from api.etags import version_of
from api.idempotency import router_for
from api.models import Answer, Body, Named, ShortText
from api.problems import documented
from domain.contacts.lists import MOST_AT_ONCE, CountedList, ListKind
from domain.shared.ids import ContactId, ContactListId

router = router_for("contacts")

READ = [Depends(requires("contacts:read"))]
WRITE = [Depends(requires("contacts:write"))]


class ContactListAnswer(Answer):
    """A list. `members` are counted up to 100,000, which reads "100,000 or more"; `filter` is that of a list by filter.

    `owner` made it, and may change it, as Administrators may.
    """

    id: UUID
    name: str
    kind: ListKind
    filter: ContactFilterBody | None
    members: int
    owner: Named | None
    created_at: datetime
    updated_at: datetime
    version: int


class ContactListPage(Answer):
    """Some lists, by name."""

    items: list[ContactListAnswer]
    next_cursor: str | None


class NewContactList(Body):
    """A static list, or with a filter one of all who match at the moment that it is asked for."""

    name: ShortText
    kind: ListKind | None = None
    filter: ContactFilterBody | None = None


class ContactListChanges(Body):
    """A JSON Merge Patch: what is left out stays. Of the kind nothing can be changed."""

    name: ShortText | None = None
    filter: ContactFilterBody | None = None


class ListMembers(Body):
    """Contacts, by their ids."""

    contact_ids: Annotated[list[UUID], Field(max_length=MOST_AT_ONCE)]

    @property
    def ids(self) -> list[ContactId]:
        return [ContactId(one) for one in self.contact_ids]


@router.get("/contacts/lists", summary="List lists", responses=documented(400), dependencies=READ)
async def list_contact_lists(who: CurrentPrincipal, services: Services, page: Paging) -> ContactListPage:
    """Of everybody, by name."""
    found = await services.lists.page(who, page)
    return ContactListPage(items=[_answer(one) for one in found.items], next_cursor=found.next_cursor)


@router.post("/contacts/lists", summary="Make a list", status_code=201, responses=documented(409), dependencies=WRITE)
async def create_contact_list(
    who: CurrentPrincipal, services: Services, response: Response, body: NewContactList
) -> ContactListAnswer:
    """`already_exists` for a name that is taken. A filter may name a static list, and no list by filter."""
    matching = body.filter.matching if body.filter is not None else None
    return _tagged(await services.lists.create(who, body.name, matching, body.kind), response)


@router.get("/contacts/lists/{list_id}", summary="Get a list", responses=documented(404), dependencies=READ)
async def get_contact_list(
    who: CurrentPrincipal, services: Services, response: Response, list_id: UUID
) -> ContactListAnswer:
    """Whoever is on it is found by /contacts?list_id=. The version is the ETag."""
    return _tagged(await services.lists.get(who, ContactListId(list_id)), response)


@router.patch(
    "/contacts/lists/{list_id}", summary="Change a list", responses=documented(404, 409, 412), dependencies=WRITE
)
async def update_contact_list(
    who: CurrentPrincipal,
    services: Services,
    response: Response,
    list_id: UUID,
    body: ContactListChanges,
    if_match: Annotated[str | None, Header(max_length=100, description="The ETag that the change was made on.")] = None,
) -> ContactListAnswer:
    """Its name, or its filter. For who made it and Administrators."""
    matching = body.filter.matching if body.filter is not None else None
    changed = await services.lists.change(
        who, ContactListId(list_id), name=body.name, matching=matching, version=version_of(if_match)
    )
    return _tagged(changed, response)


@router.delete(
    "/contacts/lists/{list_id}",
    summary="Delete a list",
    status_code=204,
    responses=documented(404),
    dependencies=WRITE,
)
async def delete_contact_list(who: CurrentPrincipal, services: Services, list_id: UUID) -> None:
    """The contacts stay. For who made it and Administrators."""
    await services.lists.delete(who, ContactListId(list_id))


@router.post(
    "/contacts/lists/{list_id}/members",
    summary="Put contacts on a list",
    responses=documented(404, 409),
    dependencies=WRITE,
)
async def add_list_members(
    who: CurrentPrincipal, services: Services, list_id: UUID, body: ListMembers
) -> ContactListAnswer:
    """A static one. May be repeated; contacts that do not exist are left out."""
    return _answer(await services.lists.add_members(who, ContactListId(list_id), body.ids))


@router.delete(
    "/contacts/lists/{list_id}/members",
    summary="Take contacts off a list",
    responses=documented(404, 409),
    dependencies=WRITE,
)
async def remove_list_members(
    who: CurrentPrincipal, services: Services, list_id: UUID, body: ListMembers
) -> ContactListAnswer:
    """A static one. May be repeated."""
    return _answer(await services.lists.remove_members(who, ContactListId(list_id), body.ids))


def _tagged(counted: CountedList, response: Response) -> ContactListAnswer:
    response.headers["ETag"] = f'"{counted.list.version}"'
    return _answer(counted)


def _answer(counted: CountedList) -> ContactListAnswer:
    found = counted.list
    owner = Named(id=str(found.user_id), name=found.user_name) if found.user_id and found.user_name else None
    return ContactListAnswer(
        id=found.id,
        name=found.name,
        kind=found.kind,
        filter=ContactFilterBody.of(found.filter) if found.filter is not None else None,
        members=counted.members,
        owner=owner,
        created_at=found.created_at,
        updated_at=found.updated_at,
        version=found.version,
    )
