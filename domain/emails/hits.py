"""Whether a person opened or clicked, or a machine did: a verdict with its reasons, so that it can be recomputed.

What a machine says about itself decides; so does a burst of different links. A proxy that fetches images shows a
person's open, unless it comes right after sending, when it is a prefetch. A click soon after sending is noted but
decides nothing: people are quick. An open by a plain browser is a person's.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.emails.model import Hit

# To be raised with every change of the rules, so that older verdicts can be told apart.
RULE_VERSION = 1

PREFETCH_WITHIN = timedelta(seconds=10)
QUICK_CLICK = timedelta(seconds=10)
BURST_WITHIN = timedelta(seconds=5)
BURST_LINKS = 3

_READING_METHODS = frozenset({"GET", "POST"})
_ROBOT = re.compile(
    r"barracuda|proofpoint|mimecast|ciscosecureemail|ironport|\btmes\b|python-|aiohttp|curl/|wget/|go-http-client"
    r"|java/|libwww|headlesschrome|phantomjs|slackbot|linkedinbot|facebookexternalhit|twitterbot|skypeuripreview"
    r"|whatsapp/|(?<!cu)bot\b|crawler|spider|urlscan|safebrowsing",
    re.IGNORECASE,
)
# The agent without any detail is the mail privacy proxy of Apple, which fetches every image whether it is seen or not.
_PRIVACY_PROXY = re.compile(r"Mozilla/5\.0\s*")
_IMAGE_PROXY = re.compile(
    r"googleimageproxy|ggpht\.com|yahoomailproxy|ms-office|msoffice"
    r"|Chrome/42\.0\.2311\.135 Safari/537\.36 Edge/12\.246",
    re.IGNORECASE,
)
_OFFICE = re.compile(r"ms-?office", re.IGNORECASE)


class Actor(StrEnum):
    """Who acted: a person, a machine, or a proxy that fetched an image when a person read the email."""

    PERSON = "person"
    MACHINE = "machine"
    PROXY = "proxy"


@dataclass(frozen=True, slots=True)
class HitVerdict:
    """Who it was and why; `rule_version` says by which rules."""

    actor: Actor
    reasons: tuple[str, ...]
    rule_version: int = RULE_VERSION

    @property
    def by_person(self) -> bool:
        """Whether it counts as a person's act: a proxy's fetch does, it stands for a reader."""
        return self.actor is not Actor.MACHINE


def classify_hit(hit: Hit, sent_at: datetime, others: Sequence[Hit] = ()) -> HitVerdict:
    """Who is behind a hit. `others` are the email's other hits, earlier or (when recomputing) later.

    Reasons: method, prefetch, empty_agent, robot_agent, office_agent, privacy_proxy, link_burst, right_after_sending,
    image_proxy; quick_click is noted only.
    """
    machine = _machine_reasons(hit, others)
    if machine:
        return HitVerdict(Actor.MACHINE, machine)
    since_sent = hit.at - sent_at
    if _is_click(hit):
        return HitVerdict(Actor.PERSON, ("quick_click",) if since_sent < QUICK_CLICK else ())
    if not _IMAGE_PROXY.search(hit.user_agent):
        return HitVerdict(Actor.PERSON, ())
    if since_sent < PREFETCH_WITHIN:
        return HitVerdict(Actor.MACHINE, ("image_proxy", "right_after_sending"))
    return HitVerdict(Actor.PROXY, ("image_proxy",))


def _machine_reasons(hit: Hit, others: Sequence[Hit]) -> tuple[str, ...]:
    agent, click = hit.user_agent.strip(), _is_click(hit)
    evidence = {
        "method": hit.method.upper() not in _READING_METHODS,
        "prefetch": hit.prefetch,
        "empty_agent": not agent,
        "robot_agent": bool(_ROBOT.search(agent)),
        "office_agent": click and bool(_OFFICE.search(agent)),
        "privacy_proxy": bool(_PRIVACY_PROXY.fullmatch(agent)),
        "link_burst": click and _is_burst(hit, others),
    }
    return tuple(reason for reason, holds in evidence.items() if holds)


def _is_burst(hit: Hit, others: Sequence[Hit]) -> bool:
    """Whether three different links were visited within five seconds around this hit."""
    clicks = sorted(
        [(other.at, other.link_position) for other in (*others, hit) if _is_click(other)], key=lambda click: click[0]
    )
    for start, _ in clicks:
        if start <= hit.at <= start + BURST_WITHIN:
            links = {position for at, position in clicks if start <= at <= start + BURST_WITHIN}
            if len(links) >= BURST_LINKS:
                return True
    return False


def _is_click(hit: Hit) -> bool:
    return hit.link_position is not None
