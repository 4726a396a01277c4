"""Headers of outgoing messages: written so that nothing is smuggled in, and nothing encoded that must stay plain."""

import re
from collections.abc import Iterable
from email.headerregistry import Address
from email.policy import EmailPolicy
from typing import Any

from domain.emails.header_text import clean_header
from domain.shared.errors import InvalidField

LONGEST_ADDRESS = 254
MOST_REFERENCES = 20

# The standard library wraps a long unbroken value into an encoded word, which no receiver decodes in these headers.
_PLAIN_HEADERS = frozenset(
    {"message-id", "in-reply-to", "references", "list-unsubscribe", "list-unsubscribe-post", "x-engage-send-id"}
)
_LINE = 78
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>")
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)


class _OutgoingPolicy(EmailPolicy):
    """RFC 5322 with CRLF, and headers of identifiers kept as they are, broken only between their words."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        """Identifiers are kept as given: the standard library's parser raises on some that real mail contains."""
        if name.lower() not in _PLAIN_HEADERS:
            return super().header_store_parse(name, value)
        text = str(value)
        if not (text.isascii() and text.isprintable()):
            raise ValueError(f"{name} can't be written as it is.")
        return name, text

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name.lower() in _PLAIN_HEADERS:
            return _folded(name, str(value)).encode("ascii")
        return super().fold_binary(name, value)


OUTGOING = _OutgoingPolicy(linesep="\r\n", max_line_length=_LINE)


def message_ids(text: str) -> list[str]:
    """The message ids (with their angle brackets) in a header's value, in order; what is none is left out."""
    return _MESSAGE_ID.findall(text)


def references(ids: Iterable[str]) -> str:
    """The value of References: each id once, in order; of a long thread the first and the latest."""
    known = list(dict.fromkeys(found for given in ids for found in message_ids(given)))
    kept = known if len(known) <= MOST_REFERENCES else [known[0], *known[1 - MOST_REFERENCES :]]
    return " ".join(kept)


def mail_address(name: str, address: str, pointer: str) -> Address:
    """A name and an address for From or To, international domains as ASCII. Raises InvalidField: `invalid_address`."""
    local, at, domain = address.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        domain = ""
    fits = len(local) <= 64 and len(local) + 1 + len(domain) <= LONGEST_ADDRESS
    if not (at and fits and _LOCAL_PART.fullmatch(local) and _DOMAIN.fullmatch(domain)):
        raise InvalidField(pointer, "invalid_address", "This is not an email address that can be written to.")
    return Address(display_name=clean_header(name), username=local, domain=domain)


def _folded(name: str, value: str) -> str:
    words = value.split()
    whole = f"{name}: {' '.join(words)}"
    return (whole if len(whole) <= _LINE else f"{name}: " + "\r\n ".join(words)) + "\r\n"
