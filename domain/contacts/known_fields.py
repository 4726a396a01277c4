"""Every field of a contact, those of the organization among them: what it is called, and what it can be used for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain.contacts.fields import ContactField
from domain.contacts.imports.preparing import IMPORTABLE, NAME
from domain.contacts.merge_values import MERGED
from domain.contacts.model import ContactStatus
from domain.contacts.normalisation import LONGEST
from domain.contacts.own_values import LONGEST_TEXT, LONGEST_URL, FieldKind
from domain.shared.culture import language_of

# What is no text: by key.
KINDS: Mapping[str, str] = {
    "email": "email",
    "business_phone": "phone",
    "mobile_phone": "phone",
    "time_zone": "time_zone",
    "status": "choice",
    "owner": "user",
}
FILTERABLE = ("status", "owner")
REQUIRED = ("last_name",)
LONGEST_OWN: Mapping[FieldKind, int] = {FieldKind.TEXT: LONGEST_TEXT, FieldKind.URL: LONGEST_URL}

LABELS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "first_name": "First name",
        "last_name": "Last name",
        "name": "Name",
        "salutation": "Salutation",
        "email": "Email",
        "company": "Company",
        "job_title": "Job title",
        "business_phone": "Business phone",
        "mobile_phone": "Mobile phone",
        "street": "Street",
        "city": "City",
        "state": "State",
        "zip": "Zip code",
        "country": "Country",
        "time_zone": "Time zone",
        "status": "Status",
        "owner": "Owner",
    },
    "de": {
        "first_name": "Vorname",
        "last_name": "Nachname",
        "name": "Name",
        "salutation": "Anrede",
        "email": "E-Mail",
        "company": "Unternehmen",
        "job_title": "Position",
        "business_phone": "Telefon geschäftlich",
        "mobile_phone": "Mobiltelefon",
        "street": "Straße",
        "city": "Ort",
        "state": "Bundesland",
        "zip": "Postleitzahl",
        "country": "Land",
        "time_zone": "Zeitzone",
        "status": "Status",
        "owner": "Zuständig",
    },
}


@dataclass(frozen=True, slots=True)
class KnownField:
    """A field by its key. `custom` ones are the organization's own, and their values stand in `custom`.

    `mergeable`: emails can name it. `name`, first and last name in one, is one that only files and emails have.
    """

    key: str
    label: str
    kind: str
    required: bool = False
    custom: bool = False
    choices: Sequence[str] = ()
    max_length: int | None = None
    filterable: bool = False
    mergeable: bool = False
    importable: bool = False


def known_fields(culture: str, statuses: Sequence[ContactStatus], own: Sequence[ContactField]) -> Sequence[KnownField]:
    """As people of this culture read them; in English where nothing is known in their language."""
    labels = LABELS.get(language_of(culture), LABELS["en"])
    return [*_of_everybody(labels, statuses), *map(_own, own)]


def _of_everybody(labels: Mapping[str, str], statuses: Sequence[ContactStatus]) -> Iterator[KnownField]:
    for key, label in labels.items():
        yield KnownField(
            key=key,
            label=label,
            kind="text" if key == NAME else KINDS.get(key, "text"),
            required=key in REQUIRED,
            choices=[status.label for status in statuses] if key == "status" else (),
            max_length=LONGEST.get(key) if key != "status" else None,
            filterable=key in FILTERABLE,
            mergeable=key in MERGED,
            importable=key in IMPORTABLE,
        )


def _own(field: ContactField) -> KnownField:
    return KnownField(
        key=field.key,
        label=field.label,
        kind=field.kind.value,
        custom=True,
        choices=field.choices,
        max_length=LONGEST_OWN.get(field.kind),
        filterable=True,
        mergeable=True,
        importable=True,
    )
