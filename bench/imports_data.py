"""A file of people as they are in life, and what PostgreSQL alone makes of it."""

import csv
import random
import time
from pathlib import Path
from uuid import UUID

import asyncpg

from bench.contacts_data import FIRST, KINDS, LAST
from domain.contacts.folding import fold

HEADER = (
    "First name",
    "Last name",
    "Email",
    "Company",
    "Job title",
    "Business phone",
    "Street",
    "City",
    "State",
    "Zip code",
    "Country",
)
STAGED = "first_name, last_name, email, company, job_title, business_phone, street, city, state, zip, country"
EMPTY = """
truncate contacts, contact_terms, activities, contact_imports, contact_import_changes, background_jobs, file_pieces,
  files cascade;
vacuum contacts, contact_terms, activities, contact_import_changes;
checkpoint
"""
STAGE = """
drop table if exists bench_staging;
create unlogged table bench_staging (first_name text, last_name text, email text, company text, job_title text,
  business_phone text, street text, city text, state text, zip text, country text)
"""
MERGE = f"""
insert into contacts (organization_id, id, {STAGED}, name_key, email_key, company_key, status_id, owner_id, email_state,
  last_activity_at, created_at, updated_at)
select distinct on (lower(email)) $1::uuid, uuidv7(), {STAGED}, lower(first_name || ' ' || last_name), lower(email),
  lower(company), contact_statuses.id, $2::uuid, 'ok', now(), now(), now()
from bench_staging join contact_statuses on is_default
order by lower(email)
on conflict (organization_id, email_key) where email_key <> '' and deleted_at is null
do update set first_name = excluded.first_name, last_name = excluded.last_name, name_key = excluded.name_key,
  company = excluded.company, company_key = excluded.company_key, updated_at = excluded.updated_at
"""


def write(path: Path, size: int) -> None:
    """So many people, each with an address of their own."""
    chance = random.Random(7)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number in range(size):
            first, last = chance.choice(FIRST), LAST[int(len(LAST) * chance.random() ** 2)]
            company = f"Company{chance.randrange(20_000)} {chance.choice(KINDS)}"
            email = f"{fold(first)}.{fold(last)}.{number}@c{number % 20_000}.example"
            phone = f"(617) {200 + number // 10_000 % 800}-{number % 10_000:04d}"
            place = ("1 Main Street", "Boston", "MA", "02110", "US")
            writer.writerow([first, last, email, company, "Head of things", phone, *place])


async def empty(url: str) -> None:
    """Nobody is there, and nothing of an earlier round is left to be cleaned up."""
    connection = await asyncpg.connect(url)
    for statement in EMPTY.split(";"):
        await connection.execute(statement, timeout=600)
    await connection.close()


async def staged_and_merged(url: str, people: Path, organization_id: UUID, owner_id: UUID) -> float:
    """The seconds that a staged COPY and a merge take."""
    connection = await asyncpg.connect(url, server_settings={"jit": "off"})
    await connection.execute(STAGE)
    began = time.perf_counter()
    await connection.copy_to_table("bench_staging", source=people, format="csv", header=True, timeout=3600)
    await connection.execute(MERGE, organization_id, owner_id, timeout=3600)
    seconds = time.perf_counter() - began
    await connection.close()
    return seconds


async def copied(url: str, rows: Path) -> float:
    """The seconds that COPY takes for contacts as they are there now, once they are not there any more."""
    connection = await asyncpg.connect(url)
    await connection.copy_from_table("contacts", output=rows, format="binary", timeout=3600)
    await connection.close()
    await empty(url)
    connection = await asyncpg.connect(url)
    began = time.perf_counter()
    await connection.copy_to_table("contacts", source=rows, format="binary", timeout=3600)
    seconds = time.perf_counter() - began
    await connection.close()
    return seconds
