"""What a person is shown of what is held, in the words and the form of dates of whoever asked for it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import pytest

from domain.activities.model import ActivityType
from domain.contacts.model import EmailState as AddressState
from domain.contacts.personal_data import FACTS, PersonalData, Reader
from domain.contacts.personal_page import as_page
from domain.contacts.personal_words import ENGLISH, GERMAN, words_of
from domain.contacts.suppression import SuppressionKind
from domain.emails.hits import Actor
from domain.emails.model import EmailState, InboundKind
from domain.salesflows.model import EnrollmentState, FinishReason, PauseReason

NOW = datetime(2026, 11, 2, 15, 4, 5, tzinfo=UTC)


def page_for(culture: str, time_zone: str = "UTC", custom: Any = None, **sections: Any) -> str:
    contact = {"id": 1, "last_name": "Doe", "opted_out_at": NOW, "custom": custom or {}}
    labels = {"seen_on": "Zuletzt gesehen"}
    return as_page(PersonalData("Ann <Doe>", NOW, contact, sections, Reader(culture, time_zone), labels))


@pytest.mark.parametrize(
    ("culture", "language", "moment"),
    [
        ("en-US", "en", "Nov 2, 2026, 4:04:05\u202fPM"),
        ("en-GB", "en", "2 Nov 2026, 16:04:05"),
        ("de-DE", "de", "02.11.2026, 16:04:05"),
        ("de-AT", "de", "02.11.2026, 16:04:05"),
        ("de", "de", "02.11.2026, 16:04:05"),
        ("fr-FR", "en", "2 Nov 2026, 16:04:05"),
    ],
)
def test_times_are_told_as_whoever_asked_tells_them(culture: str, language: str, moment: str) -> None:
    page = page_for(culture, "Europe/Berlin")
    assert f'<html lang="{language}">' in page
    assert page.count(moment) == 2
    assert "Europe/Berlin" in page


def test_a_german_page_is_german() -> None:
    rows = [{"at": NOW, "type": "email_failed", "user": None, "detail": {"bounce": "hard", "until": "2026-12-24"}}]
    page = page_for("de-DE", activities=rows, notes=[])
    assert "<title>Personenbezogene Daten: Ann &lt;Doe&gt;</title>" in page
    assert "<th scope=row>Abgemeldet am</th>" in page
    assert "<h2>Verlauf</h2>" in page
    assert "<td>E-Mail gescheitert</td><td>–</td><td>Unzustellbar: Dauerhaft, Bis: 24.12.2026</td>" in page
    assert "<h2>Notizen</h2><p>Nichts.</p>" in page


def test_own_fields_are_called_as_the_organization_calls_them() -> None:
    page = page_for("de-DE", custom={"seen_on": "2026-12-24", "vip": True, "seats": 1200.5})
    assert "<th scope=row>Zuletzt gesehen</th><td>24.12.2026</td>" in page
    assert "<th scope=row>Vip</th><td>Ja</td>" in page
    assert "<td>1.200,5</td>" in page


def test_what_people_wrote_stays_as_they_wrote_it() -> None:
    page = page_for(
        "de-DE", suppressions=[{"reason": "A <competitor>"}, {"reason": "do_not_call"}], notes=[{"text": "sent"}]
    )
    assert "<td>A &lt;competitor&gt;</td>" in page
    assert "<td>Nicht anrufen</td>" in page
    assert "<td>sent</td>" in page


@pytest.mark.parametrize(
    "codes",
    [ActivityType, AddressState, SuppressionKind, Actor, EmailState, InboundKind, EnrollmentState, FinishReason,
     PauseReason],
)  # fmt: skip
def test_every_code_has_its_german_words(codes: type[StrEnum]) -> None:
    assert missing((code.value for code in codes if code is not Actor.PROXY), GERMAN.codes) == set()


def test_every_fact_has_its_words() -> None:
    for words in (ENGLISH, GERMAN):
        assert missing(FACTS, words.facts) == set()


def test_english_is_spoken_where_nothing_else_is_known() -> None:
    assert words_of("fr-FR") is ENGLISH


def missing(names: Iterable[str], known: Any) -> set[str]:
    return set(names) - set(known)
