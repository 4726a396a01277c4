"""Judges visits: people's go into the timeline and the statistics, machines' opens are shown as such."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from domain.activities.model import Activity, ActivityType
from domain.emails.hits import BURST_WITHIN, RULE_VERSION, HitVerdict, classify_hit
from domain.emails.model import Opened, WaitingHit
from domain.emails.ports import EmailsUnit, HitStore
from domain.shared.clock import Clock
from domain.shared.ids import OrganizationId
from domain.shared.units import SystemUnits, Units

# Mail programs load the image again and again: one open in ten minutes is told.
ONE_OPEN_IN = timedelta(minutes=10)
# A burst of clicks is known as one only when it is over.
CLICKS_SETTLE = BURST_WITHIN + timedelta(milliseconds=500)


class SweepUnit(Protocol):
    """A transaction across organizations, as the sweep sees it."""

    @property
    def hits(self) -> HitStore: ...


class SweepUnits(Units[EmailsUnit], SystemUnits[SweepUnit], Protocol):
    """Opens both kinds."""


class HitSorting:
    """The sweep of one process; any number may run."""

    def __init__(self, units: SweepUnits, clock: Clock) -> None:
        self._units = units
        self._clock = clock

    async def sort(self) -> int:
        """Judges some hundred visits. Says how many were waiting. May be repeated and run in parallel."""
        async with self._units.system() as sweep:
            waiting = await sweep.hits.waiting(_least_id(self._clock.system() - CLICKS_SETTLE))
        for organization_id, ids in waiting.items():
            await self._sort(organization_id, ids)
        return sum(len(ids) for ids in waiting.values())

    async def _sort(self, organization_id: OrganizationId, ids: Sequence[UUID]) -> None:
        async with self._units.of(organization_id) as unit:
            hits = await unit.hits.lock(ids)
            if not hits:
                return
            verdicts = await self._verdicts(unit, hits)
            await unit.hits.classified(verdicts, RULE_VERSION, self._clock.system())
            told = await self._told(unit, hits)
            for hit in sorted(hits, key=lambda hit: hit.hit.email_id):
                if verdicts[hit.id].by_person:
                    opened = hit.hit.at if hit.hit.kind == "open" else None
                    clicked = hit.hit.at if hit.hit.kind == "click" else None
                    await unit.hits.seen(hit.hit.email_id, opened=opened, clicked=clicked)
            await unit.activities.append(_activities(hits, verdicts, told))

    async def _verdicts(self, unit: EmailsUnit, hits: Sequence[WaitingHit]) -> Mapping[UUID, HitVerdict]:
        emails = list({hit.hit.email_id for hit in hits})
        first, last = min(hit.hit.at for hit in hits), max(hit.hit.at for hit in hits)
        clicks = await unit.hits.clicks(emails, first - BURST_WITHIN, last + BURST_WITHIN)
        return {
            hit.id: classify_hit(
                hit.hit, hit.sent_at, [click for click in clicks if click.email_id == hit.hit.email_id]
            )
            for hit in hits
        }

    async def _told(self, unit: EmailsUnit, hits: Sequence[WaitingHit]) -> list[Opened]:
        opens = [hit.hit for hit in hits if hit.hit.kind == "open"]
        if not opens:
            return []
        since = min(hit.at for hit in opens) - ONE_OPEN_IN
        return list(await unit.hits.opened_since(list({hit.email_id for hit in opens}), since))


def _activities(hits: Sequence[WaitingHit], verdicts: Mapping[UUID, HitVerdict], told: list[Opened]) -> list[Activity]:
    activities = []
    for hit in sorted(hits, key=lambda hit: hit.hit.at):
        by = "person" if verdicts[hit.id].by_person else "machine"
        if hit.hit.kind == "click":
            if by == "person":
                activities.append(
                    _activity(hit, ActivityType.EMAIL_CLICKED, url=hit.url, link_text=hit.link_text, by=by)
                )
            continue
        opened = Opened(hit.hit.email_id, by, hit.hit.at)
        if not _is_told(opened, told):
            told.append(opened)
            activities.append(_activity(hit, ActivityType.EMAIL_OPENED, by=by))
    return activities


def _is_told(opened: Opened, told: Sequence[Opened]) -> bool:
    return any(
        other.email_id == opened.email_id and other.by == opened.by and abs(opened.at - other.at) < ONE_OPEN_IN
        for other in told
    )


def _activity(hit: WaitingHit, type_: ActivityType, **detail: str | None) -> Activity:
    return Activity(
        type=type_,
        at=hit.hit.at,
        contact_id=hit.contact_id,
        user_id=hit.user_id,
        salesflow_id=hit.salesflow_id,
        enrollment_id=hit.enrollment_id,
        email_id=hit.hit.email_id,
        detail=detail,
    )


def _least_id(at: datetime) -> UUID:
    """The least UUIDv7 of an instant: what has a lesser id was stored before."""
    return UUID(int=int(at.timestamp() * 1000) << 80)
