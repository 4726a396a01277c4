"""The sets of a status and of an owner tell when their members were last active; the order of names tells addresses,
and the order of addresses names.
"""

from migrations.script import replace_index

revision = "0015"
down_revision = "0014"

TOLD = "beginnings_low, beginnings_high, last_activity_at"
INDEXES = {
    "contacts_by_name": f"(organization_id, name_key, id) include ({TOLD}, email_key)",
    "contacts_by_email": f"(organization_id, email_key, id) include ({TOLD}, name_key)",
    "contacts_of_status": "(organization_id, status_id, id) include (last_activity_at)",
    "contacts_of_owner": "(organization_id, owner_id, id) include (last_activity_at)",
}


def upgrade() -> None:
    for name, columns in INDEXES.items():
        replace_index(name, f"contacts {columns} where deleted_at is null")
