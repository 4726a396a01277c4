"""`engage demo --contacts N`: a directory as large as somebody wants to see it."""

import asyncio
import csv
import io
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import func, select, text

from adapters.demo.crowd import Stranger, crowd
from adapters.ids import made_at
from adapters.postgres.connection import CompiledStatement
from adapters.postgres.tables import contacts
from domain.accounts.model import email_key
from domain.contacts.beginnings import beginnings_of
from domain.contacts.folding import fold
from domain.contacts.model import EmailState
from domain.contacts.search_terms import looked_up, terms_of_fields
from domain.shared.ids import OrganizationId
from domain.shared.principal import Principal

if TYPE_CHECKING:
    from adapters.bootstrap import Container

# Many, since every piece goes once through the whole index of words; of them so many are thought up at a time.
AT_ONCE = 100_000
IN_ONE_GO = 10_000
# Pieces on their way at the same time: a core of the database each.
LANES = 2
# A piece may take a while, waits for the one before, and sorts much.
PATIENCE_SECONDS = 600
LIMITS = "; ".join(
    (
        f"set local statement_timeout = '{PATIENCE_SECONDS}s'",
        f"set local idle_in_transaction_session_timeout = '{PATIENCE_SECONDS}s'",
        "set local work_mem = '128MB'",
    )
)
TEXTS = (
    "first_name", "last_name", "name_key", "email", "email_key", "company", "company_key", "job_title",
    "business_phone", "city", "state", "country", "time_zone", "email_state",
)  # fmt: skip
IDS, TIMES = ("id", "status_id", "owner_id"), ("created_at", "last_activity_at", "opted_out_at")
BEGINNINGS = ("beginnings_low", "beginnings_high")
COLUMNS = (*IDS, *TEXTS, *TIMES, "happened_id", "terms", "looked_up", *BEGINNINGS)
STAGE = (
    "create temporary table strangers ("
    + ", ".join(f"{name} text" for name in TEXTS)
    + ", "
    + ", ".join(f"{name} uuid" for name in (*IDS, "happened_id"))
    + ", "
    + ", ".join(f"{name} timestamptz" for name in TIMES)
    + ", terms text, looked_up text, "
    + ", ".join(f"{name} bigint" for name in BEGINNINGS)
    + ") on commit drop"
)
# Nothing is null to COPY.
KEPT = ["coalesce(email_key, '')" if name == "email_key" else name for name in (*IDS, *TEXTS, *TIMES, *BEGINNINGS)]
# Row-level security lets no COPY into its tables; and who is there already is left out.
TAKE_IN = CompiledStatement(
    text(
        f"""
with made as (
  insert into contacts (organization_id, {", ".join((*IDS, *TEXTS, *TIMES, *BEGINNINGS))}, terms, updated_at)
  select cast(:organization_id as uuid), {", ".join(KEPT)}, ' ' || terms, last_activity_at from strangers
  on conflict do nothing returning id
), found as (
  insert into contact_terms (organization_id, term, contact_id)
  select cast(:organization_id as uuid), string_to_table(looked_up, ' ') collate "C" as term, id
  from strangers join made using (id) order by term, id
)
insert into activities (organization_id, id, at, type, contact_id, user_id)
select cast(:organization_id as uuid), happened_id, created_at, 'contact_created', id, owner_id
from strangers join made using (id)
"""  # noqa: S608 - names of columns
    )
)

Told = Callable[[int], object]


async def fill_up(container: "Container", principals: list[Principal], wanted: int, told: Told) -> int:
    """Adds people of these users until there are as many records as wanted. `told` hears how many there are.

    Gives how many were missing. What was interrupted is completed by the next: pieces come in by their order.
    """
    organization_id, now = principals[0].organization_id, container.clock.now()
    async with container.database.application(organization_id) as transaction:
        unit = container.units.inside(transaction, organization_id)
        statuses = {status.label: status.id for status in await unit.statuses.all()}
        known = int((await transaction.execute(select(func.count()).select_from(contacts))).scalar_one())
    filling = _Filling(container, organization_id, statuses, [who.user_id for who in principals], wanted, now, told)
    going = deque[asyncio.Task[None]]()
    try:
        for first in range(known, wanted, AT_ONCE):
            piece = range(first, min(first + AT_ONCE, wanted))
            # While PostgreSQL takes in what is there, the next ones are thought up.
            rows = await asyncio.to_thread(filling.rows, piece)
            if len(going) == LANES:
                await going.popleft()
            going.append(asyncio.create_task(filling.take_in(piece, rows, going[-1] if going else None)))
        while going:
            await going.popleft()
    finally:
        for task in going:
            task.cancel()
        await asyncio.gather(*going, return_exceptions=True)
    return max(wanted - known, 0)


class _Filling:
    """What all strangers have in common."""

    def __init__(
        self,
        container: "Container",
        organization_id: OrganizationId,
        statuses: Mapping[str, UUID],
        owners: Sequence[UUID],
        wanted: int,
        now: datetime,
        told: Told,
    ) -> None:
        self._database = container.database
        self._organization_id = organization_id
        self._statuses = statuses
        self._owners = owners
        self._wanted = wanted
        self._now = now
        self._told = told

    def rows(self, numbers: range) -> bytes:
        """The people with these numbers, as COPY reads them."""
        lines = io.StringIO()
        writer = csv.writer(lines)
        for first in range(numbers.start, numbers.stop, IN_ONE_GO):
            some = range(first, min(first + IN_ONE_GO, numbers.stop))
            for number, stranger in zip(some, crowd(some, self._wanted, self._now), strict=True):
                writer.writerow(self._row(stranger, self._owners[number % len(self._owners)]))
        return lines.getvalue().encode()

    async def take_in(self, numbers: range, rows: bytes, before: asyncio.Task[None] | None) -> None:
        """In one transaction, which ends after the one before."""
        async with self._database.application(self._organization_id) as transaction:
            driver, limit = transaction.driver, PATIENCE_SECONDS
            await driver.execute(f"{LIMITS}; {STAGE}")
            columns = list(COLUMNS)
            await driver.copy_to_table(
                "strangers", source=io.BytesIO(rows), columns=columns, format="csv", timeout=limit
            )
            given = TAKE_IN.arguments({"organization_id": self._organization_id})
            await driver.execute(TAKE_IN.sql, *given, timeout=limit)
            if before:
                await before
        self._told(numbers.stop)

    def _row(self, one: Stranger, owner_id: UUID) -> tuple[object, ...]:
        city, state, country, zone = one.place
        state_of_email = EmailState.NONE if one.email is None else EmailState.BOUNCED if one.bounced else EmailState.OK
        terms = terms_of_fields((one.first_name, one.last_name, one.company), one.email, (one.business_phone,))
        name_key, company_key = f"{_folded(one.first_name)} {_folded(one.last_name)}", _folded(one.company)
        address = email_key(one.email) if one.email else ""
        return (
            made_at(one.created_at),
            self._statuses[one.status],
            owner_id,
            one.first_name,
            one.last_name,
            name_key,
            one.email,
            address,
            one.company,
            company_key,
            one.job_title,
            one.business_phone,
            city,
            state,
            country,
            zone,
            state_of_email.value,
            one.created_at,
            one.last_activity_at,
            one.last_activity_at if one.opted_out else None,
            made_at(one.created_at),
            " ".join(sorted(terms)),
            " ".join(looked_up(terms, (name_key, address, company_key))),
            *beginnings_of(terms),
        )


@lru_cache(maxsize=10_000)
def _folded(name: str) -> str:
    return fold(name)
