"""When somebody who is away comes back, as far as the out-of-office answer tells."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import dateparser

from domain.emails.absence_words import ABSENCE_WORDS, AbsenceWords
from domain.emails.phrases import LEFT_THE_COMPANY

# A date further away is a misreading, or no reason to hold an email for.
LONGEST_ABSENCE = timedelta(days=120)

_DAY = timedelta(days=1)
_READ = 4_000  # characters of a text that are looked at
_MOST_MARKERS = 12
_AFTER_MARKER = 60  # characters after a marker in which its date stands


@dataclass(frozen=True, slots=True)
class Absence:
    """`back_on` is the first day on which the person may be back; None when that is not said or not clear.

    `left`: the person works elsewhere now.
    """

    back_on: date | None
    left: bool = False


_DAY_WORDS = r"(?:\w{1,12},? )?"
_NUMERIC = r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./-]\d{1,2}(?:[./-]\d{2,4}|\.)?"
_WORDED = (
    r"\d{1,2}(?:st|nd|rd|th|er|\.|º)?(?: of| de)? [^\W\d_]{3,12}\.?(?:,? (?:de |del )?\d{4})?"
    r"|[^\W\d_]{3,12}\.? \d{1,2}(?:st|nd|rd|th)?\b(?:,? \d{4})?"
)
_DATE = re.compile(
    rf"\W{{0,3}}{_DAY_WORDS}(?:the |den |el |le )?({_NUMERIC}|{_WORDED})|\W{{0,3}}((?:next )?[^\W\d_]{{5,12}})"
)
_EAST_ASIAN = re.compile(r"(?:(\d{4})\s?[年년]\s?)?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
_EAST_ASIAN_UNTIL = re.compile(r"\s?(?:\([^)]{1,4}\)|（[^）]{1,4}）)?\s?(?:まで|到|为止|為止|까지)")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})(?:/\d{2,4})?")
_WEEKDAYS = re.compile(
    r"(?:next )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|montag|dienstag|mittwoch|donnerstag|freitag"
    r"|lundi|mardi|mercredi|jeudi|vendredi|lunes|martes|miércoles|jueves|viernes|lunedì|martedì|mercoledì|giovedì"
    r"|venerdì|maandag|dinsdag|woensdag|donderdag|vrijdag|måndag|tisdag|onsdag|torsdag|fredag|mandag|tirsdag",
    re.IGNORECASE,
)


def read_absence(text: str, received: datetime) -> Absence:
    """What an out-of-office answer (without quotes) says about the return, by the day on which it was received.

    "Back on X" gives X, "until X" the day after X. Only days from the one of the answer to 120 days later are believed;
    English dates with slashes that can be read in two ways are not.
    """
    said = text[:_READ]
    if LEFT_THE_COMPANY.search(said):
        return Absence(None, left=True)
    days = {*_east_asian(said, received.date())}
    for words in ABSENCE_WORDS:
        days |= {*_dates_after(words.back, said, words, received)}
        days |= {day + _DAY for day in _dates_after(words.until, said, words, received)}
    # "From 3 to 14 August, back on the 17th": the latest day is the one that is safe.
    return Absence(max(days, default=None))


def _dates_after(pattern: str, text: str, words: AbsenceWords, received: datetime) -> Iterator[date]:
    for count, marker in enumerate(re.finditer(rf"(?:{pattern})(?!\w)", text, re.IGNORECASE)):
        if count >= _MOST_MARKERS:
            return
        written = _DATE.match(text, marker.end(), marker.end() + _AFTER_MARKER)
        if written and (day := _day(written[1] or written[2], words, received)):
            yield day


def _day(written: str, words: AbsenceWords, received: datetime) -> date | None:
    slashed = _SLASHED.fullmatch(written)
    if words.language == "en" and slashed and slashed[1] != slashed[2] and max(int(slashed[1]), int(slashed[2])) <= 12:
        return None
    if not any(character.isdigit() for character in written) and not _WEEKDAYS.fullmatch(written):
        return None
    try:
        parsed = dateparser.parse(
            written,
            languages=[words.language],
            settings={
                "PREFER_DATES_FROM": "future",
                "RELATIVE_BASE": received.replace(tzinfo=None),
                "DATE_ORDER": "YMD" if re.match(r"\d{4}-", written) else words.order,
                "TIMEZONE": "UTC",
                "RETURN_AS_TIMEZONE_AWARE": False,
            },
        )
    except Exception:  # the parser raises on some impossible dates
        return None
    return _believed(parsed.date() if parsed else None, received.date())


def _east_asian(text: str, received: date) -> Iterator[date]:
    for found in _EAST_ASIAN.finditer(text):
        day = _believed(_next_such_day(found, received), received)
        if day:
            yield day + _DAY if _EAST_ASIAN_UNTIL.match(text, found.end()) else day


def _next_such_day(found: re.Match[str], received: date) -> date | None:
    try:
        day = date(int(found[1] or received.year), int(found[2]), int(found[3]))
    except ValueError:
        return None
    return day if found[1] or day >= received else date(day.year + 1, day.month, min(day.day, 28))


def _believed(day: date | None, received: date) -> date | None:
    return day if day and received <= day <= received + LONGEST_ABSENCE else None
