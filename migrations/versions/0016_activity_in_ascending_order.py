"""The order of activity ascends: who has just been active comes to its end, where the index grows without being split
in the middle, and stays half as large. The latest are read backwards.
"""

from migrations.script import replace_index

revision = "0016"
down_revision = "0015"

COLUMNS = "(organization_id, last_activity_at, id) include (beginnings_low, beginnings_high)"


def upgrade() -> None:
    replace_index("contacts_by_activity", f"contacts {COLUMNS} where deleted_at is null")
