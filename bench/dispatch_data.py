"""Enrollments in a database of their own, some of them due again and again."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime

from adapters.embedded.postgres import LOGIN, OWNER, EmbeddedPostgres
from migrations.run import upgrade

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)

SEED = """
insert into organizations (id, name, created_at) values (uuidv7(), 'Bench', now());
insert into users (organization_id, id, email, email_key, name, role, state, time_zone, culture, created_at, updated_at)
select id, uuidv7(), 'rep@bench.example', 'rep@bench.example', 'Rep', 'contributor', 'active', 'UTC', 'en', now(), now()
from organizations;
insert into contact_statuses (organization_id, id, label, color, position, is_default)
select id, uuidv7(), 'New', '#000000', 0, true from organizations;
insert into mailboxes (organization_id, id, user_id, connection_id, address, state, created_at)
select organization_id, uuidv7(), id, uuidv7(), email, 'connected', now() from users;
insert into salesflows (organization_id, id, name, state, owner_id, revision, created_at, updated_at)
select organization_id, uuidv7(), 'Bench', 'active', id, 1, now(), now() from users;
insert into salesflow_steps (organization_id, id, salesflow_id, revision, position, kind, mode, delay_amount,
  delay_unit, thread)
select organization_id, uuidv7(), id, 1, position, 'email', 'automatic', 0, 'minutes', 'new'
from salesflows, generate_series(1, 3) as position;
insert into step_variants (organization_id, id, step_id, position, weight, subject, body_html)
select organization_id, uuidv7(), id, variant, 50, 'Hello', '<p>Hi</p>'
from salesflow_steps, generate_series(0, 1) as variant;
insert into suppressions (organization_id, id, kind, value_hash, reason, created_at)
select id, uuidv7(), 'email', sha256(n::text::bytea), 'opted_out', now()
from organizations, generate_series(1, 5000) as n;
"""
CROWD = """
insert into contacts (organization_id, id, first_name, last_name, name_key, email, email_key, email_state, status_id,
  last_activity_at, created_at, updated_at)
select organization_id, uuidv7(), 'Ann', 'Contact ' || n, 'contact ' || n, 'c' || n || '@d' || n % 997 || '.example',
  'c' || n || '@d' || n % 997 || '.example', 'ok', id, now(), now(), now()
from contact_statuses, generate_series(1, {size}) as n;
insert into enrollments (organization_id, id, salesflow_id, revision, contact_id, user_id, started_by, state, due_at,
  started_at)
select contacts.organization_id, uuidv7(), salesflows.id, 1, contacts.id, users.id, users.id, 'active',
  timestamptz '{now}' + interval '1 year', now()
from contacts join salesflows using (organization_id) join users using (organization_id);
"""
# Spread over the table, as they are in life.
SAMPLE = """
drop table if exists bench_due;
create table bench_due as select organization_id, id from enrollments order by random() limit {due};
"""
DUE_AGAIN = """
truncate step_runs, emails cascade;
update enrollments set due_at = timestamptz '{now}' - random() * interval '1 hour', waiting = 'delay'
from bench_due where enrollments.organization_id = bench_due.organization_id and enrollments.id = bench_due.id;
vacuum analyze enrollments;
"""


@dataclass(frozen=True, slots=True)
class Bed:
    """A filled database, of whose enrollments `due` are due."""

    postgres: EmbeddedPostgres
    name: str
    due: int

    @property
    def url(self) -> str:
        return self.postgres.url(LOGIN, self.name)

    def due_again(self) -> None:
        """Nothing was dispatched, and nothing of an earlier round is left to be cleaned up."""
        self.postgres.sql(DUE_AGAIN.format(now=NOW.isoformat()), self.name)


def bed(postgres: EmbeddedPostgres, size: int, due: int) -> Bed:
    """`size` enrollments in a new database, of which `due` will be due."""
    made = Bed(postgres, f"bench_dispatch_{size}", due)
    postgres.create_database(made.name)
    asyncio.run(upgrade(postgres.url(OWNER, made.name)))
    postgres.sql(SEED + CROWD.format(size=size, now=NOW.isoformat()), made.name)
    postgres.sql("vacuum analyze;" + SAMPLE.format(due=due), made.name)
    return made
