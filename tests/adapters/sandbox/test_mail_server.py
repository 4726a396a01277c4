"""The mail server, with Python's own client."""

import smtplib
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest

SENDER = "engage@engage.example"


@pytest.fixture
def client(sandbox: Any) -> Callable[[], smtplib.SMTP]:
    """A line to the mail server, as often as one is asked for."""
    where = sandbox.control("GET", "smtp")
    return lambda: smtplib.SMTP(where["host"], where["port"], timeout=10)


def mail(to: str, **headers: str) -> EmailMessage:
    message = EmailMessage()
    for name, value in {"From": SENDER, "To": to, "Subject": "Grüße", **headers}.items():
        message[name.replace("_", "-")] = value
    message.set_content("Hello.\n.\n..two dots\n")
    message.add_alternative('<p>Hello, <a href="https://x.example/a">this</a>.</p>', subtype="html")
    return message


def test_mail_lands_in_the_inbox_of_its_recipient(sandbox: Any, client: Any, prospect: str) -> None:
    with client() as line:
        refused = line.send_message(mail(prospect, Message_ID="<1@engage.example>"))

    assert refused == {}
    [found] = sandbox.inbox(prospect)
    assert (found["provider"], found["account"], found["from"]) == ("smtp", SENDER, SENDER)
    assert (found["subject"], found["message_id"]) == ("Grüße", "<1@engage.example>")
    assert found["text"] == "Hello.\n.\n..two dots\n"
    assert found["headers"]["Return-Path"] == f"<{SENDER}>"
    assert "by sandbox with ESMTP id" in found["headers"]["Received"]
    [link] = sandbox.control("GET", f"messages/{found['id']}")["links"]
    assert link == {"url": "https://x.example/a", "text": "this"}


def test_everybody_is_taken_and_each_gets_one(sandbox: Any, client: Any, prospect: str) -> None:
    others = [f"one.{prospect}", f"TWO.{prospect}", f"two.{prospect}"]
    with client() as line:
        line.sendmail(SENDER, others, mail(prospect).as_bytes())

    assert [len(sandbox.inbox(f"{name}.{prospect}")) for name in ("one", "two")] == [1, 1]
    assert sandbox.inbox(prospect) == [], "the envelope decides, not the header"


def test_one_line_carries_several_mails(sandbox: Any, client: Any, prospect: str) -> None:
    with client() as line:
        for _ in range(3):
            line.send_message(mail(prospect))

    assert len(sandbox.inbox(prospect)) == 3


def test_whoever_has_a_mailbox_here_gets_it_there_too(sandbox: Any, client: Any, user: Any) -> None:
    with client() as line:
        line.send_message(mail(user.address))

    assert user.headers(user.newest())["Subject"] == "Grüße"


def test_the_commands_have_their_order(client: Any) -> None:
    with client() as line:
        assert line.docmd("MAIL", f"FROM:<{SENDER}>")[0] == 503
        line.ehlo()
        assert line.docmd("RCPT", "TO:<a@x.example>")[0] == 503
        assert line.docmd("DATA")[0] == 503
        assert line.docmd("NONSENSE")[0] == 500
        assert line.docmd("NOOP")[0] == 250
        assert line.docmd("RSET")[0] == 250


def test_what_is_offered_is_what_there_is(client: Any) -> None:
    with client() as line:
        line.ehlo()
        assert {"size", "8bitmime", "smtputf8"} <= set(line.esmtp_features)
        assert not {"auth", "starttls"} & set(line.esmtp_features)


@pytest.mark.parametrize("status", [451, 550])
def test_a_fault_refuses_at_the_end_of_a_mail(sandbox: Any, client: Any, prospect: str, status: int) -> None:
    sandbox.faults({"provider": "smtp", "kind": "status", "status": status, "count": 1})
    with client() as line:
        with pytest.raises(smtplib.SMTPDataError) as refused:
            line.send_message(mail(prospect))
        assert refused.value.smtp_code == status
        assert sandbox.inbox(prospect) == []
        line.send_message(mail(prospect))

    assert len(sandbox.inbox(prospect)) == 1


def test_a_fault_may_be_for_one_recipient(sandbox: Any, client: Any, prospect: str) -> None:
    sandbox.faults({"provider": "smtp", "path": prospect, "kind": "status", "status": 550})
    with client() as line:
        line.send_message(mail("somebody.else@target.example"))
        with pytest.raises(smtplib.SMTPDataError):
            line.send_message(mail(prospect))


@pytest.mark.parametrize(("kind", "arrived"), [("reset", 0), ("accepted_then_reset", 1)])
def test_the_line_can_break(sandbox: Any, client: Any, prospect: str, kind: str, arrived: int) -> None:
    sandbox.faults({"provider": "smtp", "kind": kind, "count": 1})
    line = client()
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionResetError)):
        line.send_message(mail(prospect))
    line.close()

    assert len(sandbox.inbox(prospect)) == arrived


def test_mail_is_logged_like_a_request(sandbox: Any, client: Any, prospect: str) -> None:
    with client() as line:
        line.send_message(mail(prospect))

    [entry] = sandbox.control("GET", "requests", params={"provider": "smtp"})["items"]
    assert (entry["method"], entry["path"], entry["status"]) == ("DATA", f"/smtp/{prospect}", 250)


def test_the_sender_has_no_mailbox_for_bounces(sandbox: Any, client: Any, prospect: str) -> None:
    with client() as line:
        line.send_message(mail(prospect))
    [found] = sandbox.inbox(prospect)

    sandbox.act(found, "bounce", 422, kind="hard")
