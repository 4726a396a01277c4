"""Erasing a person: what the log of activities tells about them goes, that and when something happened stays."""

from migrations.script import run

revision = "0011"
down_revision = "0010"

# The log is appended to alone, so nobody who uses the program may change it. This function may, in one way: it takes out
# of the details of some contacts whatever is not a word of the program's own; what it does not know goes, too.
# Row-level security is forced on its owner as well, hence the policy: it sees no more than who calls it.
ERASING = """
do $$
declare mine text := 'organization_id = nullif(current_setting(''app.organization_id'', true), '''')::uuid';
begin
  execute format('create policy erasing on activities to %I using (%s) with check (%s)', current_user, mine, mine);
end $$;

create function erase_activity_details(erased uuid[]) returns void
language sql security definer set search_path = pg_catalog, public as $$
  update public.activities set detail = coalesce(
    (select jsonb_object_agg(key, value) from jsonb_each(detail)
     where key = any(case when type like 'email%' then array['by', 'bounce', 'code']
       else array['reason', 'from', 'to', 'until', 'merge_id'] end)), '{}')
  where organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    and contact_id = any(erased) and detail <> '{}'
$$;
revoke all on function erase_activity_details(uuid[]) from public;
grant execute on function erase_activity_details(uuid[]) to engage_app;
"""


def upgrade() -> None:
    run(ERASING)
