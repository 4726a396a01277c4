"""The embedded PostgreSQL 18: one cluster in the data directory, reached by a Unix socket alone."""

import getpass
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from adapters.embedded.place import Place, own
from adapters.embedded.processes import (
    Say,
    ServerFailed,
    end_leftover,
    run_as,
    say_nothing,
    spawn,
    stop,
    wait_until_ready,
)

SUPERUSER = "postgres"
OWNER = "engage_owner"
LOGIN = "engage"
DATABASE = "engage"

# For a laptop or a small server with two cores. jit costs more than it gives for short queries.
TUNING = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    # A million imported contacts write 4 GB: a checkpoint comes when half of this is written, and slows them down.
    "max_wal_size": "8GB",
    "wal_buffers": "16MB",
    # An import fills the buffers in a fifth of a second, which is how long the writer sleeps if nobody says otherwise.
    "wal_writer_delay": "20ms",
    "jit": "off",
    "synchronous_commit": "on",
    "log_line_prefix": "%m [%p] ",
    "timezone": "UTC",
}
LEAST_BUFFERS, MOST_BUFFERS = 128, 4096
NOTICED_WITHIN_SECONDS, PAUSE_SECONDS = 20.0, 0.1
FORGETFUL = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}

# Owner of the schema; CREATEROLE because the migrations make the roles without login.
FIRST_ROLES = f"""
drop role if exists {OWNER}, {LOGIN};
create role {OWNER} login createrole;
create role {LOGIN} login noinherit nosuperuser nobypassrls;
"""


@dataclass(slots=True)
class EmbeddedPostgres:
    """A started server. Peer authentication: whoever may open the socket and is us may be any role."""

    place: Place
    sockets: Path
    log: Path
    durable: bool = True
    process: subprocess.Popen[bytes] | None = None
    say: Say = say_nothing

    def start(self) -> None:
        """Up and with its roles, or ServerFailed. Recovers from a crash of the machine or the server by itself."""
        self._end_leftover()
        if not (self.place.cluster / "PG_VERSION").exists():
            self._create_cluster()
        self._serve()
        if not self.has_database(DATABASE):
            self.sql(FIRST_ROLES)
            self.create_database(DATABASE)

    def restart(self) -> None:
        """After the server died under us. Its sessions hold its memory, and keep a new one out, until each has noticed,
        which takes the longer the more they have to do."""
        self._end_leftover()
        deadline = time.monotonic() + NOTICED_WITHIN_SECONDS
        while True:
            try:
                return self._serve()
            except ServerFailed:
                if time.monotonic() > deadline:
                    raise
            time.sleep(PAUSE_SECONDS)

    def stop(self) -> None:
        """Fast shutdown: sessions end, everything is on disk."""
        if self.process:
            stop(self.process, signal.SIGINT, 20)

    def url(self, role: str, database: str = DATABASE) -> str:
        return f"postgresql+asyncpg://{role}@/{database}?host={self.sockets}"

    def has_database(self, name: str) -> bool:
        return bool(self.sql(f"select 1 from pg_database where datname = '{name}'").strip())  # noqa: S608

    def create_database(self, name: str, template: str = "template0") -> None:
        """A database of the owner's, entered by the login role alone. The name is ours, never a stranger's."""
        self.sql(f"create database {name} owner {OWNER} template {template}")
        self.sql(f"revoke connect on database {name} from public; grant connect on database {name} to {LOGIN}")

    def sql(self, statements: str, database: str = "postgres") -> str:
        """Runs statements as the superuser; rows as text. Raises ServerFailed with the server's message."""
        done = subprocess.run(  # noqa: S603
            [*self._program("psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", *self._as_superuser(), "-d", database],
            input=statements,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise ServerFailed(f"The embedded PostgreSQL refused: {done.stderr.strip()}")
        return done.stdout

    def _create_cluster(self) -> None:
        """initdb into a draft, renamed when whole: an interrupted first start leaves nothing half-made."""
        draft = self.place.cluster.with_name("postgres.draft")
        if draft.exists():
            subprocess.run(["rm", "-rf", str(draft)], check=True)  # noqa: S603, S607
        own(draft, self.place.account)
        options = ["-U", SUPERUSER, "--auth=peer", "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions"]
        if not self.durable:
            options.append("--no-sync")
        if run_as([*self._program("initdb"), "-D", draft, *options], self.log, self.place.account) != 0:
            raise ServerFailed(f"The embedded PostgreSQL could not be set up, see {self.log}.")
        (draft / "pg_hba.conf").write_text("local all all peer map=engage\n")
        (draft / "pg_ident.conf").write_text(f'engage "{getpass.getuser()}" all\n')
        draft.rename(self.place.cluster)

    def _serve(self) -> None:
        settings = {**TUNING, **({} if self.durable else FORGETFUL), "unix_socket_directories": str(self.sockets)}
        settings["shared_buffers"] = f"{_buffers()}MB"
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [*self._program("postgres"), "-D", str(self.place.cluster), *options]
        self.process = spawn(command, self.log, dies_by=signal.SIGINT, account=self.place.account)
        wait_until_ready(self.process, self._accepts, "The embedded PostgreSQL", self.log, self.say)

    def _accepts(self) -> bool:
        command = [*self._program("pg_isready"), "-q", *self._as_superuser(), "-d", "postgres"]
        return subprocess.run(command, check=False).returncode == 0  # noqa: S603

    def _end_leftover(self) -> None:
        try:
            pid = int((self.place.cluster / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return
        end_leftover(pid, str(self.place.cluster), signal.SIGINT)

    def _program(self, name: str) -> list[str]:
        return [str(self.place.programs / name)]

    def _as_superuser(self) -> list[str]:
        return ["-h", str(self.sockets), "-U", SUPERUSER]


def _buffers() -> int:
    """An eighth of the machine's memory, in MiB. It is taken page by page, as there is something to keep in it."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return min(max(memory // 8, LEAST_BUFFERS), MOST_BUFFERS)
