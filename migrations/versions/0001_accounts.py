"""Roles, organizations, users, sign-in, the outbox."""

from migrations.script import run

revision = "0001"
down_revision = None

ROLES = """
do $$
declare name text;
begin
  foreach name in array array['engage_app', 'engage_system', 'engage_gate'] loop
    begin
      execute format('create role %I nologin noinherit', name);
    exception when duplicate_object or unique_violation then null;
    end;
    if name <> current_user then execute format('grant %I to current_user', name); end if;
    if exists (select from pg_roles where rolname = 'engage') then execute format('grant %I to engage', name); end if;
    execute format('grant usage on schema public to %I', name);
  end loop;
end $$;
"""

# The rules of a tenant's table: the application sees one organization, sweepers see all, nobody bypasses.
TENANT = """
create function make_tenant(target regclass, key text default 'organization_id') returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('create policy tenant on %s to engage_app '
    'using (%I = nullif(current_setting(''app.organization_id'', true), '''')::uuid) '
    'with check (%I = nullif(current_setting(''app.organization_id'', true), '''')::uuid)', target, key, key);
  execute format('create policy system on %s to engage_system using (true) with check (true)', target);
  execute format('grant select, insert, update, delete on %s to engage_app, engage_system', target);
end $$;
revoke all on function make_tenant(regclass, text) from public;
"""

TABLES = """
create table organizations (
  id uuid primary key,
  name text not null,
  postal_address text not null default '',
  dispatch_paused boolean not null default false,
  version integer not null default 1,
  created_at timestamptz not null
);
select make_tenant('organizations', 'id');

create table users (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  email text not null,
  email_key text not null,
  name text not null,
  role text not null check (role in ('administrator', 'contributor')),
  state text not null check (state in ('active', 'invited')),
  time_zone text not null,
  culture text not null,
  phone text,
  job_title text,
  company text,
  start_salesflow_on_behalf boolean not null default false,
  working_hours jsonb,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (organization_id, id),
  unique (organization_id, email_key)
);
select make_tenant('users');

create table credentials (
  organization_id uuid not null,
  user_id uuid not null,
  email_key text not null unique,
  password_hash text not null,
  changed_at timestamptz not null,
  primary key (organization_id, user_id),
  foreign key (organization_id, user_id) references users (organization_id, id) on delete cascade
);
select make_tenant('credentials');

create table sessions (
  organization_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  token_hash bytea not null unique,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null,
  address text not null,
  user_agent text not null,
  primary key (organization_id, id),
  foreign key (organization_id, user_id) references users (organization_id, id) on delete cascade
);
create index on sessions (organization_id, user_id);
select make_tenant('sessions');

create table access_tokens (
  organization_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  name text not null,
  token_hash bytea not null unique,
  scopes text[] not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  last_used_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, user_id) references users (organization_id, id) on delete cascade
);
create index on access_tokens (organization_id, user_id);
select make_tenant('access_tokens');

create table idempotency_keys (
  organization_id uuid not null,
  user_id uuid not null,
  key text not null,
  request_hash bytea not null,
  status integer,
  body bytea,
  created_at timestamptz not null,
  primary key (organization_id, user_id, key),
  foreign key (organization_id, user_id) references users (organization_id, id) on delete cascade
);
create index on idempotency_keys (created_at);
select make_tenant('idempotency_keys');

create table outbox_jobs (
  organization_id uuid not null references organizations (id) on delete cascade,
  id uuid not null,
  kind text not null,
  payload jsonb not null,
  created_at timestamptz not null,
  -- When the queue is rung (again): a row goes only when its work is done, so a bell that is lost is rung again.
  due_at timestamptz not null,
  attempts integer not null default 0,
  primary key (organization_id, id)
);
create index on outbox_jobs (id);
create index on outbox_jobs (due_at, id);
select make_tenant('outbox_jobs');

create table worker_heartbeats (
  id text primary key,
  started_at timestamptz not null,
  seen_at timestamptz not null
);
grant select, insert, update, delete on worker_heartbeats to engage_system;
grant select on worker_heartbeats to engage_gate;
"""

# Signing in comes before an organization is known: hashes and ids, and the role that the id has, nothing else.
GATE = """
grant select on credentials, sessions, access_tokens to engage_gate;
grant update (last_seen_at) on sessions to engage_gate;
grant update (last_used_at) on access_tokens to engage_gate;
grant select (organization_id, id, role, state) on users to engage_gate;
create policy gate on credentials to engage_gate using (true);
create policy gate on sessions to engage_gate using (true);
create policy gate on access_tokens to engage_gate using (true);
create policy gate on users for select to engage_gate using (true);
"""


def upgrade() -> None:
    run(ROLES + TENANT + TABLES + GATE)
    run("grant select on alembic_version to engage_gate, engage_system")
