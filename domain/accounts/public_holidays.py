"""The days on which a country does not work, as the library `holidays` knows them, days observed in lieu included."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from types import MappingProxyType

import holidays
from babel import Locale, UnknownLocaleError
from babel.core import get_global

# As the library calls it.
ENGLISH = "en_US"


@lru_cache(maxsize=1)
def countries() -> frozenset[str]:
    """ISO 3166 codes of the countries whose holidays are known."""
    return frozenset(code for code in holidays.list_supported_countries() if len(code) == 2)


@lru_cache(maxsize=4096)
def public_holidays(country: str | None, year: int, language: str = "en") -> Mapping[date, str]:
    """The nation-wide public holidays of a year with their names in this language.

    Where they are not known in it, they are in English, and where that is not known either, as the country says them.
    Empty for None and for a country that is not known.
    """
    if country is None or country not in countries():
        return MappingProxyType({})
    names = language if language in _languages().get(country, ()) else ENGLISH
    known = holidays.country_holidays(country, years=year, observed=True, language=names)
    # `years` is asked for alone, but days observed in lieu may fall into a neighbouring year.
    return MappingProxyType({day: known[day] for day in sorted(known) if day.year == year})


@lru_cache(maxsize=1)
def _languages() -> Mapping[str, Sequence[str]]:
    """In which languages the holidays of a country are named."""
    return holidays.list_localized_countries()


def country_of_culture(culture: str) -> str | None:
    """The country of a culture such as `de-DE`; of `de` alone the most likely one; None for an unknown culture."""
    try:
        locale = Locale.parse(culture.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return None
    if locale.territory:
        return locale.territory
    likely = str(get_global("likely_subtags").get(locale.language, "")).rsplit("_", 1)[-1]
    return likely if len(likely) == 2 and likely.isupper() else None
