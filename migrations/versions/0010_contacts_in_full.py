"""Contacts in full: own fields, lists, saved views, notes, imports, bulk work, merges, possible duplicates."""

from migrations.script import run

revision = "0010"
down_revision = "0009"

CONTACTS = """
alter table contacts
  -- Values of the organization's own fields, by the field's key.
  add column custom jsonb not null default '{}',
  add column do_not_call_at timestamptz;

-- Terms are written with their contact, by the store alone; a check a term would take longer than the term.
alter table contact_terms drop constraint contact_terms_organization_id_contact_id_fkey;

create table contact_fields (
  organization_id uuid not null references organizations (id) on delete cascade,
  id uuid not null,
  key text not null collate "C",
  label text not null,
  kind text not null check (kind in ('text', 'number', 'date', 'choice', 'url', 'checkbox')),
  choices text[] not null default '{}',
  position integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  archived_at timestamptz,
  primary key (organization_id, id),
  unique (organization_id, key)
);
select make_tenant('contact_fields');

-- The same values again, as filters find them: folded, and ordered by their bytes.
create table contact_values (
  organization_id uuid not null,
  field_id uuid not null,
  value text not null collate "C",
  contact_id uuid not null,
  primary key (organization_id, field_id, value, contact_id)
);
create index contact_values_by_contact on contact_values (organization_id, contact_id, field_id, value);
select make_tenant('contact_values');

create table contact_notes (
  organization_id uuid not null,
  id uuid not null,
  contact_id uuid not null,
  user_id uuid,
  text text not null,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, contact_id) references contacts (organization_id, id) on delete cascade,
  foreign key (organization_id, user_id) references users (organization_id, id) on delete set null (user_id)
);
create index on contact_notes (organization_id, contact_id, created_at desc, id desc);
select make_tenant('contact_notes');
"""

DIRECTORY = """
create table contact_lists (
  organization_id uuid not null references organizations (id) on delete cascade,
  id uuid not null,
  name text not null,
  name_key text not null collate "C",
  kind text not null check (kind in ('static', 'filter')),
  filter jsonb,
  user_id uuid,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, user_id) references users (organization_id, id) on delete set null (user_id)
);
create unique index contact_lists_one_per_name on contact_lists (organization_id, name_key) where deleted_at is null;
select make_tenant('contact_lists');

create table contact_list_members (
  organization_id uuid not null,
  list_id uuid not null,
  contact_id uuid not null,
  added_at timestamptz not null,
  primary key (organization_id, list_id, contact_id),
  foreign key (organization_id, list_id) references contact_lists (organization_id, id) on delete cascade,
  foreign key (organization_id, contact_id) references contacts (organization_id, id) on delete cascade
);
create index contact_list_members_by_contact on contact_list_members (organization_id, contact_id, list_id);
select make_tenant('contact_list_members');

create table contact_views (
  organization_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  name text not null,
  shared boolean not null default false,
  -- What the address of the directory says: words, filters, order, columns.
  state jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (organization_id, id),
  unique (organization_id, user_id, name),
  foreign key (organization_id, user_id) references users (organization_id, id) on delete cascade
);
create index on contact_views (organization_id, name) where shared;
select make_tenant('contact_views');
"""

WORK = """
-- Work too long for a request: done in pieces, each a transaction that also says how far it is.
create table background_jobs (
  organization_id uuid not null references organizations (id) on delete cascade,
  id uuid not null,
  user_id uuid,
  kind text not null,
  state text not null check (state in ('queued', 'running', 'done', 'failed', 'cancelled', 'undoing', 'undone')),
  spec jsonb not null,
  -- Where the next piece begins; null before the first.
  cursor jsonb,
  done bigint not null default 0,
  total bigint,
  result jsonb not null default '{}',
  error text,
  lease_until timestamptz not null,
  fence bigint not null default 0,
  created_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz,
  undone_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, user_id) references users (organization_id, id) on delete set null (user_id)
);
create index background_jobs_by_user on background_jobs (organization_id, user_id, created_at desc, id desc);
-- The sweepers look across organizations.
create index background_jobs_open on background_jobs (lease_until) where state in ('queued', 'running', 'undoing');
create index background_jobs_ended on background_jobs (finished_at) where finished_at is not null;
select make_tenant('background_jobs');

-- What the pieces of a job changed, to take it back: which contacts, and for each the id of what stood there before, or
-- of what was made. Nothing of it tells anything about a person.
create table background_job_changes (
  organization_id uuid not null,
  job_id uuid not null,
  lane smallint not null,
  id uuid not null,
  at timestamptz not null,
  contact_ids uuid[] not null,
  kept_ids uuid[] not null,
  primary key (organization_id, job_id, lane, id),
  foreign key (organization_id, job_id) references background_jobs (organization_id, id) on delete cascade
);
select make_tenant('background_job_changes');

create table contact_imports (
  organization_id uuid not null,
  id uuid not null,
  user_id uuid,
  -- Null until it was started; from then on it stands as its job does.
  job_id uuid,
  -- As it is read; null once that is over.
  file_id uuid,
  name text not null,
  format text not null check (format in ('csv', 'xlsx')),
  bytes bigint not null,
  -- Encoding, delimiter, header, where the rows begin, and about how many there are.
  layout jsonb not null,
  -- With samples and suggestions.
  columns jsonb not null,
  -- What the columns mean, and what is done with whom we know already.
  options jsonb,
  created_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, user_id) references users (organization_id, id) on delete set null (user_id),
  foreign key (organization_id, job_id) references background_jobs (organization_id, id) on delete set null (job_id),
  foreign key (organization_id, file_id) references files (organization_id, id) on delete set null (file_id)
);
create index on contact_imports (organization_id, created_at desc, id desc);
create index on contact_imports (organization_id, job_id);
create index on contact_imports (organization_id, file_id);
-- Sweepers look for those that nobody started.
create index contact_imports_waiting on contact_imports (created_at) where job_id is null;
select make_tenant('contact_imports');

-- Whom an import met, and what it did to them: so that a person comes in once, and it can be taken back. Written by the
-- store alone, as terms are: a check a row would take longer than the row.
create table contact_import_changes (
  organization_id uuid not null,
  import_id uuid not null,
  contact_id uuid not null,
  line bigint not null,
  outcome text not null check (outcome in ('created', 'updated', 'unchanged')),
  before jsonb,
  after jsonb,
  -- Of the contact, after the change.
  version integer,
  -- Put on the list of the import by it.
  listed boolean not null default false,
  primary key (organization_id, import_id, contact_id)
);
create index contact_import_changes_by_contact on contact_import_changes (organization_id, contact_id)
  where before is not null;
select make_tenant('contact_import_changes');

create table contact_import_faults (
  organization_id uuid not null,
  import_id uuid not null,
  line bigint not null,
  outcome text not null check (outcome in ('skipped', 'failed')),
  code text not null,
  reason text not null,
  cells text[] not null,
  primary key (organization_id, import_id, line),
  foreign key (organization_id, import_id) references contact_imports (organization_id, id) on delete cascade
);
select make_tenant('contact_import_faults');

-- Imports are merged out of tables that last as long as their transactions. PostgreSQL allows that to everybody; where it
-- was taken from everybody, whoever owns the database gives it back to whom it is needed by.
do $$
begin
  execute format('grant temporary on database %I to engage_app', current_database());
exception when insufficient_privilege then null;
end $$;
"""

PEOPLE = """
create table contact_merges (
  organization_id uuid not null,
  id uuid not null,
  kept_id uuid not null,
  merged_id uuid not null,
  user_id uuid,
  at timestamptz not null,
  -- The kept record as it was and as it became, and the rows that changed hands: to take it back, and null after that.
  before jsonb,
  moved jsonb,
  undone_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, kept_id) references contacts (organization_id, id) on delete cascade,
  foreign key (organization_id, merged_id) references contacts (organization_id, id) on delete cascade,
  foreign key (organization_id, user_id) references users (organization_id, id) on delete set null (user_id)
);
create index on contact_merges (organization_id, kept_id);
create unique index contact_merges_once on contact_merges (organization_id, merged_id) where undone_at is null;
-- The sweepers look across organizations.
create index contact_merges_remembered on contact_merges (at) where before is not null;
select make_tenant('contact_merges');

-- Addresses that nobody has any more since two records became one, and who is found by them.
create table contact_former_addresses (
  organization_id uuid not null,
  id uuid not null,
  -- In the one form of all its spellings.
  email_key text not null collate "C",
  contact_id uuid not null,
  at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, contact_id) references contacts (organization_id, id) on delete cascade
);
create index on contact_former_addresses (organization_id, email_key);
create index on contact_former_addresses (organization_id, contact_id);
select make_tenant('contact_former_addresses');

create table possible_duplicates (
  organization_id uuid not null,
  first_id uuid not null,
  second_id uuid not null,
  reason text not null check (reason in ('email', 'phone', 'name_and_company')),
  found_at timestamptz not null,
  dismissed_at timestamptz,
  dismissed_by uuid,
  primary key (organization_id, first_id, second_id),
  foreign key (organization_id, first_id) references contacts (organization_id, id) on delete cascade,
  foreign key (organization_id, second_id) references contacts (organization_id, id) on delete cascade,
  check (first_id < second_id)
);
create index on possible_duplicates (organization_id, second_id);
create index possible_duplicates_open on possible_duplicates (organization_id, found_at desc, first_id, second_id) where dismissed_at is null;
select make_tenant('possible_duplicates');

alter table suppressions
  add column created_by uuid,
  -- A domain is no person's: it may be read back. Of an address or a phone nothing is.
  add column domain text,
  drop constraint suppressions_kind_check,
  add constraint suppressions_kind_check check (kind in ('email', 'domain', 'phone')) not valid;
alter table suppressions validate constraint suppressions_kind_check;
create index suppressions_by_time on suppressions (organization_id, created_at desc, id desc);
"""


def upgrade() -> None:
    run(CONTACTS + DIRECTORY + WORK + PEOPLE)
