"""Who is behind an open or a click."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.emails.hits import RULE_VERSION, Actor, classify_hit
from domain.emails.model import Hit
from domain.shared.ids import EmailId

SENT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"
)
GOOGLE = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
OUTLOOK = "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; ms-office; MSOffice 16)"
PREFETCH = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/42.0.2311.135 Safari/537.36 Edge/12.246"


def opened(seconds: float = 3600, agent: str = CHROME, **other: Any) -> Hit:
    return hit(seconds, agent, kind="open", **other)


def clicked(seconds: float = 3600, link: int = 0, agent: str = CHROME, **other: Any) -> Hit:
    return hit(seconds, agent, kind="click", link_position=link, **other)


def hit(seconds: float, agent: str, **other: Any) -> Hit:
    values: dict[str, Any] = {
        "email_id": EmailId(UUID(int=1)),
        "at": SENT + timedelta(seconds=seconds),
        "method": "GET",
        "user_agent": agent,
        "address": "192.0.2.1",
    }
    return Hit(**(values | other))


def actor(one: Hit, *others: Hit) -> Actor:
    return classify_hit(one, SENT, others).actor


def test_a_browser_is_a_person_however_quick() -> None:
    assert actor(opened(0.5)) is Actor.PERSON
    assert actor(clicked(0.5)) is Actor.PERSON


def test_a_quick_click_is_noted() -> None:
    assert classify_hit(clicked(3), SENT).reasons == ("quick_click",)
    assert classify_hit(clicked(30), SENT).reasons == ()


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "head"])
def test_who_does_not_read_is_a_machine(method: str) -> None:
    assert classify_hit(clicked(method=method), SENT).reasons == ("method",)


def test_a_prefetch_is_a_machine() -> None:
    assert actor(opened(prefetch=True)) is Actor.MACHINE


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "  ",
        "BarracudaCentral",
        "Mozilla/5.0 (compatible; proofpoint)",
        "Mimecast",
        "CiscoSecureEmail",
        "TMES",
        "python-requests/2.32",
        "curl/8.5.0",
        "Go-http-client/2.0",
        "Mozilla/5.0 HeadlessChrome/130.0",
        "Slackbot-LinkExpanding 1.0",
        "LinkedInBot/1.0",
        "facebookexternalhit/1.1",
        "Twitterbot/1.0",
        "SkypeUriPreview",
        "Googlebot/2.1",
        "bingbot/2.0",
        "some crawler",
        "a spider",
    ],
)
def test_an_agent_that_says_so_is_a_machine(agent: str) -> None:
    assert actor(opened(agent=agent)) is Actor.MACHINE
    assert actor(clicked(agent=agent)) is Actor.MACHINE


def test_a_phone_of_the_make_cubot_is_a_person() -> None:
    assert actor(opened(agent="Mozilla/5.0 (Linux; Android 13; CUBOT X70) AppleWebKit/537.36")) is Actor.PERSON


def test_the_mail_privacy_proxy_tells_nothing_about_a_person() -> None:
    assert classify_hit(opened(agent="Mozilla/5.0"), SENT).reasons == ("privacy_proxy",)
    assert actor(opened(agent="Mozilla/5.0")) is Actor.MACHINE


@pytest.mark.parametrize("agent", [GOOGLE, "YahooMailProxy; https://help.yahoo.com", OUTLOOK, PREFETCH])
def test_an_image_proxy_stands_for_a_reader_but_not_right_after_sending(agent: str) -> None:
    late, early = classify_hit(opened(60, agent), SENT), classify_hit(opened(2, agent), SENT)
    assert (late.actor, late.by_person) == (Actor.PROXY, True)
    assert (early.actor, early.by_person) == (Actor.MACHINE, False)


def test_office_fetches_images_but_does_not_click() -> None:
    assert actor(clicked(agent=OUTLOOK)) is Actor.MACHINE


def test_three_links_within_five_seconds_are_a_machine() -> None:
    burst = [clicked(60, 0), clicked(61, 1), clicked(62, 2)]
    assert actor(burst[2], *burst[:2]) is Actor.MACHINE
    assert actor(burst[0], *burst[1:]) is Actor.MACHINE, "recomputed, the first of them is one too"


def test_three_links_within_a_minute_are_a_person() -> None:
    assert actor(clicked(90, 2), clicked(60, 0), clicked(75, 1)) is Actor.PERSON


def test_one_link_clicked_three_times_is_a_person() -> None:
    assert actor(clicked(62), clicked(60), clicked(61)) is Actor.PERSON


def test_a_person_who_clicks_after_a_scanner_is_a_person() -> None:
    assert actor(clicked(120), clicked(60, 0), clicked(60, 1), clicked(60, 2)) is Actor.PERSON


def test_opens_are_no_burst() -> None:
    assert actor(clicked(62, 2), opened(60), opened(61)) is Actor.PERSON


def test_a_verdict_knows_its_rules() -> None:
    assert classify_hit(opened(), SENT).rule_version == RULE_VERSION
