"""Notices of mail servers that an email did not arrive (RFC 3464 and free text), and what they mean."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.emails.header_text import clean_header
from domain.emails.headers import message_ids
from domain.emails.html_text import plain_text
from domain.emails.message_parts import MessageParts, addresses, addresses_in
from domain.emails.phrases import UNDELIVERABLE_SUBJECT

LONGEST_REASON = 500

_READ = 20_000  # characters of a notice's text that are looked at


class BounceKind(StrEnum):
    """What a notice means for the contact.

    `hard`: the address is no good. `soft`: it failed this time. `block`: the sender was refused, so the mailbox is in
    trouble and not the contact. `delayed`: the server goes on trying.
    """

    HARD = "hard"
    SOFT = "soft"
    BLOCK = "block"
    DELAYED = "delayed"


@dataclass(frozen=True, slots=True)
class Bounce:
    """A notice. `code` is the enhanced status (RFC 3463, `5.1.1`) where there is one, `reason` the server's words.

    `original_ids` are message ids under which the failed email is named, the surest first. `vouched`: it provably
    comes from somebody who must know, so that it is believed even if it names no email of ours.
    """

    kind: BounceKind
    code: str | None
    reason: str
    recipient: str | None
    original_ids: tuple[str, ...]
    vouched: bool = False


_CODE = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_SMTP_CODE = re.compile(r"(?<![\d.])([45]\d\d)(?=[ -])")
_MAIL_SERVER = re.compile(
    r"^(?:mailer-daemon|mail-daemon|postmaster|mdaemon|microsoftexchange[0-9a-f]{16,40})@", re.IGNORECASE
)
_DELAY_WORDS = re.compile(r"\((?:delay|verzögert)\)|delayed|will (?:retry|be retried)|still trying", re.IGNORECASE)
_NO_SUCH_USER = re.compile(
    r"(?:user|address|mailbox|recipient|account|alias)\b.{0,40}"
    r"(?:unknown|not found|does(?: not|n't) exist|not exist|invalid|couldn't be found|disabled|no longer)"
    r"|(?:unknown|no such|invalid|nonexistent) (?:\w+ )?(?:user|address|mailbox|recipient|account)"
    r"|nosuchuser|recipientnotfound|domain.{0,30}(?:not found|does(?: not|n't))",
    re.IGNORECASE,
)
_SENDER_LIMIT = re.compile(r"reached a limit for sending|sending (?:limit|quota)|too many messages", re.IGNORECASE)
_POLICY = re.compile(r"spam|blocked|blacklist|blocklist|policy|reputation|dmarc|\bspf\b|\bdkim\b", re.IGNORECASE)

# Who takes in the users' mail says at the top of each message what it found out about the sender (RFC 8601).
_RECEIVER = "mx.google.com"
_OF_RECEIVER = frozenset({"googlemail.com", "google.com"})
_SAID_BY_OTHERS = re.compile(r"\([^()\\]*\)|\"(?:\\.|[^\"\\])*\"")
_UNCLEAR = re.compile(r"[()\"\\]")
_PROVEN = re.compile(
    r"\s*(?:dkim|dmarc)\s*=\s*pass\b.*\bheader\.(?:i|d|from)\s*=\s*(?:[^\s@]*@)?([^\s@;]+)", re.IGNORECASE | re.DOTALL
)

_HARD = frozenset({"1.0", "1.1", "1.2", "1.3", "1.4", "1.6", "1.9", "1.10", "2.1", "4.4"})
_BLOCK = frozenset({"1.7", "1.8", "4.5"})


def find_bounce(parts: MessageParts) -> Bounce | None:
    """What a mail server tells of an email that did not arrive; None when the message is no such notice.

    A report of success (`delivered`, `relayed`) is none. Never raises.
    """
    report = next((part.text for part in parts.parts if part.content_type == "message/delivery-status"), None)
    if report is not None:
        found = _from_report(parts, report)
    else:
        found = _from_text(parts) if _looks_like_notice(parts) else None
    return found and replace(found, vouched=_is_vouched_for(parts, found.recipient or ""))


def classify_code(code: str | None, diagnostic: str, *, delayed: bool = False) -> BounceKind:
    """What an enhanced status code and the server's words mean; without a code the words alone decide."""
    if delayed:
        return BounceKind.DELAYED
    found = _CODE.search(code or "")
    if found is None:
        return _by_words(diagnostic)
    family, subject, detail = found[1], found[2], f"{found[2]}.{found[3]}"
    if detail in _BLOCK:
        return BounceKind.BLOCK
    if family == "4":
        return BounceKind.SOFT
    if detail in _HARD:
        return BounceKind.HARD
    if subject in "07":
        hard = _NO_SUCH_USER.search(diagnostic)
        return BounceKind.HARD if hard else BounceKind.BLOCK if subject == "7" else _by_words(diagnostic)
    return BounceKind.SOFT


def _by_words(diagnostic: str) -> BounceKind:
    smtp = _SMTP_CODE.search(diagnostic)
    if _SENDER_LIMIT.search(diagnostic):
        return BounceKind.BLOCK
    if smtp and smtp[1].startswith("4"):
        return BounceKind.SOFT
    if _NO_SUCH_USER.search(diagnostic):
        return BounceKind.HARD
    return BounceKind.BLOCK if smtp and _POLICY.search(diagnostic) else BounceKind.SOFT


def _from_report(parts: MessageParts, report: str) -> Bounce | None:
    recipients = [block for block in _blocks(report) if "action" in block or "status" in block]
    failed = [block for block in recipients if block.get("action", "failed").lower() in ("failed", "delayed")]
    if not failed:
        return None if recipients else _from_text(parts)
    block = failed[0]
    diagnostic = block.get("diagnostic-code", "").partition(";")[2].strip() or block.get("diagnostic-code", "")
    delayed = block.get("action", "").lower() == "delayed"
    code = _code(block.get("status", ""), diagnostic)
    named = addresses(block.get("final-recipient", "").partition(";")[2] or block.get("original-recipient", ""))
    return Bounce(
        classify_code(code, diagnostic, delayed=delayed),
        code,
        _reason(diagnostic or block.get("status", "")),
        named[0][1] if named else _failed_recipient(parts),
        _original_ids(parts, report),
    )


def _from_text(parts: MessageParts) -> Bounce:
    text = (parts.first_text("text/plain") or plain_text(parts.first_text("text/html")[:_READ]))[:_READ]
    found = _CODE.search(text)
    code = found[0] if found else None
    delayed = bool(_DELAY_WORDS.search(parts.header("subject")))
    line = next((line for line in text.split("\n") if code and code in line), "") or text
    recipient = _failed_recipient(parts) or _address_in(text, parts)
    kind = classify_code(code, text, delayed=delayed)
    return Bounce(kind, code, _reason(line), recipient, _original_ids(parts, text))


def _looks_like_notice(parts: MessageParts) -> bool:
    if "x-failed-recipients" in parts.headers or "x-ms-exchange-message-is-ndr" in parts.headers:
        return True
    if parts.content_type == "multipart/report" and parts.report_type == "delivery-status":
        return True
    sender = addresses(parts.header("from"))
    if not sender or not _MAIL_SERVER.search(sender[0][1]):
        return False
    return bool(UNDELIVERABLE_SUBJECT.search(parts.header("subject")))


def _is_vouched_for(parts: MessageParts, failed: str) -> bool:
    """Whether a mail server of the users' provider, or of the domain that was written to, provably wrote the notice."""
    senders = addresses(parts.header("from"))
    if len(senders) != 1 or not _MAIL_SERVER.search(senders[0][1]):
        return False
    domain, theirs = senders[0][1].rpartition("@")[2], failed.rpartition("@")[2]
    must_know = domain in _OF_RECEIVER or (theirs and f".{domain}".endswith(f".{theirs}"))
    return bool(must_know) and domain in _proven_domains(parts.header("authentication-results"))


def _proven_domains(results: str) -> set[str]:
    """The domains that signed a message, as its receiver says; what the sender may have put in is left out."""
    said = _SAID_BY_OTHERS.sub("", results)
    receiver, *findings = said.split(";")
    if _UNCLEAR.search(said) or receiver.strip().lower() != _RECEIVER:
        return set()
    return {found[1].lower() for finding in findings if (found := _PROVEN.match(finding))}


def _blocks(report: str) -> Iterator[dict[str, str]]:
    """The blocks of a delivery status: fields by lower-case name, continued lines joined."""
    block: dict[str, str] = {}
    name = ""
    for line in [*report.split("\n"), ""]:
        if not line.strip():
            if block:
                yield block
            block, name = {}, ""
        elif line[0] in " \t" and name:
            block[name] += f" {line.strip()}"
        elif ":" in line:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            block[name] = value.strip()


def _code(status: str, diagnostic: str) -> str | None:
    """The more telling of the two: a server's own code, where the report has none or a general one (`5.0.0`)."""
    stated, said = _CODE.search(status), _CODE.search(diagnostic)
    if said and (stated is None or stated[2] == "0" or (stated[3] == "0" and said[1] == stated[1])):
        return said[0]
    return stated[0] if stated else None


def _failed_recipient(parts: MessageParts) -> str | None:
    failed = addresses(parts.header("x-failed-recipients"))
    return failed[0][1] if failed else None


def _address_in(text: str, parts: MessageParts) -> str | None:
    own = {address for header in ("to", "from") for _, address in addresses(parts.header(header))}
    return next((address for address in addresses_in(text[:4_000]) if address not in own), None)


def _original_ids(parts: MessageParts, report: str) -> tuple[str, ...]:
    ids: list[str] = []
    for part in parts.parts:
        if part.content_type == "message/rfc822":
            ids += message_ids(part.headers.get("message-id", ""))
        if part.content_type in ("text/rfc822-headers", "message/rfc822"):
            ids += _ids_in_lines(part.text)
    return tuple(dict.fromkeys([*ids, *_ids_in_lines(report)]))


def _ids_in_lines(text: str) -> list[str]:
    """The ids of lines such as `Message-ID: <…>` and `X-Original-Message-ID: <…>`, also when continued."""
    found = re.findall(r"(?im)^(?:x-)?(?:original-)?message-id:\s{0,5}(<[^<>\s]{1,900}>)", text)
    return [known for line in found for known in message_ids(line)]


def _reason(words: str) -> str:
    return clean_header(re.sub(r"\s+", " ", words[: 4 * LONGEST_REASON]))[:LONGEST_REASON]
