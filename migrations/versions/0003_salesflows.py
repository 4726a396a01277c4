"""Connections, mailboxes, Salesflows, enrollments, emails, tracking."""

from migrations.script import run

revision = "0003"
down_revision = "0002"

CONNECTIONS = """
create table connections (
  organization_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  provider text not null,
  account text not null,
  subject text not null,
  state text not null check (state in ('connected', 'needs_reconnect')),
  scopes text[] not null,
  access_token bytea not null,
  refresh_token bytea,
  expires_at timestamptz not null,
  -- Until when one process alone asks the provider for a new access token.
  refreshing_until timestamptz,
  connected_at timestamptz not null,
  lost_at timestamptz,
  lost_reason text,
  version integer not null default 1,
  primary key (organization_id, id),
  unique (organization_id, user_id, provider),
  foreign key (organization_id, user_id) references users (organization_id, id) on delete cascade
);
select make_tenant('connections');

-- One way to the provider's consent page and back: bound to the user, used once.
create table connection_attempts (
  organization_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  provider text not null,
  state_hash bytea not null,
  verifier bytea not null,
  expires_at timestamptz not null,
  primary key (organization_id, id),
  unique (organization_id, state_hash),
  foreign key (organization_id, user_id) references users (organization_id, id) on delete cascade
);
create index on connection_attempts (organization_id, user_id);
select make_tenant('connection_attempts');

-- Access that a user gave back: the provider is told until it has heard.
create table revocations (
  organization_id uuid not null references organizations (id) on delete cascade,
  id uuid not null,
  provider text not null,
  token bytea not null,
  attempts integer not null default 0,
  next_try_at timestamptz not null,
  created_at timestamptz not null,
  primary key (organization_id, id)
);
create index revocations_waiting on revocations (next_try_at);
select make_tenant('revocations');

create table mailboxes (
  organization_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  connection_id uuid not null,
  provider text not null default 'google',
  address text not null,
  display_name text not null default '',
  state text not null check (state in ('connected', 'needs_reconnect', 'disconnected')),
  history_cursor text,
  synced_at timestamptz,
  next_sync_at timestamptz,
  next_send_at timestamptz,
  paused_until timestamptz,
  paused_reason text,
  -- How often in a row the provider has asked for patience.
  throttles integer not null default 0,
  per_day integer not null default 400,
  per_minute integer not null default 60,
  fence bigint not null default 0,
  lease_until timestamptz,
  created_at timestamptz not null,
  primary key (organization_id, id),
  unique (organization_id, user_id, address),
  foreign key (organization_id, user_id) references users (organization_id, id) on delete cascade
);
create index mailboxes_by_sync on mailboxes (next_sync_at nulls first) where state = 'connected';
select make_tenant('mailboxes');
"""

SALESFLOWS = """
create table salesflows (
  organization_id uuid not null,
  id uuid not null,
  name text not null,
  state text not null check (state in ('draft', 'active', 'paused', 'archived')),
  owner_id uuid,
  shared boolean not null default false,
  revision integer not null default 0,
  paused_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, owner_id) references users (organization_id, id) on delete set null (owner_id)
);
create index on salesflows (organization_id, created_at desc, id desc);
select make_tenant('salesflows');

create table salesflow_steps (
  organization_id uuid not null,
  id uuid not null,
  salesflow_id uuid not null,
  revision integer not null,
  position integer not null,
  kind text not null check (kind in ('email')),
  mode text not null check (mode in ('automatic')),
  delay_amount integer not null check (delay_amount >= 0),
  delay_unit text not null check (delay_unit in ('minutes', 'hours', 'days', 'business_days')),
  thread text not null check (thread in ('new', 'reply')),
  primary key (organization_id, id),
  unique (organization_id, salesflow_id, revision, position),
  foreign key (organization_id, salesflow_id) references salesflows (organization_id, id) on delete cascade
);
select make_tenant('salesflow_steps');

create table step_variants (
  organization_id uuid not null,
  id uuid not null,
  step_id uuid not null,
  position integer not null,
  weight integer not null check (weight >= 0),
  subject text not null,
  body_html text not null,
  primary key (organization_id, id),
  unique (organization_id, step_id, position),
  foreign key (organization_id, step_id) references salesflow_steps (organization_id, id) on delete cascade
);
select make_tenant('step_variants');

create table enrollments (
  organization_id uuid not null,
  id uuid not null,
  salesflow_id uuid not null,
  revision integer not null,
  contact_id uuid not null,
  user_id uuid not null,
  started_by uuid not null,
  state text not null check (state in ('active', 'paused', 'finished')),
  reason text,
  position integer not null default 1,
  -- Null while the step is under way, while nothing is planned, and while the Salesflow itself is paused.
  due_at timestamptz,
  waiting text,
  held_due_at timestamptz,
  missing_fields text[] not null default '{}',
  paused_at timestamptz,
  resume_at timestamptz,
  start_at timestamptz,
  started_at timestamptz not null,
  finished_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, salesflow_id) references salesflows (organization_id, id),
  foreign key (organization_id, contact_id) references contacts (organization_id, id) on delete cascade,
  foreign key (organization_id, user_id) references users (organization_id, id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
create unique index enrollments_once on enrollments (organization_id, salesflow_id, contact_id) where state in ('active', 'paused');
create index enrollments_by_contact on enrollments (organization_id, contact_id, id);
create index enrollments_by_salesflow on enrollments (organization_id, salesflow_id, id) include (state);
create index enrollments_by_user on enrollments (organization_id, user_id, salesflow_id);
-- The sweepers look across organizations.
create index enrollments_due on enrollments (due_at, id) where state = 'active' and due_at is not null;
create index enrollments_resume on enrollments (resume_at, id) where state = 'paused' and resume_at is not null;
select make_tenant('enrollments');

create table step_runs (
  organization_id uuid not null,
  id uuid not null,
  enrollment_id uuid not null,
  step_id uuid not null,
  position integer not null,
  state text not null check (state in ('executing', 'done', 'skipped', 'failed', 'cancelled')),
  started_at timestamptz not null,
  done_at timestamptz,
  primary key (organization_id, id),
  -- A step is executed once: this is the guard.
  unique (organization_id, enrollment_id, position),
  foreign key (organization_id, enrollment_id) references enrollments (organization_id, id) on delete cascade,
  foreign key (organization_id, step_id) references salesflow_steps (organization_id, id)
);
select make_tenant('step_runs');
"""

EMAILS = """
create table emails (
  organization_id uuid not null,
  id uuid not null,
  mailbox_id uuid not null,
  user_id uuid not null,
  contact_id uuid not null,
  salesflow_id uuid,
  enrollment_id uuid,
  step_run_id uuid,
  step_id uuid,
  variant_id uuid,
  send_key text not null,
  state text not null check (state in ('ready', 'drafted', 'sending', 'unknown', 'sent', 'failed', 'cancelled', 'needs_human')),
  due_at timestamptz not null,
  fence bigint not null default 0,
  subject text,
  html text,
  body text,
  mime bytea,
  to_address text,
  from_address text,
  draft_id text,
  cursor_before text,
  sending_at timestamptz,
  next_check_at timestamptz,
  checks integer not null default 0,
  sent_at timestamptz,
  provider_message_id text,
  thread_id text,
  message_id text,
  reference_ids text[] not null default '{}',
  error text,
  first_opened_at timestamptz,
  last_opened_at timestamptz,
  first_clicked_at timestamptz,
  replied_at timestamptz,
  bounced_at timestamptz,
  unsubscribed_at timestamptz,
  created_at timestamptz not null,
  primary key (organization_id, id),
  unique (organization_id, send_key),
  unique (organization_id, step_run_id),
  foreign key (organization_id, mailbox_id) references mailboxes (organization_id, id),
  foreign key (organization_id, contact_id) references contacts (organization_id, id) on delete cascade,
  foreign key (organization_id, enrollment_id) references enrollments (organization_id, id) on delete cascade,
  foreign key (organization_id, step_run_id) references step_runs (organization_id, id) on delete cascade
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
create index emails_by_id on emails (id);
create index emails_due on emails (due_at, organization_id, mailbox_id) where state in ('ready', 'drafted');
create index emails_to_send on emails (organization_id, mailbox_id, due_at) where state in ('ready', 'drafted');
create index emails_unsettled on emails (organization_id, mailbox_id, next_check_at) where state in ('sending', 'unknown');
-- Drafts at the provider that must not stay there.
create index emails_left_drafts on emails (organization_id, mailbox_id, id) where state in ('cancelled', 'failed') and draft_id is not null;
create index emails_by_mailbox on emails (organization_id, mailbox_id, sending_at desc) where sending_at is not null;
-- Whether somebody who writes to the mailbox was written to from it.
create index emails_by_recipient on emails (organization_id, mailbox_id, to_address, sending_at) where sending_at is not null;
create index emails_by_contact on emails (organization_id, contact_id, id);
create index emails_by_enrollment on emails (organization_id, enrollment_id, id);
create index emails_by_salesflow on emails (organization_id, salesflow_id, step_id);
create index emails_by_message on emails (organization_id, message_id) where message_id is not null;
create index emails_by_thread on emails (organization_id, mailbox_id, thread_id) where thread_id is not null;
select make_tenant('emails');

create table email_links (
  organization_id uuid not null,
  email_id uuid not null,
  position smallint not null,
  url text not null,
  text text not null,
  primary key (organization_id, email_id, position),
  foreign key (organization_id, email_id) references emails (organization_id, id) on delete cascade
);
create index email_links_by_email on email_links (email_id, position);
select make_tenant('email_links');

create table inbound_messages (
  organization_id uuid not null,
  id uuid not null,
  mailbox_id uuid not null,
  provider_message_id text not null,
  kind text not null,
  email_id uuid,
  from_address text not null,
  subject text not null,
  text text not null,
  received_at timestamptz not null,
  created_at timestamptz not null,
  primary key (organization_id, id),
  -- A message counts once, however often the mailbox is read.
  unique (organization_id, mailbox_id, provider_message_id),
  foreign key (organization_id, mailbox_id) references mailboxes (organization_id, id) on delete cascade,
  foreign key (organization_id, email_id) references emails (organization_id, id) on delete cascade
);
create index on inbound_messages (organization_id, email_id);
select make_tenant('inbound_messages');

create table tracking_hits (
  organization_id uuid not null,
  id uuid not null,
  email_id uuid not null,
  kind text not null check (kind in ('open', 'click')),
  link_position smallint,
  at timestamptz not null,
  method text not null,
  user_agent text not null,
  address text not null,
  prefetch boolean not null,
  actor text,
  reasons text[],
  rule_version integer,
  classified_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, email_id) references emails (organization_id, id) on delete cascade
);
create index tracking_hits_waiting on tracking_hits (id) where classified_at is null;
create index tracking_hits_by_email on tracking_hits (organization_id, email_id, at);
select make_tenant('tracking_hits');

-- Public links name an email; the gate finds whose it is and where a link leads, nothing else.
grant select (organization_id, id) on emails to engage_gate;
grant select (organization_id, email_id, position, url) on email_links to engage_gate;
create policy gate on emails for select to engage_gate using (true);
create policy gate on email_links for select to engage_gate using (true);
"""


def upgrade() -> None:
    run(CONNECTIONS + SALESFLOWS + EMAILS)
