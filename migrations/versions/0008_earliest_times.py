"""Since when the delay of an enrollment's step counts, so that it can be planned anew when its sender's hours change."""

from migrations.script import run, run_apart

revision = "0008"
down_revision = "0007"

# Null for what was planned before: it comes when it was planned to.
COUNTED = "alter table enrollments add column if not exists counted_from timestamptz"


def upgrade() -> None:
    run(COUNTED)
    run_apart(
        "drop index concurrently if exists enrollments_running_by_user",
        "create index concurrently enrollments_running_by_user on enrollments (organization_id, user_id, id) "
        "where state in ('active', 'paused')",
    )
