"""Servers in processes of their own, for as long as a benchmark lasts."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from api.commands.listening import answers, listen, port_of

START_SECONDS = 60.0


@contextmanager
def serving(arguments: Sequence[str], probe: str, variables: Mapping[str, str] | None = None) -> Iterator[str]:
    """The base URL of `python ARGUMENTS --port N`, once it answers `probe`. Raises RuntimeError with its log."""
    listener = listen("127.0.0.1", 0)
    port = port_of(listener)
    listener.close()
    with tempfile.TemporaryFile() as log:
        command = [sys.executable, *arguments, "--port", str(port)]
        process = subprocess.Popen(command, env={**os.environ, **(variables or {})}, stdout=log, stderr=log)
        try:
            deadline = time.monotonic() + START_SECONDS
            while not answers("127.0.0.1", port, probe):
                if process.poll() is not None or time.monotonic() > deadline:
                    log.seek(0)
                    raise RuntimeError(log.read().decode())
                time.sleep(0.05)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(30)
