"""Who may do what at Gmail, and how much of it."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

SEND = "https://www.googleapis.com/auth/gmail.send"
READONLY = "https://www.googleapis.com/auth/gmail.readonly"

Raw = Callable[..., str]


def test_an_unknown_token_is_unauthenticated(sandbox: Any) -> None:
    answer = httpx.get(f"{sandbox.url}/google/gmail/v1/users/me/profile", headers={"authorization": "Bearer made-up"})
    assert answer.status_code == 401
    assert answer.json()["error"]["errors"][0]["reason"] == "authError"
    assert "www-authenticate" in answer.headers


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "profile", None),
        ("POST", "drafts", {"message": {}}),
        ("GET", "messages", None),
        ("GET", "history", None),
    ],
)
def test_the_right_to_send_is_not_enough(new_user: Callable[..., Any], method: str, path: str, body: Any) -> None:
    new_user(scopes=[SEND]).refused(403, "insufficientPermissions", method, path, json=body)


def test_the_right_to_send_is_enough_to_send(new_user: Callable[..., Any], prospect: str, raw: Raw) -> None:
    assert new_user(scopes=[SEND]).ok("POST", "messages/send", json={"raw": raw(prospect)})["labelIds"] == ["SENT"]


def test_who_may_only_read_cannot_send(new_user: Callable[..., Any], prospect: str, raw: Raw) -> None:
    user = new_user(scopes=[READONLY])
    user.refused(403, "insufficientPermissions", "POST", "messages/send", json={"raw": raw(prospect)})


def test_the_mailbox_can_be_named_by_its_address_but_not_another(sandbox: Any, user: Any) -> None:
    base = f"{sandbox.url}/google/gmail/v1/users"
    assert httpx.get(f"{base}/{user.address}/profile", headers=user.http.headers).status_code == 200
    denied = httpx.get(f"{base}/boss@sender.example/profile", headers=user.http.headers)
    assert denied.status_code == 403
    assert denied.json()["error"]["message"].startswith("Delegation denied")


def test_an_unknown_parameter_is_refused(user: Any) -> None:
    user.refused(400, "invalidArgument", "GET", "messages", params={"query": "in:sent"})


def test_an_unknown_path_is_not_found(user: Any) -> None:
    user.refused(404, "notFound", "GET", "letters")


@pytest.mark.parametrize(("status", "reason"), [(429, "rateLimitExceeded"), (403, "userRateLimitExceeded")])
def test_the_units_of_a_minute_run_out(sandbox: Any, user: Any, status: int, reason: str) -> None:
    sandbox.control("PUT", "google", json={"quota_status": status})
    sandbox.control("PUT", "limits", json={"units_per_minute": 1})
    user.http.get("profile")
    assert user.refused(status, reason, "GET", "messages")["errors"][0]["domain"] == "usageLimits"


def test_the_days_messages_run_out_and_come_back(sandbox: Any, user: Any, prospect: str, raw: Raw) -> None:
    sandbox.control("PUT", "limits", json={"sends_per_day": 2})
    user.send(raw(prospect))
    user.send(raw(prospect))
    draft = user.draft(raw(prospect))
    error = user.refused(429, "rateLimitExceeded", "POST", "drafts/send", json={"id": draft["id"]})
    assert error["message"].startswith("User-rate limit exceeded.  Retry after ")
    assert error["message"].endswith("(Mail sending)")
    assert len(sandbox.inbox(prospect)) == 2
    sandbox.control("POST", "clock", json={"advance": "P1DT1M"})
    user.ok("POST", "drafts/send", json={"id": draft["id"]})
    assert len(sandbox.inbox(prospect)) == 3


@pytest.mark.parametrize(
    ("method", "path", "arguments"),
    [
        ("GET", "messages", {"params": {"pageToken": "9" * 40}}),
        ("GET", "messages", {"params": {"maxResults": "-1"}}),
        ("GET", "messages", {"params": {"q": "after:" + "9" * 30}}),
        ("GET", "messages", {"params": {"q": "newer_than:99999999d"}}),
        ("GET", "messages", {"params": {"q": "is:odd"}}),
        ("GET", "history", {"params": {"startHistoryId": "9" * 40}}),
        ("GET", "history", {"params": {"startHistoryId": "1", "historyTypes": "everything"}}),
        ("POST", "messages/send", {"json": {"raw": "VG86IGFAYi5jZAoKaGk", "threadId": 5}}),
        ("POST", "messages/batchModify", {"json": {"ids": [5]}}),
        ("POST", "messages/send", {"content": b"not json"}),
        ("POST", "drafts", {"json": {"message": "not an object"}}),
        ("POST", "watch", {"json": {"topicName": 5}}),
    ],
)
def test_nonsense_is_refused_and_breaks_nothing(user: Any, method: str, path: str, arguments: dict[str, Any]) -> None:
    user.refused(400, "invalidArgument", method, path, **arguments)
