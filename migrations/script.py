"""Runs a script of several SQL statements inside a migration."""

from alembic import op
from sqlalchemy.util import await_only


def run(sql: str) -> None:
    """In the migration's transaction, by the simple protocol, since a prepared statement can be only one."""
    connection = op.get_bind()
    connection.exec_driver_sql("select 1")
    driver = connection.connection.driver_connection
    assert driver is not None
    await_only(driver.execute(sql))
