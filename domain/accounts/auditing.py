"""Reading the audit log: page by page, as a whole for an export, and link by link to see that nothing was changed."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.accounts.audit import BEGINNING, Act, Action, AuditedUnit, Entry, hash_of, record
from domain.shared.clock import Clock
from domain.shared.ids import OrganizationId, UserId
from domain.shared.paging import Page, PageRequest
from domain.shared.principal import Principal
from domain.shared.units import ReadingUnits, SystemUnits

BATCH = 500


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries: those to which everything given applies. `since` is included, `until` is not."""

    actor_id: UserId | None = None
    action: Action | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends."""

    seq: int
    hash: bytes


class AuditTrail(Protocol):
    """The entries of the unit's organization, to be read."""

    async def page(self, wanted: AuditFilter, page: PageRequest) -> Page[Entry]:
        """Newest first. Raises InvalidCursor."""
        ...

    async def following(self, seq: int, limit: int, wanted: AuditFilter) -> Sequence[Entry]:
        """Oldest first, those behind this one."""
        ...

    async def head(self) -> Head | None:
        """None before anything was recorded."""
        ...

    async def chains(self) -> Sequence[tuple[OrganizationId, str]]:
        """Every organization and its name. For units across organizations."""
        ...


class AuditUnit(AuditedUnit, Protocol):
    """A transaction of one organization, as readers of the log see it."""

    @property
    def audit_trail(self) -> AuditTrail: ...


class AuditUnits(ReadingUnits[AuditUnit], SystemUnits[AuditUnit], Protocol):
    """Units of one organization, and across all of them."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a chain: how many entries hold, and the number of the first that does not."""

    organization_id: OrganizationId
    name: str
    sound: int
    broken: int | None = None


class Auditing:
    """The use cases of those who read the log: Administrators, and whoever runs the installation."""

    def __init__(self, *, units: AuditUnits, clock: Clock) -> None:
        self._units = units
        self._clock = clock

    async def page(self, principal: Principal, wanted: AuditFilter, page: PageRequest) -> Page[Entry]:
        """Newest first. Raises Forbidden, InvalidCursor."""
        principal.require_administrator()
        async with self._units.reading(principal.organization_id) as unit:
            return await unit.audit_trail.page(wanted, page)

    async def export(self, principal: Principal, wanted: AuditFilter) -> AsyncIterator[Sequence[Entry]]:
        """Everything up to now, oldest first, in batches; the export itself is recorded before. Raises Forbidden."""
        principal.require_administrator()
        act = Act(Action.AUDIT_EXPORTED, detail=_told(wanted))
        async with self._units.of(principal.organization_id) as unit:
            await record(unit, principal, act, self._clock.system())
            head = await unit.audit_trail.head()
        return self._entries(principal.organization_id, wanted, head.seq if head else 0)

    async def verify(self, organization_id: OrganizationId | None = None) -> AsyncIterator[Verdict]:
        """Follows the chains of all organizations, or of one, from their beginnings to their ends."""
        async with self._units.system() as unit:
            chains = await unit.audit_trail.chains()
        for chain, name in chains:
            if organization_id in (None, chain):
                yield await self._verdict(chain, name)

    async def _entries(
        self, organization_id: OrganizationId, wanted: AuditFilter, last: int
    ) -> AsyncIterator[Sequence[Entry]]:
        """In units of their own: whoever reads slowly keeps no transaction open."""
        seq = 0
        while seq < last:
            async with self._units.reading(organization_id) as unit:
                batch = await unit.audit_trail.following(seq, BATCH, wanted)
            batch = [entry for entry in batch if entry.seq <= last]
            if not batch:
                return
            yield batch
            seq = batch[-1].seq

    async def _verdict(self, organization_id: OrganizationId, name: str) -> Verdict:
        async with self._units.reading(organization_id) as unit:
            head = await unit.audit_trail.head()
        end = Head(0, BEGINNING)
        async for batch in self._entries(organization_id, AuditFilter(), head.seq if head else 1):
            for entry in batch:
                if not _follows(end, entry):
                    return Verdict(organization_id, name, end.seq, end.seq + 1)
                end = Head(entry.seq, entry.hash)
        whole = end == (head or Head(0, BEGINNING))
        return Verdict(organization_id, name, end.seq, None if whole else end.seq + 1)


def _follows(end: Head, entry: Entry) -> bool:
    return entry.seq == end.seq + 1 and entry.previous == end.hash and entry.hash == hash_of(entry)


def _told(wanted: AuditFilter) -> dict[str, str | int | bool | None]:
    given = {
        "actor_id": str(wanted.actor_id) if wanted.actor_id else None,
        "action": wanted.action.value if wanted.action else None,
        "from": wanted.since.isoformat() if wanted.since else None,
        "to": wanted.until.isoformat() if wanted.until else None,
    }
    return {name: value for name, value in given.items() if value is not None}
