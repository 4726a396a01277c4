"""What an email of a step would look like: by the same templates and the same composition as sending."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.accounts.model import Organization, Sender
from domain.contacts.fields import ContactField, shapes_of
from domain.contacts.merge_values import merge_values
from domain.contacts.own_values import FieldKind
from domain.emails.composition import Footer, reply_subject, write_body
from domain.emails.merge_fields import CUSTOM, MergeField, MergeValues, in_order, merge_fields
from domain.emails.templates import TemplateKind, compile_template
from domain.salesflows.drafting import DraftStep, faults_of, unknown_fields
from domain.salesflows.gaps import sender_values
from domain.salesflows.model import Step, Thread
from domain.salesflows.ports import SalesflowUnit
from domain.salesflows.service import viewer_of
from domain.shared.errors import Rejected
from domain.shared.ids import ContactId, SalesflowId
from domain.shared.principal import Principal
from domain.shared.units import Units

# Of a text the label tells best what stands there.
SAMPLES: Mapping[FieldKind, str] = {
    FieldKind.NUMBER: "42",
    FieldKind.DATE: "2027-03-31",
    FieldKind.URL: "https://example.com",
    FieldKind.CHECKBOX: "true",
}
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
            return await _fields(unit, (await unit.users.get(principal.user_id)).culture)

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
            unknown = list(unknown_fields(draft, "/step", shapes_of(await unit.contact_fields.all())))
            if unknown:
                raise Rejected(unknown)
            salesflow = await unit.salesflows.get(salesflow_id, viewer_of(principal))
            steps = await unit.salesflows.steps(salesflow_id, salesflow.revision)
            sender = (await unit.users.senders([principal.user_id]))[principal.user_id]
            values = await _values(unit, sender, contact_id)
            organization = await unit.organizations.get()
            labels = {field.name: field.label for field in await _fields(unit, sender.culture)}
        return _written(draft, steps, values, organization, sender, labels)


def _written(
    draft: DraftStep,
    steps: Sequence[Step],
    values: MergeValues,
    organization: Organization,
    sender: Sender,
    labels: Mapping[str, str],
) -> Preview:
    variant = draft.variants[0]
    answers = draft.thread is Thread.REPLY and not variant.subject.strip()
    source = steps[0].variants[0].subject if answers and steps else variant.subject
    subject = compile_template(source, TemplateKind.SUBJECT)
    body = compile_template(variant.body_html, TemplateKind.BODY)
    missing = in_order({*subject.missing_fields(values), *body.missing_fields(values)})
    shown = _with_labels(values, missing, labels)
    footer = Footer(organization.name, organization.postal_address, NO_EMAIL_YET, sender.culture)
    written = write_body(body.render(shown), footer, sender.signature_html)
    title = subject.render(shown)
    return Preview(reply_subject(title) if answers else title, written.html, written.text, missing)


async def _values(unit: SalesflowUnit, sender: Sender, contact_id: ContactId | None) -> MergeValues:
    fields = await _fields(unit, sender.culture)
    return {
        **(merge_values(await unit.contacts.get(contact_id)) if contact_id else _samples(fields)),
        "sender": sender_values(sender),
        "organization": {"name": (await unit.organizations.get()).name},
    }


async def _fields(unit: SalesflowUnit, culture: str) -> Sequence[MergeField]:
    """Those of everybody, and the organization's own."""
    own = await unit.contact_fields.all()
    return (*merge_fields(culture), *(MergeField(f"{CUSTOM}.{one.key}", one.label, _sample(one)) for one in own))


def _sample(field: ContactField) -> str:
    """A value that such a field can have."""
    return field.choices[0] if field.choices else SAMPLES.get(field.kind, field.label)


def _samples(fields: Sequence[MergeField]) -> dict[str, dict[str, str | None]]:
    """Of a contact that there is not."""
    values: dict[str, dict[str, str | None]] = {"contact": {}, CUSTOM: {}}
    for field in fields:
        group, name = field.name.split(".")
        if group in values:
            values[group][name] = field.sample
    return values


def _with_labels(values: MergeValues, missing: Sequence[str], labels: Mapping[str, str]) -> MergeValues:
    shown = {group: dict(fields) for group, fields in values.items()}
    for name in missing:
        group, field = name.split(".")
        shown[group][field] = f"[{labels.get(name, name)}]"
    return shown
