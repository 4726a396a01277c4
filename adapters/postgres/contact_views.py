"""Saved views of the directory."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, insert, or_, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from adapters.postgres.connection import Transaction
from adapters.postgres.directory_tables import contact_views
from adapters.postgres.failures import violated
from adapters.postgres.paging import read_cursor, write_cursor
from domain.contacts.filters import document_of, filter_of
from domain.contacts.model import ContactSort
from domain.contacts.views import ContactView, ViewState, view_name_taken
from domain.shared.errors import NotFound
from domain.shared.ids import ContactViewId, OrganizationId, UserId
from domain.shared.paging import Page, PageRequest

ORDER = "contact_views"
ONE_PER_NAME = "contact_views_organization_id_user_id_name_key"


class PostgresContactViews:
    """Implements domain.contacts.views.ContactViews."""

    def __init__(self, transaction: Transaction, organization_id: OrganizationId | None) -> None:
        self._transaction = transaction
        self._organization_id = organization_id

    async def page(self, user_id: UserId, page: PageRequest) -> Page[ContactView]:
        views = contact_views.c
        query = select(contact_views).where(or_(views.user_id == user_id, views.shared)).order_by(views.name, views.id)
        if page.cursor:
            query = query.where(tuple_(views.name, views.id) > tuple_(*read_cursor(ORDER, page.cursor, (str, UUID))))
        rows = (await self._transaction.execute(query.limit(page.limit + 1))).all()
        items = [_view(row) for row in rows[: page.limit]]
        more = len(rows) > page.limit
        return Page(items, write_cursor(ORDER, (items[-1].name, items[-1].id)) if more else None)

    async def count(self, user_id: UserId) -> int:
        query = select(func.count()).select_from(contact_views).where(contact_views.c.user_id == user_id)
        return int((await self._transaction.execute(query)).scalar_one())

    async def lock(self, view_id: ContactViewId) -> ContactView:
        query = select(contact_views).where(contact_views.c.id == view_id).with_for_update()
        row = (await self._transaction.execute(query)).first()
        if row is None:
            raise NotFound("view")
        return _view(row)

    async def add(self, view: ContactView) -> None:
        values = {"organization_id": self._organization_id, "id": view.id, "created_at": view.created_at}
        await self._written(insert(contact_views).values(**values, **_columns(view)))

    async def save(self, view: ContactView) -> None:
        await self._written(update(contact_views).where(contact_views.c.id == view.id).values(**_columns(view)))

    async def remove(self, view_id: ContactViewId) -> None:
        await self._transaction.execute(delete(contact_views).where(contact_views.c.id == view_id))

    async def _written(self, statement: Any) -> None:
        """Raises AlreadyExists for the name of another view of the user."""
        try:
            await self._transaction.execute(statement)
        except IntegrityError as error:
            if violated(error) != ONE_PER_NAME:
                raise
            raise view_name_taken() from error


def _columns(view: ContactView) -> dict[str, object]:
    return {
        "user_id": view.user_id,
        "name": view.name,
        "shared": view.shared,
        "state": {
            "filter": document_of(view.state.matching),
            "sort": view.state.sort.value,
            "columns": list(view.state.columns),
        },
        "updated_at": view.updated_at,
    }


def _view(row: Row[Any]) -> ContactView:
    return ContactView(
        id=ContactViewId(row.id),
        user_id=UserId(row.user_id),
        name=row.name,
        shared=row.shared,
        state=ViewState(filter_of(row.state["filter"]), ContactSort(row.state["sort"]), tuple(row.state["columns"])),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
