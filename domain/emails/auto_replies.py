"""Answers that no person wrote: told by their headers (RFC 3834), and by subjects where programs set no headers."""

from enum import StrEnum

from domain.emails.message_parts import MessageParts
from domain.emails.phrases import AUTOMATIC_SUBJECT, AWAY_SUBJECT, AWAY_WORDS, HOLIDAY_SUBJECT, RECEIPT_WORDS

_READ = 4_000  # characters of a text that are looked at


class AutoReply(StrEnum):
    """`out_of_office`: a person is away. `other`: a help desk, a receipt, a list."""

    OUT_OF_OFFICE = "out_of_office"
    OTHER = "other"


_DECISIVE_HEADERS = (
    "x-autoreply",
    "x-autoreply-from",
    "x-auto-reply-from",
    "x-autorespond",
    "x-autoresponse",
    "x-mail-autoreply",
    "x-fc-machinegenerated",
    "x-ms-exchange-generated-message-source",
)
_NEGATIVE = ("", "no", "none", "false")


def find_auto_reply(parts: MessageParts, text: str) -> AutoReply | None:
    """What kind of automatic answer the message is, None when a person wrote it. `text` is the body without quotes."""
    # Only how it begins counts: after "Re:" the subject is the one that was answered, and says nothing of the answer.
    subject = parts.header("subject")[:500].lstrip()
    automatic, away = AUTOMATIC_SUBJECT.match(subject), AWAY_SUBJECT.match(subject)
    if not (automatic or away or _told_by_headers(parts)):
        return None
    if away or HOLIDAY_SUBJECT.match(subject) or AWAY_WORDS.search(text[:_READ]):
        return AutoReply.OUT_OF_OFFICE
    return AutoReply.OUT_OF_OFFICE if automatic and not RECEIPT_WORDS.search(text[:_READ]) else AutoReply.OTHER


def _told_by_headers(parts: MessageParts) -> bool:
    submitted = parts.header("auto-submitted").partition(";")[0].strip().lower()
    if submitted not in _NEGATIVE:
        return True
    if any(parts.header(name).strip().lower() not in _NEGATIVE for name in _DECISIVE_HEADERS):
        return True
    precedence = parts.header("precedence").strip().lower()
    if precedence in ("auto_reply", "auto-reply") or parts.header("x-post-messageclass").startswith("9"):
        return True
    if parts.header("return-path").strip() == "<>":
        return True
    # Lists and newsletters set the first, careful people's programs the second: only together do they tell.
    suppresses = parts.header("x-auto-response-suppress").strip().lower() not in _NEGATIVE
    return precedence in ("bulk", "junk") and suppresses
