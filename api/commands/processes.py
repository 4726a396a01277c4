"""The long-running roles, each a process of its own: `engage serve`, `engage worker`, `engage sandbox`."""

import contextlib
import socket
from pathlib import Path
from typing import Any

import uvicorn

from adapters.logging import configure_logging
from adapters.settings import Settings, is_loopback, keep_data_dir, load_settings
from api.commands import CommandFailed
from api.commands.listening import listen, port_of, taken_over
from api.commands.reachable import check_database, check_redis
from api.serving import Server

# Below the 30 seconds after which orchestrators kill.
FINISH_REQUESTS_SECONDS = 25


def serve(data_dir: Path | None, descriptor: int | None, **given: Any) -> None:
    """The API and the SPA, until SIGTERM; then open requests are finished."""
    settings = load_settings(data_dir, **given)
    keep_data_dir(settings.data_dir)
    _require(settings)
    listener = taken_over(descriptor) if descriptor else listen(settings.host, settings.port)
    _serve("api.main:create_app", settings, listener)


def work(data_dir: Path | None) -> None:
    """Jobs and sweepers, until SIGTERM; then running jobs are finished or given back."""
    from workers.main import main

    settings = load_settings(data_dir)
    keep_data_dir(settings.data_dir)
    _require(settings)
    configure_logging(settings)
    main(settings)


def stand_in(data_dir: Path | None, descriptor: int | None, smtp_descriptor: int | None, **given: Any) -> None:
    """The providers' stand-ins and their mail server, until SIGTERM."""
    from adapters.sandbox.app import create_app
    from adapters.sandbox.options import RegisteredClient, SandboxOptions

    settings = load_settings(data_dir, **given)
    if not is_loopback(settings.sandbox_host):
        raise CommandFailed(f"The sandbox listens on loopback only, not on {settings.sandbox_host}.")
    state = settings.data_dir / "sandbox"
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    listener = taken_over(descriptor) if descriptor else listen(settings.sandbox_host, settings.sandbox_port)
    smtp = taken_over(smtp_descriptor) if smtp_descriptor else listen(settings.sandbox_host, settings.sandbox_smtp_port)
    clients = [entry.partition(":") for entry in settings.sandbox_clients.get_secret_value().split(",") if entry]
    options = SandboxOptions(
        public_url=settings.sandbox_url or f"http://{settings.sandbox_host}:{port_of(listener)}",
        state_directory=state,
        clock_file=settings.clock_file,
        google_clients=tuple(RegisteredClient(client_id, secret) for client_id, _, secret in clients),
        smtp_listener=smtp,
    )
    configure_logging(settings)
    _serve(create_app(options), settings, listener)


def _serve(app: Any, settings: Settings, listener: socket.socket) -> None:
    configuration = uvicorn.Config(
        app,
        factory=isinstance(app, str),
        log_config=None,
        access_log=False,
        server_header=False,
        ws="none",
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=FINISH_REQUESTS_SECONDS,
    )
    with contextlib.suppress(KeyboardInterrupt):
        Server(configuration).run(sockets=[listener])


def _require(settings: Settings) -> None:
    """What would otherwise fail later and elsewhere."""
    check_database(settings)
    check_redis(settings)
    _ = settings.secret_key_ring
