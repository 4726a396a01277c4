"""The official client library works against the sandbox, unchanged."""

import base64
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any
from uuid import uuid4

import httpx
import pytest
from google.auth.exceptions import RefreshError
from google.oauth2.credentials import Credentials
from googleapiclient.errors import HttpError


def raw(to: str, subject: str = "Hello", **headers: str) -> str:
    message = EmailMessage()
    for name, value in {"From": "rep@demo.example", "To": to, "Subject": subject, **headers}.items():
        message[name.replace("_", "-")] = value
    message.set_content("Hi there")
    return base64.urlsafe_b64encode(message.as_bytes()).decode()


@pytest.fixture
def prospect() -> str:
    return f"{uuid4().hex}@target.example"


def draft_and_send(users: Any, mail: str) -> dict[str, Any]:
    draft = users.drafts().create(userId="me", body={"message": {"raw": mail}}).execute()
    sent: dict[str, Any] = users.drafts().send(userId="me", body={"id": draft["id"]}).execute()
    return sent


def test_the_profile_is_read(users: Any) -> None:
    assert users.getProfile(userId="me").execute()["emailAddress"] == "rep@demo.example"


def test_a_message_is_sent_and_delivered(users: Any, sandbox_url: str, prospect: str) -> None:
    sent = users.messages().send(userId="me", body={"raw": raw(prospect)}).execute()
    assert sent["labelIds"] == ["SENT"]
    inbox = httpx.get(f"{sandbox_url}/control/messages", params={"to": prospect}).json()["items"]
    assert [mail["subject"] for mail in inbox] == ["Hello"]


def test_a_draft_is_sent_once(users: Any, prospect: str) -> None:
    draft = users.drafts().create(userId="me", body={"message": {"raw": raw(prospect)}}).execute()
    assert users.drafts().get(userId="me", id=draft["id"]).execute()["message"]["labelIds"] == ["DRAFT"]
    users.drafts().send(userId="me", body={"id": draft["id"]}).execute()
    with pytest.raises(HttpError) as refused:
        users.drafts().send(userId="me", body={"id": draft["id"]}).execute()
    assert refused.value.resp.status == 404


def test_a_sent_message_is_found_by_its_real_message_id(users: Any, prospect: str) -> None:
    sent = draft_and_send(users, raw(prospect, Message_ID="<ours@engage.example>"))
    read = users.messages().get(userId="me", id=sent["id"], format="metadata", metadataHeaders=["Message-ID"])
    [header] = read.execute()["payload"]["headers"]
    assert header["value"] != "<ours@engage.example>"
    found = users.messages().list(userId="me", q=f"rfc822msgid:{header['value']}").execute()
    assert [message["id"] for message in found["messages"]] == [sent["id"]]


@pytest.mark.parametrize(
    ("form", "key"), [("minimal", "snippet"), ("full", "payload"), ("raw", "raw"), ("metadata", "payload")]
)
def test_a_message_is_read_in_each_format(users: Any, prospect: str, form: str, key: str) -> None:
    sent = draft_and_send(users, raw(prospect))
    assert key in users.messages().get(userId="me", id=sent["id"], format=form).execute()


def test_lists_are_paged_by_the_librarys_own_means(users: Any, prospect: str) -> None:
    sent = {draft_and_send(users, raw(prospect, f"Mail {number}"))["id"] for number in range(5)}
    request, found = users.messages().list(userId="me", q=f"to:{prospect}", maxResults=2), set()
    while request is not None:
        page = request.execute()
        found |= {message["id"] for message in page["messages"]}
        request = users.messages().list_next(request, page)
    assert found == sent


def test_history_is_paged_by_the_librarys_own_means(users: Any, prospect: str) -> None:
    cursor = users.getProfile(userId="me").execute()["historyId"]
    sent = [draft_and_send(users, raw(prospect))["id"] for _ in range(3)]
    request = users.history().list(
        userId="me", startHistoryId=cursor, historyTypes=["messageAdded"], labelId="SENT", maxResults=1
    )
    found = []
    while request is not None:
        page = request.execute()
        found += [change["messagesAdded"][0]["message"]["id"] for change in page.get("history", [])]
        request = users.history().list_next(request, page)
    assert found == sent


def test_a_cursor_that_is_too_old_raises_with_its_reason(users: Any, sandbox_url: str) -> None:
    cursor = users.getProfile(userId="me").execute()["historyId"]
    httpx.post(f"{sandbox_url}/control/google/history/expire", json={"account": "rep@demo.example"})
    with pytest.raises(HttpError) as refused:
        users.history().list(userId="me", startHistoryId=cursor).execute()
    assert refused.value.resp.status == 404
    assert refused.value.reason == "Requested entity was not found."
    assert refused.value.error_details[0]["reason"] == "notFound"


def test_the_library_retries_a_throttling_when_asked_to(users: Any, sandbox_url: str) -> None:
    rule = {"provider": "google", "path": "profile", "kind": "status", "status": 429, "count": 1}
    httpx.put(f"{sandbox_url}/control/faults", json=[rule])
    assert users.getProfile(userId="me").execute(num_retries=1)["emailAddress"] == "rep@demo.example"


def test_threads_labels_and_senders_are_read(users: Any, prospect: str) -> None:
    sent = draft_and_send(users, raw(prospect))
    thread = users.threads().get(userId="me", id=sent["threadId"], format="minimal").execute()
    labels = users.labels().list(userId="me").execute()["labels"]
    senders = users.settings().sendAs().list(userId="me").execute()["sendAs"]
    assert [message["id"] for message in thread["messages"]] == [sent["id"]]
    assert "SENT" in {label["id"] for label in labels}
    assert senders[0]["isPrimary"] is True


def test_labels_are_changed(users: Any, prospect: str) -> None:
    sent = draft_and_send(users, raw(prospect))
    changed = users.messages().modify(userId="me", id=sent["id"], body={"addLabelIds": ["STARRED"]}).execute()
    assert set(changed["labelIds"]) == {"SENT", "STARRED"}


def test_the_library_renews_its_token_at_the_token_uri(
    service: Callable[[Credentials], Any], token: dict[str, str]
) -> None:
    credentials = refreshable(token)
    assert service(credentials).users().getProfile(userId="me").execute()["emailAddress"] == "rep@demo.example"
    assert credentials.token not in (None, token["access_token"])


def test_after_access_was_withdrawn_renewing_fails(
    service: Callable[[Credentials], Any], token: dict[str, str], sandbox_url: str
) -> None:
    account = {"provider": "google", "account": "rep@demo.example"}
    httpx.post(f"{sandbox_url}/control/accounts/revoke", json=account)
    with pytest.raises(RefreshError, match="invalid_grant"):
        service(refreshable(token)).users().getProfile(userId="me").execute()


def refreshable(token: dict[str, str]) -> Credentials:
    return Credentials(
        None,
        refresh_token=token["refresh_token"],
        token_uri=token["token_uri"],
        client_id=token["client_id"],
        client_secret=token["client_secret"],
    )
