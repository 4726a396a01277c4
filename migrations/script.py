"""Runs a script of several SQL statements inside a migration."""

from alembic import op
from sqlalchemy.util import await_only

from migrations.run import LOCK_TIMEOUT


def run(sql: str) -> None:
    """In the migration's transaction, by the simple protocol, since a prepared statement can be only one."""
    op.get_bind().exec_driver_sql("select 1")
    _send(sql)


def run_apart(*statements: str) -> None:
    """Each by itself, outside of a transaction: indexes of tables in use are made concurrently.

    What an interrupted run has left must not be in the way of the next: drop an index before it is made.
    """
    with op.get_context().autocommit_block():
        # It waits for everybody, and nobody for it.
        for statement in ("set lock_timeout = 0", *statements, f"set lock_timeout = '{LOCK_TIMEOUT}'"):
            _send(statement)


def replace_index(name: str, on: str) -> None:
    """Makes an index anew; the former one serves until the new one is there."""
    run_apart(
        f"drop index concurrently if exists {name}_anew",
        f"create index concurrently {name}_anew on {on}",
        f"drop index concurrently if exists {name}",
        f"alter index {name}_anew rename to {name}",
    )


def _send(sql: str) -> None:
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    await_only(driver.execute(sql))
