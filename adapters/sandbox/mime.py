"""Reading and editing mail as bytes. Bodies are never rebuilt: what was handed in is what arrives."""

import email
import email.errors
import html
import re
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parseaddr
from functools import lru_cache

_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
_FOLD = re.compile(r"\r?\n(?=[ \t])")
_TAG = re.compile(r"<(style|script|head)\b.*?</\1>|<[^>]+>", re.DOTALL | re.IGNORECASE)
_REPLY_PREFIX = re.compile(r"^(\s*re\s*:)+\s*", re.IGNORECASE)

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ReadableMail:
    """What a person sees of a message: decoded headers in their order, and both bodies ("" where there is none)."""

    headers: Headers
    text: str
    html: str


def split(raw: bytes) -> tuple[bytes, bytes]:
    """The header block (without the empty line that ends it) and the body."""
    found = _END_OF_HEADERS.search(raw)
    if found is None:
        return raw.rstrip(b"\r\n"), b""
    return raw[: found.start()], raw[found.end() :]


def header_fields(raw: bytes) -> list[tuple[str, bytes]]:
    """Every header field as its name and its bytes, folding included."""
    fields: list[tuple[str, bytes]] = []
    for line in split(raw)[0].splitlines():
        if line[:1] in (b" ", b"\t") and fields:
            fields[-1] = (fields[-1][0], fields[-1][1] + b"\r\n" + line)
        elif b":" in line:
            fields.append((line.split(b":", 1)[0].decode("ascii", "replace").strip(), line))
    return fields


def with_headers(raw: bytes, replaced: dict[str, str], removed: frozenset[str] = frozenset()) -> bytes:
    """The message with some header fields replaced in place (or added at the end of the block) and others removed."""
    left = {name.lower(): f"{name}: {value}".encode() for name, value in replaced.items()}
    lines: list[bytes] = []
    dropped = removed | set(left)
    for name, line in header_fields(raw):
        if name.lower() not in dropped:
            lines.append(line)
        elif name.lower() in left:
            lines.append(left.pop(name.lower()))
    return b"\r\n".join([*lines, *left.values()]) + b"\r\n\r\n" + split(raw)[1]


def decoded(value: str) -> str:
    """A header's value unfolded, with encoded words decoded."""
    flat = _FOLD.sub("", value).strip()
    if "=?" not in flat:
        return flat
    try:
        return str(make_header(decode_header(flat)))
    except (LookupError, UnicodeError, ValueError, email.errors.HeaderParseError):
        return flat


def headers(raw: bytes) -> Headers:
    """All headers in their order, decoded."""
    return list(_headers(split(raw)[0]))


@lru_cache(maxsize=256)
def _headers(block: bytes) -> tuple[tuple[str, str], ...]:
    fields = header_fields(block)
    return tuple((name, decoded(line.split(b":", 1)[1].decode("utf-8", "replace"))) for name, line in fields)


def header(among: Headers, name: str) -> str:
    """The first value of a header, or ""."""
    return next((value for found, value in among if found.lower() == name.lower()), "")


def addresses(among: Headers, *names: str) -> list[str]:
    """The bare addresses of some headers, in lower case, without doubles."""
    values = [value for found, value in among if found.lower() in {name.lower() for name in names}]
    found = [address.strip().lower() for _, address in getaddresses(values)]
    return list(dict.fromkeys(address for address in found if address))


def bare_address(value: str) -> str:
    return parseaddr(value)[1].strip().lower()


def message_ids(among: Headers, *names: str) -> list[str]:
    """Ids such as `<a@b>` in In-Reply-To, References or Message-ID."""
    return [each for name in names for each in re.findall(r"<[^<>\s]+>", header(among, name))]


def base_subject(subject: str) -> str:
    """What Gmail compares to keep a thread together: the subject without any leading "Re:"."""
    return re.sub(r"\s+", " ", _REPLY_PREFIX.sub("", subject)).strip().casefold()


def decoded_body(part: Message) -> str:
    """A text part as text, whatever its charset and transfer encoding claim."""
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    try:
        return content.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def readable(raw: bytes) -> ReadableMail:
    """Text and HTML of a message; parts that are files or belong to an embedded message are left out."""
    fields = header_fields(raw)
    said_of_body = b"".join(line + b"\r\n" for name, line in fields if name.lower().startswith("content-"))
    text, html_body = _bodies(said_of_body, split(raw)[1])
    return ReadableMail(headers(raw), text, html_body)


@lru_cache(maxsize=256)
def _bodies(said_of_body: bytes, body: bytes) -> tuple[str, str]:
    """Remembered, since a draft, its sent copy and its delivery have the same body."""
    bodies = {"text/plain": "", "text/html": ""}
    pending: list[Message] = [email.message_from_bytes(said_of_body + b"\r\n" + body)]
    while pending:
        part = pending.pop(0)
        kind = part.get_content_type()
        if part.is_multipart() and kind.startswith("multipart/"):
            pending[:0] = [child for child in part.get_payload() if isinstance(child, Message)]
        elif kind in bodies and not bodies[kind] and not part.get_filename():
            bodies[kind] = decoded_body(part).replace("\r\n", "\n")
    return bodies["text/plain"], bodies["text/html"]


def snippet(mail: ReadableMail, length: int = 200) -> str:
    """The beginning of the visible text on one line, escaped for HTML as Gmail does."""
    visible = mail.text or html.unescape(_TAG.sub(" ", mail.html))
    return html.escape(re.sub(r"\s+", " ", visible).strip()[:length])
