"""What prospects do with their mail, and what comes of it."""

import email
import email.policy
from collections.abc import Callable
from typing import Any

import pytest

Raw = Callable[..., str]


@pytest.fixture
def mail(sandbox: Any, user: Any, prospect: str, website: Any, raw: Raw) -> dict[str, Any]:
    """A tracked mail in a prospect's inbox: two links, a pixel, a way out."""
    html = (
        f'<p>Hi <a href="{website.url}/t/c/one?a=1&amp;b=2">our <b>prices</b></a>'
        f'<a href="{website.url}/t/c/two">two</a><a href="mailto:x@y.example">mail</a>'
        f'<a href="{website.url}/u/token">Leave</a>'
        f'<img src="{website.url}/logo.png" width="120"><img src="{website.url}/t/o/pixel" width="1" height="1"></p>'
    )
    user.send(
        raw(
            prospect,
            "An offer",
            html=html,
            List_Unsubscribe=f"<{website.url}/u/token>, <mailto:leave@y.example>",
            List_Unsubscribe_Post="List-Unsubscribe=One-Click",
        )
    )
    delivered: dict[str, Any] = sandbox.inbox(prospect)[0]
    return delivered


def received(user: Any) -> Any:
    return email.message_from_bytes(user.raw(user.newest()), policy=email.policy.default)


def test_opening_loads_the_pixel_as_a_browser(sandbox: Any, mail: dict[str, Any], website: Any) -> None:
    answer = sandbox.act(mail, "open")
    [(method, path, headers, _)] = website.requests
    assert (method, path) == ("GET", "/t/o/pixel")
    assert headers["User-Agent"].startswith("Mozilla/5.0 (Windows")
    assert answer["requests"][0]["status"] == 200


def test_clicking_follows_the_link_of_that_number_and_no_redirect(
    sandbox: Any, mail: dict[str, Any], website: Any
) -> None:
    first = sandbox.act(mail, "click", link=0)["requests"][0]
    sandbox.act(mail, "click", link=1)
    assert [request[1] for request in website.requests] == ["/t/c/one?a=1&b=2", "/t/c/two"]
    assert (first["status"], first["location"]) == (302, "https://example.com/pricing")


def test_the_way_out_is_no_link_to_click(sandbox: Any, mail: dict[str, Any]) -> None:
    sandbox.act(mail, "click", 422, link=2)


def test_a_scanner_comes_with_its_own_method_and_name(sandbox: Any, mail: dict[str, Any], website: Any) -> None:
    sandbox.act(mail, "click", link=0, method="HEAD", user_agent="Barracuda")
    [(method, _, headers, _)] = website.requests
    assert (method, headers["User-Agent"]) == ("HEAD", "Barracuda")


def test_unsubscribing_is_the_one_click_post(sandbox: Any, mail: dict[str, Any], website: Any) -> None:
    sandbox.act(mail, "unsubscribe")
    [(method, path, headers, body)] = website.requests
    assert (method, path, body) == ("POST", "/u/token", "List-Unsubscribe=One-Click")
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"


def test_a_later_act_waits_for_the_clock(
    sandbox: Any, mail: dict[str, Any], website: Any, eventually: Callable[..., Any]
) -> None:
    sandbox.act(mail, "open", 202, delay_seconds=3600)
    sandbox.act(mail, "click", link=0)
    assert [request[1] for request in website.requests] == ["/t/c/one?a=1&b=2"]
    sandbox.control("POST", "clock", json={"advance": "PT2H"})
    eventually(lambda: [request[1] for request in website.requests][1:] == ["/t/o/pixel"])


def test_a_page_that_does_not_answer_is_told(sandbox: Any, mail: dict[str, Any]) -> None:
    sandbox.act(mail, "click", 502, url="http://127.0.0.1:1/nothing")


def test_a_reply_lands_in_the_senders_thread(sandbox: Any, user: Any, mail: dict[str, Any], prospect: str) -> None:
    sandbox.act(mail, "reply", text="Sounds good.\nCall me.")
    message = received(user)
    listed = user.ok("GET", "messages", params={"q": "in:inbox is:unread"})["messages"][0]
    sent = user.ok("GET", "messages", params={"q": "in:sent"})["messages"][0]
    assert message["In-Reply-To"] == mail["message_id"]
    assert mail["message_id"] in message["References"]
    assert message["From"] == prospect
    assert message["Subject"] == "Re: An offer"
    assert message.get_body(("plain",)).get_content().splitlines()[:2] == ["Sounds good.", "Call me."]
    assert listed["threadId"] == sent["threadId"]


def test_a_colleague_can_answer(sandbox: Any, user: Any, mail: dict[str, Any]) -> None:
    sandbox.act(mail, "reply", text="I take over.", **{"from": "Boss <boss@target.example>"})
    assert received(user)["From"] == "Boss <boss@target.example>"


def test_an_out_of_office_looks_like_exchanges(sandbox: Any, user: Any, mail: dict[str, Any]) -> None:
    sandbox.act(mail, "reply", auto="out_of_office", text="Back on Monday.")
    message = received(user)
    assert message["Subject"] == "Automatic reply: An offer"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["In-Reply-To"] == mail["message_id"]
    assert "Back on Monday." in message.get_content()


def test_an_automatic_reply_says_so_in_its_headers(sandbox: Any, user: Any, mail: dict[str, Any]) -> None:
    sandbox.act(mail, "reply", auto="auto_reply")
    message = received(user)
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["X-Autoreply"] == "yes"


@pytest.mark.parametrize(
    ("kind", "subject", "action", "status"),
    [
        ("hard", "Delivery Status Notification (Failure)", "failed", "5.1.1"),
        ("soft", "Delivery Status Notification (Failure)", "failed", "4.2.2"),
        ("delayed", "Delivery Status Notification (Delay)", "delayed", "4.4.1"),
    ],
)
def test_a_bounce_is_a_delivery_status_notification(
    sandbox: Any, user: Any, mail: dict[str, Any], prospect: str, kind: str, subject: str, action: str, status: str
) -> None:
    sandbox.act(mail, "bounce", kind=kind)
    message = received(user)
    notice, report, original = message.iter_parts()
    general, recipient = report.get_payload()
    assert message.get_content_type() == "multipart/report"
    assert message.get_param("report-type") == "delivery-status"
    assert message["From"] == "Mail Delivery Subsystem <mailer-daemon@googlemail.com>"
    assert message["Subject"] == subject
    assert message["X-Failed-Recipients"] == prospect
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["In-Reply-To"].strip() == mail["message_id"]
    assert notice.get_content_type() == "multipart/related"
    assert general["X-Original-Message-ID"] == mail["message_id"]
    assert recipient["Final-Recipient"] == f"rfc822; {prospect}"
    assert (recipient["Action"], recipient["Status"]) == (action, status)
    assert original.get_payload(0)["Message-ID"] == mail["message_id"]


def test_a_bounce_is_in_the_thread_of_the_mail(sandbox: Any, user: Any, mail: dict[str, Any]) -> None:
    sandbox.act(mail, "bounce", kind="hard")
    bounced = user.ok("GET", f"messages/{user.newest()}")
    sent = user.ok("GET", f"messages/{user.newest('in:sent')}", params={"format": "minimal"})
    assert bounced["threadId"] == sent["threadId"]
    report = bounced["payload"]["parts"][1]
    assert report["mimeType"] == "message/delivery-status"
    assert report["body"]["size"] > 0


def test_the_newest_mail_comes_first_and_the_address_has_no_case(
    sandbox: Any, user: Any, prospect: str, raw: Raw
) -> None:
    user.send(raw(prospect, "First"))
    user.send(raw(prospect.upper(), "Second"))
    assert [mail["subject"] for mail in sandbox.inbox(prospect.title())] == ["Second", "First"]


def test_inboxes_come_in_pages(sandbox: Any, user: Any, prospect: str, raw: Raw) -> None:
    for number in range(3):
        user.send(raw(prospect, f"Mail {number}"))
    first = sandbox.control("GET", "messages", params={"to": prospect, "limit": 2})
    cursor = {"to": prospect, "limit": 2, "cursor": first["next_cursor"]}
    second = sandbox.control("GET", "messages", params=cursor)
    assert [mail["subject"] for mail in first["items"] + second["items"]] == ["Mail 2", "Mail 1", "Mail 0"]
    assert (first["total"], second["next_cursor"]) == (3, None)


def test_an_unknown_message_is_not_found(sandbox: Any) -> None:
    sandbox.act({"id": "nothing"}, "open", 404)


def test_an_act_that_is_not_known_in_full_is_refused(sandbox: Any, mail: dict[str, Any]) -> None:
    sandbox.act(mail, "bounce", 422, kind="medium")
    sandbox.act(mail, "open", 422, agent="x")
