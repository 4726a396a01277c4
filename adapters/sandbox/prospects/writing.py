"""Mail that comes back: replies, automatic answers, and the notices of mail servers, in the shapes they really have."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from email import message_from_string
from email.message import EmailMessage, Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import SMTP
from email.utils import format_datetime, formataddr, parseaddr
from enum import StrEnum
from html import escape

from adapters.sandbox import mime
from adapters.sandbox.prospects.inboxes import Delivery


class Automatic(StrEnum):
    OUT_OF_OFFICE = "out_of_office"
    AUTO_REPLY = "auto_reply"


class BounceKind(StrEnum):
    HARD = "hard"
    SOFT = "soft"
    DELAYED = "delayed"


@dataclass(frozen=True, slots=True)
class _Failure:
    """`notice` is what Gmail's text says, `diagnostic` what the other server said."""

    subject: str
    action: str
    status: str
    diagnostic: str
    notice: str


_FAILURES = {
    BounceKind.HARD: _Failure(
        "Failure", "failed", "5.1.1",
        "smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please try"
        "\r\n 550-5.1.1 double-checking the recipient's email address for typos or"
        "\r\n 550 5.1.1 unnecessary spaces. NoSuchUser",
        "** Address not found **\n\nYour message wasn't delivered to {to} because the address couldn't be found, "
        "or is unable to receive mail.",
    ),
    BounceKind.SOFT: _Failure(
        "Failure", "failed", "4.2.2",
        "smtp; 452-4.2.2 The recipient's inbox is out of storage space. Please direct the"
        "\r\n 452 4.2.2 recipient to free up space. OverQuotaTemp",
        "** Recipient inbox full **\n\nYour message couldn't be delivered to {to}. Their inbox is full, "
        "or it's getting too much mail right now.",
    ),
    BounceKind.DELAYED: _Failure(
        "Delay", "delayed", "4.4.1",
        "smtp; The recipient server did not accept our requests to connect.",
        "** Delivery incomplete **\n\nThere was a temporary problem delivering your message to {to}. "
        "Gmail will retry for 47 more hours. You'll be notified if the delivery fails permanently.",
    ),
}  # fmt: skip


def reply(delivery: Delivery, text: str, sender: str, at: datetime) -> bytes:
    """A person's answer: in the thread, text and HTML, the original quoted below."""
    message = _answer(delivery, sender, at, _re(delivery.subject))
    author = f"On {delivery.at:%a, %-d %b %Y at %H:%M}, {delivery.sender} wrote:"
    quoted = "\n".join(f"> {line}".rstrip() for line in (delivery.text or "").splitlines())
    message.set_content(f"{text}\n\n{author}\n\n{quoted}\n", cte="quoted-printable")
    said = "<br>".join(escape(line) for line in text.splitlines())
    message.add_alternative(
        f'<div dir="ltr">{said}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">{escape(author)}'
        f'<br></div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px #ccc solid;'
        f'padding-left:1ex">{delivery.html}</blockquote></div>',
        subtype="html",
        cte="quoted-printable",
    )
    return message.as_bytes()


def automatic(delivery: Delivery, kind: Automatic, text: str, sender: str, at: datetime) -> bytes:
    """An Exchange out-of-office, or a help desk's automatic answer."""
    away = kind is Automatic.OUT_OF_OFFICE
    subject = f"Automatic reply: {delivery.subject}" if away else _re(delivery.subject)
    message = _answer(delivery, sender, at, subject)
    if away:
        message["X-Auto-Response-Suppress"] = "All"
        message["auto-submitted"] = "auto-generated"
        message["X-MS-Exchange-Generated-Message-Source"] = "Mailbox Rules Agent"
    else:
        message["Auto-Submitted"] = "auto-replied"
        message["Precedence"] = "auto_reply"
        message["X-Autoreply"] = "yes"
    message.set_content(f"{text}\n", cte="quoted-printable")
    return message.as_bytes()


def bounce(delivery: Delivery, kind: BounceKind, at: datetime) -> bytes:
    """A delivery status notification as Gmail delivers it: RFC 3464 inside of RFC 6522."""
    failure = _FAILURES[kind]
    report = MIMEMultipart("report")
    report.set_param("report-type", "delivery-status")
    report["From"] = "Mail Delivery Subsystem <mailer-daemon@googlemail.com>"
    report["To"] = delivery.account
    report["Auto-Submitted"] = "auto-replied"
    report["Subject"] = f"Delivery Status Notification ({failure.subject})"
    report["Message-ID"] = f"<{secrets.token_hex(12)}.GMR@mx.google.com>"
    report["Date"] = format_datetime(at)
    report["In-Reply-To"] = delivery.message_id
    report["References"] = delivery.message_id
    report["X-Failed-Recipients"] = delivery.recipient
    report.attach(_notice(failure, delivery))
    report.attach(_status(failure, delivery, at))
    report.attach(_original(delivery))
    return report.as_bytes(policy=report.policy.clone(linesep="\r\n", max_line_length=None))


def _answer(delivery: Delivery, sender: str, at: datetime, subject: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP.clone(max_line_length=998))
    domain = mime.bare_address(sender).rpartition("@")[2]
    message["From"] = sender
    message["To"] = delivery.header("Reply-To") or delivery.sender
    message["Subject"] = subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{secrets.token_hex(16)}@{domain}>"
    message["In-Reply-To"] = delivery.message_id
    message["References"] = f"{delivery.header('References')} {delivery.message_id}".strip()
    return message


def sender_of(delivery: Delivery, given: str | None) -> str:
    """The header From of an answer: the recipient as the mail named them, or whoever is given."""
    if given:
        return given
    name, address = parseaddr(delivery.addressed_to)
    return formataddr((name, address)) if address.lower() == delivery.recipient else delivery.recipient


def _re(subject: str) -> str:
    return subject if subject.lower().startswith("re:") else f"Re: {subject}"


def _notice(failure: _Failure, delivery: Delivery) -> Message:
    text = failure.notice.format(to=delivery.recipient)
    alternative = MIMEMultipart("alternative")
    alternative.attach(MIMEText(text, "plain", "utf-8"))
    alternative.attach(MIMEText(f"<html><body><p>{escape(text)}</p></body></html>", "html", "utf-8"))
    related = MIMEMultipart("related")
    related.attach(alternative)
    return related


def _status(failure: _Failure, delivery: Delivery, at: datetime) -> Message:
    return message_from_string(
        "Content-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; googlemail.com\r\n"
        f"Arrival-Date: {format_datetime(delivery.at)}\r\n"
        f"X-Original-Message-ID: {delivery.message_id}\r\n"
        "\r\n"
        f"Final-Recipient: rfc822; {delivery.recipient}\r\n"
        f"Action: {failure.action}\r\n"
        f"Status: {failure.status}\r\n"
        f"Diagnostic-Code: {failure.diagnostic}\r\n"
        f"Last-Attempt-Date: {format_datetime(at)}\r\n"
    )


def _original(delivery: Delivery) -> Message:
    """The mail that failed, with its headers and its text."""
    original = EmailMessage(policy=SMTP.clone(max_line_length=998))
    for name, value in delivery.headers:
        if not name.lower().startswith(("content-", "mime-version")):
            original[name] = value
    original.set_content(delivery.text, cte="quoted-printable")
    return message_from_string(f"Content-Type: message/rfc822\r\n\r\n{original.as_string()}")
