"""What a template can say about a contact."""

from collections.abc import Mapping

from domain.contacts.model import Contact, CustomValue
from domain.contacts.own_values import told

MERGED = (
    "first_name",
    "last_name",
    "name",
    "salutation",
    "email",
    "company",
    "job_title",
    "business_phone",
    "mobile_phone",
    "street",
    "city",
    "state",
    "zip",
    "country",
)


def merge_values(contact: Contact) -> dict[str, dict[str, str | None]]:
    """The values of `contact.…` and `custom.…` in templates; None where nothing is known, for a fallback to be used."""
    return {
        "contact": {name: getattr(contact, name) for name in MERGED},
        "custom": own_merge_values(contact.custom),
    }


def own_merge_values(custom: Mapping[str, CustomValue]) -> dict[str, str | None]:
    """The same of own fields alone. A box that is not ticked has no value, as conditions ask for it."""
    return {key: told(value) if value is not False else None for key, value in custom.items()}
