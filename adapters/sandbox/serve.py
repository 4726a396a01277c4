"""A sandbox inside of the running process, for tests and for trying things out."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from adapters.sandbox.app import create_app
from adapters.sandbox.options import RegisteredClient, SandboxOptions

CLIENT = RegisteredClient("sandbox-client", "sandbox-secret")
_START_SECONDS = 20.0


@contextmanager
def running_sandbox(
    state_directory: Path, clients: tuple[RegisteredClient, ...] = (CLIENT,), clock_file: Path | None = None
) -> Iterator[str]:
    """Serves from a thread on free loopback ports and gives the base URL; the state stays in its directory.

    Where mail is taken is told by `GET /control/smtp`.
    """
    with socket.socket() as listener, socket.socket() as smtp:
        listener.bind(("127.0.0.1", 0))
        smtp.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        app = create_app(SandboxOptions(url, state_directory, clock_file, clients, smtp))
        config = uvicorn.Config(app, log_level="error", access_log=False, ws="none", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="sandbox", daemon=True)
        thread.start()
        _wait_until_started(server)
        try:
            yield url
        finally:
            server.should_exit = True
            thread.join()


def _wait_until_started(server: uvicorn.Server) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not server.started:
        if time.monotonic() > deadline:
            raise TimeoutError("the sandbox did not start")
        time.sleep(0.01)
