"""What an email of a step would look like: by the same templates and the same composition as sending."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.accounts.model import Organization, Sender
from domain.contacts.merge_values import merge_values
from domain.emails.composition import Footer, reply_subject, write_body
from domain.emails.merge_fields import MERGE_FIELDS, MergeField, MergeValues, merge_fields, sample_values
from domain.emails.templates import TemplateKind, compile_template
from domain.salesflows.drafting import DraftStep, faults_of
from domain.salesflows.gaps import sender_values
from domain.salesflows.model import Step, Thread
from domain.salesflows.ports import SalesflowUnit
from domain.salesflows.service import viewer_of
from domain.shared.errors import Rejected
from domain.shared.ids import ContactId, SalesflowId
from domain.shared.principal import Principal
from domain.shared.units import Units

# Where the real link would be; it names an email, and there is none yet.
NO_EMAIL_YET = "#unsubscribe"


@dataclass(frozen=True, slots=True)
class Preview:
    """An email that is not sent. A missing field shows as its label in brackets and is named in `missing`."""

    subject: str
    html: str
    text: str
    missing: tuple[str, ...]


class Previewing:
    """Shows steps as a contact would read them."""

    def __init__(self, *, units: Units[SalesflowUnit]) -> None:
        self._units = units

    async def fields(self, principal: Principal) -> Sequence[MergeField]:
        """The merge fields that a template can name, as the principal reads them."""
        async with self._units.of(principal.organization_id) as unit:
            return merge_fields((await unit.users.get(principal.user_id)).culture)

    async def preview(
        self, principal: Principal, salesflow_id: SalesflowId, draft: DraftStep, contact_id: ContactId | None
    ) -> Preview:
        """The step's first variant for this contact, or a sample one, as the principal would send it.

        Raises NotFound, Rejected with every fault.
        """
        faults = list(faults_of(draft, "/step"))
        if faults:
            raise Rejected(faults)
        async with self._units.of(principal.organization_id) as unit:
            salesflow = await unit.salesflows.get(salesflow_id, viewer_of(principal))
            steps = await unit.salesflows.steps(salesflow_id, salesflow.revision)
            sender = (await unit.users.senders([principal.user_id]))[principal.user_id]
            values = await _values(unit, sender, contact_id)
            organization = await unit.organizations.get()
        return _written(draft, steps, values, organization, sender)


def _written(
    draft: DraftStep, steps: Sequence[Step], values: MergeValues, organization: Organization, sender: Sender
) -> Preview:
    variant = draft.variants[0]
    answers = draft.thread is Thread.REPLY and not variant.subject.strip()
    source = steps[0].variants[0].subject if answers and steps else variant.subject
    subject = compile_template(source, TemplateKind.SUBJECT)
    body = compile_template(variant.body_html, TemplateKind.BODY)
    found = {*subject.missing_fields(values), *body.missing_fields(values)}
    missing = tuple(field.name for field in MERGE_FIELDS if field.name in found)
    shown = _with_labels(values, missing, sender.culture)
    footer = Footer(organization.name, organization.postal_address, NO_EMAIL_YET, sender.culture)
    written = write_body(body.render(shown), footer, sender.signature_html)
    title = subject.render(shown)
    return Preview(reply_subject(title) if answers else title, written.html, written.text, missing)


async def _values(unit: SalesflowUnit, sender: Sender, contact_id: ContactId | None) -> MergeValues:
    contact = merge_values(await unit.contacts.get(contact_id)) if contact_id else None
    return {
        "contact": contact or sample_values(sender.culture)["contact"],
        "sender": sender_values(sender),
        "organization": {"name": (await unit.organizations.get()).name},
    }


def _with_labels(values: MergeValues, missing: Sequence[str], culture: str) -> MergeValues:
    shown = {group: dict(fields) for group, fields in values.items()}
    labels = {field.name: field.label for field in merge_fields(culture)}
    for name in missing:
        group, field = name.split(".")
        shown[group][field] = f"[{labels[name]}]"
    return shown
