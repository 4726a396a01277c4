"""What a mail program finds in a message: links, images, the way to unsubscribe."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from adapters.sandbox.prospects.inboxes import Delivery

_LEAVING = re.compile(r"unsubscribe|opt[ -]?out", re.IGNORECASE)
_TINY = re.compile(r"^\s*[01](px)?\s*$")


@dataclass(frozen=True, slots=True)
class Link:
    url: str
    text: str


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[Link] = []
        self.images: list[tuple[str, bool]] = []
        self._url: str | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "a":
            self._end_link()
            self._url, self._text = found.get("href"), ""
        elif tag == "img" and found.get("src", "").startswith(("http://", "https://")):
            tiny = any(_TINY.match(found.get(side, "")) for side in ("width", "height"))
            self.images.append((found["src"], tiny))

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._end_link()

    def _end_link(self) -> None:
        if self._url and self._url.startswith(("http://", "https://")):
            self.links.append(Link(self._url, " ".join(self._text.split())))
        self._url = None


def _parsed(delivery: Delivery) -> _Page:
    page = _Page()
    page.feed(delivery.html)
    page.close()
    return page


def links(delivery: Delivery) -> list[Link]:
    """The links of the HTML in their order, without the one to unsubscribe."""
    leaving = set(unsubscribe_urls(delivery))
    return [link for link in _parsed(delivery).links if link.url not in leaving and not _LEAVING.search(link.text)]


def pixels(delivery: Delivery) -> list[str]:
    """The images that count an opening: those of one pixel, else whatever images there are."""
    images = _parsed(delivery).images
    return [url for url, tiny in images if tiny] or [url for url, _ in images]


def unsubscribe_urls(delivery: Delivery) -> list[str]:
    """The web addresses of List-Unsubscribe."""
    found = re.findall(r"<([^<>\s]+)>", delivery.header("List-Unsubscribe"))
    return [url for url in found if url.startswith(("http://", "https://"))]


def takes_one_click(delivery: Delivery) -> bool:
    """RFC 8058: the mail promises that one POST is enough."""
    return delivery.header("List-Unsubscribe-Post").replace(" ", "").lower() == "list-unsubscribe=one-click"
