"""The indexes of the directory: contacts in the order of their creation, which is that of their ids, by every filter."""

from migrations.script import run, run_apart

revision = "0009"
down_revision = "0008"

# Lists read indexes alone, as long as the table is known to have nothing that is not in them: that is vacuum's work.
UPKEEP = """
alter table contacts set (autovacuum_vacuum_insert_scale_factor = 0.1);
alter table contact_terms set (autovacuum_vacuum_insert_scale_factor = 0.1);
"""
INDEXES = {
    # With what lists are sorted by, so that many can be looked up without their rows.
    "contacts_alive": "contacts (organization_id, id) include (name_key, email_key, company_key, last_activity_at) "
    "where deleted_at is null",
    "contacts_of_status": "contacts (organization_id, status_id, id) where deleted_at is null",
    "contacts_of_owner": "contacts (organization_id, owner_id, id) where deleted_at is null",
    "contacts_opted_out": "contacts (organization_id, id) where opted_out_at is not null and deleted_at is null",
    # By whom imports know people again that have no address.
    "contacts_without_email": "contacts (organization_id, name_key) where email_state = 'none' and deleted_at is null",
    "enrollments_of_contact": "enrollments (organization_id, contact_id, id) include (salesflow_id)",
    "enrollments_in_salesflow": "enrollments (organization_id, salesflow_id, id) include (state, contact_id)",
}
REPLACED = (
    "contacts_by_created",
    "contacts_by_status",
    "contacts_by_owner",
    "enrollments_by_contact",
    "enrollments_by_salesflow",
)


def upgrade() -> None:
    run(UPKEEP)
    for name, columns in INDEXES.items():
        run_apart(f"drop index concurrently if exists {name}", f"create index concurrently {name} on {columns}")
    for name in REPLACED:
        run_apart(f"drop index concurrently if exists {name}")
