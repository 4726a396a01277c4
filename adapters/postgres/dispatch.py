"""The dispatcher's statements, on the bare driver: a claim, three lookups of facts, one that writes it all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
import structlog
from sqlalchemy import text

from adapters.postgres import preferences
from adapters.postgres.connection import CompiledStatement, Transaction
from adapters.postgres.suppressions import SuppressionHashes
from domain.accounts.model import default_hours
from domain.accounts.working_hours import WorkingHours
from domain.accounts.working_hours_document import from_stored
from domain.salesflows.due import Batch, DispatchSender, DispatchStep, DueEnrollment, StepKey
from domain.shared.ids import Ids

log = structlog.get_logger(__name__)

# A literal LIMIT: with a bound one the planner forgets that the batch is small and joins whole tables.
CLAIM = CompiledStatement(
    text(
        """
with due as materialized (
  select organization_id, id, salesflow_id, revision, position, contact_id, user_id, due_at
  from enrollments
  where state = 'active' and due_at <= :now
  order by due_at, id
  limit 500
  for no key update skip locked
)
select due.organization_id, due.id, due.salesflow_id, due.revision, due.position, due.contact_id, due.user_id,
  due.due_at, contacts.email_key, contacts.email_state, contacts.opted_out_at is not null as opted_out,
  contacts.deleted_at is not null as deleted, salesflows.state
from due
join contacts on contacts.organization_id = due.organization_id and contacts.id = due.contact_id
join salesflows on salesflows.organization_id = due.organization_id and salesflows.id = due.salesflow_id
order by due.due_at, due.id
"""
    )
)

SENDERS = CompiledStatement(
    text(
        """
select users.organization_id, users.id, users.time_zone, users.culture, cast(users.working_hours as text) as hours,
  cast(users.away as text) as away, organizations.dispatch_paused,
  (select mailboxes.id from mailboxes
   where mailboxes.organization_id = users.organization_id and mailboxes.user_id = users.id
     and mailboxes.state = 'connected'
   order by mailboxes.created_at, mailboxes.id limit 1) as mailbox_id
from unnest(cast(:organization_ids as uuid[]), cast(:user_ids as uuid[])) as asked (organization_id, user_id)
join users on users.organization_id = asked.organization_id and users.id = asked.user_id
join organizations on organizations.id = asked.organization_id
"""
    )
)

STEPS = CompiledStatement(
    text(
        """
select steps.organization_id, steps.salesflow_id, steps.revision, steps.position, steps.id,
  array_agg(variants.id order by variants.position) as variant_ids,
  array_agg(variants.weight order by variants.position) as weights
from unnest(cast(:organization_ids as uuid[]), cast(:salesflow_ids as uuid[]), cast(:revisions as integer[]),
  cast(:positions as integer[])) as asked (organization_id, salesflow_id, revision, position)
join salesflow_steps as steps on steps.organization_id = asked.organization_id
  and steps.salesflow_id = asked.salesflow_id and steps.revision = asked.revision and steps.position = asked.position
join step_variants as variants on variants.organization_id = steps.organization_id and variants.step_id = steps.id
group by steps.organization_id, steps.id
"""
    )
)

# Hashes as text: for arrays of bytea the driver would first have to look up the type, on every connection.
SUPPRESSED = CompiledStatement(
    text(
        """
select asked.number
from unnest(cast(:organization_ids as uuid[]), cast(:kinds as text[]), cast(:hashes as text[]))
  with ordinality as asked (organization_id, kind, value_hash, number)
join suppressions on suppressions.organization_id = asked.organization_id and suppressions.kind = asked.kind
  and suppressions.value_hash = decode(asked.value_hash, 'hex')
"""
    )
)

RECORD = CompiledStatement(
    text(
        """
with planned as materialized (
  select * from unnest(cast(:organization_ids as uuid[]), cast(:email_ids as uuid[]), cast(:run_ids as uuid[]),
    cast(:enrollment_ids as uuid[]), cast(:salesflow_ids as uuid[]), cast(:contact_ids as uuid[]),
    cast(:user_ids as uuid[]), cast(:mailbox_ids as uuid[]), cast(:step_ids as uuid[]), cast(:variant_ids as uuid[]),
    cast(:positions as integer[]), cast(:send_keys as text[]))
  as planned (organization_id, email_id, run_id, enrollment_id, salesflow_id, contact_id, user_id, mailbox_id, step_id,
    variant_id, position, send_key)
), executed as (
  insert into step_runs (organization_id, id, enrollment_id, step_id, position, state, started_at)
  select organization_id, run_id, enrollment_id, step_id, position, 'executing', :now from planned
  on conflict do nothing
  returning id
), written as (
  insert into emails (organization_id, id, mailbox_id, user_id, contact_id, salesflow_id, enrollment_id, step_run_id,
    step_id, variant_id, send_key, state, due_at, created_at)
  select organization_id, email_id, mailbox_id, user_id, contact_id, salesflow_id, enrollment_id, run_id, step_id,
    variant_id, send_key, 'ready', :now, :now
  from planned join executed on executed.id = planned.run_id
), advanced as (
  update enrollments set due_at = null, waiting = null
  from planned
  where enrollments.organization_id = planned.organization_id and enrollments.id = planned.enrollment_id
), put_off as (
  update enrollments set due_at = later.due_at, held_due_at = later.held_due_at, waiting = later.waiting
  from unnest(cast(:later_organization_ids as uuid[]), cast(:later_ids as uuid[]),
    cast(:later_due_ats as timestamptz[]), cast(:later_held_due_ats as timestamptz[]),
    cast(:later_waitings as text[]))
    as later (organization_id, enrollment_id, due_at, held_due_at, waiting)
  where enrollments.organization_id = later.organization_id and enrollments.id = later.enrollment_id
    -- Activated since the claim was read: nobody would wake whom we hold now.
    and (later.due_at is not null or not exists (
      select from salesflows
      where salesflows.organization_id = enrollments.organization_id and salesflows.id = enrollments.salesflow_id
        and salesflows.state = 'active'))
), ended as (
  update enrollments set state = 'finished', reason = ended.reason, due_at = null, waiting = null, finished_at = :now
  from unnest(cast(:ended_organization_ids as uuid[]), cast(:ended_ids as uuid[]), cast(:activity_ids as uuid[]),
    cast(:ended_salesflow_ids as uuid[]), cast(:ended_contact_ids as uuid[]), cast(:ended_user_ids as uuid[]),
    cast(:reasons as text[]))
    as ended (organization_id, enrollment_id, activity_id, salesflow_id, contact_id, user_id, reason)
  where enrollments.organization_id = ended.organization_id and enrollments.id = ended.enrollment_id
  returning ended.*
)
insert into activities (organization_id, id, at, type, contact_id, user_id, salesflow_id, enrollment_id, detail)
select organization_id, activity_id, :now, 'salesflow_finished', contact_id, user_id, salesflow_id, enrollment_id,
  jsonb_build_object('reason', reason)
from ended
"""
    )
)
# Those whose pause is over. A statement of its own: the one behind it sees what was committed before these were ours.
PAUSE_OVER = CompiledStatement(
    text(
        """
select organization_id, id
from enrollments
where state = 'paused' and resume_at <= :now
order by resume_at, id
limit 500
for no key update skip locked
"""
    )
)
# The rest of the delay is still to come, and an email that was held is looked at again. What a pause of the Salesflow
# itself covers is given when that one ends.
RESUME = CompiledStatement(
    text(
        """
with due as materialized (
  select enrollments.organization_id, enrollments.id,
    greatest(least(:now, salesflows.paused_at) - enrollments.paused_at, interval '0') as held
  from unnest(cast(:organization_ids as uuid[]), cast(:enrollment_ids as uuid[])) as asked (organization_id, id)
  join enrollments on enrollments.organization_id = asked.organization_id and enrollments.id = asked.id
  join salesflows on salesflows.organization_id = enrollments.organization_id
    and salesflows.id = enrollments.salesflow_id
), resumed as (
  update enrollments
  set state = 'active', reason = null, due_at = coalesce(held_due_at, due_at) + due.held, held_due_at = null,
    counted_from = counted_from + due.held, paused_at = null, resume_at = null
  from due
  where enrollments.organization_id = due.organization_id and enrollments.id = due.id
  returning enrollments.organization_id, enrollments.id, enrollments.contact_id, enrollments.user_id,
    enrollments.salesflow_id
), released as (
  update emails set due_at = :now
  from due
  where emails.organization_id = due.organization_id and emails.enrollment_id = due.id
    and emails.state in ('ready', 'drafted')
)
select organization_id, contact_id, user_id, salesflow_id, id from resumed
"""
    )
)
RESUMED = CompiledStatement(
    text(
        """
insert into activities (organization_id, id, at, type, contact_id, user_id, salesflow_id, enrollment_id)
select resumed.organization_id, resumed.activity_id, :now, 'salesflow_resumed', resumed.contact_id, resumed.user_id,
  resumed.salesflow_id, resumed.enrollment_id
from unnest(cast(:activity_ids as uuid[]), cast(:organization_ids as uuid[]), cast(:contact_ids as uuid[]),
  cast(:user_ids as uuid[]), cast(:salesflow_ids as uuid[]), cast(:enrollment_ids as uuid[]))
  as resumed (activity_id, organization_id, contact_id, user_id, salesflow_id, enrollment_id)
"""
    )
)
PLANNED_ARRAYS = (
    "organization_ids",
    "email_ids",
    "run_ids",
    "enrollment_ids",
    "salesflow_ids",
    "contact_ids",
    "user_ids",
    "mailbox_ids",
    "step_ids",
    "variant_ids",
    "positions",
    "send_keys",
)
LATER_ARRAYS = ("later_organization_ids", "later_ids", "later_due_ats", "later_held_due_ats", "later_waitings")
ENDED_ARRAYS = (
    "ended_organization_ids",
    "ended_ids",
    "activity_ids",
    "ended_salesflow_ids",
    "ended_contact_ids",
    "ended_user_ids",
    "reasons",
)
RESUMED_ARRAYS = ("activity_ids", "organization_ids", "contact_ids", "user_ids", "salesflow_ids", "enrollment_ids")


class PostgresDispatch:
    """Implements domain.salesflows.ports.DispatchStore. For units across organizations."""

    def __init__(self, transaction: Transaction, ids: Ids, hashes: SuppressionHashes) -> None:
        self._transaction = transaction
        self._ids = ids
        self._hashes = hashes

    async def claim(self, now: datetime) -> Sequence[DueEnrollment]:
        return [DueEnrollment(*row) for row in await self._transaction.fetch(CLAIM, now=now)]

    async def senders(self, keys: Iterable[tuple[UUID, UUID]]) -> Mapping[tuple[UUID, UUID], DispatchSender]:
        organization_ids, user_ids = _columns(keys, 2)
        rows = await self._transaction.fetch(SENDERS, organization_ids=organization_ids, user_ids=user_ids)
        senders = {}
        for row in rows:
            try:
                hours = _hours(row["time_zone"], row["culture"], row["hours"], row["away"])
            except Exception:
                # Working hours that cannot be read must not keep everybody else from sending.
                log.exception("sender_unreadable", organization_id=row["organization_id"], user_id=row["id"])
                continue
            key = row["organization_id"], row["id"]
            senders[key] = DispatchSender(hours, row["mailbox_id"], row["dispatch_paused"])
        return senders

    async def steps(self, keys: Iterable[StepKey]) -> Mapping[StepKey, DispatchStep]:
        names = ("organization_ids", "salesflow_ids", "revisions", "positions")
        rows = await self._transaction.fetch(STEPS, **dict(zip(names, _columns(keys, 4), strict=True)))
        return {
            (row["organization_id"], row["salesflow_id"], row["revision"], row["position"]): DispatchStep(
                row["id"], tuple(row["variant_ids"]), tuple(row["weights"])
            )
            for row in rows
        }

    async def suppressed(self, addresses: Iterable[tuple[UUID, str]]) -> set[tuple[UUID, str]]:
        asked = [address for address in addresses if address[1]]
        organization_ids: list[UUID] = []
        kinds: list[str] = []
        hashes: list[str] = []
        for organization_id, email_key in asked:
            organization_ids += [organization_id, organization_id]
            kinds += ["email", "domain"]
            hashes += [one.hex() for one in self._hashes(email_key)]
        rows = await self._transaction.fetch(SUPPRESSED, organization_ids=organization_ids, kinds=kinds, hashes=hashes)
        return {asked[(row["number"] - 1) // 2] for row in rows}

    async def record(self, batch: Batch, now: datetime) -> None:
        values: dict[str, Any] = {"now": now}
        for names, rows in (
            (PLANNED_ARRAYS, batch.planned),
            (LATER_ARRAYS, batch.put_off),
            (ENDED_ARRAYS, batch.ended),
        ):
            values.update(zip(names, _columns(rows, len(names)), strict=True))
        await self._transaction.fetch(RECORD, **values)

    async def resume_due(self, now: datetime) -> int:
        over = [tuple(row) for row in await self._transaction.fetch(PAUSE_OVER, now=now)]
        if not over:
            return 0
        organization_ids, enrollment_ids = _columns(over, 2)
        resumed = await self._transaction.fetch(
            RESUME, now=now, organization_ids=organization_ids, enrollment_ids=enrollment_ids
        )
        rows = [(self._ids.new(), *row) for row in resumed]
        columns = zip(RESUMED_ARRAYS, _columns(rows, len(RESUMED_ARRAYS)), strict=True)
        await self._transaction.fetch(RESUMED, now=now, **dict(columns))
        return len(rows)


def _columns(rows: Iterable[tuple[Any, ...]], width: int) -> list[Sequence[Any]]:
    """The rows turned on their side: one array a column."""
    return list(zip(*rows, strict=True)) or [()] * width


@lru_cache(maxsize=4096)
def _hours(time_zone: str, culture: str, stored: str | None, away: str | None) -> WorkingHours:
    """Parsed once, as long as they read the same."""
    hours = from_stored(orjson.loads(stored)) if stored else default_hours(time_zone, culture)
    return replace(hours, away=preferences.away(orjson.loads(away))) if away else hours
