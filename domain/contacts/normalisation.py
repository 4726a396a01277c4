"""In which form the fields of a contact are kept, and what is refused."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

import phonenumbers

from domain.accounts.profile import email_address
from domain.accounts.profile import time_zone as known_time_zone
from domain.contacts.model import UNSET, ContactChanges, NewContact
from domain.contacts.own_values import FieldShape, checked_values
from domain.contacts.phones import phone_number
from domain.shared.errors import FieldError, InvalidField, Rejected

LONGEST: Mapping[str, int] = {
    "salutation": 60,
    "first_name": 120,
    "last_name": 120,
    "company": 255,
    "job_title": 255,
    "street": 255,
    "city": 120,
    "state": 120,
    "zip": 40,
    "country": 120,
    "status": 120,
}
PHONES = ("business_phone", "mobile_phone")
REQUIRED = ("last_name", "status")

Given = TypeVar("Given", NewContact, ContactChanges)


def normalised(given: Given, default_country: str | None, own: Mapping[str, FieldShape] | None = None) -> Given:
    """Trimmed, nothing as None, addresses and phones in one form. Phones without a country code are read as of the
    contact's country where that is a code like DE, else of `default_country`. `own` are the
    organization's fields by their keys.

    Raises Rejected with one error a fault.
    """
    country = region(given.country) or default_country
    values: dict[str, Any] = {}
    errors: list[FieldError] = []
    for name in (field.name for field in fields(given)):
        value = getattr(given, name)
        if (
            value is UNSET
            or name in ("owner_id", "do_not_call", "custom")
            or (value is None and _is_optional(given, name))
        ):
            continue
        try:
            values[name] = kept(name, value, country)
        except Rejected as rejected:
            errors.extend(rejected.errors)
    own_values = checked_values(own or {}, given.custom)
    errors.extend(own_values.faults)
    if errors:
        raise Rejected(errors)
    return replace(given, **values, custom=own_values.kept)


def region(country: object) -> str | None:
    """The country if it is a code like DE, as phone numbers are read; None for everything else."""
    code = country.strip().upper() if isinstance(country, str) else None
    return code if code in phonenumbers.SUPPORTED_REGIONS else None


def can_be_kept(text: str) -> bool:
    """PostgreSQL keeps neither NUL nor what is no character."""
    if text.isascii():
        return "\0" not in text
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


def has_local_phone(given: NewContact | ContactChanges) -> bool:
    """Whether a phone is written without its country code, so that somebody has to say which country is meant."""
    phones = [getattr(given, name) for name in PHONES]
    return any(isinstance(phone, str) and not phone.strip().startswith("+") for phone in phones)


def _is_optional(given: NewContact | ContactChanges, name: str) -> bool:
    return name not in REQUIRED or (name == "status" and isinstance(given, NewContact))


def kept(name: str, given: str | None, country: str | None) -> str | None:
    """A field in the form in which it is kept. Raises InvalidField."""
    pointer = f"/{name}"
    text = _text(pointer, given)
    if text is None:
        if name in REQUIRED:
            raise InvalidField(pointer, "required", "This must not be empty.")
        return None
    if name == "email":
        return email_address(pointer, text)
    if name in PHONES:
        return phone_number(pointer, text, country)
    if name == "time_zone":
        return known_time_zone(pointer, text)
    if len(text) > LONGEST[name]:
        raise InvalidField(pointer, "too_long", f"This has at most {LONGEST[name]} characters.", maximum=LONGEST[name])
    return text


def _text(pointer: str, given: str | None) -> str | None:
    """Trimmed; nothing but spaces is None."""
    text = (given or "").strip()
    if not can_be_kept(text):
        raise InvalidField(pointer, "invalid_characters", "This contains characters that cannot be kept.")
    return text or None
