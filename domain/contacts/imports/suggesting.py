"""Which field a column looks like: by what stands at its head, and by what stands in it."""

import re
from collections.abc import Callable, Mapping, Sequence

from domain.accounts.civil_time import zone_names
from domain.contacts.folding import fold
from domain.contacts.imports.header_words import CLEAR, FIELDS, NAMES, SALUTATIONS, TITLES, compared

# Of what stands in a column, so much has to look alike.
MOST_OF_IT = 0.7

_ADDRESS = re.compile(r"[^\s@,;]+@[^\s@,;]+\.[A-Za-z]{2,}")
_PHONE = re.compile(r"(?:\+|00|\(?0|\([2-9])[0-9 ().\-/]{6,20}|[2-9][0-9]{2}[ .\-][0-9]{3}[ .\-][0-9]{4}")

Looks = Callable[[str], bool]


def suggestions(
    names: Sequence[str], samples: Sequence[Sequence[str]], own_fields: Mapping[str, str]
) -> Sequence[str | None]:
    """A field for every column, or none; no field twice. `own_fields` are the organization's: their keys by label."""
    known = {**{compared(label): key for label, key in own_fields.items()}, **FIELDS}
    headers = [compared(name) for name in names]
    found: list[str | None] = [None] * len(names)
    for number, header in enumerate(headers):
        _give(found, number, known.get(header))
    for number, header in enumerate(headers):
        if found[number] is None:
            _give(found, number, _by_the_others(header, samples[number], headers, found))
    for number in range(len(names)):
        if found[number] is None:
            for field in _by_content(samples[number]):
                _give(found, number, field)
    return found


def _give(found: list[str | None], number: int, field: str | None) -> None:
    if field is not None and field not in found and found[number] is None:
        found[number] = field


def _by_the_others(
    header: str, samples: Sequence[str], headers: Sequence[str], found: Sequence[str | None]
) -> str | None:
    """What `Name` and `Title` mean depends on what else there is, or on what stands there."""
    if header in NAMES:
        if "first_name" in found:
            return "last_name"
        return "first_name" if "last_name" in found else "name"
    if header in TITLES:
        return "salutation" if _most(samples, _is_salutation) else "job_title"
    # `E-Mail (geschäftlich)`, `Email address of the person`, `Contact: Last name`.
    said = {
        field for words, field in FIELDS.items() if (" " in words or words in CLEAR) and f" {words} " in f" {header} "
    }
    return said.pop() if len(said) == 1 else None


def _by_content(samples: Sequence[str]) -> Sequence[str]:
    """The fields that it may be, the likeliest first."""
    if _most(samples, _is_address):
        return ["email"]
    if _most(samples, _is_phone):
        return ["business_phone", "mobile_phone"]
    return ["time_zone"] if _most(samples, zone_names().__contains__) else []


def _most(samples: Sequence[str], looks: Looks) -> bool:
    filled = [sample.strip() for sample in samples if sample.strip()]
    return bool(filled) and sum(looks(sample) for sample in filled) >= MOST_OF_IT * len(filled)


def _is_address(text: str) -> bool:
    return _ADDRESS.fullmatch(text) is not None


def _is_phone(text: str) -> bool:
    return _PHONE.fullmatch(text) is not None


def _is_salutation(text: str) -> bool:
    return all(word.strip(".") in SALUTATIONS for word in fold(text).split())
