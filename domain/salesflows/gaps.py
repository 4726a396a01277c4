"""Which merge fields a Salesflow would miss for a contact."""

from collections.abc import Sequence

from domain.accounts.model import Organization, Sender
from domain.contacts.merge_values import merge_values
from domain.contacts.model import Contact
from domain.emails.merge_fields import MergeValues, in_order
from domain.emails.templates import Template, TemplateKind, compile_template
from domain.salesflows.model import Step

# What is not a plain merge field may look at the values themselves, so the answer for one contact is not another's.
LOGIC = "{%"


class Gaps:
    """Finds the fields without a value and without a fallback, in any variant of any step.

    For templates without logic it depends only on which fields are empty: thousands of contacts are a few renderings.
    """

    def __init__(self, steps: Sequence[Step], sender: Sender, organization: Organization) -> None:
        sources = {
            (source, kind)
            for step in steps
            for variant in step.variants
            if variant.weight
            for source, kind in ((variant.subject, TemplateKind.SUBJECT), (variant.body_html, TemplateKind.BODY))
        }
        self._templates = [compile_template(source, kind) for source, kind in sources]
        self._depends_on_values = any(LOGIC in source for source, _ in sources)
        self._named = frozenset[str]().union(*(template.fields for template in self._templates))
        self._of_sender: dict[str, dict[str, str | None]] = {
            "sender": sender_values(sender),
            "organization": {"name": organization.name},
        }
        self._known: dict[frozenset[str], tuple[str, ...]] = {}

    def of(self, contact: Contact) -> tuple[str, ...]:
        """The names of the fields that are missing, in order."""
        values: MergeValues = {**merge_values(contact), **self._of_sender}
        empty = frozenset(name for name in self._named if not _value(values, name))
        if not empty:
            return ()
        if empty not in self._known or self._depends_on_values:
            self._known[empty] = _missing(self._templates, values)
        return self._known[empty]


def sender_values(sender: Sender) -> dict[str, str | None]:
    """The values of `sender.…` in templates."""
    return {
        "name": sender.name,
        "first_name": sender.first_name,
        "email": sender.email,
        "phone": sender.phone,
        "job_title": sender.job_title,
        "company": sender.company,
    }


def _missing(templates: Sequence[Template], values: MergeValues) -> tuple[str, ...]:
    missing = {name for template in templates for name in template.missing_fields(values)}
    return in_order(missing)


def _value(values: MergeValues, name: str) -> str:
    group, field = name.split(".")
    return (values[group].get(field) or "").strip()
