"""Saved views of the directory."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import AfterValidator, Field, StrictBool

from api.contact_filters import ConditionsBody, Words
from api.dependencies import CurrentPrincipal, Paging, Services, requires
from api.idempotency import router_for
from api.models import Answer, Body, ShortText
from api.problems import documented
from domain.contacts.filters import document_of
from domain.contacts.model import ContactSort
from domain.contacts.views import ContactView, ViewState
from domain.shared.ids import ContactViewId
from domain.shared.principal import Principal

router = router_for("contacts")

READ = [Depends(requires("contacts:read"))]
WRITE = [Depends(requires("contacts:write"))]
MOST_COLUMNS = 100


def _each_once(columns: list[str]) -> list[str]:
    if len(set(columns)) < len(columns):
        raise ValueError("must name each column once")
    return columns


class ViewStateBody(Body):
    """What the directory shows: words, conditions, order, and columns by their keys; none means the usual ones."""

    q: Words | None = None
    filters: ConditionsBody = ConditionsBody()
    sort: ContactSort = ContactSort.CREATED_DESC
    columns: Annotated[list[ShortText], Field(max_length=MOST_COLUMNS), AfterValidator(_each_once)] = []  # noqa: RUF012

    @property
    def state(self) -> ViewState:
        return ViewState(self.filters.matching_with(self.q), self.sort, tuple(self.columns))

    @classmethod
    def of(cls, state: ViewState) -> "ViewStateBody":
        filters = document_of(state.matching)
        q = filters.pop("q", None)
        return cls.model_validate({"q": q, "filters": filters, "sort": state.sort, "columns": list(state.columns)})


class ContactViewAnswer(Answer):
    """A saved view; `mine` are those that one saved, the others are shared by colleagues."""

    id: UUID
    name: str
    shared: bool
    mine: bool
    state: ViewStateBody
    created_at: datetime
    updated_at: datetime


class ContactViewPage(Answer):
    """Some views, by name."""

    items: list[ContactViewAnswer]
    next_cursor: str | None


class NewContactView(Body):
    """A view under a name; a shared one can be used by everybody."""

    name: ShortText
    shared: StrictBool = False
    state: ViewStateBody


class ContactViewChanges(Body):
    """A JSON Merge Patch: what is left out stays; a state is replaced as a whole."""

    name: ShortText | None = None
    shared: StrictBool | None = None
    state: ViewStateBody | None = None


@router.get("/contacts/views", summary="List saved views", responses=documented(400), dependencies=READ)
async def list_contact_views(who: CurrentPrincipal, services: Services, page: Paging) -> ContactViewPage:
    """One's own and those that colleagues share, by name."""
    found = await services.views.page(who, page)
    return ContactViewPage(items=[_answer(view, who) for view in found.items], next_cursor=found.next_cursor)


@router.post("/contacts/views", summary="Save a view", status_code=201, responses=documented(409), dependencies=WRITE)
async def create_contact_view(who: CurrentPrincipal, services: Services, body: NewContactView) -> ContactViewAnswer:
    """`already_exists` for the name of another of one's views."""
    return _answer(await services.views.create(who, body.name, body.state.state, shared=body.shared), who)


@router.patch(
    "/contacts/views/{view_id}", summary="Change a saved view", responses=documented(404, 409), dependencies=WRITE
)
async def update_contact_view(
    who: CurrentPrincipal, services: Services, view_id: UUID, body: ContactViewChanges
) -> ContactViewAnswer:
    """For who saved it and Administrators."""
    state = body.state.state if body.state is not None else None
    changed = await services.views.change(who, ContactViewId(view_id), name=body.name, state=state, shared=body.shared)
    return _answer(changed, who)


@router.delete(
    "/contacts/views/{view_id}",
    summary="Delete a saved view",
    status_code=204,
    responses=documented(404),
    dependencies=WRITE,
)
async def delete_contact_view(who: CurrentPrincipal, services: Services, view_id: UUID) -> None:
    """For who saved it and Administrators."""
    await services.views.delete(who, ContactViewId(view_id))


def _answer(view: ContactView, who: Principal) -> ContactViewAnswer:
    return ContactViewAnswer(
        id=view.id,
        name=view.name,
        shared=view.shared,
        mine=view.user_id == who.user_id,
        state=ViewStateBody.of(view.state),
        created_at=view.created_at,
        updated_at=view.updated_at,
    )
