"""Whose access a revocation gives back: a provider takes all of it, so none is given back while the account is in use."""

from migrations.script import run

revision = "0004"
down_revision = "0003"

SUBJECT = """
alter table revocations add column subject text not null default '';
"""


def upgrade() -> None:
    run(SUBJECT)
