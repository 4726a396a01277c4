"""The people of the journeys: a representative before the screen, prospects before their inboxes, and patience."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx

T = TypeVar("T")
Json = dict[str, Any]


def eventually(probe: Callable[[], T], what: str, seconds: float = 60) -> T:
    """The first true answer of `probe`; fails with `what` after the deadline."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := probe():
            return found
        time.sleep(0.1)
    raise AssertionError(f"never happened within {seconds} s: {what}")


class Representative:
    """Somebody who works with Engage."""

    def __init__(self, http: httpx.Client, email: str, password: str = "engage-demo") -> None:
        self.http = http
        self.me = self.ask("POST", "/auth/login", json={"email": email, "password": password})

    def ask(self, method: str, path: str, **more: Any) -> Json:
        answer = self.http.request(method, path, **more)
        assert answer.is_success, f"{method} {path} -> {answer.status_code} {answer.text}"
        found: Json = answer.json() if answer.content else {}
        return found

    def connect(self, sandbox: httpx.Client, account: str, decision: str = "allow") -> Json:
        """Goes through the provider's consent page, as a browser does."""
        authorize_url = self.ask("POST", "/me/connections/google", json={})["authorize_url"]
        consent = sandbox.post(authorize_url, data={"account": account, "decision": decision}, follow_redirects=False)
        assert consent.is_redirect, consent.text
        self.http.get(consent.headers["location"], follow_redirects=False)
        return self.connection()

    def connection(self) -> Json:
        found: Json = self.ask("GET", "/me/connections")["items"][0]
        return found

    def new_contact(self, first_name: str, **fields: str) -> Json:
        email = f"{first_name.lower()}.{uuid4().hex[:8]}@prospect.example"
        body = {"first_name": first_name, "last_name": "Prospect", "email": email, "company": "Fabrikam", **fields}
        return self.ask("POST", "/contacts", json=body)

    def new_salesflow(self, steps: list[Json]) -> str:
        flow: str = self.ask("POST", "/salesflows", json={"name": f"Journey {uuid4().hex[:8]}"})["id"]
        self.ask("PUT", f"/salesflows/{flow}/steps", json={"steps": steps})
        self.ask("POST", f"/salesflows/{flow}/activate")
        return flow

    def enroll(self, flow: str, *contacts: Json, **more: Any) -> Json:
        body = {"contact_ids": [contact["id"] for contact in contacts], **more}
        return self.ask("POST", f"/salesflows/{flow}/enrollments", json=body)

    def enrollment(self, flow: str, contact: Json) -> Json:
        items = self.ask("GET", f"/salesflows/{flow}/enrollments", params={"limit": 200})["items"]
        return next(item for item in items if item["contact_id"] == contact["id"])

    def happened(self, contact: Json) -> list[str]:
        items = self.ask("GET", f"/contacts/{contact['id']}/activities", params={"limit": 200})["items"]
        return [item["type"] for item in items]


def email(subject: str, body: str, amount: int = 0, unit: str = "minutes", thread: str = "new") -> Json:
    """A step as the editor sends it."""
    return {
        "kind": "email",
        "mode": "automatic",
        "delay": {"amount": amount, "unit": unit},
        "thread": thread,
        "variants": [{"weight": 100, "subject": subject, "body_html": body}],
    }


class Prospects:
    """Those whom the emails reach, and the calendar on the wall."""

    def __init__(self, sandbox: httpx.Client) -> None:
        self._sandbox = sandbox

    def inbox(self, contact: Json) -> list[Json]:
        answer = self._sandbox.get("/control/messages", params={"to": contact["email"]})
        found: list[Json] = answer.raise_for_status().json()["items"]
        return found

    def act(self, message: Json, what: str, **how: Any) -> None:
        self._sandbox.post(f"/control/messages/{message['id']}/{what}", json=how).raise_for_status()

    def now(self) -> datetime:
        return datetime.fromisoformat(self._sandbox.get("/control/clock").raise_for_status().json()["now"])

    def wait_until(self, at: datetime) -> None:
        self._sandbox.post("/control/clock", json={"at": at.isoformat()}).raise_for_status()

    def next_weekday(self, weekday: int, hour: int, minute: int, zone: str) -> datetime:
        """A local time at least a week ahead; Monday is 0."""
        local = self.now().astimezone(ZoneInfo(zone))
        days = (weekday - local.weekday()) % 7 + 7
        return (local + timedelta(days=days)).replace(hour=hour, minute=minute, second=0, microsecond=0)
