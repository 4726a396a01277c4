"""What people do with Salesflows themselves: write, start, hold and end them."""

from collections.abc import Sequence
from dataclasses import replace

from domain.contacts.fields import shapes_of
from domain.salesflows.drafting import DraftStep, checked_steps
from domain.salesflows.model import FinishReason, Salesflow, SalesflowDetail, SalesflowState, SalesflowSummary
from domain.salesflows.ports import SalesflowUnit
from domain.salesflows.stats import Stats
from domain.salesflows.stopping import finish
from domain.shared.clock import Clock
from domain.shared.errors import InvalidField, VersionMismatch
from domain.shared.ids import Ids, OrganizationId, SalesflowId, UserId
from domain.shared.jobs import Job
from domain.shared.paging import Page, PageRequest
from domain.shared.principal import Principal
from domain.shared.units import Units

LONGEST_NAME = 120
STOPPED_AT_ONCE = 1_000
SALESFLOW_ARCHIVED = "salesflows.archived"


class Salesflows:
    """Contributors see their own and shared Salesflows and those in which they take part, Administrators all.

    Owners and Administrators change them. Every method raises NotFound for what the principal does not see.
    """

    def __init__(self, *, units: Units[SalesflowUnit], clock: Clock, ids: Ids) -> None:
        self._units = units
        self._clock = clock
        self._ids = ids

    async def create(self, principal: Principal, name: str, shared: bool = False) -> SalesflowDetail:
        """A draft without steps. Raises InvalidField."""
        now = self._clock.now()
        salesflow = Salesflow(
            id=SalesflowId(self._ids.new()),
            name=_name(name),
            state=SalesflowState.DRAFT,
            owner_id=principal.user_id,
            shared=shared,
            created_at=now,
            updated_at=now,
        )
        async with self._units.of(principal.organization_id) as unit:
            await unit.salesflows.add(salesflow)
            return await unit.salesflows.detail(salesflow.id)

    async def page(self, principal: Principal, page: PageRequest) -> Page[SalesflowSummary]:
        """Newest first. Raises InvalidCursor."""
        async with self._units.of(principal.organization_id) as unit:
            return await unit.salesflows.page(page, viewer_of(principal))

    async def get(self, principal: Principal, salesflow_id: SalesflowId) -> SalesflowDetail:
        """With the current steps."""
        async with self._units.of(principal.organization_id) as unit:
            await unit.salesflows.get(salesflow_id, viewer_of(principal))
            return await unit.salesflows.detail(salesflow_id)

    async def stats(self, principal: Principal, salesflow_id: SalesflowId) -> Stats:
        """What came of it so far."""
        async with self._units.of(principal.organization_id) as unit:
            salesflow = await unit.salesflows.get(salesflow_id, viewer_of(principal))
            return await unit.salesflow_stats.of(salesflow)

    async def change(
        self,
        principal: Principal,
        salesflow_id: SalesflowId,
        *,
        name: str | None = None,
        shared: bool | None = None,
        version: int | None = None,
    ) -> SalesflowDetail:
        """Renames or shares it. Raises Forbidden, VersionMismatch, InvalidField."""
        async with self._units.of(principal.organization_id) as unit:
            before = await self._editable(unit, principal, salesflow_id, version)
            after = replace(
                before,
                name=before.name if name is None else _name(name),
                shared=before.shared if shared is None else shared,
            )
            if after != before:
                await unit.salesflows.save(replace(after, updated_at=self._clock.now()))
            return await unit.salesflows.detail(salesflow_id)

    async def put_steps(
        self, principal: Principal, salesflow_id: SalesflowId, drafts: Sequence[DraftStep], version: int | None = None
    ) -> SalesflowDetail:
        """Makes a new revision of the steps; people under way finish on the one they started with.

        Raises Rejected with every fault, Forbidden, VersionMismatch, NotAllowedInState when it is archived.
        """
        async with self._units.of(principal.organization_id) as unit:
            salesflow = await self._editable(unit, principal, salesflow_id, version)
            salesflow.require_unarchived()
            steps = checked_steps(drafts, self._ids, shapes_of(await unit.contact_fields.all()))
            revision = salesflow.revision + 1
            await unit.salesflows.add_steps(salesflow_id, revision, steps)
            await unit.salesflows.save(replace(salesflow, revision=revision, updated_at=self._clock.now()))
            return await unit.salesflows.detail(salesflow_id)

    async def activate(self, principal: Principal, salesflow_id: SalesflowId) -> SalesflowDetail:
        """Starts it, or lets it go on after a pause: whoever waited then waits for the rest of the delay.

        May be repeated. Raises Forbidden, NotAllowedInState without steps or when it is archived.
        """
        now = self._clock.now()
        async with self._units.of(principal.organization_id) as unit:
            salesflow = await self._editable(unit, principal, salesflow_id)
            active = salesflow.activated(now)
            if salesflow.state is not SalesflowState.ACTIVE:
                await unit.salesflows.save(active)
            if salesflow.paused_at:
                await unit.salesflows.resume(salesflow_id, salesflow.paused_at, now)
            return await unit.salesflows.detail(salesflow_id)

    async def pause(self, principal: Principal, salesflow_id: SalesflowId) -> SalesflowDetail:
        """Holds everybody where they are. May be repeated. Raises Forbidden, NotAllowedInState unless it is active."""
        async with self._units.of(principal.organization_id) as unit:
            salesflow = await self._editable(unit, principal, salesflow_id)
            paused = salesflow.paused(self._clock.now())
            if paused != salesflow:
                await unit.salesflows.save(paused)
            return await unit.salesflows.detail(salesflow_id)

    async def archive(self, principal: Principal, salesflow_id: SalesflowId) -> SalesflowDetail:
        """Ends it for good, and every journey through it. May be repeated. Raises Forbidden."""
        async with self._units.of(principal.organization_id) as unit:
            salesflow = await self._editable(unit, principal, salesflow_id)
            await self._archive(unit, principal.organization_id, salesflow)
            return await unit.salesflows.detail(salesflow_id)

    async def delete(self, principal: Principal, salesflow_id: SalesflowId) -> None:
        """Removes what nobody was ever enrolled in; archives everything else. Raises Forbidden."""
        async with self._units.of(principal.organization_id) as unit:
            salesflow = await self._editable(unit, principal, salesflow_id)
            if await unit.salesflows.has_enrollments(salesflow_id):
                await self._archive(unit, principal.organization_id, salesflow)
            else:
                await unit.salesflows.remove(salesflow_id)

    async def stop_archived(self, organization_id: OrganizationId, salesflow_id: SalesflowId) -> None:
        """Ends the next journeys through an archived Salesflow. A job; may be repeated."""
        async with self._units.of(organization_id) as unit:
            salesflow = await unit.salesflows.get(salesflow_id)
            if salesflow.state is SalesflowState.ARCHIVED:
                await self._stop(unit, organization_id, salesflow_id)

    async def _archive(self, unit: SalesflowUnit, organization_id: OrganizationId, salesflow: Salesflow) -> None:
        if salesflow.state is not SalesflowState.ARCHIVED:
            await unit.salesflows.save(salesflow.archived(self._clock.now()))
        await self._stop(unit, organization_id, salesflow.id)

    async def _stop(self, unit: SalesflowUnit, organization_id: OrganizationId, salesflow_id: SalesflowId) -> None:
        """A bounded number at once, the others by a job; until then the archived Salesflow itself stops them."""
        running = await unit.enrollments.running_in(salesflow_id, STOPPED_AT_ONCE)
        locked = await unit.enrollments.lock(running)
        await finish(unit, list(locked.values()), FinishReason.ARCHIVED, self._clock.now())
        if len(running) == STOPPED_AT_ONCE:
            await unit.jobs.put(Job(SALESFLOW_ARCHIVED, organization_id, {"salesflow_id": str(salesflow_id)}))

    async def _editable(
        self, unit: SalesflowUnit, principal: Principal, salesflow_id: SalesflowId, version: int | None = None
    ) -> Salesflow:
        salesflow = await unit.salesflows.lock(salesflow_id, viewer_of(principal))
        salesflow.require_editor(principal)
        if version is not None and version != salesflow.version:
            raise VersionMismatch
        return salesflow


def viewer_of(principal: Principal) -> UserId | None:
    """Through whose eyes lists are read: None sees everything."""
    return None if principal.is_administrator else principal.user_id


def _name(given: str) -> str:
    name = given.strip()
    if not name:
        raise InvalidField("/name", "required", "A Salesflow needs a name.")
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise InvalidField("/name", "invalid_text", f"A name is one line of at most {LONGEST_NAME} characters.")
    return name
