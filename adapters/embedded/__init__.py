"""PostgreSQL and Redis from Python packages, as children of this process, in a data directory.

Only the programs inside the packages are used. Their own starters break on paths with spaces, stop servers that others
still use and, as root, open the permissions of parent directories.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from adapters.embedded.place import find_place, make_socket_directory
from adapters.embedded.postgres import LOGIN, OWNER, EmbeddedPostgres
from adapters.embedded.processes import Say, ServerFailed, say_nothing
from adapters.embedded.redis import EmbeddedRedis

__all__ = ["EmbeddedServers", "ServerFailed", "start"]

SOCKETS = "sockets.location"


@dataclass(frozen=True, slots=True)
class EmbeddedServers:
    """Both servers, started. They end with this process, however it ends."""

    postgres: EmbeddedPostgres
    redis: EmbeddedRedis
    sockets: Path

    @property
    def database_url(self) -> str:
        """The role that the application logs in with: owns nothing, bypasses nothing."""
        return self.postgres.url(LOGIN)

    @property
    def database_owner_url(self) -> str:
        return self.postgres.url(OWNER)

    @property
    def redis_url(self) -> str:
        return self.redis.url

    @property
    def notice(self) -> str:
        """One sentence when the database could not live in the data directory, else empty."""
        return self.postgres.place.moved

    def stop(self) -> None:
        """Stops both cleanly; the data stay."""
        self.redis.stop()
        self.postgres.stop()
        shutil.rmtree(self.sockets, ignore_errors=True)


def start(data_dir: Path, *, durable: bool = True, say: Say = say_nothing) -> EmbeddedServers:
    """Starts both servers on `data_dir`, made when missing; the caller holds its lock (state.DataDirLock).

    `durable=False` trades safety against a power cut for speed: tests. `say` is told when it takes long, now or later.
    Raises ServerFailed, OSError.
    """
    logs = data_dir / "logs"
    logs.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = find_place(data_dir)
    _forget_sockets(data_dir)
    sockets = make_socket_directory(place.account)
    (data_dir / SOCKETS).write_text(str(sockets))
    servers = EmbeddedServers(
        EmbeddedPostgres(place, sockets, logs / "postgres.log", durable, say=say),
        EmbeddedRedis(data_dir / "redis", sockets, logs / "redis.log", say=say),
        sockets,
    )
    try:
        servers.postgres.start()
        servers.redis.start()
    except BaseException:
        servers.stop()
        raise
    return servers


def _forget_sockets(data_dir: Path) -> None:
    """Removes the socket directory of a run that was killed."""
    try:
        sockets = Path((data_dir / SOCKETS).read_text())
    except FileNotFoundError:
        return
    if sockets.name.startswith("engage-"):
        shutil.rmtree(sockets, ignore_errors=True)
