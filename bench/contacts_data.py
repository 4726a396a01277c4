"""A million contacts as they are in life: few first names, more last names, many companies, an address each."""

import random
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from typing import Any
from uuid import UUID

import asyncpg

from adapters.ids import made_at
from adapters.postgres.contact_rows import told
from domain.accounts.model import email_key
from domain.contacts.beginnings import beginnings_of
from domain.contacts.folding import fold, sort_key
from domain.contacts.search_terms import looked_up
from domain.shared.principal import Principal

FIRST = [
    f"{a}{b}" for a in ("An", "Jür", "Ma", "Søre", "Mi", "Lu", "Zo", "Pe", "Ka", "To") for b in ("na", "gen", "ry", "n")
]
LAST = [f"{a}{b}" for a in ("Mül", "Schmi", "Smi", "Gar", "Joh", "Kow", "Ros", "Nak", "Dub", "Ber") for b in range(200)]
KINDS = ("GmbH", "Inc", "Ltd", "AG", "Group")
COLUMNS = (
    "organization_id",
    "id",
    "first_name",
    "last_name",
    "name_key",
    "email",
    "email_key",
    "company",
    "company_key",
    "terms",
    "beginnings_low",
    "beginnings_high",
    "business_phone",
    "city",
    "country",
    "status_id",
    "owner_id",
    "email_state",
    "last_activity_at",
    "created_at",
    "updated_at",
)
TERM_COLUMNS = ("organization_id", "term", "contact_id")
INDEXES = """
select indexname, indexdef from pg_indexes
where tablename in ('contacts', 'contact_terms') and indexname not like '%\\_pkey'
"""
BATCH = 50_000
NOW = datetime(2026, 11, 2, tzinfo=UTC)


async def fill(superuser_url: str, principal: Principal, size: int, sample: int) -> Sequence[UUID]:
    """Adds so many contacts with their search terms, and gives the ids of some of them for paging from there."""
    connection = await asyncpg.connect(superuser_url)
    statuses = [row["id"] for row in await connection.fetch("select id from contact_statuses order by position")]
    chance = random.Random(7)
    async with _without_indexes(connection):
        for first in range(0, size, BATCH):
            people = list(_people(chance, principal, statuses, range(first, min(first + BATCH, size)), size))
            await connection.copy_records_to_table("contacts", records=people, columns=COLUMNS)
            terms = list(_terms(principal.organization_id, people))
            await connection.copy_records_to_table("contact_terms", records=terms, columns=TERM_COLUMNS)
    await connection.execute("vacuum analyze contacts")
    await connection.execute("vacuum analyze contact_terms")
    rows = await connection.fetch("select id from contacts order by random() limit $1", sample)
    await connection.close()
    return [row["id"] for row in rows]


@asynccontextmanager
async def _without_indexes(connection: "asyncpg.Connection[asyncpg.Record]") -> AsyncIterator[None]:
    """Indexes are made at the end and rows, right by construction, are not checked: minutes instead of an hour."""
    rows = await connection.fetch(INDEXES)
    await connection.execute("set session_replication_role = replica; set maintenance_work_mem = '512MB'")
    await connection.execute(";".join(f"drop index {row['indexname']}" for row in rows))
    await connection.execute("alter table contact_terms drop constraint contact_terms_pkey")
    yield
    await connection.execute("alter table contact_terms add primary key (organization_id, term, contact_id)")
    await connection.execute(";".join(row["indexdef"] for row in rows))


def _people(
    chance: random.Random, principal: Principal, statuses: Sequence[UUID], numbers: range, size: int
) -> Iterator[tuple[Any, ...]]:
    """Created one after the other, in the order of their ids."""
    for number in numbers:
        first, last = chance.choice(FIRST), LAST[int(len(LAST) * chance.random() ** 2)]
        company = f"Company{chance.randrange(20_000)} {chance.choice(KINDS)}"
        email = f"{fold(first)}.{fold(last)}.{number}@c{number % 20_000}.example"
        phone = f"+1617{number:07d}"
        at = NOW - timedelta(seconds=10 * (size - number))
        words = _words(sort_key(f"{first} {last}"), email, company, phone)
        yield (
            principal.organization_id,
            made_at(at),
            first,
            last,
            sort_key(f"{first} {last}"),
            email,
            email_key(email),
            company,
            sort_key(company),
            told(words),
            *beginnings_of(words),
            phone,
            "Boston",
            "US",
            statuses[int(len(statuses) * chance.random() ** 2)],
            principal.user_id,
            "ok",
            at if chance.random() < 0.5 else at + (NOW - at) * chance.random(),
            at,
            at,
        )


def _words(name_key: str, email: str, company: str, phone: str) -> set[str]:
    """As domain.contacts.search_terms makes them, without its care for what people type."""
    address, digits = sort_key(email), phone.removeprefix("+")
    words = {*name_key.split(), *sort_key(company).split(), address, address.partition("@")[2]}
    words |= set(address.partition("@")[0].split("."))
    ordered = sorted(words)
    longest = {
        one for one, following in zip_longest(ordered, ordered[1:], fillvalue="") if not following.startswith(one)
    }
    return longest | {digits, digits[1:]}


def _terms(organization_id: UUID, people: Sequence[tuple[Any, ...]]) -> Iterator[tuple[UUID, str, UUID]]:
    for person in people:
        for term in looked_up(person[9].split(), (person[4], person[6], person[8])):
            yield organization_id, term, person[1]
