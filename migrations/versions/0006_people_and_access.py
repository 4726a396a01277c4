"""People in full: profiles, one-time links, second factors, single sign-on, notifications, the audit log."""

from migrations.script import run

revision = "0006"
down_revision = "0005"

USERS = """
alter table users
  add column address jsonb,
  add column signature jsonb,
  add column notifications jsonb,
  add column onboarding jsonb,
  add column away jsonb,
  add column avatar_version integer,
  add column second_factor boolean not null default false,
  add column deleted_at timestamptz,
  drop constraint users_state_check,
  drop constraint users_organization_id_email_key_key,
  add constraint users_state_check check (state in ('active', 'invited', 'deleted')) not valid;
alter table users validate constraint users_state_check;
-- The address of a deleted user is free for another.
create unique index users_one_per_address on users (organization_id, email_key) where state <> 'deleted';

alter table organizations
  add column require_second_factor boolean not null default false,
  add column session_idle_minutes integer not null default 720 check (session_idle_minutes between 1 and 43200),
  add column session_days integer not null default 30 check (session_days between 1 and 365);

alter table sessions
  add column idle_seconds integer not null default 43200,
  add column second_factor boolean not null default false;
"""

ACCESS = """
create table one_time_links (
  organization_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  kind text not null check (kind in ('invitation', 'welcome', 'password_reset')),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  sent_at timestamptz,
  used_at timestamptz,
  revoked_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, user_id) references users (organization_id, id) on delete cascade
);
create index on one_time_links (organization_id, user_id, kind);
create index on one_time_links (expires_at);
select make_tenant('one_time_links');

create table user_avatars (
  organization_id uuid not null,
  user_id uuid not null,
  content bytea not null,
  updated_at timestamptz not null,
  primary key (organization_id, user_id),
  foreign key (organization_id, user_id) references users (organization_id, id) on delete cascade
);
select make_tenant('user_avatars');

create table totp_secrets (
  organization_id uuid not null,
  user_id uuid not null,
  secret bytea not null,
  created_at timestamptz not null,
  confirmed_at timestamptz,
  -- The last time step whose code was taken: each code serves once.
  last_step bigint not null default 0,
  primary key (organization_id, user_id),
  foreign key (organization_id, user_id) references users (organization_id, id) on delete cascade
);
select make_tenant('totp_secrets');

create table recovery_codes (
  organization_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  code_hash bytea not null,
  created_at timestamptz not null,
  used_at timestamptz,
  primary key (organization_id, id),
  unique (organization_id, user_id, code_hash),
  foreign key (organization_id, user_id) references users (organization_id, id) on delete cascade
);
select make_tenant('recovery_codes');

create table passkeys (
  organization_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  name text not null,
  credential_id bytea not null unique,
  public_key bytea not null,
  sign_count bigint not null,
  transports text[] not null default '{}',
  created_at timestamptz not null,
  last_used_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, user_id) references users (organization_id, id) on delete cascade
);
create index on passkeys (organization_id, user_id);
select make_tenant('passkeys');

-- What a browser was asked to sign; before signing in nobody knows for whom.
create table passkey_challenges (
  id uuid primary key,
  challenge bytea not null,
  user_id uuid,
  expires_at timestamptz not null
);
create index on passkey_challenges (expires_at);
grant select, insert, delete on passkey_challenges to engage_gate;
grant select, delete on passkey_challenges to engage_system;

create table identity_providers (
  organization_id uuid primary key references organizations (id) on delete cascade,
  id uuid not null,
  issuer text not null,
  client_id text not null,
  client_secret bytea not null,
  enabled boolean not null default true,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
select make_tenant('identity_providers');

create table identities (
  organization_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  issuer text not null,
  subject text not null,
  created_at timestamptz not null,
  primary key (organization_id, id),
  unique (organization_id, issuer, subject),
  foreign key (organization_id, user_id) references users (organization_id, id) on delete cascade
);
create index on identities (organization_id, user_id);
select make_tenant('identities');

create table sign_in_attempts (
  organization_id uuid not null references organizations (id) on delete cascade,
  id uuid not null,
  state_hash bytea not null,
  verifier bytea not null,
  nonce text not null,
  expires_at timestamptz not null,
  primary key (organization_id, id),
  unique (organization_id, state_hash)
);
create index on sign_in_attempts (expires_at);
select make_tenant('sign_in_attempts');
"""

NOTIFICATIONS = """
create table notifications (
  organization_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  kind text not null,
  group_key text not null,
  count integer not null default 1,
  -- The count that the last email about it told.
  mailed integer not null default 0,
  at timestamptz not null,
  read_at timestamptz,
  contact_id uuid,
  email_id uuid,
  salesflow_id uuid,
  detail jsonb not null default '{}',
  primary key (organization_id, id),
  foreign key (organization_id, user_id) references users (organization_id, id) on delete cascade,
  foreign key (organization_id, contact_id) references contacts (organization_id, id) on delete cascade,
  foreign key (organization_id, email_id) references emails (organization_id, id) on delete cascade,
  foreign key (organization_id, salesflow_id) references salesflows (organization_id, id) on delete cascade
);
create unique index notifications_unread_group on notifications (organization_id, user_id, group_key) where read_at is null;
create index notifications_feed on notifications (organization_id, user_id, at desc, id desc);
create index notifications_unread on notifications (organization_id, user_id, at desc, id desc) where read_at is null;
create index on notifications (read_at) where read_at is not null;
create index on notifications (organization_id, contact_id) where contact_id is not null;
create index on notifications (organization_id, email_id) where email_id is not null;
create index on notifications (organization_id, salesflow_id) where salesflow_id is not null;
select make_tenant('notifications');

-- What a follower of the activity log has dealt with: an activity is told once, however often its bell rings.
create table notified_activities (
  organization_id uuid not null references organizations (id) on delete cascade,
  activity_id uuid not null,
  at timestamptz not null,
  primary key (organization_id, activity_id)
);
create index on notified_activities (at);
select make_tenant('notified_activities');

-- When a user was last written to about a contact: at most once a minute.
create table notification_emails (
  organization_id uuid not null,
  user_id uuid not null,
  contact_id uuid not null,
  last_at timestamptz not null,
  primary key (organization_id, user_id, contact_id),
  foreign key (organization_id, user_id) references users (organization_id, id) on delete cascade,
  foreign key (organization_id, contact_id) references contacts (organization_id, id) on delete cascade
);
create index on notification_emails (organization_id, contact_id);
create index on notification_emails (last_at);
select make_tenant('notification_emails');
"""

AUDIT = """
create table audit_heads (
  organization_id uuid primary key references organizations (id) on delete cascade,
  seq bigint not null,
  hash bytea not null
);
select make_tenant('audit_heads');

create table audit_entries (
  organization_id uuid not null references organizations (id),
  seq bigint not null,
  id uuid not null,
  at timestamptz not null,
  actor_kind text not null check (actor_kind in ('user', 'token', 'system', 'command_line')),
  actor_id uuid,
  actor_name text not null,
  on_behalf_of uuid,
  on_behalf_of_name text,
  action text not null,
  target_kind text,
  target_id uuid,
  target_name text,
  address text not null,
  user_agent text not null,
  request_id text not null,
  detail jsonb not null default '{}',
  previous bytea not null,
  hash bytea not null,
  primary key (organization_id, seq),
  unique (organization_id, id)
);
create index on audit_entries (organization_id, at desc, seq desc);
create index on audit_entries (organization_id, action, seq desc);
create index on audit_entries (organization_id, actor_id, seq desc);
select make_tenant('audit_entries');
-- History is written once: by grants, and by a trigger for whoever has more.
revoke update, delete on audit_entries from engage_app, engage_system;
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is append-only' using errcode = 'restrict_violation';
end $$;
create trigger audit_entries_append_only before update or delete on audit_entries
  for each row execute function refuse_change();
create trigger audit_entries_no_truncate before truncate on audit_entries
  for each statement execute function refuse_change();
"""

# Before an organization is known: whom a passkey belongs to, whether a second factor is asked for and there.
GATE = """
grant select (second_factor) on users to engage_gate;
grant select (id, require_second_factor) on organizations to engage_gate;
create policy gate on organizations for select to engage_gate using (true);
grant select (organization_id, user_id, credential_id, public_key, sign_count) on passkeys to engage_gate;
create policy gate on passkeys for select to engage_gate using (true);
grant select (organization_id, user_id) on identities to engage_gate;
create policy gate on identities for select to engage_gate using (true);
"""


def upgrade() -> None:
    run(USERS + ACCESS + NOTIFICATIONS + AUDIT + GATE)
