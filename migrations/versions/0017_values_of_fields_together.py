"""How frequent a value is depends on its field, so that is counted of both together, from the next `analyze` on."""

from migrations.script import run

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """No row is read for it."""
    run("create statistics contact_values_together (mcv) on field_id, value from contact_values")
