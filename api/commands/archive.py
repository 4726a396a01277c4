"""`engage backup` and `engage restore`: the whole database in one file of pg_dump's custom format.

Row-level security is forced on every table, for the owner too, so both work as a role that bypasses it.
"""

import asyncio
import subprocess
from collections.abc import Sequence
from pathlib import Path

import redis
from sqlalchemy import make_url

from adapters.embedded import EmbeddedServers, start
from adapters.embedded.place import PACKAGE
from adapters.embedded.postgres import DATABASE, OWNER, SUPERUSER
from adapters.running import DataDirLock
from adapters.settings import Settings, is_given, load_settings
from api.commands import CommandFailed
from migrations.run import upgrade

PROGRAMS = PACKAGE / "pginstall18" / "bin"
# What was due while the backup lay on a shelf must not leave at once: people decide, organization by organization.
PAUSE_DISPATCH = "update organizations set dispatch_paused = true"


def backup(data_dir: Path | None, target: Path) -> None:
    """Writes `target` whole or not at all. The system may be running. Raises CommandFailed."""
    settings = load_settings(data_dir)
    draft = target.with_name(f".{target.name}.draft")
    try:
        _postgres_program("pg_dump", _superuser_url(settings), "--format=custom", f"--file={draft}")
        draft.chmod(0o600)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def restore(data_dir: Path | None, source: Path) -> None:
    """Replaces the database; a failure leaves the present one. Raises CommandFailed, AlreadyRunning."""
    settings = load_settings(data_dir)
    if is_given("database_url"):
        _restore_elsewhere(settings, source)
        return
    settings.data_dir.mkdir(mode=0o711, parents=True, exist_ok=True)
    lock = DataDirLock(settings.data_dir)
    servers = start(settings.data_dir)
    try:
        _restore_embedded(servers, source)
    finally:
        servers.stop()
        lock.release()


def _restore_embedded(servers: EmbeddedServers, source: Path) -> None:
    """Into a database beside the present one, which it then replaces."""
    fresh, postgres = f"{DATABASE}_restored", servers.postgres
    postgres.sql(f"drop database if exists {fresh} with (force)")
    _make_roles(servers, fresh)
    postgres.create_database(fresh)
    _postgres_program("pg_restore", postgres.url(SUPERUSER, fresh), "--exit-on-error", str(source))
    asyncio.run(upgrade(postgres.url(OWNER, fresh)))
    postgres.sql(PAUSE_DISPATCH, fresh)
    postgres.sql(f"drop database if exists {DATABASE} with (force)")
    postgres.sql(f"alter database {fresh} rename to {DATABASE}")
    client = redis.Redis.from_url(servers.redis_url)
    client.flushall()
    client.close()


def _make_roles(servers: EmbeddedServers, scratch: str) -> None:
    """A dump names roles but does not make them; the migrations do."""
    servers.postgres.create_database(scratch)
    asyncio.run(upgrade(servers.postgres.url(OWNER, scratch)))
    servers.postgres.sql(f"drop database {scratch} with (force)")


def _restore_elsewhere(settings: Settings, source: Path) -> None:
    owner, superuser = settings.database_owner_url or settings.database_url, _superuser_url(settings)
    asyncio.run(upgrade(owner))
    options = ("--clean", "--if-exists", "--single-transaction", "--exit-on-error")
    _postgres_program("pg_restore", superuser, *options, str(source))
    asyncio.run(upgrade(owner))
    _postgres_program("psql", superuser, "-qX", "-v", "ON_ERROR_STOP=1", "-c", PAUSE_DISPATCH)


def _superuser_url(settings: Settings) -> str:
    if settings.database_superuser_url:
        return settings.database_superuser_url
    if not settings.database_url:
        raise CommandFailed(f"No database: start `engage run` (none runs on {settings.data_dir}).")
    raise CommandFailed("ENGAGE_DATABASE_SUPERUSER_URL is not set: a role that bypasses row-level security is needed.")


def _postgres_program(name: str, url: str, *arguments: str) -> None:
    """The password goes by the environment: arguments are seen by everybody on the machine."""
    parts = make_url(url)
    address = parts.set(drivername="postgresql", password=None).render_as_string()
    environment = {"PGPASSWORD": parts.password} if parts.password else {}
    _run([str(PROGRAMS / name), "--dbname", address, *arguments], environment, name)


def _run(command: Sequence[str], environment: dict[str, str], name: str) -> None:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        reason = (done.stderr.strip() or "no reason given").split("\n")[0]
        raise CommandFailed(f"{name} failed: {reason}")
