"""Everything that the directory can be asked for, in every order: how long PostgreSQL takes for the slowest of it.

Frequent and rare, alone and together, scattered over the order and at one end of it. What is owed is a time, so that is
the reference.
"""

import asyncio
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from statistics import quantiles
from uuid import UUID

import asyncpg

from adapters.clock import SystemClock
from adapters.crypto import KeyRing
from adapters.ids import RandomIds
from adapters.postgres.database import Database
from adapters.postgres.engine import open_engine
from adapters.postgres.suppressions import SuppressionHashes
from adapters.postgres.unit_of_work import PostgresUnits
from bench.contacts_data import NOW
from bench.report import AS_GOOD, Owed, Row
from domain.contacts.filters import document_of
from domain.contacts.model import ContactFilter, ContactSort
from domain.shared.ids import ContactListId, OrganizationId, SalesflowId, UserId
from domain.shared.paging import PageRequest

OWED_MILLISECONDS = 10.0
OWED_AT_WORST = 50.0
# Several filters together pass where none of them takes longer than the worst may.
OWED_TOGETHER = Owed(1.0, OWED_AT_WORST / OWED_MILLISECONDS)
TIMES = 12
# The p95 of a dozen is nearly their maximum, which a stall of the machine decides: whatever took long is asked again.
AGAIN, LONG_MILLISECONDS = 4, 25.0
TOGETHER = 150
SHOWN = 10
LISTS = {
    "half": "hashtext(id::text) % 2 = 0",
    "tenth": "hashtext(id::text) % 10 = 1",
    "few": "hashtext(id::text) % 20000 = 2",
    "oldest": "id <= (select id from contacts order by id offset {size} / 50 limit 1)",
    "newest": "id >= (select id from contacts order by id desc offset {size} / 50 limit 1)",
}
FILLING = """
set session_replication_role = replica;
update contacts set opted_out_at = last_activity_at where hashtext(id::text) % 100 = 5;
insert into salesflows (organization_id, id, name, state, created_at, updated_at)
  select id, '00000000-0000-7000-8000-000000000001', 'Spring', 'active', now(), now() from organizations;
insert into enrollments
  (organization_id, id, salesflow_id, revision, contact_id, user_id, started_by, state, started_at)
  select organization_id, gen_random_uuid(), '00000000-0000-7000-8000-000000000001', 1, id, owner_id, owner_id,
    'finished', now() from contacts where hashtext(id::text) % 5 = 3;
insert into contact_fields (organization_id, id, key, label, kind, position, created_at, updated_at)
  select organizations.id, field.id::uuid, field.key, field.key, 'text', 1, now(), now() from organizations,
    (values ('00000000-0000-7000-8000-00000000000a', 'tier'), ('00000000-0000-7000-8000-00000000000b', 'ref'))
    as field (id, key);
insert into contact_values (organization_id, field_id, value, contact_id)
  select organization_id, '00000000-0000-7000-8000-00000000000a',
    case when hashtext(id::text) % 20 = 7 then 'gold' else 'lead' end, id from contacts;
insert into contact_values (organization_id, field_id, value, contact_id)
  select organization_id, '00000000-0000-7000-8000-00000000000b', 'ref ' || right(id::text, 5), id from contacts;
"""
LISTING = """
insert into contact_lists (organization_id, id, name, name_key, kind, created_at, updated_at)
  select id, '{list_id}', '{name}', '{name}', 'static', now(), now() from organizations;
insert into contact_list_members (organization_id, list_id, contact_id, added_at)
  select organization_id, '{list_id}', id, now() from contacts where {told};
"""
FILLED = ("contacts", "contact_list_members", "contact_values", "enrollments", "contact_lists", "contact_fields")
SALESFLOW = SalesflowId(UUID("00000000-0000-7000-8000-000000000001"))
LIST_IDS = {name: ContactListId(UUID(int=256 + number)) for number, name in enumerate(LISTS)}


@dataclass(frozen=True, slots=True)
class _Page:
    """What was asked for, from where, and how long it took each time, in milliseconds; where that was long, also when
    it was asked `again`."""

    told: str
    matching: ContactFilter
    sort: ContactSort
    at: str | None
    times: Sequence[float]
    again: Sequence[float] = ()

    @property
    def p95(self) -> float:
        return _p95(self.again or self.times)


async def fill_conditions(superuser_url: str, size: int) -> None:
    """Lists, a Salesflow, own fields and opt-outs over the contacts that are there."""
    connection = await asyncpg.connect(superuser_url)
    await connection.execute(FILLING)
    for name, told in LISTS.items():
        await connection.execute(LISTING.format(list_id=LIST_IDS[name], name=name, told=told.format(size=size)))
    for table in FILLED:
        await connection.execute(f"vacuum analyze {table}")
    await connection.close()


async def every_page(database_url: str, organization_id: UUID, owner_id: UUID, size: int) -> list[Row]:
    """Row 2c: of all that was asked, and of filters alone and together; the worst of it is told."""
    database = Database(open_engine(database_url, pool_size=1))
    firm, owner = OrganizationId(organization_id), UserId(owner_id)
    alone = [
        await _surely(database, firm, page) for one in _each_alone(owner) for page in await _pages(database, firm, *one)
    ]
    together = [
        await _surely(database, firm, page)
        for one in _some_together(owner)
        for page in await _pages(database, firm, *one)
    ]
    await database.close()
    found = sorted([*alone, *together], key=lambda page: page.p95, reverse=True)
    for page in found[:SHOWN]:
        print(f"  {page.p95:6.2f} ms p95: {page.told}", flush=True)
    return [
        _over(found, "filters and orders", OWED_TOGETHER, size),
        _over(alone, "of these, each filter in each order", AS_GOOD, size),
        _over(together, "of these, several filters together", OWED_TOGETHER, size),
        Row("2c SQL of a page, p95 of the slowest of all", "ms", found[0].p95, OWED_AT_WORST, AS_GOOD, size),
    ]


def _over(pages: Sequence[_Page], told: str, owed: Owed, size: int) -> Row:
    together = _p95([one for page in pages for one in page.times])
    return Row(f"2c SQL of a page, p95 over {len(pages):,} {told}", "ms", together, OWED_MILLISECONDS, owed, size)


async def _pages(
    database: Database, organization_id: OrganizationId, matching: ContactFilter, sort: ContactSort
) -> list[_Page]:
    """The first page and the one behind it, without what is done for the first time."""
    asked = f"page by {sort.value} of {document_of(matching)}"
    first, cursor = await _timed(database, organization_id, matching, sort, None)
    pages = [_Page(f"first {asked}", matching, sort, None, first)]
    if cursor:
        second, _ = await _timed(database, organization_id, matching, sort, cursor)
        pages.append(_Page(f"second {asked}", matching, sort, cursor, second))
    return pages


async def _surely(database: Database, organization_id: OrganizationId, page: _Page) -> _Page:
    """The page, asked for often enough to know its p95 if that matters."""
    if page.p95 < LONG_MILLISECONDS:
        return page
    asked = (database, organization_id, page.matching, page.sort, page.at)
    return replace(page, again=[one for _ in range(AGAIN) for one in (await _timed(*asked))[0]])


async def _timed(
    database: Database, organization_id: OrganizationId, matching: ContactFilter, sort: ContactSort, at: str | None
) -> tuple[list[float], str | None]:
    """In milliseconds each, of all statements of a page together, for a process that remembers nothing of the last."""
    took, found = list[float](), None
    hashes = SuppressionHashes(KeyRing([("bench", bytes(32))]).keyed_hash)
    for _ in range(TIMES):
        units = PostgresUnits(database, RandomIds(), SystemClock(), hashes)
        async with units.reading(organization_id) as unit:
            spent = list[float]()
            with unit.contacts._transaction.driver.query_logger(lambda query: spent.append(query.elapsed)):  # noqa: B023
                found = (await unit.contacts.page(matching, sort, PageRequest(50, at))).next_cursor
                # Of the last one it is told a moment later.
                await asyncio.sleep(0)
        took.append(sum(spent) * 1_000)
    return took[1:], found


def _p95(times: Sequence[float]) -> float:
    return quantiles(times, n=20, method="inclusive")[18]


def _each_alone(owner_id: UserId) -> Iterator[tuple[ContactFilter, ContactSort]]:
    """Each condition in each order."""
    for matching in (ContactFilter(), *_alone(owner_id)):
        yield from ((matching, sort) for sort in ContactSort)


def _some_together(owner_id: UserId) -> Iterator[tuple[ContactFilter, ContactSort]]:
    """Two or three of them, in two orders."""
    alone, chance = _alone(owner_id), random.Random(5)
    for _ in range(TOGETHER):
        given: dict[str, object] = {}
        for one in chance.sample(alone, chance.choice((2, 2, 3))):
            said = {name: getattr(one, name) for name in ContactFilter.__dataclass_fields__}
            given |= {name: value for name, value in said.items() if value not in (None, {})}
        matching = ContactFilter(**given)  # type: ignore[arg-type]
        yield from ((matching, sort) for sort in chance.sample(list(ContactSort), 2))


def _alone(owner_id: UserId) -> Sequence[ContactFilter]:
    words = ("anna", "mul0", "mul199", "anna mul", "company", "company1", "company77 gmbh", "søren ber1", "anna.mul0")
    years = [NOW - timedelta(days=days) for days in (1, 20, 60, 110)]
    return [
        *(ContactFilter(q) for q in (*words, "c17.example", "1617000", "617", "nobody", "z")),
        *(ContactFilter(status=label) for label in ("New", "Open", "Unqualified", "Asleep")),
        ContactFilter(owner_id=owner_id),
        ContactFilter(owner_id=UserId(UUID(int=1))),
        *(ContactFilter(list_id=list_id) for list_id in LIST_IDS.values()),
        ContactFilter(salesflow_id=SALESFLOW),
        *(ContactFilter(fields={"tier": value}) for value in ("gold", "lead")),
        ContactFilter(fields={"ref": "ref 00000"}),
        *(ContactFilter(last_activity_after=at) for at in years),
        *(ContactFilter(last_activity_before=at) for at in years),
        ContactFilter(last_activity_after=years[2], last_activity_before=years[1]),
        ContactFilter(opted_out=True),
        ContactFilter(opted_out=False),
    ]
