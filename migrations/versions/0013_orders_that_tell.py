"""The orders of the directory tell by themselves who does not have a word, and when somebody was last active.

Contacts keep which beginnings their words have (domain.contacts.beginnings). Until it is known of one, all bits are set,
which says nothing.
"""

from migrations.script import run, run_apart

revision = "0013"
down_revision = "0012"

# An interrupted run has left some of it, and begins anew: of whom it is known is not asked again.
COLUMNS = """
alter table contacts add column if not exists beginnings_low bigint not null default -1;
alter table contacts add column if not exists beginnings_high bigint not null default -1;

-- While a deployment goes on, processes change words that know of no beginnings: then nothing is said any more.
create or replace function forget_beginnings() returns trigger language plpgsql as $$
begin
  new.beginnings_low := -1;
  new.beginnings_high := -1;
  return new;
end $$;
create or replace trigger contacts_forget_beginnings before update of terms on contacts for each row
  when (old.terms is distinct from new.terms and old.beginnings_low = new.beginnings_low
    and old.beginnings_high = new.beginnings_high)
  execute function forget_beginnings();

create or replace function beginnings_of(terms text, first_bit integer) returns bigint language sql immutable as $$
  select coalesce(bit_or(1::bigint << (bit - first_bit)) filter (where bit between first_bit and first_bit + 63), 0)
  from (
    select distinct get_byte(decode(md5(left(term, length)), 'hex'), 0) % 128 as bit
    from string_to_table(ltrim(terms, ' '), ' ') as said (term), unnest(array[1, 2, 3, 4, 8]) as lengths (length)
    where term <> '' and length(term) >= length and (length < 8 or term collate "C" >= ':')
  ) as bits
$$;

-- Some at a time, each in a transaction of its own: nobody waits for the rest of them.
create or replace procedure tell_beginnings(at_once integer) language plpgsql as $$
declare place record;
begin
  select '00000000-0000-0000-0000-000000000000'::uuid as organization_id, '00000000-0000-0000-0000-000000000000'::uuid
    as id into place;
  loop
    with piece as (
      select organization_id, id from public.contacts
      where (organization_id, id) > (place.organization_id, place.id) order by organization_id, id limit at_once
    ), told as (
      update public.contacts set beginnings_low = public.beginnings_of(terms, 0),
        beginnings_high = public.beginnings_of(terms, 64)
      from piece
      where contacts.organization_id = piece.organization_id and contacts.id = piece.id
        and contacts.beginnings_low = -1 and contacts.beginnings_high = -1
    )
    select organization_id, id into place from piece order by organization_id desc, id desc limit 1;
    exit when place.id is null;
    commit;
  end loop;
end $$;
"""
# For whoever migrates, who sees no rows otherwise.
ALLOWED = """
drop policy if exists telling on contacts;
do $$
begin
  execute format('create policy telling on contacts to %I using (true) with check (true)', current_user);
end $$;
"""
AFTERWARDS = """
drop policy if exists telling on contacts;
drop procedure if exists tell_beginnings(integer);
drop function if exists beginnings_of(text, integer);
"""
TOLD = "include (beginnings_low, beginnings_high, last_activity_at)"
INDEXES = {
    "contacts_by_name": f"(organization_id, name_key, id) {TOLD}",
    "contacts_by_email": f"(organization_id, email_key, id) {TOLD}",
    "contacts_by_company": f"(organization_id, company_key, id) {TOLD}",
    "contacts_by_activity": "(organization_id, last_activity_at desc, id desc) include (beginnings_low, beginnings_high)",
    # No more than that, so that it is the shortest way along the order of creation.
    "contacts_alive": f"(organization_id, id) {TOLD}",
}


def upgrade() -> None:
    run(COLUMNS + ALLOWED)
    run_apart("call tell_beginnings(5000)")
    run(AFTERWARDS)
    for name, columns in INDEXES.items():
        # The former one serves until the new one is there.
        run_apart(
            f"drop index concurrently if exists {name}_telling",
            f"create index concurrently {name}_telling on contacts {columns} where deleted_at is null",
            f"drop index concurrently if exists {name}",
            f"alter index {name}_telling rename to {name}",
        )
