"""Phone numbers: kept as E.164, read in whatever way people write them."""

import re

import phonenumbers

from domain.contacts.usual_phones import plain_e164, plain_terms
from domain.shared.errors import InvalidField

POSSIBLE = phonenumbers.ValidationResult.IS_POSSIBLE

# What a phone number is written with, and how many digits make a text look like one.
_WRITTEN = re.compile(r"[\d\s()+\-./]+")
_TRUNK = re.compile(r"\(0\)")
_FEWEST_DIGITS = 5


def phone_number(pointer: str, given: str, country: str | None) -> str:
    """The number as E.164; one without a country code is read as one of the country. Raises InvalidField.

    The length decides, not the numbering plan: plans change faster than their tables, and a real number must pass.
    """
    return plain_e164(given, country) or _read_by_library(pointer, given, country)


def _read_by_library(pointer: str, given: str, country: str | None) -> str:
    try:
        number = phonenumbers.parse(given, country)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or phonenumbers.is_possible_number_with_reason(number) != POSSIBLE:
        raise InvalidField(pointer, "invalid_phone", "Give a phone number with its country code, like +1 202 555 0123.")
    if number.extension:
        raise InvalidField(pointer, "phone_extension", "Give the number without its extension.")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def phone_terms(e164: str) -> set[str]:
    """The digits to find it by: international, national, and as dialled inside of the country (0171… for +49171…)."""
    return plain_terms(e164) or _terms_by_library(e164)


def _terms_by_library(e164: str) -> set[str]:
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return {_digits(e164)}
    national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return {_digits(e164), phonenumbers.national_significant_number(number), _digits(national)} - {""}


def as_phone(text: str) -> str | None:
    """The digits of a text that looks like (the beginning of) a phone number, else None."""
    if not _WRITTEN.fullmatch(text):
        return None
    digits = _digits(_TRUNK.sub("", text) if "+" in text else text)
    if len(digits) < _FEWEST_DIGITS:
        return None
    return digits.removeprefix("00") if digits.startswith("00") else digits


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isascii() and letter.isdigit())
