"""Notices of mail servers."""

import pytest

from domain.emails.bounces import Bounce, BounceKind, classify_code, find_bounce
from domain.emails.message_parts import take_apart

HARD, SOFT, BLOCK, DELAYED = BounceKind.HARD, BounceKind.SOFT, BounceKind.BLOCK, BounceKind.DELAYED

GMAIL = """From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
To: sam@contoso.example
Subject: Delivery Status Notification (Failure)
Auto-Submitted: auto-replied
X-Failed-Recipients: nobody@target.example
In-Reply-To: <CAabc@mail.gmail.com>
MIME-Version: 1.0
Content-Type: multipart/report; boundary="b1"; report-type=delivery-status

--b1
Content-Type: multipart/related; boundary="b2"

--b2
Content-Type: multipart/alternative; boundary="b3"

--b3
Content-Type: text/plain; charset="UTF-8"

** Address not found **
Your message wasn't delivered to nobody@target.example
--b3--
--b2--
--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.com
Arrival-Date: Tue, 06 Jan 2026 08:00:00 -0800 (PST)
X-Original-Message-ID: <CAabc@mail.gmail.com>

Final-Recipient: rfc822; nobody@target.example
Action: {action}
Status: {status}
Diagnostic-Code: {diagnostic}

--b1
Content-Type: message/rfc822

Message-ID: <CAoriginal@mail.gmail.com>
Subject: Hello
From: sam@contoso.example

Hi
--b1--
"""

EXCHANGE = """From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@contoso.example>
To: sam@contoso.example
Subject: Undeliverable: Hello
X-MS-Exchange-Message-Is-Ndr:
Content-Type: text/html; charset="utf-8"

<html><body><p>Your message to <b>nobody@target.example</b> couldn't be delivered.</p>
<p>Diagnostic information: Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient nobody@target.example
not found by SMTP address lookup'</p><p>Original message headers:</p><pre>Message-ID: &lt;CAabc@mail.contoso.example&gt;</pre></body></html>
"""  # noqa: E501


def bounce_of(message: str) -> Bounce | None:
    return find_bounce(take_apart(message.encode()))


def gmail(action: str = "failed", status: str = "5.1.1", diagnostic: str = "smtp; 550-5.1.1 No such user") -> Bounce:
    found = bounce_of(GMAIL.format(action=action, status=status, diagnostic=diagnostic))
    assert found is not None
    return found


def test_a_report_tells_code_reason_recipient_and_email() -> None:
    found = gmail(diagnostic="smtp; 550-5.1.1 The email account does not exist.\n 550 5.1.1 Check the spelling.")
    assert found == Bounce(
        HARD,
        "5.1.1",
        "550-5.1.1 The email account does not exist. 550 5.1.1 Check the spelling.",
        "nobody@target.example",
        ("<CAoriginal@mail.gmail.com>", "<CAabc@mail.gmail.com>"),
    )


def test_a_server_that_goes_on_trying_has_not_failed() -> None:
    assert gmail("delayed", "4.4.1", "smtp; timed out").kind is DELAYED


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_a_report_of_success_is_no_bounce(action: str) -> None:
    assert bounce_of(GMAIL.format(action=action, status="2.0.0", diagnostic="smtp; 250 ok")) is None


def test_the_servers_own_code_tells_more_than_a_general_one() -> None:
    assert gmail(status="5.0.0", diagnostic="smtp; 550 5.2.2 mailbox full").code == "5.2.2"


def test_a_report_without_a_code_is_read_by_its_words() -> None:
    assert gmail(status="", diagnostic="smtp; 550 Unknown user").kind is HARD


def test_an_exchange_notice_that_is_only_html_is_understood() -> None:
    found = bounce_of(EXCHANGE)
    assert found is not None
    assert (found.kind, found.code, found.recipient) == (HARD, "5.1.10", "nobody@target.example")
    assert found.original_ids == ("<CAabc@mail.contoso.example>",)
    assert "RecipientNotFound" in found.reason


@pytest.mark.parametrize(
    "subject",
    [
        "Unzustellbar: Hallo",
        "Non remis : Bonjour",
        "No se puede entregar: Hola",
        "Non recapitabile: Ciao",
        "配信不能: こんにちは",
        "Mail delivery failed: returning message to sender",
        "Undelivered Mail Returned to Sender",
        "failure notice",
    ],
)
def test_a_notice_is_known_by_its_subject_in_many_languages(subject: str) -> None:
    found = bounce_of(
        f"From: MAILER-DAEMON@mx.example\nSubject: {subject}\n\n<nobody@target.example>: 550 5.1.1 unknown user"
    )
    assert found is not None
    assert (found.kind, found.recipient) == (HARD, "nobody@target.example")


def test_a_delay_told_in_words_is_a_delay() -> None:
    found = bounce_of("From: postmaster@mx.example\nSubject: Delivery Status Notification (Delay)\n\nStill trying.")
    assert found is not None
    assert found.kind is DELAYED


def test_a_sending_limit_is_the_mailbox_in_trouble() -> None:
    found = bounce_of(
        "From: mailer-daemon@googlemail.com\nSubject: Delivery Status Notification (Failure)\n\n"
        "You have reached a limit for sending mail. Your message was not sent."
    )
    assert found is not None
    assert found.kind is BLOCK


def test_a_postmaster_who_writes_is_no_notice() -> None:
    assert bounce_of("From: postmaster@mx.example\nSubject: Re: Hello\n\nLet us talk.") is None


def test_a_person_who_writes_about_delivery_is_no_notice() -> None:
    assert bounce_of("From: ann@fabrikam.example\nSubject: Undeliverable goods\n\n550 5.1.1 pieces") is None


def test_a_complaint_report_is_no_bounce() -> None:
    assert (
        bounce_of("From: a@b.example\nContent-Type: multipart/report; report-type=feedback-report; boundary=x\n\n--x--")
        is None
    )


@pytest.mark.parametrize(
    ("code", "diagnostic", "kind"),
    [
        ("5.1.1", "", HARD),
        ("5.1.2", "", HARD),
        ("5.1.3", "", HARD),
        ("5.1.6", "", HARD),
        ("5.1.10", "", HARD),
        ("5.1.0", "", HARD),
        ("5.2.1", "", HARD),
        ("5.4.4", "", HARD),
        ("5.7.1", "550 5.7.1 user unknown", HARD),
        ("5.0.0", "550 user unknown", HARD),
        ("5.2.2", "mailbox full", SOFT),
        ("5.2.3", "", SOFT),
        ("5.3.4", "", SOFT),
        ("5.3.2", "", SOFT),
        ("5.4.1", "", SOFT),
        ("4.4.7", "expired", SOFT),
        ("4.2.2", "", SOFT),
        ("4.7.1", "greylisted", SOFT),
        ("5.4.6", "loop", SOFT),
        ("5.5.1", "", SOFT),
        ("5.7.1", "550 5.7.1 blocked by policy", BLOCK),
        ("5.7.26", "DMARC", BLOCK),
        ("5.7.501", "", BLOCK),
        ("5.1.8", "", BLOCK),
        ("5.7.705", "tenant has exceeded threshold", BLOCK),
        ("5.4.5", "daily sending quota exceeded", BLOCK),
        (None, "452 try again", SOFT),
        (None, "554 rejected as spam", BLOCK),
        (None, "", SOFT),
        (None, "550 no such user here", HARD),
    ],
)
def test_codes_mean_what_the_standard_says(code: str | None, diagnostic: str, kind: BounceKind) -> None:
    assert classify_code(code, diagnostic) is kind


NOTICE = """From: Mail Delivery Subsystem <{sender}>
To: sam@contoso.example
Subject: Delivery Status Notification (Failure)
X-Failed-Recipients: nobody@target.example
Authentication-Results: {results}
Authentication-Results: mx.google.com; dkim=pass header.i=@{domain}

550 5.1.1 user unknown
"""


def vouched(sender: str, results: str) -> bool:
    domain = sender.rpartition("@")[2]
    found = find_bounce(take_apart(NOTICE.format(sender=sender, results=results, domain=domain).encode()))
    assert found is not None
    return found.vouched


@pytest.mark.parametrize(
    ("sender", "results"),
    [
        ("mailer-daemon@googlemail.com", "mx.google.com; dkim=pass header.i=@googlemail.com header.s=20230601"),
        ("postmaster@target.example", "mx.google.com; spf=none; dmarc=pass (p=NONE) header.from=target.example"),
        ("postmaster@mx.target.example", "mx.google.com; dkim=pass header.d=mx.target.example"),
    ],
)
def test_a_notice_of_who_must_know_is_vouched_for(sender: str, results: str) -> None:
    assert vouched(sender, results)


@pytest.mark.parametrize(
    ("sender", "results"),
    [
        ("mailer-daemon@googlemail.com", "mx.google.com; dkim=fail header.i=@googlemail.com"),
        ("mailer-daemon@googlemail.com", "mx.google.com; dkim=pass header.i=@evil.example"),
        ("mailer-daemon@googlemail.com", "mx.google.com; spf=pass (x; dkim=pass header.i=@googlemail.com) smtp.helo=e"),
        (
            "mailer-daemon@googlemail.com",
            'mx.google.com; spf=pass smtp.mailfrom="; dkim=pass header.i=@googlemail.com"',
        ),
        ("mailer-daemon@googlemail.com", r'mx.google.com; from="\"; dkim=pass header.i=@googlemail.com \""'),
        ("mailer-daemon@googlemail.com", "mx.google.com; spf=pass (a (b); dkim=pass header.i=@googlemail.com ("),
        ("mailer-daemon@googlemail.com", "evil.example; dkim=pass header.i=@googlemail.com"),
        ("mailer-daemon@evil.example", "mx.google.com; dkim=pass header.i=@evil.example"),
        ("postmaster@eviltarget.example", "mx.google.com; dkim=pass header.i=@eviltarget.example"),
        ("somebody@target.example", "mx.google.com; dkim=pass header.i=@target.example"),
        ("mailer-daemon@googlemail.com", ""),
    ],
)
def test_a_notice_of_anybody_else_is_not_vouched_for(sender: str, results: str) -> None:
    assert not vouched(sender, results)
