"""Faults put in the way of requests, and the log of requests."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

Raw = Callable[..., str]


def fault(kind: str, **more: Any) -> dict[str, Any]:
    return {"provider": "google", "path": "send", "kind": kind, "count": 1, **more}


def test_accepted_then_reset_acts_and_drops_the_line(sandbox: Any, user: Any, prospect: str, raw: Raw) -> None:
    sandbox.faults(fault("accepted_then_reset"))
    with pytest.raises(httpx.TransportError):
        user.http.post("messages/send", json={"raw": raw(prospect)})
    assert len(sandbox.inbox(prospect)) == 1


def test_reset_drops_the_line_before_acting(sandbox: Any, user: Any, prospect: str, raw: Raw) -> None:
    sandbox.faults(fault("reset"))
    with pytest.raises(httpx.TransportError):
        user.http.post("messages/send", json={"raw": raw(prospect)})
    assert sandbox.inbox(prospect) == []


@pytest.mark.parametrize(("status", "reason"), [(500, "backendError"), (429, "rateLimitExceeded"), (403, "forbidden")])
def test_a_status_refuses_in_googles_shape(
    sandbox: Any, user: Any, prospect: str, raw: Raw, status: int, reason: str
) -> None:
    sandbox.faults(fault("status", status=status))
    user.refused(status, reason, "POST", "messages/send", json={"raw": raw(prospect)})
    assert sandbox.inbox(prospect) == []


def test_a_throttling_says_how_long_to_wait(sandbox: Any, user: Any, prospect: str, raw: Raw) -> None:
    sandbox.faults(fault("status", status=429, retry_after=7))
    answer = user.http.post("messages/send", json={"raw": raw(prospect)})
    assert answer.headers["retry-after"] == "7"
    assert "Retry after" in answer.json()["error"]["message"]


def test_an_error_can_come_after_the_act(sandbox: Any, user: Any, prospect: str, raw: Raw) -> None:
    sandbox.faults(fault("status", status=500, accepted=True))
    assert user.http.post("messages/send", json={"raw": raw(prospect)}).status_code == 500
    assert len(sandbox.inbox(prospect)) == 1


def test_garbage_is_a_success_that_says_nothing(sandbox: Any, user: Any, prospect: str, raw: Raw) -> None:
    sandbox.faults(fault("garbage"))
    answer = user.http.post("messages/send", json={"raw": raw(prospect)})
    assert answer.status_code == 200
    assert "text/html" in answer.headers["content-type"]
    assert sandbox.inbox(prospect) == []


def test_a_timeout_lets_the_caller_wait(sandbox: Any, user: Any, prospect: str, raw: Raw) -> None:
    sandbox.faults(fault("timeout"))
    with pytest.raises(httpx.ReadTimeout):
        user.http.post("messages/send", json={"raw": raw(prospect)}, timeout=0.2)
    assert sandbox.inbox(prospect) == []


def test_a_slow_answer_is_whole_in_the_end(sandbox: Any, user: Any, prospect: str, raw: Raw) -> None:
    sandbox.faults(fault("slow", seconds=0.1))
    answer = user.http.post("messages/send", json={"raw": raw(prospect)})
    assert answer.json()["labelIds"] == ["SENT"]


def test_a_fault_strikes_as_often_as_it_says_and_where_it_says(
    sandbox: Any, user: Any, prospect: str, raw: Raw
) -> None:
    sandbox.faults(fault("status", count=2))
    user.ok("GET", "profile")
    user.ok("GET", "settings/sendAs")
    draft = user.draft(raw(prospect))
    answers = [user.http.post("drafts/send", json={"id": draft["id"]}).status_code for _ in range(3)]
    assert answers == [500, 500, 200]


def test_a_fault_with_rate_nought_never_strikes(sandbox: Any, user: Any) -> None:
    sandbox.faults({"kind": "status", "rate": 0})
    user.ok("GET", "profile")


def test_the_token_endpoint_fails_in_the_words_of_oauth(sandbox: Any) -> None:
    sandbox.faults({"provider": "google", "path": "token", "kind": "status", "status": 400, "count": 1})
    assert sandbox.http.post("/google/token").json()["error"] == "invalid_grant"


@pytest.mark.parametrize("rule", [{"kind": "explode"}, {"kind": "status", "rate": 2}, {"kind": "reset", "extra": 1}])
def test_a_rule_that_makes_no_sense_is_refused(sandbox: Any, rule: dict[str, Any]) -> None:
    sandbox.control("PUT", "faults", 422, json=[rule])


def test_every_request_is_counted_with_its_outcome(sandbox: Any, user: Any, prospect: str, raw: Raw) -> None:
    sandbox.control("DELETE", "requests", 204)
    sent = user.send(raw(prospect))
    user.headers(sent["id"])
    sandbox.faults(fault("reset"))
    with pytest.raises(httpx.TransportError):
        user.http.post("messages/send", json={})
    report = sandbox.control("GET", "requests", params={"provider": "google"})
    assert report["count"] == 4
    assert report["counts"]["GET /google/gmail/v1/users/me/messages/{id}"] == 1
    assert report["items"][0]["fault"] == "reset"
    assert report["items"][0]["status"] is None
    assert report["items"][1]["status"] == 200
    assert sandbox.control("GET", "requests", params={"path": "drafts/send"})["count"] == 1
