"""`engage run`: everything on this machine, in one terminal."""

import base64
import json
import os
import secrets
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adapters.embedded import EmbeddedServers, start
from adapters.embedded.postgres import SUPERUSER
from adapters.embedded.processes import run_as
from adapters.embedded.supervisor import Part, Supervisor
from adapters.running import DataDirLock, RunningSystem, forget_state, write_private, write_state
from adapters.settings import InvalidSettings, Settings, is_given, load_settings
from api.commands import CommandFailed
from api.commands.listening import answers, listen, port_of
from api.commands.reachable import check_database
from api.commands.signals import Stopped, ignore_signals, stopped_by_signals
from api.commands.upkeep import ahead

READY_WITHIN_SECONDS = 90.0
STOP_WITHIN_SECONDS = 8.0
DEMO_PACE = {"mailbox_poll_seconds": 1, "reconcile_after_seconds": 5}
DEMO_SENDER = "Engage <engage@demo.example>"
GOOGLE_CLIENT_ID = "engage-demo.apps.googleusercontent.example"


@dataclass(frozen=True, slots=True)
class RunOptions:
    """As given on the command line; None leaves it to the environment."""

    data_dir: Path
    port: int | None
    sandbox_port: int | None
    demo: bool
    sandbox: bool


@dataclass(slots=True)
class System:
    """The parts of this run, in the order of their start; `stop` takes them down in reverse."""

    data_dir: Path
    settings: dict[str, Any] = field(default_factory=dict)
    # Kept open for as long as we run: a part that is started again takes its socket over again.
    listeners: list[socket.socket] = field(default_factory=list)
    servers: EmbeddedServers | None = None
    supervisor: Supervisor = field(init=False)

    def __post_init__(self) -> None:
        self.supervisor = Supervisor(say=_say, changed=self.note)

    def note(self) -> None:
        """What other commands need to find us."""
        processes = {part.name: part.process.pid for part in self.supervisor.parts if part.process}
        write_state(self.data_dir, RunningSystem(os.getpid(), self.settings, secrets_file(self.data_dir), processes))

    def stop(self) -> None:
        self.supervisor.stop(STOP_WITHIN_SECONDS)
        if self.servers:
            self.servers.stop()
        for listener in self.listeners:
            listener.close()
        forget_state(self.data_dir)


def run(options: RunOptions) -> None:
    """Returns when it was asked to stop. Raises CommandFailed, ServerFailed, AlreadyRunning, InvalidSettings."""
    data_dir = _data_dir(options.data_dir.absolute())
    settings = _settings(options)
    lock = DataDirLock(data_dir)
    system = System(data_dir)
    with stopped_by_signals():
        try:
            _bring_up(system, settings, with_sandbox=options.sandbox)
            system.supervisor.watch()
        except Stopped:
            return
        finally:
            ignore_signals()
            system.stop()
            lock.release()


def secrets_file(data_dir: Path) -> Path:
    return data_dir / "secrets.json"


def _settings(options: RunOptions) -> Settings:
    given: dict[str, Any] = {"port": options.port, "sandbox_port": options.sandbox_port}
    given = {name: value for name, value in given.items() if value is not None}
    demo = options.demo if not is_given("demo") else options.demo and load_settings(options.data_dir).demo
    return load_settings(options.data_dir, demo=demo, **given)


def _data_dir(data_dir: Path) -> Path:
    try:
        # Root's PostgreSQL runs as another user, who has to pass through.
        data_dir.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        (data_dir / "logs").mkdir(mode=0o700, exist_ok=True)
    except OSError as refused:
        raise CommandFailed(f"The data directory {data_dir} cannot be used: {refused.strerror}.") from refused
    if not os.access(data_dir, os.R_OK | os.W_OK | os.X_OK):
        raise CommandFailed(f"The data directory {data_dir} cannot be used: permission denied.")
    return data_dir


def _bring_up(system: System, settings: Settings, *, with_sandbox: bool) -> None:
    api = listen(settings.host, settings.port)
    sandbox = listen(settings.sandbox_host, settings.sandbox_port) if with_sandbox else None
    smtp = listen(settings.sandbox_host, settings.sandbox_smtp_port) if with_sandbox else None
    system.listeners = [listener for listener in (api, sandbox, smtp) if listener]
    system.settings = _addresses(settings, api, sandbox) | (_mail_addresses(settings, smtp) if smtp else {})
    _provide_databases(system, settings)
    _provide_secrets(system, settings)
    system.note()
    if sandbox and smtp:
        system.supervisor.start(_part(system, "sandbox", sandbox, smtp))
    if told := ahead(system.settings["database_owner_url"]):
        _say(told)
    _once(system, "migrate")
    if settings.demo:
        _once(system, "demo")
    system.supervisor.start(_part(system, "worker"))
    system.supervisor.start(_part(system, "serve", api))
    system.supervisor.wait_until(_all_answer(settings, api, sandbox), READY_WITHIN_SECONDS)
    where = f" sandbox: {system.settings['sandbox_url']}" if sandbox else ""
    print(f"ready: {system.settings['public_url']}{where}", flush=True)


def _addresses(settings: Settings, api: socket.socket, sandbox: socket.socket | None) -> dict[str, Any]:
    port = port_of(api)
    public_url = settings.public_url if is_given("public_url") else f"http://{_web_host(settings.host)}:{port}"
    known: dict[str, Any] = {"demo": settings.demo, "host": settings.host, "port": port, "public_url": public_url}
    if settings.demo:
        known |= DEMO_PACE
    if sandbox:
        sandbox_url = f"http://{_web_host(settings.sandbox_host)}:{port_of(sandbox)}"
        known |= {
            "sandbox_host": settings.sandbox_host,
            "sandbox_port": port_of(sandbox),
            "sandbox_url": sandbox_url,
            "clock_file": str(settings.data_dir / "clock"),
            "google_base_url": f"{sandbox_url}/google",
        }
    return known


def _mail_addresses(settings: Settings, smtp: socket.socket) -> dict[str, Any]:
    """Mail of our own goes to the sandbox, unless a mail server was named."""
    port = port_of(smtp)
    if is_given("smtp_host"):
        return {"sandbox_smtp_port": port}
    return {
        "sandbox_smtp_port": port,
        "smtp_host": settings.sandbox_host,
        "smtp_port": port,
        "smtp_security": "none",
        "mail_from": settings.mail_from or DEMO_SENDER,
    }


def _provide_databases(system: System, settings: Settings) -> None:
    if settings.database_url:
        check_database(settings)
        check_database(settings, as_owner=True)
    if not settings.database_url or not settings.redis_url:
        system.servers = start(system.data_dir, say=_say)
        system.supervisor.servers = {
            "The embedded PostgreSQL": system.servers.postgres,
            "The embedded Redis": system.servers.redis,
        }
        if system.servers.notice:
            _say(system.servers.notice)
    system.settings |= _database_addresses(settings, system.servers)


def _database_addresses(settings: Settings, own: EmbeddedServers | None) -> dict[str, str]:
    """Of the given servers, and of our own for what is not given."""
    redis_url = settings.redis_url or (own.redis_url if own else "")
    if settings.database_url or own is None:
        owner = settings.database_owner_url or settings.database_url
        return {"database_url": settings.database_url, "database_owner_url": owner, "redis_url": redis_url}
    return {
        "database_url": own.database_url,
        "database_owner_url": own.database_owner_url,
        "database_superuser_url": own.postgres.url(SUPERUSER),
        "redis_url": redis_url,
    }


def _provide_secrets(system: System, settings: Settings) -> None:
    """Made once for data that we keep ourselves; a database of your own needs keys of your own."""
    file = secrets_file(system.data_dir)
    kept: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    if not settings.secret_keys.get_secret_value() and "secret_keys" not in kept:
        if settings.database_url and not settings.demo:
            raise InvalidSettings("ENGAGE_SECRET_KEYS is not set (engage doctor --new-secret-key makes one).")
        kept["secret_keys"] = new_secret_key()
    if "sandbox_url" in system.settings:
        client_id = settings.google_client_id or kept.get("google_client_id") or GOOGLE_CLIENT_ID
        secret = settings.google_client_secret.get_secret_value() or kept.get("google_client_secret")
        secret = secret or secrets.token_urlsafe(24)
        kept |= {"google_client_id": client_id, "google_client_secret": secret}
        kept["sandbox_clients"] = f"{client_id}:{secret}"
    write_private(file, json.dumps(kept, indent=2))


def new_secret_key() -> str:
    """One entry for ENGAGE_SECRET_KEYS."""
    return f"{secrets.token_hex(3)}:{base64.b64encode(secrets.token_bytes(32)).decode()}"


def _part(system: System, name: str, *listeners: socket.socket) -> Part:
    """With the sockets that it takes over: the one for HTTP first, then the one for mail."""
    command = [*engage_command(), name, "--data-dir", str(system.data_dir)]
    descriptors = tuple(listener.fileno() for listener in listeners)
    for option, descriptor in zip(("--fd", "--smtp-fd"), descriptors, strict=False):
        command += [option, str(descriptor)]
    return Part(name, command, _log(system, name), inherits=descriptors)


def _once(system: System, name: str) -> None:
    log = _log(system, name)
    if run_as([*engage_command(), name, "--data-dir", str(system.data_dir)], log, None) != 0:
        raise CommandFailed(f"`engage {name}` failed, see {log}.")


def engage_command() -> list[str]:
    """How to start this very program again."""
    script = Path(sys.executable).with_name("engage")
    return [sys.executable, str(script)] if script.exists() else [sys.executable, "-m", "api.cli"]


def _all_answer(settings: Settings, api: socket.socket, sandbox: socket.socket | None) -> Callable[[], bool]:
    checks = [(settings.host, port_of(api), "/healthz", False), (settings.host, port_of(api), "/readyz", True)]
    if sandbox:
        checks.insert(0, (settings.sandbox_host, port_of(sandbox), "/control/healthz", False))

    def all_answer() -> bool:
        while checks:
            host, port, path, strictly = checks[0]
            if not answers(host, port, path, all_checks=strictly):
                return False
            checks.pop(0)
        return True

    return all_answer


def _web_host(host: str) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 - compared, not listened on
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def _log(system: System, name: str) -> Path:
    return system.data_dir / "logs" / f"{name}.log"


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
