"""What a prospect does over the web: opening, clicking, unsubscribing by the mail program's button."""

from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from adapters.sandbox.prospects import reading
from adapters.sandbox.prospects.inboxes import Delivery

BROWSER = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"
)
_SECONDS = 30.0


class ImpossibleActError(Exception):
    """The mail does not have what the act needs."""


class UnreachableError(Exception):
    """The address in the mail did not answer."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request to be made, as a browser or a scanner would."""

    method: str
    url: str
    user_agent: str = BROWSER
    form: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """`location` is where a redirect pointed; it is not followed."""

    url: str
    status: int
    location: str | None


def opening(delivery: Delivery, method: str, user_agent: str) -> list[Visit]:
    found = reading.pixels(delivery)
    if not found:
        raise ImpossibleActError("the message has no image to load")
    return [Visit(method, url, user_agent) for url in found]


def clicking(delivery: Delivery, link: int | None, url: str | None, method: str, user_agent: str) -> list[Visit]:
    """By the number of the link among those that do not unsubscribe, counted from 0, or by its address."""
    if url is not None:
        return [Visit(method, url, user_agent)]
    found = reading.links(delivery)
    wanted = link or 0
    if wanted >= len(found):
        raise ImpossibleActError(f"the message has {len(found)} links, none is number {wanted}")
    return [Visit(method, found[wanted].url, user_agent)]


def unsubscribing(delivery: Delivery) -> list[Visit]:
    """The one-click POST of RFC 8058: no cookies, no redirect followed."""
    urls = reading.unsubscribe_urls(delivery)
    if not urls:
        raise ImpossibleActError("the message has no web address in List-Unsubscribe")
    if not reading.takes_one_click(delivery):
        raise ImpossibleActError("the message does not offer one-click unsubscription in List-Unsubscribe-Post")
    return [Visit("POST", urls[0], form={"List-Unsubscribe": "One-Click"})]


async def made(visits: Sequence[Visit]) -> list[Answer]:
    """Makes the requests one after the other."""
    async with httpx.AsyncClient(timeout=_SECONDS, follow_redirects=False, trust_env=False) as http:
        return [await _one(http, visit) for visit in visits]


async def _one(http: httpx.AsyncClient, visit: Visit) -> Answer:
    headers = {"User-Agent": visit.user_agent, "Accept": "*/*"}
    try:
        response = await http.request(visit.method, visit.url, headers=headers, data=visit.form)
    except (httpx.TransportError, httpx.InvalidURL) as broken:
        raise UnreachableError(f"{visit.method} {visit.url}: {broken}") from broken
    return Answer(visit.url, response.status_code, response.headers.get("location"))
