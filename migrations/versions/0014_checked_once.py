"""Whose organization it is that writes is asked once a statement, and not once a row.

What is written is checked by a policy; the setting that it is checked against stays what it is within a statement. Of
tables to which rows are added by the thousands this is noticed. What may be read is told as before: by a subquery the
planner would not know how many rows an organization has.
"""

from migrations.script import run

revision = "0014"
down_revision = "0013"

BY_THE_THOUSANDS = (
    "activities",
    "background_job_changes",
    "contact_import_changes",
    "contact_import_faults",
    "contact_list_members",
    "contact_terms",
    "contact_values",
    "contacts",
)


def upgrade() -> None:
    # Of one name after the other, as whoever locks several of them does, too. It is over in milliseconds.
    run(
        ";".join(
            f"alter policy tenant on {table} with check (organization_id = (select nullif("
            f"current_setting('app.organization_id', true), '')::uuid))"
            for table in BY_THE_THOUSANDS
        )
    )
