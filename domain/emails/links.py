"""The links of an HTML body: which of them can be tracked, and how they are exchanged for tracked ones."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

LONGEST_URL = 2_000
LONGEST_LINK_TEXT = 255

_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\x9f\\\u2028\u2029<>\"]")
_ASCII = "".join(map(chr, range(0x21, 0x7F)))
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?", re.IGNORECASE)
_DISPUTED = re.compile("[ßẞς\u200c\u200d]")


@dataclass(frozen=True, slots=True)
class Link:
    """A trackable link: its position among them (from 0), where it leads (in ASCII, as HTTP wants it), and what it says
    (an image: its `alt`)."""

    position: int
    url: str
    text: str


def is_trackable(url: str) -> bool:
    """Whether a link leads to a web page in plain sight: http or https, a host, no user name, nothing hidden in it.

    Everything else (mailto, tel, cid, `#part`, relative addresses) stays as it was written. So does a host whose name
    in ASCII is in dispute: the recipient's program decides where it leads, not we.
    """
    return bool(_target(url))


def extract_links(html: str) -> tuple[Link, ...]:
    """The trackable links of an HTML text in order."""
    return tuple(Link(position, tag.url, tag.text) for position, tag in enumerate(_anchors(html)))


def rewrite_links(html: str, tracked: Callable[[int], str]) -> str:
    """The HTML with each trackable link leading to `tracked(position)`; not a character else is changed."""
    pieces, copied = [], 0
    for position, tag in enumerate(_anchors(html)):
        pieces += [html[copied : tag.start], tag.leading_to(tracked(position))]
        copied = tag.end
    return "".join([*pieces, html[copied:]])


def _target(url: str) -> str:
    """The trackable URL in ASCII, leading to the same page (IDNA, RFC 3987); empty when there is none."""
    if len(url) > LONGEST_URL or _FORBIDDEN.search(url):
        return ""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 (raises for an impossible port)
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
            return ""
        if url.isascii():
            return url
        path, query, fragment = (quote(part, safe=_ASCII) for part in (parts.path, parts.query, parts.fragment))
        target = urlunsplit((parts.scheme, _ascii_host(parts), path, query, fragment))
    except ValueError:
        return ""
    return target if len(target) <= LONGEST_URL else ""


def _ascii_host(parts: SplitResult) -> str:
    """The host with its port. Raises ValueError when its name in ASCII is in dispute."""
    if parts.netloc.isascii():
        return parts.netloc
    # IDNA 2003, which the standard library knows, and IDNA 2008 differ in these letters.
    if _DISPUTED.search(parts.netloc):
        raise ValueError(parts.netloc)
    host = (parts.hostname or "").encode("idna").decode("ascii")
    if not _HOST.fullmatch(host):
        raise ValueError(host)
    return host if parts.port is None else f"{host}:{parts.port}"


@dataclass(slots=True)
class _Anchor:
    start: int
    end: int
    attributes: list[tuple[str, str | None]]
    url: str
    text: str = ""

    def leading_to(self, url: str) -> str:
        others = [(name, value) for name, value in self.attributes if name != "href"]
        written = "".join(f' {name}="{escape(value or "")}"' for name, value in [("href", url), *others])
        return f"<a{written}>"


class _AnchorReader(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.anchors: list[_Anchor] = []
        self._inside: _Anchor | None = None
        self._line_starts = [0, *(line_break.end() for line_break in re.finditer("\n", html))]
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img" and self._inside:
            self._inside.text += dict(attrs).get("alt") or ""
        if tag != "a":
            return
        self._inside = None
        url = _target((dict(attrs).get("href") or "").strip())
        if url:
            line, column = self.getpos()
            start = self._line_starts[line - 1] + column
            end = start + len(self.get_starttag_text() or "")
            self._inside = _Anchor(start, end, attrs, url)
            self.anchors.append(self._inside)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._inside = None

    def handle_data(self, data: str) -> None:
        if self._inside:
            self._inside.text += data


def _anchors(html: str) -> list[_Anchor]:
    anchors = _AnchorReader(html).anchors
    for anchor in anchors:
        anchor.text = " ".join(anchor.text.split())[:LONGEST_LINK_TEXT]
    return anchors
