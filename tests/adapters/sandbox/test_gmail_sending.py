"""What Gmail does with a mail that it is given to send."""

import base64
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

Raw = Callable[..., str]


def test_sending_replaces_the_message_id(sandbox: Any, user: Any, prospect: str, raw: Raw) -> None:
    user.send(raw(prospect, Message_ID="<ours@engage.example>"))
    [mail] = sandbox.inbox(prospect)
    assert mail["message_id"].startswith("<CA")
    assert mail["message_id"].endswith("@mail.gmail.com>")
    assert mail["headers"]["Message-ID"] == mail["message_id"]


def test_the_message_id_can_be_kept_by_a_switch(sandbox: Any, user: Any, prospect: str, raw: Raw) -> None:
    sandbox.control("PUT", "google", json={"keep_message_id": True})
    user.send(raw(prospect, Message_ID="<ours@engage.example>"))
    assert sandbox.inbox(prospect)[0]["message_id"] == "<ours@engage.example>"


def test_a_foreign_sender_becomes_the_account(sandbox: Any, user: Any, prospect: str, raw: Raw) -> None:
    user.send(raw(prospect))
    assert user.address in sandbox.inbox(prospect)[0]["from"]


def test_the_senders_own_name_and_aliases_are_kept(sandbox: Any, user: Any, prospect: str, raw: Raw) -> None:
    alias = f"alias.{user.address}"
    sandbox.control("PUT", f"google/accounts/{user.address}", json={"aliases": [alias]})
    user.send(raw(prospect, From=f"Sales <{alias}>"))
    assert sandbox.inbox(prospect)[0]["from"] == f"Sales <{alias}>"
    senders = user.ok("GET", "settings/sendAs")["sendAs"]
    assert [sender["sendAsEmail"] for sender in senders] == [user.address, alias]


def test_characters_arrive_as_they_were_written(sandbox: Any, user: Any, prospect: str, raw: Raw) -> None:
    user.send(raw(prospect, "Grüße ☕", "Schöne Grüße ☕", "<p>Schöne Grüße ☕</p>"))
    [mail] = sandbox.inbox(prospect)
    assert mail["subject"] == "Grüße ☕"
    assert mail["text"] == "Schöne Grüße ☕\n"
    assert mail["html"] == "<p>Schöne Grüße ☕</p>\n"


def test_the_sent_copy_carries_the_senders_own_headers(user: Any, prospect: str, raw: Raw) -> None:
    sent = user.send(raw(prospect, X_Eng_Send_Id="key-1"))
    assert user.headers(sent["id"])["X-Eng-Send-Id"] == "key-1"
    assert sent["labelIds"] == ["SENT"]


def test_a_blind_copy_is_delivered_and_not_shown(sandbox: Any, user: Any, prospect: str, raw: Raw) -> None:
    user.send(raw(prospect, Bcc=f"hidden.{prospect}"))
    assert len(sandbox.inbox(prospect)) == 1
    [hidden] = sandbox.inbox(f"hidden.{prospect}")
    assert "Bcc" not in hidden["headers"]


def test_a_draft_is_sent_once(sandbox: Any, user: Any, prospect: str, raw: Raw) -> None:
    draft = user.draft(raw(prospect))
    sent = user.ok("POST", "drafts/send", json={"id": draft["id"]})
    assert sent["id"] != draft["message"]["id"]
    assert sent["threadId"] == draft["message"]["threadId"]
    user.refused(404, "notFound", "POST", "drafts/send", json={"id": draft["id"]})
    user.refused(404, "notFound", "GET", f"drafts/{draft['id']}")
    assert len(sandbox.inbox(prospect)) == 1


def test_a_draft_sent_by_many_at_once_is_sent_once(sandbox: Any, user: Any, prospect: str, raw: Raw) -> None:
    draft = user.draft(raw(prospect))

    def send(_: int) -> int:
        return httpx.post(
            f"{user.http.base_url}drafts/send", json={"id": draft["id"]}, headers=user.http.headers
        ).status_code

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(send, range(20)))
    assert sorted(answers) == [200] + [404] * 19
    assert len(sandbox.inbox(prospect)) == 1


def test_a_draft_reaches_nobody(sandbox: Any, user: Any, prospect: str, raw: Raw) -> None:
    user.draft(raw(prospect))
    assert sandbox.inbox(prospect) == []


def test_an_updated_draft_sends_its_new_content(sandbox: Any, user: Any, prospect: str, raw: Raw) -> None:
    draft = user.draft(raw(prospect, "First"))
    changed = user.ok("PUT", f"drafts/{draft['id']}", json={"message": {"raw": raw(prospect, "Second")}})
    assert changed["id"] == draft["id"]
    assert changed["message"]["id"] != draft["message"]["id"]
    user.ok("POST", "drafts/send", json={"id": draft["id"]})
    assert [mail["subject"] for mail in sandbox.inbox(prospect)] == ["Second"]


def test_a_deleted_draft_is_gone(user: Any, prospect: str, raw: Raw) -> None:
    draft = user.draft(raw(prospect))
    user.ok("DELETE", f"drafts/{draft['id']}")
    user.refused(404, "notFound", "POST", "drafts/send", json={"id": draft["id"]})
    assert "drafts" not in user.ok("GET", "drafts")


def test_drafts_are_listed_with_their_messages(user: Any, prospect: str, raw: Raw) -> None:
    draft = user.draft(raw(prospect))
    [listed] = user.ok("GET", "drafts")["drafts"]
    assert listed["id"] == draft["id"]
    assert listed["message"]["id"] == draft["message"]["id"]


def test_a_follow_up_needs_thread_headers_and_subject(user: Any, prospect: str, raw: Raw) -> None:
    first = user.send(raw(prospect, "Hello"))
    parent = user.headers(first["id"])["Message-ID"]
    names_it = {"In_Reply_To": parent, "References": parent}
    thread = first["threadId"]
    assert user.send(raw(prospect, "Re: Hello", **names_it), thread)["threadId"] == thread
    assert user.send(raw(prospect, "Other", **names_it), thread)["threadId"] != thread
    assert user.send(raw(prospect, "Re: Hello"), thread)["threadId"] != thread
    assert user.send(raw(prospect, "Re: Hello", **names_it))["threadId"] != thread
    assert len(user.ok("GET", f"threads/{thread}")["messages"]) == 2


def test_an_unknown_thread_is_not_found(user: Any, prospect: str, raw: Raw) -> None:
    message = {"raw": raw(prospect), "threadId": "0123456789abcdef"}
    user.refused(404, "notFound", "POST", "messages/send", json=message)


def test_mail_to_another_account_reaches_its_inbox(new_user: Callable[..., Any], sandbox: Any, raw: Raw) -> None:
    sender, receiver = new_user(), new_user()
    sender.send(raw(receiver.address, "Between us"))
    assert receiver.headers(receiver.newest())["Subject"] == "Between us"
    assert len(sandbox.inbox(receiver.address)) == 1


def test_mail_to_oneself_is_one_message_sent_and_received(user: Any, raw: Raw) -> None:
    sent = user.send(raw(user.address, "Note"))
    assert {"SENT", "INBOX", "UNREAD"} <= set(sent["labelIds"])
    assert user.ok("GET", "messages")["resultSizeEstimate"] == 1


def test_a_mail_without_a_recipient_is_refused(user: Any, raw: Raw) -> None:
    error = user.refused(400, "invalidArgument", "POST", "messages/send", json={"raw": raw("")})
    assert error["message"] == "Recipient address required"


@pytest.mark.parametrize("body", [{}, {"raw": "%%%"}, {"raw": 5}, {"raw": "aGk", "unknown": 1}])
def test_a_garbled_request_is_refused(user: Any, body: dict[str, Any]) -> None:
    user.refused(400, "invalidArgument", "POST", "messages/send", json=body)


def test_a_message_can_be_uploaded_as_bytes(sandbox: Any, user: Any, prospect: str) -> None:
    content = f"To: {prospect}\r\nSubject: Uploaded\r\n\r\nHi".encode()
    headers = {**user.http.headers, "content-type": "message/rfc822"}
    url = f"{sandbox.url}/google/upload/gmail/v1/users/me/messages/send"
    answer = httpx.post(url, params={"uploadType": "media"}, content=content, headers=headers)
    assert answer.status_code == 200
    assert [mail["subject"] for mail in sandbox.inbox(prospect)] == ["Uploaded"]


def test_a_draft_can_be_uploaded_in_two_parts(sandbox: Any, user: Any, prospect: str) -> None:
    content = (
        "--b1\r\nContent-Type: application/json\r\n\r\n{}\r\n"
        f"--b1\r\nContent-Type: message/rfc822\r\n\r\nTo: {prospect}\r\nSubject: In parts\r\n\r\nHi\r\n--b1--\r\n"
    ).encode()
    headers = {**user.http.headers, "content-type": "multipart/related; boundary=b1"}
    url = f"{sandbox.url}/google/upload/gmail/v1/users/me/drafts?uploadType=multipart"
    draft = httpx.post(url, content=content, headers=headers).json()
    user.ok("POST", "drafts/send", json={"id": draft["id"]})
    assert [mail["subject"] for mail in sandbox.inbox(prospect)] == ["In parts"]


def test_a_mail_of_many_megabytes_is_taken_and_one_beyond_gmails_limit_is_not(
    sandbox: Any, user: Any, prospect: str
) -> None:
    url = f"{sandbox.url}/google/upload/gmail/v1/users/me/messages/send?uploadType=media"
    headers = {**user.http.headers, "content-type": "message/rfc822"}
    head = f"To: {prospect}\r\nSubject: Large\r\n\r\n".encode()
    line = b"x" * 998 + b"\r\n"
    answers = [
        httpx.post(url, content=head + line * thousands, headers=headers, timeout=60).status_code
        for thousands in (20_000, 37_000)
    ]
    assert answers == [200, 400]
    assert len(sandbox.inbox(prospect)) == 1


def test_a_mail_with_bare_line_feeds_keeps_its_body_whole(sandbox: Any, user: Any, prospect: str) -> None:
    content = f"To: {prospect}\nSubject: Bare\n\nFirst\r\n\r\nSecond\n".encode()
    user.ok("POST", "messages/send", json={"raw": base64.urlsafe_b64encode(content).decode()})
    assert sandbox.inbox(prospect)[0]["text"] == "First\n\nSecond\n"
