"""What was answered survives the sandbox's own death."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

SERVE = """
import sys, signal
from pathlib import Path
from adapters.sandbox.serve import running_sandbox
with running_sandbox(Path(sys.argv[1])) as url:
    print(url, flush=True)
    signal.pause()
"""
ROOT = Path(__file__).parents[3]


@contextmanager
def process(state_directory: Path) -> Iterator[str]:
    """A sandbox in a process of its own, which is killed in the end."""
    child = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(state_directory)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert child.stdout is not None
    try:
        yield child.stdout.readline().strip()
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()


def token(url: str) -> dict[str, str]:
    account = {"provider": "google", "account": "rep@demo.example"}
    access = httpx.post(f"{url}/control/tokens", json=account).json()["access_token"]
    return {"authorization": f"Bearer {access}"}


def test_a_killed_sandbox_remembers_what_it_answered(state_directory: Path, raw: Any, prospect: str) -> None:
    with process(state_directory) as url:
        headers = token(url)
        gmail = f"{url}/google/gmail/v1/users/me"
        cursor = httpx.get(f"{gmail}/profile", headers=headers).json()["historyId"]
        draft = httpx.post(f"{gmail}/drafts", json={"message": {"raw": raw(prospect)}}, headers=headers).json()
        sent = httpx.post(f"{gmail}/drafts/send", json={"id": draft["id"]}, headers=headers).json()
        httpx.post(f"{url}/control/clock", json={"advance": "P9D"})
        httpx.put(f"{url}/control/limits", json={"sends_per_day": 7})
        before = httpx.get(f"{url}/control/clock").json()["now"]
    with process(state_directory) as url:
        gmail = f"{url}/google/gmail/v1/users/me"
        again = httpx.post(f"{gmail}/drafts/send", json={"id": draft["id"]}, headers=headers)
        history = httpx.get(f"{gmail}/history", params={"startHistoryId": cursor}, headers=headers).json()["history"]
        inbox = httpx.get(f"{url}/control/messages", params={"to": prospect}).json()["items"]
        assert again.status_code == 404
        assert history[-1]["messagesAdded"][0]["message"]["id"] == sent["id"]
        assert len(inbox) == 1
        assert httpx.get(f"{url}/control/clock").json()["now"] > before
        assert httpx.get(f"{url}/control/limits").json()["sends_per_day"] == 7


@pytest.mark.parametrize("path", ["/", "/page/style.css", "/page/script.js"])
def test_the_page_fetches_nothing_from_elsewhere(sandbox: Any, path: str) -> None:
    answer = sandbox.http.get(path)
    assert answer.status_code == 200
    assert "http://" not in answer.text
    assert "https://" not in answer.text
    assert 'src="//' not in answer.text
