"""A running sandbox, a user's mailbox in it, and a place on the web that the links of mails point to."""

import base64
import itertools
import json
import threading
import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.sandbox.serve import running_sandbox

_numbers = itertools.count(1)


class SandboxClient:
    """The control routes, and what prospects see."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = httpx.Client(base_url=url, timeout=30)

    def control(self, method: str, path: str, expect: int = 200, **arguments: Any) -> Any:
        answer = self.http.request(method, f"/control/{path}", **arguments)
        assert answer.status_code == expect, answer.text
        return answer.json() if answer.content else None

    def inbox(self, address: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.control("GET", "messages", params={"to": address})["items"]
        return items

    def act(self, message: dict[str, Any], name: str, expect: int = 200, **body: Any) -> Any:
        return self.control("POST", f"messages/{message['id']}/{name}", expect, json=body)

    def faults(self, *rules: dict[str, Any]) -> None:
        self.control("PUT", "faults", json=list(rules))


class User:
    """Somebody with a mailbox at Google, as a program sees it that holds a token."""

    def __init__(self, sandbox: SandboxClient, address: str, scopes: list[str] | None = None) -> None:
        self.address = address
        self.token = sandbox.control(
            "POST", "tokens", json={"provider": "google", "account": address, "scopes": scopes}
        )
        self.http = httpx.Client(
            base_url=f"{sandbox.url}/google/gmail/v1/users/me/",
            headers={"authorization": f"Bearer {self.token['access_token']}"},
            timeout=30,
        )

    def ok(self, method: str, path: str, **arguments: Any) -> Any:
        answer = self.http.request(method, path, **arguments)
        assert answer.status_code in (200, 204), answer.text
        return answer.json() if answer.content else None

    def refused(self, status: int, reason: str, method: str, path: str, **arguments: Any) -> dict[str, Any]:
        answer = self.http.request(method, path, **arguments)
        assert answer.status_code == status, answer.text
        error: dict[str, Any] = answer.json()["error"]
        assert error["errors"][0]["reason"] == reason
        return error

    def draft(self, raw: str, thread: str | None = None) -> dict[str, Any]:
        message = {"raw": raw} | ({"threadId": thread} if thread else {})
        draft: dict[str, Any] = self.ok("POST", "drafts", json={"message": message})
        return draft

    def send(self, raw: str, thread: str | None = None) -> dict[str, Any]:
        sent: dict[str, Any] = self.ok("POST", "drafts/send", json={"id": self.draft(raw, thread)["id"]})
        return sent

    def raw(self, message_id: str) -> bytes:
        return base64.urlsafe_b64decode(self.ok("GET", f"messages/{message_id}", params={"format": "raw"})["raw"])

    def headers(self, message_id: str) -> dict[str, str]:
        message = self.ok("GET", f"messages/{message_id}", params={"format": "metadata"})
        return {header["name"]: header["value"] for header in message["payload"]["headers"]}

    def newest(self, query: str = "in:inbox") -> str:
        return str(self.ok("GET", "messages", params={"q": query})["messages"][0]["id"])

    def history(self, since: str, **params: Any) -> list[dict[str, Any]]:
        answer = self.ok("GET", "history", params={"startHistoryId": since, **params})
        changes: list[dict[str, Any]] = answer.get("history", [])
        return changes


class Website:
    """Answers everything and remembers what it was asked."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, dict[str, str], str]] = []
        handler = type("Handler", (_Handler,), {"website": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    website: Website

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        self.website.requests.append((self.command, self.path, dict(self.headers.items()), body))
        redirect = self.path.startswith("/t/c/")
        self.send_response(302 if redirect else 200)
        if redirect:
            self.send_header("Location", "https://example.com/pricing")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST = do_HEAD = _answer  # noqa: N815

    def log_message(self, format: str, *arguments: Any) -> None:
        """Keeps the test output quiet."""


def _raw(to: str, subject: str = "Hello", text: str = "Hi there", html: str | None = None, **headers: str) -> str:
    message = EmailMessage()
    values = {"From": "somebody@elsewhere.example", "To": to, "Subject": subject, **headers}
    for name, value in values.items():
        if value:
            message[name.replace("_", "-")] = value
    message.set_content(text)
    if html is not None:
        message.add_alternative(html, subtype="html")
    return base64.urlsafe_b64encode(message.as_bytes()).decode()


@pytest.fixture
def raw() -> Callable[..., str]:
    """A mail as the API takes it; keyword arguments are headers, with _ for -."""
    return _raw


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxClient]:
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as url:
        client = SandboxClient(url)
        yield client
        client.http.close()


@pytest.fixture
def sandbox(served: SandboxClient) -> Iterator[SandboxClient]:
    """Shared by all tests; faults, switches and the request log are as at the start."""
    yield served
    served.faults()
    served.control("DELETE", "requests", 204)
    served.control("PUT", "limits", json={"units_per_minute": 15_000, "sends_per_day": 2_000})
    switches = {"keep_message_id": False, "search_lag_seconds": 0, "access_token_seconds": 3599, "quota_status": 429}
    served.control("PUT", "google", json=switches)


@pytest.fixture
def new_user(sandbox: SandboxClient) -> Iterator[Callable[..., User]]:
    made: list[User] = []

    def make(address: str | None = None, scopes: list[str] | None = None) -> User:
        made.append(User(sandbox, address or f"rep{next(_numbers)}@sender.example", scopes))
        return made[-1]

    yield make
    for user in made:
        user.http.close()


@pytest.fixture
def user(new_user: Callable[..., User]) -> User:
    return new_user()


@pytest.fixture
def prospect() -> str:
    """An address that no other test uses."""
    return f"prospect{next(_numbers)}@target.example"


@pytest.fixture
def website() -> Iterator[Website]:
    website = Website()
    yield website
    website.close()


@pytest.fixture
def eventually() -> Callable[[Callable[[], Any]], Any]:
    def wait(probe: Callable[[], Any], seconds: float = 10) -> Any:
        deadline = time.monotonic() + seconds
        while not (found := probe()):
            assert time.monotonic() < deadline, "it did not come true in time"
            time.sleep(0.01)
        return found

    return wait


@pytest.fixture
def claims() -> Callable[[str], dict[str, Any]]:
    """The claims of a JSON Web Token, unverified."""

    def read(token: str) -> dict[str, Any]:
        middle = token.split(".")[1]
        found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
        return found

    return read


@pytest.fixture
def state_directory(tmp_path: Path) -> Path:
    return tmp_path / "state"
