"""Visits of tracked addresses, and where the addresses lead."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text, update

from adapters.postgres.connection import CompiledStatement, Transaction
from adapters.postgres.database import Database
from adapters.postgres.tables import activities, email_links, emails, tracking_hits
from domain.activities.model import ActivityType
from domain.emails.hits import HitVerdict
from domain.emails.model import Hit, Opened, WaitingHit
from domain.shared.ids import ContactId, EmailId, EnrollmentId, Ids, OrganizationId, SalesflowId, UserId

COLUMNS = ("ids", "email_ids", "kinds", "positions", "ats", "methods", "agents", "addresses", "prefetches")

ADD = CompiledStatement(
    text(
        """
insert into tracking_hits
  (organization_id, id, email_id, kind, link_position, at, method, user_agent, address, prefetch)
select emails.organization_id, hit.id, hit.email_id, hit.kind, hit.link_position, hit.at, hit.method, hit.user_agent,
  hit.address, hit.prefetch
from unnest(cast(:ids as uuid[]), cast(:email_ids as uuid[]), cast(:kinds as text[]), cast(:positions as smallint[]),
  cast(:ats as timestamptz[]), cast(:methods as text[]), cast(:agents as text[]), cast(:addresses as text[]),
  cast(:prefetches as boolean[]))
  as hit (id, email_id, kind, link_position, at, method, user_agent, address, prefetch)
join emails on emails.id = hit.email_id
on conflict do nothing
"""
    )
)

WAITING = CompiledStatement(
    text(
        """
select organization_id, array_agg(id order by id) as ids from (
  select organization_id, id from tracking_hits
  where classified_at is null and (kind = 'open' or id < :settled)
  order by id limit 500
) as waiting group by organization_id
"""
    )
)

LOCKED = CompiledStatement(
    text(
        """
select hits.*, emails.contact_id, emails.user_id, emails.salesflow_id, emails.enrollment_id,
  coalesce(emails.sent_at, emails.sending_at, hits.at) as sent_at, links.url, links.text as link_text
from tracking_hits as hits
join emails on emails.organization_id = hits.organization_id and emails.id = hits.email_id
left join email_links as links on links.organization_id = hits.organization_id and links.email_id = hits.email_id
  and links.position = hits.link_position
where hits.id = any(cast(:ids as uuid[])) and hits.classified_at is null
order by hits.id
for update of hits skip locked
"""
    )
)

CLASSIFIED = CompiledStatement(
    text(
        """
update tracking_hits as hits set actor = verdict.actor, reasons = string_to_array(nullif(verdict.reasons, ''), ','),
  rule_version = :rule_version, classified_at = :now
from unnest(cast(:ids as uuid[]), cast(:actors as text[]), cast(:reasons as text[])) as verdict (id, actor, reasons)
where hits.id = verdict.id
"""
    )
)


# Whoever judges an email's visits sees what others have told of it.
EMAILS_HELD = CompiledStatement(
    text(
        """
select emails.id from emails
where emails.id in (select email_id from tracking_hits where id = any(cast(:ids as uuid[])))
order by emails.id
for no key update
"""
    )
)


class PostgresHits:
    """Implements domain.emails.ports.HitStore; `add` and `waiting` are for units across organizations."""

    def __init__(self, transaction: Transaction, ids: Ids) -> None:
        self._transaction = transaction
        self._ids = ids

    async def add(self, hits: Sequence[Hit]) -> None:
        rows = [
            (
                self._ids.new(),
                hit.email_id,
                hit.kind,
                hit.link_position,
                hit.at,
                hit.method,
                hit.user_agent,
                hit.address,
                hit.prefetch,
            )
            for hit in hits
        ]
        # A hit that is lost with the power is a hit that came a moment later.
        await self._transaction.run("set local synchronous_commit = off")
        await self._transaction.fetch(ADD, **dict(zip(COLUMNS, zip(*rows, strict=True), strict=True)))

    async def waiting(self, settled: UUID) -> Mapping[OrganizationId, Sequence[UUID]]:
        rows = await self._transaction.fetch(WAITING, settled=settled)
        return {OrganizationId(row["organization_id"]): row["ids"] for row in rows}

    async def lock(self, ids: Sequence[UUID]) -> Sequence[WaitingHit]:
        await self._transaction.fetch(EMAILS_HELD, ids=list(ids))
        return [_waiting(row) for row in await self._transaction.fetch(LOCKED, ids=list(ids))]

    async def clicks(self, email_ids: Sequence[EmailId], since: datetime, until: datetime) -> Sequence[Hit]:
        query = select(tracking_hits).where(
            tracking_hits.c.email_id.in_(email_ids),
            tracking_hits.c.kind == "click",
            tracking_hits.c.at.between(since, until),
        )
        return [_hit(dict(row._mapping)) for row in (await self._transaction.execute(query)).all()]

    async def opened_since(self, email_ids: Sequence[EmailId], since: datetime) -> Sequence[Opened]:
        query = select(activities.c.email_id, activities.c.detail["by"].astext.label("by"), activities.c.at).where(
            activities.c.contact_id.in_(select(emails.c.contact_id).where(emails.c.id.in_(email_ids))),
            activities.c.email_id.in_(email_ids),
            activities.c.type == ActivityType.EMAIL_OPENED.value,
            activities.c.at > since,
        )
        rows = (await self._transaction.execute(query)).all()
        return [Opened(EmailId(row.email_id), row.by, row.at) for row in rows]

    async def classified(self, verdicts: Mapping[UUID, HitVerdict], rule_version: int, now: datetime) -> None:
        await self._transaction.fetch(
            CLASSIFIED,
            ids=list(verdicts),
            actors=[verdict.actor.value for verdict in verdicts.values()],
            reasons=[",".join(verdict.reasons) for verdict in verdicts.values()],
            rule_version=rule_version,
            now=now,
        )

    async def seen(self, email_id: EmailId, *, opened: datetime | None, clicked: datetime | None) -> None:
        values: dict[str, object] = {}
        if opened:
            values["first_opened_at"] = func.coalesce(emails.c.first_opened_at, opened)
            values["last_opened_at"] = func.greatest(emails.c.last_opened_at, opened)
        if clicked:
            values["first_clicked_at"] = func.coalesce(emails.c.first_clicked_at, clicked)
        if values:
            await self._transaction.execute(update(emails).where(emails.c.id == email_id).values(values))


class PublicLinks:
    """Implements domain.emails.ports.PublicLinks: the gate, which sees whose an email is and where its links lead."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def organization_of(self, email_id: EmailId) -> OrganizationId | None:
        async with self._database.gate() as transaction:
            query = select(emails.c.organization_id).where(emails.c.id == email_id)
            found = (await transaction.execute(query)).scalar_one_or_none()
        return OrganizationId(found) if found else None

    async def url(self, email_id: EmailId, position: int) -> str | None:
        async with self._database.gate() as transaction:
            query = select(email_links.c.url).where(
                email_links.c.email_id == email_id, email_links.c.position == position
            )
            found: str | None = (await transaction.execute(query)).scalar_one_or_none()
        return found


def _hit(row: Mapping[str, Any]) -> Hit:
    return Hit(
        email_id=EmailId(row["email_id"]),
        kind=row["kind"],
        at=row["at"],
        method=row["method"],
        user_agent=row["user_agent"],
        address=row["address"],
        prefetch=row["prefetch"],
        link_position=row["link_position"],
    )


def _waiting(row: Any) -> WaitingHit:
    return WaitingHit(
        id=row["id"],
        hit=_hit(row),
        sent_at=row["sent_at"],
        contact_id=ContactId(row["contact_id"]),
        user_id=UserId(row["user_id"]),
        salesflow_id=SalesflowId(row["salesflow_id"]) if row["salesflow_id"] else None,
        enrollment_id=EnrollmentId(row["enrollment_id"]) if row["enrollment_id"] else None,
        url=row["url"],
        link_text=row["link_text"],
    )
