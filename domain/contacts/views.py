"""Saved views of the directory: words, conditions, order and columns under a name, for oneself or for everybody."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from domain.contacts.model import ContactFilter, ContactSort
from domain.shared.clock import Clock
from domain.shared.errors import AlreadyExists, Forbidden, InvalidField, NotFound
from domain.shared.ids import ContactViewId, Ids, UserId
from domain.shared.paging import Page, PageRequest
from domain.shared.principal import Principal
from domain.shared.units import Units

LONGEST_NAME = 120
MOST_OF_A_USER = 200


@dataclass(frozen=True, slots=True)
class ViewState:
    """What the address of the directory says. `columns` are keys of fields; none means the usual ones."""

    matching: ContactFilter
    sort: ContactSort = ContactSort.CREATED_DESC
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ContactView:
    """A view that a user saved; a shared one can be used by everybody of the organization."""

    id: ContactViewId
    user_id: UserId
    name: str
    shared: bool
    state: ViewState
    created_at: datetime
    updated_at: datetime

    def is_seen_by(self, principal: Principal) -> bool:
        return self.shared or self.user_id == principal.user_id

    def require_editor(self, principal: Principal) -> None:
        """Raises NotFound for a view that is not shown to them, Forbidden for one that is another's."""
        if not self.is_seen_by(principal):
            raise NotFound("view")
        if not principal.is_administrator and principal.user_id != self.user_id:
            raise Forbidden("Only who saved a view and Administrators can change it.", "not_your_view")


class ContactViews(Protocol):
    """The saved views of the unit's organization."""

    async def page(self, user_id: UserId, page: PageRequest) -> Page[ContactView]:
        """The user's own and all that are shared, by name. Raises InvalidCursor."""
        ...

    async def count(self, user_id: UserId) -> int:
        """How many are the user's own."""
        ...

    async def lock(self, view_id: ContactViewId) -> ContactView:
        """Nobody else changes it until the unit ends. Raises NotFound."""
        ...

    async def add(self, view: ContactView) -> None:
        """Raises AlreadyExists for a name that another view of the user has."""
        ...

    async def save(self, view: ContactView) -> None:
        """Raises AlreadyExists for a name that another view of the user has."""
        ...

    async def remove(self, view_id: ContactViewId) -> None: ...


class ViewsUnit(Protocol):
    """A transaction of one organization, as views see it."""

    @property
    def contact_views(self) -> ContactViews: ...


class Views:
    """Everybody saves their own and uses the shared ones; who saved one and Administrators change it."""

    def __init__(self, *, units: Units[ViewsUnit], clock: Clock, ids: Ids) -> None:
        self._units = units
        self._clock = clock
        self._ids = ids

    async def page(self, principal: Principal, page: PageRequest) -> Page[ContactView]:
        """One's own and all that are shared, by name. Raises InvalidCursor."""
        async with self._units.of(principal.organization_id) as unit:
            return await unit.contact_views.page(principal.user_id, page)

    async def create(self, principal: Principal, name: str, state: ViewState, *, shared: bool = False) -> ContactView:
        """Raises Rejected, AlreadyExists for the name of another of one's views."""
        now = self._clock.now()
        view = ContactView(
            id=ContactViewId(self._ids.new()),
            user_id=principal.user_id,
            name=_name(name),
            shared=shared,
            state=state,
            created_at=now,
            updated_at=now,
        )
        async with self._units.of(principal.organization_id) as unit:
            if await unit.contact_views.count(principal.user_id) >= MOST_OF_A_USER:
                message = f"A user has at most {MOST_OF_A_USER} views."
                raise InvalidField("/name", "too_many", message, maximum=MOST_OF_A_USER)
            await unit.contact_views.add(view)
        return view

    async def change(
        self,
        principal: Principal,
        view_id: ContactViewId,
        *,
        name: str | None = None,
        state: ViewState | None = None,
        shared: bool | None = None,
    ) -> ContactView:
        """What is None stays. Raises NotFound, Forbidden, Rejected, AlreadyExists for the name."""
        async with self._units.of(principal.organization_id) as unit:
            before = await unit.contact_views.lock(view_id)
            before.require_editor(principal)
            after = replace(
                before,
                name=before.name if name is None else _name(name),
                state=before.state if state is None else state,
                shared=before.shared if shared is None else shared,
            )
            if after == before:
                return before
            after = replace(after, updated_at=self._clock.now())
            await unit.contact_views.save(after)
            return after

    async def delete(self, principal: Principal, view_id: ContactViewId) -> None:
        """Raises NotFound, Forbidden."""
        async with self._units.of(principal.organization_id) as unit:
            (await unit.contact_views.lock(view_id)).require_editor(principal)
            await unit.contact_views.remove(view_id)


def view_name_taken() -> AlreadyExists:
    return AlreadyExists("You have a view with this name already.", "view_name")


def _name(given: str) -> str:
    name = given.strip()
    if not name:
        raise InvalidField("/name", "required", "Give the view a name.")
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise InvalidField("/name", "invalid_text", f"A name is one line of at most {LONGEST_NAME} characters.")
    return name
