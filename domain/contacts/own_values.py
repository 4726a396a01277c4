"""Values of the organization's own fields: in which form they are kept, found again, and told."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from domain.contacts.folding import fold, sort_key
from domain.contacts.model import CustomValue
from domain.shared.errors import FieldError, InvalidField, Rejected

LONGEST_TEXT = 1_000
LONGEST_URL = 2_000
# Whole numbers up to this are kept exactly by everybody who reads JSON.
LARGEST_NUMBER = 10**15
LONGEST_NUMBER = 60
SCHEMES = ("http", "https")
# What people write into a column of boxes to tick.
YES = frozenset({"true", "yes", "y", "1", "x", "on", "ja", "wahr", "oui", "vrai", "si", "verdadero", "sim", "vero"})
NO = frozenset({"false", "no", "n", "0", "off", "nein", "falsch", "non", "faux", "falso", "nao", "nee", "-"})

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d{1,3})?")
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_MIDNIGHT = re.compile(r"[T ]00:00(:00(\.0+)?)?Z?$")
_GROUPED = (re.compile(r"[+-]?\d{1,3}(,\d{3})+\.\d+"), re.compile(r"[+-]?\d{1,3}(\.\d{3})+,\d+"))
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,(\d{1,2}|\d{4,})")


class FieldKind(StrEnum):
    """What an own field holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    URL = "url"
    CHECKBOX = "checkbox"


@dataclass(frozen=True, slots=True)
class FieldShape:
    """What a value has to be like."""

    kind: FieldKind
    choices: Sequence[str] = ()


def kept_value(shape: FieldShape, given: object, pointer: str) -> CustomValue | None:
    """A value in the form in which it is kept, None for nothing. Kept a second time it is the same.

    People write values as texts in files and addresses: those are read as well. Raises InvalidField.
    """
    if isinstance(given, str):
        given = given.strip()
        if "\0" in given or any("\ud800" <= letter <= "\udfff" for letter in given):
            raise InvalidField(pointer, "invalid_characters", "This contains characters that cannot be kept.")
    if given is None or given == "":
        return None
    return _READ[shape.kind](shape, given, pointer)


@dataclass(frozen=True, slots=True)
class CheckedValues:
    """Values by the keys of their fields in the form in which they are kept, and what is wrong with the others."""

    kept: Mapping[str, CustomValue | None]
    faults: Sequence[FieldError]


def checked_values(shapes: Mapping[str, FieldShape], given: Mapping[str, object]) -> CheckedValues:
    """Every value looked at, so that all faults are told at once."""
    values: dict[str, CustomValue | None] = {}
    faults: list[FieldError] = []
    for key, value in given.items():
        pointer = f"/custom/{key.replace('~', '~0').replace('/', '~1')}"
        if key not in shapes:
            faults.append(FieldError(pointer, "unknown_field", "Choose one of the fields of contacts."))
            continue
        try:
            values[key] = kept_value(shapes[key], value, pointer)
        except Rejected as rejected:
            faults += rejected.errors
    return CheckedValues(values, faults)


def merged_values(
    before: Mapping[str, CustomValue], changes: Mapping[str, CustomValue | None]
) -> dict[str, CustomValue]:
    """A merge patch: what is not mentioned stays, None clears."""
    return {key: value for key, value in {**before, **changes}.items() if value is not None}


def told(value: CustomValue | None) -> str:
    """A value as it is written into files, emails and filters; empty for nothing."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def value_key(value: CustomValue) -> str:
    """By what a value is found again: the one form of all its spellings."""
    return sort_key(told(value))


def sought_key(shape: FieldShape, written: str) -> str:
    """The same of what somebody looks for. What can be no value of the field is found nowhere."""
    try:
        value = kept_value(shape, written, "/fields")
    except InvalidField:
        return sort_key(written)
    return "" if value is None else value_key(value)


def _text(_: FieldShape, given: object, pointer: str) -> str:
    if not isinstance(given, str):
        raise InvalidField(pointer, "not_a_text", "Write this as a text.")
    if len(given) > LONGEST_TEXT:
        message = f"This has at most {LONGEST_TEXT} characters."
        raise InvalidField(pointer, "too_long", message, maximum=LONGEST_TEXT)
    return given


def _number(_: FieldShape, given: object, pointer: str) -> float:
    number = _written_number(given) if isinstance(given, str) else given
    if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
        raise InvalidField(pointer, "not_a_number", "Write this as a number, like 12.5.")
    if abs(number) > LARGEST_NUMBER:
        message = f"This is from -{LARGEST_NUMBER} to {LARGEST_NUMBER}."
        raise InvalidField(pointer, "out_of_range", message, minimum=-LARGEST_NUMBER, maximum=LARGEST_NUMBER)
    return int(number) if number == int(number) else number


def _written_number(text: str) -> float | None:
    """Also 12,5 and 1.234,50, where it is clear which sign stands before the decimals."""
    grouped_by_comma, grouped_by_point = _GROUPED
    if grouped_by_comma.fullmatch(text):
        text = text.replace(",", "")
    elif grouped_by_point.fullmatch(text):
        text = text.replace(".", "").replace(",", ".")
    elif _DECIMAL_COMMA.fullmatch(text):
        text = text.replace(",", ".")
    if len(text) > LONGEST_NUMBER or not (text.isascii() and _NUMBER.fullmatch(text)):
        return None
    return float(text) if set(text) & set(".eE") else int(text)


def _date(_: FieldShape, given: object, pointer: str) -> str:
    """As YYYY-MM-DD; files also have the midnight of a day, and days before months with points between."""
    text = _MIDNIGHT.sub("", given) if isinstance(given, str) else ""
    day_first = _DAY_FIRST.fullmatch(text)
    if day_first:
        day, month, year = day_first.groups()
        text = f"{year}-{month:>02}-{day:>02}"
    try:
        if len(text) != len("YYYY-MM-DD"):
            raise ValueError(text)
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise InvalidField(pointer, "not_a_date", "Write this as a date, YYYY-MM-DD.") from None


def _choice(shape: FieldShape, given: object, pointer: str) -> str:
    for choice in shape.choices:
        if given == choice:
            return choice
    folded = fold(given) if isinstance(given, str) else None
    for choice in shape.choices:
        if fold(choice) == folded:
            return choice
    raise InvalidField(pointer, "unknown_choice", "Choose one of the values of the field.")


def _url(_: FieldShape, given: object, pointer: str) -> str:
    """An address without a scheme is taken for one on the web."""
    text = given if isinstance(given, str) else ""
    if len(text) > LONGEST_URL:
        raise InvalidField(pointer, "too_long", f"This has at most {LONGEST_URL} characters.", maximum=LONGEST_URL)
    url = text if "://" in text else f"https://{text}"
    if len(url) > LONGEST_URL or not _leads_somewhere(url):
        raise InvalidField(pointer, "not_a_url", "Write this as a web address, like https://example.com.")
    return url


def _leads_somewhere(url: str) -> bool:
    """To a host, over the web; with nothing in it that is not seen or not meant as an address."""
    if not url.isprintable() or any(letter in url for letter in ' "<>\\^`{|}'):
        return False
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in SCHEMES and "." in host.strip(".") and not parts.username


def _checkbox(_: FieldShape, given: object, pointer: str) -> bool:
    if isinstance(given, bool):
        return given
    folded = fold(given) if isinstance(given, str) else ""
    if folded in YES or folded in NO:
        return folded in YES
    raise InvalidField(pointer, "not_yes_or_no", "Write this as yes or no.")


_READ: Mapping[FieldKind, Callable[[FieldShape, Any, str], CustomValue]] = {
    FieldKind.TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.DATE: _date,
    FieldKind.CHOICE: _choice,
    FieldKind.URL: _url,
    FieldKind.CHECKBOX: _checkbox,
}
