"""What a user dials from and leaves behind, files in pieces, and when a session last proved who sits there."""

from migrations.script import run

revision = "0007"
down_revision = "0006"

SETTINGS = """
alter table users
  add column dialer_phone text,
  add column dialer_extension text,
  add column dialer_phone_verified_at timestamptz;

-- When a password, a second factor or a passkey was last given in it; null: when it began.
alter table sessions add column confirmed_at timestamptz;

-- Whether the provider is believed where it does not say that it has verified an address.
alter table identity_providers add column trust_email boolean not null default false;
"""

RESETS = """
-- Who asked for another password, before anybody knows whether there is such a user; a worker looks.
create table password_reset_asks (
  email_key text primary key collate "C",
  asked_at timestamptz not null
);
create index on password_reset_asks (asked_at);
grant insert on password_reset_asks to engage_gate;
-- Locking rows, so that workers pass each other, takes the right to change one column.
grant select, update (asked_at), delete on password_reset_asks to engage_system;
"""

FILES = """
-- In pieces, so that neither a writer nor a reader holds one whole.
create table files (
  organization_id uuid not null references organizations (id) on delete cascade,
  id uuid not null,
  name text not null,
  media_type text not null,
  -- Null until the last piece is in.
  bytes bigint,
  created_at timestamptz not null,
  primary key (organization_id, id)
);
create index files_unfinished on files (created_at) where bytes is null;
select make_tenant('files');

create table file_pieces (
  organization_id uuid not null,
  file_id uuid not null,
  position integer not null,
  content bytea not null,
  primary key (organization_id, file_id, position),
  foreign key (organization_id, file_id) references files (organization_id, id) on delete cascade
);
alter table file_pieces alter column content set storage external;
select make_tenant('file_pieces');
"""

VOICEMAILS = """
create table voicemails (
  organization_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  -- One of twenty places: the limit holds however many arrive at once.
  slot smallint not null check (slot between 1 and 20),
  name text not null,
  name_key text not null collate "C",
  file_id uuid not null,
  seconds integer not null,
  created_at timestamptz not null,
  primary key (organization_id, id),
  unique (organization_id, user_id, slot),
  unique (organization_id, user_id, name_key),
  foreign key (organization_id, user_id) references users (organization_id, id) on delete cascade,
  foreign key (organization_id, file_id) references files (organization_id, id)
);
create index on voicemails (organization_id, file_id);
select make_tenant('voicemails');
"""


def upgrade() -> None:
    run(SETTINGS + RESETS + FILES + VOICEMAILS)
