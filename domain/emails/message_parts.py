"""A raw message (RFC 822) taken apart, whatever its sender did wrong: reading never raises.

The lenient parser of the standard library is used, and headers are decoded here: the strict one raises on some of what
real mail contains.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.utils import getaddresses, parsedate_to_datetime

from domain.emails.header_text import clean_header
from domain.emails.html_text import printable

LONGEST_TEXT = 100_000
MOST_PARTS = 200

_ADDRESS = re.compile(r"[^\s@<>\"',;:()\[\]\\]{1,64}@[^\s@<>\"',;:()\[\]\\]{1,255}")


@dataclass(frozen=True, slots=True)
class Part:
    """A leaf of the message. Texts are decoded, at most LONGEST_TEXT characters of them."""

    content_type: str
    text: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MessageParts:
    """The headers of a message (names in lower case, the first value of each, decoded) and its leaves in order."""

    headers: Mapping[str, str]
    content_type: str
    report_type: str
    parts: tuple[Part, ...]

    def header(self, name: str) -> str:
        """The decoded value, empty when there is none."""
        return self.headers.get(name.lower(), "")

    def first_text(self, content_type: str) -> str:
        """The first part of this type, empty when there is none."""
        return next((part.text for part in self.parts if part.content_type == content_type), "")


def take_apart(raw: bytes) -> MessageParts:
    """The message's headers and leaves. Never raises: what can't be read is left out."""
    message = _parsed(raw)
    return MessageParts(
        headers=_headers(message),
        content_type=message.get_content_type(),
        report_type=_parameter(message, "report-type"),
        parts=tuple(_leaves(message)),
    )


def addresses(value: str) -> tuple[tuple[str, str], ...]:
    """Names and addresses (in lower case) of a header; what is no address is left out."""
    value = printable(value)
    try:
        pairs = getaddresses([value])
    except Exception:  # the standard library raises on some malformed comments
        pairs = []
    found = [(clean_header(name), address.lower()) for name, address in pairs if _ADDRESS.fullmatch(address)]
    return tuple(found or [("", address) for address in addresses_in(value[:2_000])])


def addresses_in(text: str) -> list[str]:
    """The addresses that a text names, in lower case and in order."""
    return [address.lower() for address in _ADDRESS.findall(text)]


def instant(value: str) -> datetime | None:
    """The instant (UTC) of a Date header; None when it is none."""
    try:
        parsed = parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    try:
        return parsed.replace(tzinfo=parsed.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _parsed(raw: bytes) -> Message:
    try:
        return BytesParser(policy=policy.compat32).parsebytes(raw)
    except Exception:  # parts nested without end, charsets that are none: the headers alone can still be read
        return BytesHeaderParser(policy=policy.compat32).parsebytes(raw[: raw.find(b"\n\n") + 2 or len(raw)])


def _headers(message: Message) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in message.raw_items():
        headers.setdefault(name.lower(), _decoded(_unescaped(str(value))))
    return headers


def _unescaped(value: str) -> str:
    """A header's bytes as text: some programs write UTF-8 into headers as it is."""
    return _as_text(value.encode("utf-8", "surrogateescape"), "utf-8")


def _decoded(value: str) -> str:
    try:
        chunks = decode_header(value[:10_000])
    except (HeaderParseError, ValueError):
        return printable(value)
    return printable(
        "".join(chunk if isinstance(chunk, str) else _as_text(chunk, charset) for chunk, charset in chunks)
    )


def _leaves(message: Message) -> Iterator[Part]:
    waiting, taken = [message], 0
    while waiting and taken < MOST_PARTS:
        part, taken = waiting.pop(), taken + 1
        payload = part.get_payload() if part.is_multipart() else []
        inner = [child for child in payload if isinstance(child, Message)]
        content_type = part.get_content_type()
        if content_type == "message/delivery-status":
            text = "\n\n".join(_block(block) for block in inner) or _text(part)
            yield Part(content_type, text[:LONGEST_TEXT], {})
        elif content_type == "message/rfc822" and inner:
            yield Part(content_type, "", _headers(inner[0]))
        elif inner:
            waiting.extend(reversed(inner))
        elif content_type.startswith(("text/", "message/")) and part.get_content_disposition() != "attachment":
            yield Part(content_type, _text(part), _headers(part))


def _block(block: Message) -> str:
    return "\n".join(f"{name}: {value}" for name, value in _headers(block).items())


def _text(part: Message) -> str:
    try:
        content = part.get_payload(decode=True)
    except Exception:  # broken transfer encodings
        content = None
    if not isinstance(content, bytes):
        return ""
    return printable(_as_text(content[: 4 * LONGEST_TEXT], _parameter(part, "charset") or None)[:LONGEST_TEXT])


def _parameter(part: Message, name: str) -> str:
    try:
        value = part.get_param(name)
    except Exception:  # the standard library raises on some malformed RFC 2231 parameters
        return ""
    return (value[2] if isinstance(value, tuple) else str(value or "")).strip().lower()


def _as_text(content: bytes, charset: str | None) -> str:
    for candidate in (charset, "utf-8", "cp1252"):
        try:
            return content.decode(candidate or "ascii")
        except (LookupError, ValueError):
            continue
    return content.decode("latin-1")
