"""Contacts, their statuses and search terms, suppressions, the activity log."""

from migrations.script import run

revision = "0002"
down_revision = "0001"

CONTACTS = """
create table contact_statuses (
  organization_id uuid not null references organizations (id) on delete cascade,
  id uuid not null,
  label text not null,
  color text not null,
  position integer not null,
  is_default boolean not null default false,
  primary key (organization_id, id),
  unique (organization_id, label)
);
create unique index on contact_statuses (organization_id) where is_default;
select make_tenant('contact_statuses');

create table contacts (
  organization_id uuid not null,
  id uuid not null,
  salutation text,
  first_name text,
  last_name text not null,
  -- Folded by the program and compared by bytes: lists are ordered alike under every locale and its updates.
  name_key text not null collate "C",
  email text,
  email_key text not null default '' collate "C",
  company text,
  company_key text not null default '' collate "C",
  job_title text,
  business_phone text,
  mobile_phone text,
  street text,
  city text,
  state text,
  zip text,
  country text,
  time_zone text,
  status_id uuid not null,
  owner_id uuid,
  email_state text not null default 'none' check (email_state in ('none', 'ok', 'bounced')),
  opted_out_at timestamptz,
  last_activity_at timestamptz not null,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, status_id) references contact_statuses (organization_id, id),
  foreign key (organization_id, owner_id) references users (organization_id, id) on delete set null (owner_id)
) with (fillfactor = 85);
-- One record a person; a deleted one makes room.
create unique index contacts_one_per_email on contacts (organization_id, email_key) where email_key <> '' and deleted_at is null;
create index contacts_by_created on contacts (organization_id, created_at desc, id desc) where deleted_at is null;
create index contacts_by_name on contacts (organization_id, name_key, id) where deleted_at is null;
create index contacts_by_email on contacts (organization_id, email_key, id) where deleted_at is null;
create index contacts_by_company on contacts (organization_id, company_key, id) where deleted_at is null;
create index contacts_by_activity on contacts (organization_id, last_activity_at desc, id desc) where deleted_at is null;
create index contacts_by_status on contacts (organization_id, status_id, created_at desc, id desc) where deleted_at is null;
create index contacts_by_owner on contacts (organization_id, owner_id, created_at desc, id desc) where deleted_at is null;
select make_tenant('contacts');

-- Words to search by: under row-level security a range on a stored term reaches an index, LIKE and @@ do not.
create table contact_terms (
  organization_id uuid not null,
  term text not null collate "C",
  contact_id uuid not null,
  primary key (organization_id, term, contact_id),
  foreign key (organization_id, contact_id) references contacts (organization_id, id) on delete cascade
);
create index contact_terms_by_contact on contact_terms (organization_id, contact_id, term);
select make_tenant('contact_terms');

-- Keyed by a keyed hash, so that it outlives the contact without keeping the address.
create table suppressions (
  organization_id uuid not null references organizations (id) on delete cascade,
  id uuid not null,
  kind text not null check (kind in ('email', 'domain')),
  value_hash bytea not null,
  reason text not null,
  created_at timestamptz not null,
  primary key (organization_id, id),
  unique (organization_id, kind, value_hash)
);
select make_tenant('suppressions');
"""

ACTIVITIES = """
create table activities (
  organization_id uuid not null,
  id uuid not null,
  at timestamptz not null,
  type text not null,
  contact_id uuid not null,
  user_id uuid,
  salesflow_id uuid,
  enrollment_id uuid,
  email_id uuid,
  detail jsonb not null default '{}',
  primary key (organization_id, id, at)
) partition by range (at);
create index on activities (organization_id, contact_id, at desc, id desc);
create table activities_rest partition of activities default;
select make_tenant('activities');
-- What happened stays: the log is appended to, never changed.
revoke update, delete on activities from engage_app, engage_system;

-- Makes the monthly partitions from one month to another; owned by the owner, so that the program needs no right to create.
create function ensure_activity_partitions(first date, last date) returns void
language plpgsql security definer set search_path = pg_catalog, public as $$
declare month date := date_trunc('month', first);
declare name text;
begin
  while month <= last loop
    name := format('activities_%s', to_char(month, 'YYYY_MM'));
    if to_regclass('public.' || name) is null then
      execute format('create table public.%I partition of public.activities for values from (%L) to (%L)',
        name, month::timestamp at time zone 'UTC', (month + interval '1 month')::timestamp at time zone 'UTC');
    end if;
    month := month + interval '1 month';
  end loop;
end $$;
revoke all on function ensure_activity_partitions(date, date) from public;
grant execute on function ensure_activity_partitions(date, date) to engage_system;
select ensure_activity_partitions('2026-06-01', '2027-12-01');
"""


def upgrade() -> None:
    run(CONTACTS + ACTIVITIES)
