"""The links of an HTML body: which of them can be tracked, and how they are exchanged for tracked ones."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from urllib.parse import urlsplit

LONGEST_URL = 2_000
LONGEST_LINK_TEXT = 255

_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\x9f\\\u2028\u2029<>\"]")


@dataclass(frozen=True, slots=True)
class Link:
    """A trackable link: its position among them (from 0), where it leads, and what it says (an image: its `alt`)."""

    position: int
    url: str
    text: str


def is_trackable(url: str) -> bool:
    """Whether a link leads to a web page in plain sight: http or https, a host, no user name, nothing hidden in it.

    Everything else (mailto, tel, cid, `#part`, relative addresses) stays as it was written.
    """
    if len(url) > LONGEST_URL or _FORBIDDEN.search(url):
        return False
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 (raises for an impossible port)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc


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
        url = (dict(attrs).get("href") or "").strip()
        if is_trackable(url):
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
