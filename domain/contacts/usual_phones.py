"""Phone numbers as most people write them, read in a tenth of the time that the library takes for whatever there is.

What is not plain is left to the library, which None says. A test holds both to the same answers.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberFormat, PhoneMetadata

_INTERNATIONAL = re.compile(r"\+[1-9][0-9 ().\-/]*")
_NATIONAL = re.compile(r"[0-9(][0-9 ().\-/]*")
_BARE = str.maketrans("", "", "+ ().-/")
_LONGEST = 40
_LONGEST_CODE = 3
_NOT_GEOGRAPHIC = "001"

Pattern = re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Shape:
    """One of the ways in which numbers of a country are written at home: most often all digits after a `lead`."""

    begins: Pattern | None
    whole: Pattern
    written: str
    lead: str | None


@dataclass(frozen=True, slots=True)
class Numbering:
    """The numbers of a country. `prefix` is dialled before them at home, `abroad` before those of other countries."""

    code: str
    lengths: frozenset[int]
    viable: Pattern
    prefix: Pattern | None
    abroad: Pattern | None
    shapes: Sequence[Shape]
    # Whether numbers are written at home as they are, whatever their shape.
    is_bare: bool

    def takes(self, national: str) -> bool:
        """A number without anything in front of it, of a length that there is."""
        if len(national) not in self.lengths or national[0] == "0":
            return False
        return self.prefix is None or not self.prefix.match(national)

    def from_home(self, digits: str) -> str | None:
        """The number that is dialled so inside of the country."""
        if digits.startswith(self.code) or (self.abroad and self.abroad.match(digits)):
            return None
        dialled = self.prefix.match(digits) if self.prefix else None
        if dialled is None:
            return digits
        bare = digits[dialled.end() :]
        is_plain = not any(dialled.groups()) and self.viable.fullmatch(bare)
        return bare if is_plain else None

    def at_home(self, national: str) -> str:
        """The digits as they are written inside of the country."""
        if self.is_bare:
            return national
        for shape in self.shapes:
            if (shape.begins is None or shape.begins.match(national)) and shape.whole.fullmatch(national):
                if shape.lead is not None:
                    return shape.lead + national
                written = shape.whole.sub(shape.written, national)
                return "".join(letter for letter in written if "0" <= letter <= "9")
        return national


def plain_e164(given: str, country: str | None) -> str | None:
    """The number in one form; None when the library has to look."""
    if len(given) > _LONGEST:
        return None
    if _INTERNATIONAL.fullmatch(given):
        digits = given.translate(_BARE)
        numbering = numbering_of(digits)
        taken = numbering is not None and numbering.takes(digits[len(numbering.code) :])
        return f"+{digits}" if taken else None
    known = _of_country(country) if country and _NATIONAL.fullmatch(given) else None
    national = known.from_home(given.translate(_BARE)) if known else None
    return f"+{known.code}{national}" if known and national and known.takes(national) else None


def plain_terms(e164: str) -> set[str] | None:
    """The digits to find it by: international, without the country's code, as written at home. None as above."""
    digits = e164[1:]
    numbering = numbering_of(digits)
    if numbering is None:
        return None
    national = digits[len(numbering.code) :]
    return {digits, national, numbering.at_home(national)} if numbering.takes(national) else None


def numbering_of(digits: str) -> Numbering | None:
    """That of the country whose code the digits begin with: no code begins another one."""
    for length in range(1, _LONGEST_CODE + 1):
        found = _of_code(digits[:length])
        if found:
            return found
    return None


@lru_cache(maxsize=2048)
def _of_code(code: str) -> Numbering | None:
    known = code.isascii() and code.isdigit() and int(code) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE
    return _of_region(phonenumbers.region_code_for_country_code(int(code))) if known else None


@lru_cache(maxsize=512)
def _of_country(country: str) -> Numbering | None:
    """Of countries that share a code, the first one's lengths hold for all."""
    numbering = _of_region(country)
    first = _of_code(numbering.code) if numbering else None
    return replace(numbering, lengths=numbering.lengths & first.lengths) if numbering and first else None


@lru_cache(maxsize=512)
def _of_region(region: str) -> Numbering | None:
    rules = PhoneMetadata.metadata_for_region(region, None) if region != _NOT_GEOGRAPHIC else None
    if rules is None or rules.general_desc is None:
        return None
    parsing, shapes = rules.national_prefix_for_parsing, [_shape(shape) for shape in rules.number_format]
    return Numbering(
        code=str(rules.country_code),
        lengths=frozenset(rules.general_desc.possible_length),
        viable=re.compile(rules.general_desc.national_number_pattern or ""),
        prefix=re.compile(parsing) if parsing else None,
        abroad=re.compile(rules.international_prefix) if rules.international_prefix else None,
        shapes=shapes,
        is_bare=not any(shape.lead is None or shape.lead for shape in shapes),
    )


def _shape(shape: NumberFormat) -> Shape:
    begins, rule = shape.leading_digits_pattern, shape.national_prefix_formatting_rule
    plain = shape.format or ""
    written = re.sub(r"(\\\d)", rule, plain, count=1) if rule else plain
    whole = re.compile(shape.pattern or "")
    return Shape(re.compile(begins[-1]) if begins else None, whole, written, _lead(written, whole.groups))


def _lead(written: str, groups: int) -> str | None:
    """What stands before the groups, if they follow in their order, each once."""
    parts = re.findall(r"\\\d|\d", written)
    first = len(parts) - groups
    in_order = parts[first:] == [f"\\{number}" for number in range(1, groups + 1)]
    return "".join(parts[:first]) if in_order and all(part.isdigit() for part in parts[:first]) else None
