"""Reading a Gmail mailbox: formats, search, pages, history, labels."""

import base64
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest

METADATA = "https://www.googleapis.com/auth/gmail.metadata"

Raw = Callable[..., str]


def ids(answer: dict[str, Any], key: str = "messages") -> list[str]:
    return [each["id"] for each in answer.get(key, [])]


def test_numbers_of_64_bits_are_strings_and_counts_are_numbers(user: Any, prospect: str, raw: Raw) -> None:
    message = user.ok("GET", f"messages/{user.send(raw(prospect))['id']}", params={"format": "minimal"})
    profile = user.ok("GET", "profile")
    assert isinstance(message["historyId"], str)
    assert isinstance(message["internalDate"], str)
    assert isinstance(message["sizeEstimate"], int)
    assert isinstance(profile["historyId"], str)
    assert profile["messagesTotal"] == 1


def test_minimal_has_no_payload_and_raw_nothing_but_the_mail(user: Any, prospect: str, raw: Raw) -> None:
    sent = user.send(raw(prospect, text="All of it"))
    minimal = user.ok("GET", f"messages/{sent['id']}", params={"format": "minimal"})
    assert "payload" not in minimal
    assert "raw" not in minimal
    assert minimal["snippet"] == "All of it"
    assert b"All of it" in user.raw(sent["id"])


def test_metadata_gives_the_headers_that_were_asked_for(user: Any, prospect: str, raw: Raw) -> None:
    sent = user.send(raw(prospect, "Grüße"))
    params = {"format": "metadata", "metadataHeaders": ["subject", "To"]}
    message = user.ok("GET", f"messages/{sent['id']}", params=params)
    found = {header["name"]: header["value"] for header in message["payload"]["headers"]}
    assert found == {"To": prospect, "Subject": "Grüße"}


def test_full_gives_the_parts_and_files_by_their_id(user: Any, prospect: str) -> None:
    mail = EmailMessage()
    mail["To"], mail["Subject"] = prospect, "Files"
    mail.set_content("Text ☕")
    mail.add_alternative("<p>HTML ☕</p>", subtype="html")
    mail.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="Preisliste ä.pdf")
    sent = user.send(base64.urlsafe_b64encode(mail.as_bytes()).decode())
    payload = user.ok("GET", f"messages/{sent['id']}")["payload"]
    alternative, file = payload["parts"]
    text, html = alternative["parts"]
    assert payload["mimeType"] == "multipart/mixed"
    assert (text["partId"], html["partId"], file["partId"]) == ("0.0", "0.1", "1")
    assert base64.urlsafe_b64decode(html["body"]["data"]).decode() == "<p>HTML ☕</p>\n"
    assert (file["filename"], file["body"]["size"]) == ("Preisliste ä.pdf", 8)
    content = user.ok("GET", f"messages/{sent['id']}/attachments/{file['body']['attachmentId']}")
    assert base64.urlsafe_b64decode(content["data"]) == b"%PDF-1.4"


def test_a_list_without_a_hit_has_no_key(user: Any) -> None:
    assert user.ok("GET", "messages") == {"resultSizeEstimate": 0}
    assert "threads" not in user.ok("GET", "threads")


def test_pages_follow_each_other_without_gap_or_double(user: Any, prospect: str, raw: Raw) -> None:
    sent = [user.send(raw(prospect, f"Mail {number}"))["id"] for number in range(5)]
    found: list[str] = []
    params: dict[str, Any] = {"maxResults": 2}
    while True:
        page = user.ok("GET", "messages", params=params)
        found += ids(page)
        if "nextPageToken" not in page:
            break
        params["pageToken"] = page["nextPageToken"]
    assert found == sent[::-1]


@pytest.mark.parametrize(
    ("query", "hit"),
    [
        ("in:sent", True),
        ("in:inbox", False),
        ("-in:chats", True),
        ("label:SENT", True),
        ("is:unread", False),
        ("is:read", True),
        ("to:{prospect}", True),
        ("to:nobody@target.example", False),
        ("from:{address}", True),
        ('subject:"special offer"', True),
        ("subject:other", False),
        ("offer", True),
        ("newer_than:1d", True),
        ("older_than:1d", False),
        ("after:2020/01/01 before:2020/02/01", False),
        ("after:1577836800", True),
        ("rfc822msgid:{message_id}", True),
        ("rfc822msgid:<nothing@target.example>", False),
        ("in:sent to:{prospect} -subject:other", True),
    ],
)
def test_searching(user: Any, prospect: str, raw: Raw, query: str, hit: bool) -> None:
    sent = user.send(raw(prospect, "A special offer"))
    message_id = user.headers(sent["id"])["Message-ID"]
    filled = query.replace("{prospect}", prospect).replace("{address}", user.address)
    answer = user.ok("GET", "messages", params={"q": filled.replace("{message_id}", message_id)})
    assert ids(answer) == ([sent["id"]] if hit else [])


def test_a_search_that_is_not_imitated_is_refused(user: Any) -> None:
    user.refused(400, "invalidArgument", "GET", "messages", params={"q": "larger:5M"})


def test_searching_is_not_for_those_who_may_see_metadata_only(new_user: Callable[..., Any]) -> None:
    user = new_user(scopes=[METADATA])
    user.refused(403, "forbidden", "GET", "messages", params={"q": "in:sent"})
    assert user.ok("GET", "messages") == {"resultSizeEstimate": 0}


def test_the_search_can_lag_behind_while_reading_does_not(sandbox: Any, user: Any, prospect: str, raw: Raw) -> None:
    sandbox.control("PUT", "google", json={"search_lag_seconds": 3600})
    sent = user.send(raw(prospect))
    assert ids(user.ok("GET", "messages", params={"q": "in:sent"})) == []
    assert user.ok("GET", f"messages/{sent['id']}")["id"] == sent["id"]


def test_trash_is_listed_only_on_request(user: Any, prospect: str, raw: Raw) -> None:
    sent = user.send(raw(prospect))["id"]
    user.ok("POST", f"messages/{sent}/trash")
    assert ids(user.ok("GET", "messages")) == []
    assert ids(user.ok("GET", "messages", params={"includeSpamTrash": "true"})) == [sent]
    assert ids(user.ok("GET", "messages", params={"q": "in:trash"})) == [sent]


def test_history_tells_a_draft_and_its_sending(user: Any, prospect: str, raw: Raw) -> None:
    cursor = user.ok("GET", "profile")["historyId"]
    draft = user.draft(raw(prospect))
    sent = user.ok("POST", "drafts/send", json={"id": draft["id"]})
    first, second, third = user.history(cursor)
    assert first["messagesAdded"][0]["message"]["labelIds"] == ["DRAFT"]
    assert second["messagesDeleted"][0]["message"]["id"] == draft["message"]["id"]
    assert third["messagesAdded"][0]["message"] == sent
    assert int(cursor) < int(first["id"]) < int(second["id"]) < int(third["id"])


def test_history_without_a_change_has_no_key(user: Any) -> None:
    cursor = user.ok("GET", "profile")["historyId"]
    assert user.ok("GET", "history", params={"startHistoryId": cursor}) == {"historyId": cursor}


def test_history_is_filtered_by_kind_and_label(user: Any, prospect: str, raw: Raw) -> None:
    cursor = user.ok("GET", "profile")["historyId"]
    sent = user.send(raw(prospect))
    [change] = user.history(cursor, historyTypes="messageAdded", labelId="SENT")
    assert change["messages"] == [{"id": sent["id"], "threadId": sent["threadId"]}]


def test_history_comes_in_pages(user: Any, prospect: str, raw: Raw) -> None:
    cursor = user.ok("GET", "profile")["historyId"]
    for _ in range(3):
        user.draft(raw(prospect))
    first = user.ok("GET", "history", params={"startHistoryId": cursor, "maxResults": 2})
    rest = {"startHistoryId": cursor, "maxResults": 2, "pageToken": first["nextPageToken"]}
    second = user.ok("GET", "history", params=rest)
    assert [len(first["history"]), len(second["history"])] == [2, 1]
    assert "nextPageToken" not in second


def test_a_cursor_that_is_too_old_or_was_never_given_is_not_found(sandbox: Any, user: Any) -> None:
    cursor = user.ok("GET", "profile")["historyId"]
    future = {"startHistoryId": str(int(cursor) + 1000)}
    user.refused(404, "notFound", "GET", "history", params=future)
    sandbox.control("POST", "google/history/expire", 204, json={"account": user.address})
    error = user.refused(404, "notFound", "GET", "history", params={"startHistoryId": cursor})
    assert error["status"] == "NOT_FOUND"
    assert error["message"] == "Requested entity was not found."
    assert user.history(user.ok("GET", "profile")["historyId"]) == []


def test_labels_change_and_are_remembered(user: Any, prospect: str, raw: Raw) -> None:
    sent = user.send(raw(prospect))
    label = user.ok("POST", "labels", json={"name": "Engage"})["id"]
    cursor = user.ok("GET", "profile")["historyId"]
    changed = user.ok("POST", f"messages/{sent['id']}/modify", json={"addLabelIds": [label, "STARRED"]})
    assert changed["labelIds"] == ["SENT", label, "STARRED"]
    [change] = user.history(cursor)
    assert change["labelsAdded"][0]["labelIds"] == [label, "STARRED"]
    user.refused(400, "invalidArgument", "POST", f"messages/{sent['id']}/modify", json={"removeLabelIds": ["SENT"]})


def test_the_message_of_another_account_is_not_found(new_user: Callable[..., Any], prospect: str, raw: Raw) -> None:
    sent = new_user().send(raw(prospect))
    new_user().refused(404, "notFound", "GET", f"messages/{sent['id']}")


def test_an_id_that_cannot_be_one_is_invalid(user: Any) -> None:
    user.refused(400, "invalidArgument", "GET", "messages/not-an-id")


def test_watching_answers_with_a_cursor_and_an_end(user: Any) -> None:
    watched = user.ok("POST", "watch", json={"topicName": "projects/p/topics/t", "labelIds": ["INBOX"]})
    assert watched["historyId"] == user.ok("GET", "profile")["historyId"]
    assert watched["expiration"].isdigit()
    user.ok("POST", "stop")
