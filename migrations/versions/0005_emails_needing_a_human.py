"""Finds the emails whose fate only a person can tell, of which there are few, without reading all others."""

from migrations.script import run_apart

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    run_apart(
        "drop index concurrently if exists emails_needing_human",
        "create index concurrently emails_needing_human on emails (organization_id, salesflow_id) "
        "where state = 'needs_human'",
    )
