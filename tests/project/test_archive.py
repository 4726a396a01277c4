"""`engage backup` and `engage restore` on a real system."""

import asyncio
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg

from adapters.embedded import start

sys.path.insert(0, str(Path(__file__).parent))
from engage_command import engage, reachable_directory, running

ORGANIZATIONS = "select id, dispatch_paused from organizations"


async def ask(url: str, sql: str, *values: Any) -> list[Any]:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return [tuple(row) for row in await connection.fetch(sql, *values)]
    finally:
        await connection.close()


def superuser(state: dict[str, Any]) -> str:
    return str(state["settings"]["database_superuser_url"])


def test_a_restored_system_has_what_was_there_and_sends_nothing_until_told(tmp_path: Path) -> None:
    file, later = tmp_path / "engage.backup", uuid4()
    with reachable_directory() as data_dir:
        with running(data_dir, "--no-sandbox") as run:
            organizations = dict(asyncio.run(ask(superuser(run.state()), ORGANIZATIONS)))
            made = run.command("backup", str(file))
            assert made.returncode == 0, made.stderr
            added = "insert into organizations (id, name, created_at) values ($1, 'Later', now())"
            asyncio.run(ask(superuser(run.state()), added, later))
            refused = run.command("restore", str(file))
            assert (refused.returncode, "already runs" in refused.stderr) == (1, True)
        restored = engage("restore", str(file), "--data-dir", str(data_dir))
        assert restored.returncode == 0, restored.stderr
        servers = start(data_dir)
        after = dict(asyncio.run(ask(servers.postgres.url("postgres"), ORGANIZATIONS)))
        servers.stop()

    assert after == dict.fromkeys(organizations, True)
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_no_backup_leaves_the_database_as_it_is(tmp_path: Path) -> None:
    nonsense = tmp_path / "nonsense"
    nonsense.write_text("this is not a backup")
    with reachable_directory() as data_dir:
        data_dir.mkdir(mode=0o711)
        servers = start(data_dir)
        servers.postgres.sql("create table kept ()", "engage")
        servers.stop()

        refused = engage("restore", str(nonsense), "--data-dir", str(data_dir))

        again = start(data_dir)
        kept = again.postgres.sql("select to_regclass('kept')", "engage")
        again.stop()
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert kept == "kept\n"
