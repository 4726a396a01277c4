"""Holidays of countries, and the country of a culture."""

from datetime import date

import pytest

from domain.accounts.public_holidays import country_of_culture, public_holidays


@pytest.mark.parametrize(
    ("culture", "country"),
    [("de-DE", "DE"), ("en_GB", "GB"), ("zh-Hant-TW", "TW"), ("de", "DE"), ("en", "US"), ("xx-YY", None), ("", None)],
)
def test_a_culture_has_a_country(culture: str, country: str | None) -> None:
    assert country_of_culture(culture) == country


@pytest.mark.parametrize(
    ("country", "language", "day", "name"),
    [
        ("DE", "en", date(2026, 10, 3), "German Unity Day"),
        ("DE", "de", date(2026, 10, 3), "Tag der Deutschen Einheit"),
        ("AT", "de", date(2026, 1, 6), "Heilige Drei Könige"),
        ("US", "de", date(2026, 1, 1), "New Year's Day"),
        ("FR", "fi", date(2026, 1, 1), "New Year's Day"),
    ],
)
def test_holidays_are_named_in_the_language_or_else_in_english(
    country: str, language: str, day: date, name: str
) -> None:
    assert public_holidays(country, day.year, language)[day] == name


def test_an_unknown_country_has_none() -> None:
    assert public_holidays("ZZ", 2026) == {}
    assert public_holidays(None, 2026) == {}


def test_only_the_year_that_was_asked_for_is_answered() -> None:
    assert {day.year for day in public_holidays("US", 2028)} == {2028}
