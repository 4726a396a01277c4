"""The state of all stand-ins: one SQLite file, written before a request is answered.

Write-ahead logging without a sync at each commit: what was committed survives the death of any process, though not a
power cut.
Everything runs on one event loop and no handler awaits inside of a transaction, so transactions never overlap.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

_SWITCHES = "create table if not exists switches (name text primary key, value text not null)"


class Store:
    """The open database file. `schemas` are scripts of `create … if not exists`."""

    def __init__(self, path: Path, schemas: Iterable[str]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        for pragma in ("journal_mode = wal", "synchronous = normal", "busy_timeout = 5000", "cache_size = -65536"):
            self._connection.execute(f"pragma {pragma}")
        for schema in (_SWITCHES, *schemas):
            self._connection.executescript(schema)
        self._depth = 0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside happens, or nothing. An inner one joins the outer one."""
        if self._depth == 0:
            self._connection.execute("begin immediate")
        self._depth += 1
        try:
            yield
        except BaseException:
            self._depth -= 1
            if self._depth == 0:
                self._connection.execute("rollback")
            raise
        self._depth -= 1
        if self._depth == 0:
            self._connection.execute("commit")

    def run(self, sql: str, *values: object) -> int:
        """Executes one statement and tells how many rows it changed."""
        return self._connection.execute(sql, values).rowcount

    def insert(self, table: str, **columns: object) -> int:
        """Inserts one row and returns its row id. Table and column names come from our own code alone."""
        names, marks = ", ".join(columns), ", ".join("?" * len(columns))
        statement = f"insert into {table} ({names}) values ({marks})"  # noqa: S608
        return self._connection.execute(statement, tuple(columns.values())).lastrowid or 0

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: object) -> sqlite3.Row | None:
        found: sqlite3.Row | None = self._connection.execute(sql, values).fetchone()
        return found

    def switch(self, name: str, default: dict[str, Any]) -> dict[str, Any]:
        """A set of settings that callers may change while the sandbox runs, with what was changed so far."""
        found = self.row("select value from switches where name = ?", name)
        return default | (orjson.loads(found["value"]) if found else {})

    def set_switch(self, name: str, value: dict[str, Any]) -> None:
        self.run("insert or replace into switches (name, value) values (?, ?)", name, orjson.dumps(value).decode())

    def close(self) -> None:
        self._connection.close()
