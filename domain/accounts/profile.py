"""What a user may change about himself, and in which form it is kept."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import phonenumbers
from babel import Locale, UnknownLocaleError
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

from domain.accounts.civil_time import zone_names
from domain.accounts.model import User
from domain.accounts.preferences import Address
from domain.accounts.public_holidays import country_of_culture
from domain.shared.errors import FieldError, InvalidField, Rejected

MAXIMUM_LENGTH = 120
LONGEST_PLAIN_ADDRESS = 63
PLAIN_ADDRESS = re.compile(r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9](?:-?[a-z0-9])*\.)+([a-z]{2,})")
RESERVED = {name.rpartition(".")[2] for name in SPECIAL_USE_DOMAIN_NAMES} - {"test"}


def changed(user: User, changes: Mapping[str, Any], now: datetime) -> User:
    """The user with these fields of the profile changed; None or nothing clears what may be empty.

    Of the address, too, only what is named changes. Working hours move with the time zone. Raises Rejected with one
    error a fault.
    """
    values: dict[str, Any] = {}
    errors: list[FieldError] = []
    country = country_of_culture(changes.get("culture") or user.culture)
    for name, given in changes.items():
        try:
            values[name] = address(user.address, given) if name == "address" else _kept(name, given, country)
        except Rejected as rejected:
            errors.extend(rejected.errors)
    if errors:
        raise Rejected(errors)
    if "time_zone" in values and user.working_hours:
        values["working_hours"] = replace(user.working_hours, time_zone=values["time_zone"])
    return replace(user, **values, updated_at=now)


def _kept(name: str, given: str | None, country: str | None) -> str | None:
    if name == "phone":
        return phone(given, country) if given and given.strip() else None
    return RULES[name](f"/{name}", given)


def address(known: Address, changes: Mapping[str, str | None] | None) -> Address:
    """The address with these fields changed; None clears it. Raises Rejected with one error a fault."""
    if changes is None:
        return Address()
    values: dict[str, str | None] = {}
    errors: list[FieldError] = []
    for name, given in changes.items():
        try:
            values[name] = optional_text(f"/address/{name}", given)
        except Rejected as rejected:
            errors.extend(rejected.errors)
    if errors:
        raise Rejected(errors)
    return replace(known, **values)


def phone(given: str, country: str | None, pointer: str = "/phone") -> str:
    """The number as E.164; one without a country code is read as one of the country. Raises InvalidField."""
    try:
        number = phonenumbers.parse(given, country)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise InvalidField(pointer, "invalid_phone", "Give a phone number with its country code, like +1 202 555 0123.")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def email_address(pointer: str, given: str) -> str:
    """The address as its owner writes it. Raises InvalidField for what cannot be one (RFC 5321)."""
    return given if is_plain_address(given) else _address_by_library(pointer, given)


def is_plain_address(given: str) -> bool:
    """Whether it is so short, small and plain that there is nothing to check or change: most of them, quickly."""
    plain = PLAIN_ADDRESS.fullmatch(given) if len(given) <= LONGEST_PLAIN_ADDRESS else None
    return plain is not None and plain[1] not in RESERVED


def _address_by_library(pointer: str, given: str) -> str:
    try:
        # Reserved top-level domains (RFC 2606) serve demonstrations and tests.
        return validate_email(given.strip(), check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        raise InvalidField(pointer, "invalid_email", "Give an email address, like ann@example.com.") from None


def culture(pointer: str, given: str | None) -> str:
    """The culture in its canonical spelling, like de-DE. Raises InvalidField."""
    try:
        locale = Locale.parse((given or "").replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError, TypeError):
        message = "Give a language and a region, like en-US."
        raise InvalidField(pointer, "unknown_culture", message) from None
    return str(locale).replace("_", "-")


def time_zone(pointer: str, given: str | None) -> str:
    """The time zone by its IANA name. Raises InvalidField."""
    if given not in zone_names():
        message = "Choose a time zone by its IANA name, like Europe/Berlin."
        raise InvalidField(pointer, "unknown_time_zone", message)
    return given


def required_text(pointer: str, given: str | None) -> str:
    """Trimmed text of one line that must not be empty. Raises InvalidField."""
    text = optional_text(pointer, given)
    if text is None:
        raise InvalidField(pointer, "required", "This must not be empty.")
    return text


def optional_text(pointer: str, given: str | None) -> str | None:
    """Trimmed text of one line; nothing is None. Raises InvalidField."""
    text = (given or "").strip()
    if len(text) > MAXIMUM_LENGTH:
        raise InvalidField(
            pointer, "too_long", f"This has at most {MAXIMUM_LENGTH} characters.", maximum=MAXIMUM_LENGTH
        )
    if not text.isprintable():
        raise InvalidField(pointer, "invalid_text", "This must be one line of plain text.")
    return text or None


RULES: Mapping[str, Callable[[str, str | None], str | None]] = {
    "name": required_text,
    "job_title": optional_text,
    "company": optional_text,
    "time_zone": time_zone,
    "culture": culture,
}
