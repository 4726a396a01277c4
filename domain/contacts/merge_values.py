"""What a template can say about a contact."""

from domain.contacts.model import Contact

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


def merge_values(contact: Contact) -> dict[str, str | None]:
    """The values of `contact.…` in templates; None where nothing is known, so that a fallback is used."""
    return {name: getattr(contact, name) for name in MERGED}
