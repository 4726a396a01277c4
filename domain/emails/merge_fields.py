"""What a template can say about the contact, the sender and the organization."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from domain.shared.culture import language_of

# The values of one email: {"contact": {"first_name": "Ann", …}, "custom": {…}, "sender": {…}, "organization": {…}}.
MergeValues = Mapping[str, Mapping[str, str | None]]


@dataclass(frozen=True, slots=True)
class MergeField:
    """A field by its name in templates (`contact.first_name`), its label for people, and a sample for previews."""

    name: str
    label: str
    sample: str


MERGE_FIELDS = (
    MergeField("contact.first_name", "First name", "Alex"),
    MergeField("contact.last_name", "Last name", "Morgan"),
    MergeField("contact.name", "Name", "Alex Morgan"),
    MergeField("contact.salutation", "Salutation", "Ms."),
    MergeField("contact.email", "Email", "alex.morgan@example.com"),
    MergeField("contact.company", "Company", "Fabrikam"),
    MergeField("contact.job_title", "Job title", "Head of Purchasing"),
    MergeField("contact.business_phone", "Business phone", "+1 202 555 0143"),
    MergeField("contact.mobile_phone", "Mobile phone", "+1 202 555 0178"),
    MergeField("contact.street", "Street", "1 Main Street"),
    MergeField("contact.city", "City", "Springfield"),
    MergeField("contact.state", "State", "Illinois"),
    MergeField("contact.zip", "Zip code", "62701"),
    MergeField("contact.country", "Country", "United States"),
    MergeField("sender.name", "Your name", "Sam Taylor"),
    MergeField("sender.first_name", "Your first name", "Sam"),
    MergeField("sender.email", "Your email", "sam.taylor@example.com"),
    MergeField("sender.phone", "Your phone", "+1 202 555 0111"),
    MergeField("sender.job_title", "Your job title", "Account Executive"),
    MergeField("sender.company", "Your company", "Contoso"),
    MergeField("organization.name", "Organization", "Contoso"),
)
MERGE_FIELD_NAMES = frozenset(field.name for field in MERGE_FIELDS)
# The fields that an organization adds to its contacts, by their keys. Which there are, it knows alone.
CUSTOM = "custom"
_OWN = re.compile(rf"{CUSTOM}\.[a-z][a-z0-9_]*")
SAMPLE = "Sample"

# Labels and samples in languages beside English.
TRANSLATED: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "de": {
        "contact.first_name": ("Vorname", "Alex"),
        "contact.last_name": ("Nachname", "Morgen"),
        "contact.name": ("Name", "Alex Morgen"),
        "contact.salutation": ("Anrede", "Frau"),
        "contact.email": ("E-Mail", "alex.morgen@example.com"),
        "contact.company": ("Unternehmen", "Fabrikam"),
        "contact.job_title": ("Position", "Leitung Einkauf"),
        "contact.business_phone": ("Telefon geschäftlich", "+49 30 901820"),
        "contact.mobile_phone": ("Mobiltelefon", "+49 1512 3456789"),
        "contact.street": ("Straße", "Hauptstraße 1"),
        "contact.city": ("Ort", "Neustadt"),
        "contact.state": ("Bundesland", "Hessen"),
        "contact.zip": ("Postleitzahl", "35279"),
        "contact.country": ("Land", "Deutschland"),
        "sender.name": ("Ihr Name", "Toni Schneider"),
        "sender.first_name": ("Ihr Vorname", "Toni"),
        "sender.email": ("Ihre E-Mail", "toni.schneider@example.com"),
        "sender.phone": ("Ihr Telefon", "+49 30 901821"),
        "sender.job_title": ("Ihre Position", "Kundenberatung"),
        "sender.company": ("Ihr Unternehmen", "Contoso"),
        "organization.name": ("Organisation", "Contoso"),
    }
}
_BY_LANGUAGE = {
    language: tuple(MergeField(field.name, *told[field.name]) for field in MERGE_FIELDS)
    for language, told in TRANSLATED.items()
}


def merge_fields(culture: str) -> tuple[MergeField, ...]:
    """The fields as people of this culture read them; in English where nothing is known in their language."""
    return _BY_LANGUAGE.get(language_of(culture), MERGE_FIELDS)


def is_own(name: str) -> bool:
    """Whether it may be a field of an organization: `custom.renewal_date`."""
    return _OWN.fullmatch(name) is not None


def in_order(names: Collection[str]) -> tuple[str, ...]:
    """In the order of MERGE_FIELDS, an organization's own behind."""
    own = sorted(name for name in names if name not in MERGE_FIELD_NAMES)
    return (*(field.name for field in MERGE_FIELDS if field.name in names), *own)


def sample_values(culture: str = "en", own: Collection[str] = ()) -> dict[str, dict[str, str]]:
    """Every field with its sample: for trying a template when it is saved, and for a preview without a contact. `own`
    are names of an organization's fields."""
    values: dict[str, dict[str, str]] = {CUSTOM: {name.partition(".")[2]: SAMPLE for name in own}}
    for field in merge_fields(culture):
        group, name = field.name.split(".")
        values.setdefault(group, {})[name] = field.sample
    return values
