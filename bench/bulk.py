"""Bulk work: a status for all contacts of an owner, asked for over HTTP and done by one worker.

What is owed is a time and that it is seen to go on, so the references are a minute and a second.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx

from bench.lists import SIZE, Bed, filled_bed, variables
from bench.report import AS_GOOD, Row
from bench.serving import serving

OWED_SECONDS = 60.0
SEEN_EVERY_SECONDS = 1.0
PATIENCE_SECONDS = 1_800.0
# No oftener than it disturbs the work: the pages ask once a second.
LOOK_SECONDS = 0.2


def run(size: int | None = None) -> list[Row]:
    """How long it takes, and for how long at most nobody sees it go on; forwards, and back."""
    size = size or SIZE
    with ExitStack() as stack:
        bed = stack.enter_context(filled_bed(size))
        url = stack.enter_context(serving(["-m", "api.cli", "serve"], "/healthz", variables(bed.settings)))
        stack.enter_context(_worker(bed))
        client = httpx.Client(base_url=url, headers={"authorization": f"Bearer {bed.token}"}, timeout=30)
        stack.enter_context(client)
        owner = client.get("/me").json()["id"]
        action = {"kind": "set_status", "status": "Qualified"}
        asked = client.post("/contacts/bulk", json={"filter": {"owner_id": owner}, "action": action})
        seconds, silence, done = _watched(client, asked.json(), "done")
        back, _, undone = _watched(client, client.post(f"/jobs/{done['id']}/undo").json(), "undone")
    assert (done["done"], undone["result"]["restored"]) == (size, done["result"]["changed"]), undone
    return [
        _row("bulk status by filter", seconds, OWED_SECONDS, size),
        _row("bulk status by filter, longest without progress", silence, SEEN_EVERY_SECONDS, size),
        _row("bulk status by filter, taken back", back, OWED_SECONDS, size),
    ]


def _row(work: str, ours: float, owed: float, size: int) -> Row:
    return Row(work, "s", ours, owed, AS_GOOD, size)


def _watched(client: httpx.Client, job: dict[str, Any], end: str) -> tuple[float, float, dict[str, Any]]:
    """The seconds until the job has come to its end, the longest time in which it did not get further, and the job."""
    began = moved = time.perf_counter()
    done, silence = 0, 0.0
    while time.perf_counter() - began < PATIENCE_SECONDS:
        job = client.get(f"/jobs/{job['id']}").json()
        now = time.perf_counter()
        if job["done"] != done or job["state"] == end:
            silence, moved, done = max(silence, now - moved), now, job["done"]
        if job["state"] == end:
            return now - began, silence, job
        assert job["state"] in ("queued", "running", "undoing"), job
        time.sleep(LOOK_SECONDS)
    raise RuntimeError(f"not over in time: {job}")


@contextmanager
def _worker(bed: Bed) -> Iterator[None]:
    """One worker process, once it is at work."""
    with tempfile.TemporaryFile() as log:
        environment = {**os.environ, **variables(bed.settings)}
        command = [sys.executable, "-m", "api.cli", "worker"]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            time.sleep(3)
            yield
        finally:
            process.terminate()
            process.wait(30)
