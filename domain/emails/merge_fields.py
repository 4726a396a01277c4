"""What a template can say about the contact, the sender and the organization."""

from collections.abc import Mapping
from dataclasses import dataclass

# The values of one email: {"contact": {"first_name": "Ann", …}, "sender": {…}, "organization": {…}}.
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


def sample_values() -> dict[str, dict[str, str]]:
    """Every field with its sample: for trying a template when it is saved, and for a preview without a contact."""
    values: dict[str, dict[str, str]] = {}
    for field in MERGE_FIELDS:
        group, name = field.name.split(".")
        values.setdefault(group, {})[name] = field.sample
    return values
