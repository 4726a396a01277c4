"""The statements by which rows of a file become contacts.

The planner is not trusted with joins between rows that have just come and tables of millions: what is looked up is
looked up one by one (`lateral`, with an offset that keeps it so; a limit would make it read a table through whose
contents it does not know yet, in the hope to come upon the one soon).
"""

from uuid import UUID

from sqlalchemy import text, update

from adapters.postgres.connection import CompiledStatement
from adapters.postgres.contact_conditions import KEYS
from adapters.postgres.contact_rows import rows_of
from adapters.postgres.contacts import UNCHANGING
from adapters.postgres.tables import ID, contacts
from domain.contacts.imports.batching import STAGED_COLUMNS
from domain.contacts.imports.preparing import TEXTS

STAGED = "incoming"
SAVED_AT_ONCE = 500
KINDS = {
    "line": "bigint",
    "skipped": "boolean",
    **dict.fromkeys(("id", "activity_id", "status_id", "owner_id"), "uuid"),
    **dict.fromkeys(("own", "own_keys"), "jsonb"),
    **dict.fromkeys(("beginnings_low", "beginnings_high"), "bigint"),
}


def _kind(name: str) -> str:
    """Keys are compared by their bytes, as those of contacts are."""
    return KINDS.get(name, 'text collate "C"' if name in KEYS else "text")


TEXTS_BUT_EMAIL = tuple(name for name in TEXTS if name != "email")
# What every statement looks at stands first, and what may be null behind: to come to a column takes all before it.
FIRST = ("line", "skipped", "listed", "id", "activity_id", "code", "contact_id", "looked_up", "email_key", "name_key")
FILLED_HERE = {"contact_id": "uuid", "listed": "boolean not null default false"}
COLUMNS = ", ".join(
    f"{name} {FILLED_HERE.get(name) or _kind(name)}" for name in dict.fromkeys((*FIRST, *STAGED_COLUMNS))
)


def staging(organization_id: UUID | None) -> str:
    """Imports of an organization take turns: they would meet the same people in different orders.

    The words of a piece are sorted in memory. Nobody waits until it is on the disk: a server that dies before forgets
    that the piece was done with the piece, and it is taken in again. What others build upon it is kept after it.
    """
    return (
        f"select pg_advisory_xact_lock(hashtextextended('contact_import {organization_id}', 0)); "
        "set local synchronous_commit = off; set local work_mem = '64MB'; "
        f"create temporary table {STAGED} ({COLUMNS}) on commit drop"
    )


# What was copied is looked at: taken for a few rows, they would be compared each with each.
#
# Of an organization that was not there when statistics were made the planner believes that it has one contact, to whom
# any index of the organization leads. What is asked for in the order of an index, by a span (of what is equal it knows
# that there is no order), is read by that index when sorting is no choice.
BY_ORDER = "set local enable_sort = off"
LOOKED_AT = (
    "set local default_statistics_target = 10; "
    f"analyze {STAGED} (line, code, last_name, email_key, name_key, business_phone, mobile_phone); {BY_ORDER}"
)
BY_ANY_WAY = "set local enable_sort = on"

# Where nobody lives under an address, whoever formerly did is meant, and by it is known alone: it says nothing of where
# they live now. As long as nobody has moved, nobody is looked for.
#
# `strangers` have no known address. They may be somebody who has none, or have none and be anybody, of the same name
# and with one of the phones. Namesakes are read once for each name, however many rows have it; none at all, as long as
# everybody, and every row, has an address.
MATCH = CompiledStatement(
    text(
        """
with residents as materialized (
  select incoming.line, known.id from incoming cross join lateral (
    select contacts.id from contacts
    where contacts.email_key >= incoming.email_key and contacts.email_key <= incoming.email_key
      and contacts.email_key <> '' and contacts.deleted_at is null
    order by contacts.email_key offset 0
  ) as known
  where incoming.code is null and incoming.email_key is not null
), by_address as materialized (
  select line, id, false as has_moved from residents
  union all
  select * from (
    select distinct on (incoming.line) incoming.line, known.id, true from incoming cross join lateral (
      select former.contact_id as id, former.at from contact_former_addresses as former cross join lateral (
        select from contacts
        where contacts.id >= former.contact_id and contacts.id <= former.contact_id and contacts.deleted_at is null
        order by contacts.id offset 0
      ) as alive
      where former.email_key >= incoming.email_key and former.email_key <= incoming.email_key
      order by former.email_key offset 0
    ) as known
    where incoming.code is null and incoming.email_key is not null
      and not exists (select from residents where residents.line = incoming.line)
      and exists (select from contact_former_addresses)
    order by incoming.line, known.at desc, known.id desc
  ) as moved
), strangers as materialized (
  select line, name_key, email_key is null as may_be_anybody, business_phone, mobile_phone from incoming
  where code is null and last_name is not null and coalesce(business_phone, mobile_phone) is not null
    and not exists (select from by_address where by_address.line = incoming.line)
), names as materialized (
  select name_key, bool_or(may_be_anybody) as may_be_anybody from strangers group by name_key
), namesakes as materialized (
  select names.name_key, known.* from names cross join lateral (
    select contacts.id, true as has_no_address, contacts.business_phone, contacts.mobile_phone from contacts
    where contacts.name_key >= names.name_key and contacts.name_key <= names.name_key
      and contacts.email_state = 'none' and contacts.deleted_at is null
    order by contacts.name_key offset 0
  ) as known
  where exists (
    select from contacts where email_state = 'none' and deleted_at is null order by organization_id, name_key offset 0)
  union all
  select names.name_key, known.* from names cross join lateral (
    select contacts.id, false as has_no_address, contacts.business_phone, contacts.mobile_phone from contacts
    where contacts.name_key >= names.name_key and contacts.name_key <= names.name_key
      and contacts.email_state <> 'none' and contacts.deleted_at is null
    order by contacts.name_key offset 0
  ) as known
  where names.may_be_anybody and exists (select from incoming where email_key is null)
), by_person as (
  select distinct on (strangers.line) strangers.line, namesakes.id from strangers join namesakes using (name_key)
  where (namesakes.has_no_address or strangers.may_be_anybody) and (
    namesakes.business_phone in (strangers.business_phone, strangers.mobile_phone)
    or namesakes.mobile_phone in (strangers.business_phone, strangers.mobile_phone))
  order by strangers.line, namesakes.id
), matched as materialized (
  select line, id, has_moved, first_value(line) over (partition by id order by line) as first_line
  from (select * from by_address union all select *, false from by_person) as found
), met as (
  select matched.line, matched.id, matched.has_moved,
    case when matched.first_line < matched.line then matched.first_line else (
      select changes.line from contact_import_changes as changes
      where changes.import_id = cast(:import_id as uuid) and changes.contact_id = matched.id) end as earlier
  from matched
  union all
  select line, null, false, null from incoming
  where code is null and last_name is null and not exists (select from matched where matched.line = incoming.line)
), told as (
  update incoming set contact_id = met.id, skipped = met.id is not null,
    email = case when not met.has_moved then incoming.email end,
    email_key = case when not met.has_moved then incoming.email_key end,
    code = case when met.id is null then 'required' when met.earlier is not null then 'twice'
      when cast(:skips as boolean) then 'exists' end,
    reason = case when met.id is null then cast(:no_name as text)
      when met.earlier is not null then replace(cast(:twice as text), '{line}', met.earlier::text)
      when cast(:skips as boolean) then cast(:known as text) end
  from met where met.line = incoming.line
  returning incoming.contact_id
)
select count(contact_id) as known, exists (select from suppressions where kind = 'phone') as some_are_uncalled from told
"""
    )
)

GIVEN = ", ".join(TEXTS)
MADE_KEYS = ", ".join(f"coalesce({key}, '')" for key in KEYS)
# People as they stand in the piece, which is the order of their ids, the terms in that of their index. Of a name like
# `-` there are none, and nothing is null to COPY.
CREATE = CompiledStatement(
    text(
        f"""
with made as (
  insert into contacts (organization_id, id, {GIVEN}, {", ".join(KEYS)}, terms, beginnings_low,
    beginnings_high, custom, status_id, owner_id,
    email_state, last_activity_at, created_at, updated_at)
  select cast(:organization_id as uuid), id, {GIVEN}, {MADE_KEYS}, ' ' || coalesce(terms, ''), beginnings_low,
    beginnings_high, coalesce(own, '{{}}'),
    coalesce(status_id, cast(:status_id as uuid)), coalesce(owner_id, cast(:owner_id as uuid)),
    case when email_key is null then 'none' else 'ok' end,
    cast(:at as timestamptz), cast(:at as timestamptz), cast(:at as timestamptz)
  from incoming where code is null and contact_id is null
), found as (
  insert into contact_terms (organization_id, term, contact_id)
  select cast(:organization_id as uuid), string_to_table(looked_up, ' ') collate "C" as term, id
  from incoming where code is null and contact_id is null order by term, id
), happened as (
  insert into activities (organization_id, id, at, type, contact_id, user_id)
  select cast(:organization_id as uuid), activity_id, cast(:at as timestamptz), 'contact_created', id,
    cast(:user_id as uuid)
  from incoming where code is null and contact_id is null
), noted as (
  insert into contact_import_changes (organization_id, import_id, contact_id, line, outcome, version)
  select cast(:organization_id as uuid), cast(:import_id as uuid), id, line, 'created', 1
  from incoming where code is null and contact_id is null
)
select count(*) as made from incoming where code is null and contact_id is null
"""  # noqa: S608 - names of columns
    )
)
# Of those who are new, by what they are found in own fields.
ADD_VALUES = CompiledStatement(
    text(
        """
insert into contact_values (organization_id, field_id, value, contact_id)
select cast(:organization_id as uuid), fields.id, said.value, incoming.id
from incoming cross join lateral jsonb_each_text(own_keys) as said (key, value)
join contact_fields as fields on fields.key = said.key
where incoming.code is null and incoming.contact_id is null
order by 2, 3, 4
"""
    )
)
CREATED = "select id, activity_id from incoming where code is null and contact_id is null"

PHONES = """
select distinct phone from incoming cross join lateral (values (business_phone), (mobile_phone)) as given (phone)
where code is null and phone is not null
"""
KEEP_FROM_CALLS = CompiledStatement(
    text(
        """
update contacts set do_not_call_at = cast(:at as timestamptz)
where id = any (array(
  select id from incoming where code is null and contact_id is null and (
    business_phone = any(cast(:uncalled as text[])) or mobile_phone = any(cast(:uncalled as text[])))))
returning business_phone, mobile_phone
"""
    )
)


def _differing(differs: str) -> CompiledStatement:
    known = ", ".join(f"contacts.{name}" for name in (*TEXTS, "email_key", "status_id", "owner_id", "custom"))
    return CompiledStatement(
        text(
            f"""
select incoming.contact_id, incoming.line, {", ".join(f"incoming.{name}" for name in TEXTS)}, incoming.status_id,
  incoming.owner_id, incoming.own
from incoming cross join lateral (
  select {known} from contacts where contacts.id = incoming.contact_id limit 1
) as known
where incoming.code is null and ({differs})
"""  # noqa: S608 - as above
        )
    )


INCOMPLETE = _differing(
    " or ".join(f"(known.{name} is null and incoming.{name} is not null)" for name in (*TEXTS, "owner_id"))
    + " or (incoming.own is not null and incoming.own - array(select jsonb_object_keys(known.custom)) <> '{}')"
)
OTHERWISE = _differing(
    " or ".join(f"incoming.{name} <> coalesce(known.{name}, '')" for name in (*TEXTS_BUT_EMAIL, "email_key"))
    + " or incoming.status_id <> known.status_id"
    + " or (incoming.owner_id is not null and incoming.owner_id is distinct from known.owner_id)"
    + " or not known.custom @> incoming.own"
)

PUT_ON_LIST = CompiledStatement(
    text(
        """
with put as (
  insert into contact_list_members (organization_id, list_id, contact_id, added_at)
  select cast(:organization_id as uuid), cast(:list_id as uuid), coalesce(contact_id, id), cast(:at as timestamptz)
  from incoming where code is null order by 3
  on conflict do nothing returning contact_id
)
update incoming set listed = true from put where put.contact_id = incoming.contact_id
"""
    )
)

NOTE_CHANGED = CompiledStatement(
    text(
        """
insert into contact_import_changes
  (organization_id, import_id, contact_id, line, outcome, before, after, version, listed)
select cast(:organization_id as uuid), cast(:import_id as uuid), changed.contact_id, changed.line, 'updated',
  changed.before, changed.after, changed.version, incoming.listed
from unnest(cast(:contact_ids as uuid[]), cast(:lines as bigint[]), cast(:befores as jsonb[]),
  cast(:afters as jsonb[]), cast(:versions as integer[])) as changed (contact_id, line, before, after, version)
join incoming using (line)
"""
    )
)

# `total` is what came, so nothing can get lost on the way.
SETTLE = CompiledStatement(
    text(
        """
with left_out as (
  insert into contact_import_faults (organization_id, import_id, line, outcome, code, reason, cells)
  select cast(:organization_id as uuid), cast(:import_id as uuid), line,
    case when skipped then 'skipped' else 'failed' end, code, reason,
    coalesce(string_to_array(cells, cast(:between as text)), '{}')
  from incoming where code is not null
), unchanged as (
  insert into contact_import_changes (organization_id, import_id, contact_id, line, outcome, listed)
  select cast(:organization_id as uuid), cast(:import_id as uuid), contact_id, line, 'unchanged', listed
  from incoming where code is null and contact_id is not null and line <> all(cast(:changed as bigint[]))
)
select count(*) filter (where code is null and contact_id is null) as created,
  count(*) filter (where code is null and contact_id is not null) as met,
  count(*) filter (where code is not null and skipped) as skipped,
  count(*) filter (where code is not null and not skipped) as failed
from incoming
"""
    )
)


def _saving() -> CompiledStatement:
    """Of contacts that are held."""
    kept = {"organization_id", "version", "deleted_at", *UNCHANGING}
    names = [column.name for column in contacts.columns if column.name not in kept]
    given = rows_of(id=ID, **{name: contacts.c[name].type for name in names})
    statement = update(contacts).where(contacts.c.id == given.c.id)
    return CompiledStatement(
        statement.values(version=contacts.c.version + 1, **{name: given.c[name] for name in names})
    )


SAVE = _saving()
