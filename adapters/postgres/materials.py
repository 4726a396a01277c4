"""What emails are written from, for a whole batch in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import text

from adapters.postgres import preferences
from adapters.postgres.connection import CompiledStatement, Transaction
from domain.accounts.signatures import signature_html
from domain.contacts.merge_values import own_merge_values
from domain.emails.model import Answered, Material, OutgoingEmail
from domain.shared.ids import EmailId


@dataclass(frozen=True, slots=True)
class _Signer:
    name: str
    email: str
    phone: str | None
    job_title: str | None
    company: str | None


CONTACT_FIELDS = (
    "first_name",
    "last_name",
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

MATERIALS = CompiledStatement(
    text(
        """
select emails.id,
  variants.subject as subject_template, variants.body_html as body_template, steps.thread = 'reply' as is_reply,
  contacts.first_name, contacts.last_name, contacts.salutation, contacts.email, contacts.company, contacts.job_title,
  contacts.business_phone, contacts.mobile_phone, contacts.street, contacts.city, contacts.state, contacts.zip,
  contacts.country, cast(contacts.custom as text) as custom,
  users.name as sender_name, users.email as sender_email, users.phone as sender_phone,
  users.job_title as sender_job_title, users.company as sender_company, users.culture as sender_culture,
  cast(users.signature as text) as signature,
  mailboxes.address as mailbox_address, organizations.name as organization_name, organizations.postal_address,
  before.id as before_id, before.subject as before_subject, before.provider_message_id as before_provider_message_id,
  before.thread_id as before_thread_id, before.message_id as before_message_id,
  before.reference_ids as before_references, before.mailbox_id = emails.mailbox_id as before_same_mailbox
from emails
join contacts on contacts.organization_id = emails.organization_id and contacts.id = emails.contact_id
join users on users.organization_id = emails.organization_id and users.id = emails.user_id
join organizations on organizations.id = emails.organization_id
join mailboxes on mailboxes.organization_id = emails.organization_id and mailboxes.id = emails.mailbox_id
join step_variants as variants on variants.organization_id = emails.organization_id and variants.id = emails.variant_id
join salesflow_steps as steps on steps.organization_id = emails.organization_id and steps.id = emails.step_id
left join lateral (
  select * from emails as earlier
  where earlier.organization_id = emails.organization_id and earlier.enrollment_id = emails.enrollment_id
    and earlier.state = 'sent' and earlier.id <> emails.id
  order by earlier.mailbox_id = emails.mailbox_id desc, earlier.sent_at desc limit 1
) as before on true
where emails.id = any(cast(:ids as uuid[]))
"""
    )
)


async def materials_of(transaction: Transaction, emails: Sequence[OutgoingEmail]) -> Mapping[EmailId, Material]:
    """Of those emails that have a template and whose contact still exists."""
    of = {email.id: email for email in emails}
    rows = await transaction.fetch(MATERIALS, ids=list(of))
    return {EmailId(row["id"]): _material(row, of[EmailId(row["id"])]) for row in rows}


def _material(row: Any, email: OutgoingEmail) -> Material:
    name = " ".join(filter(None, (row["first_name"], row["last_name"])))
    return Material(
        email=email,
        subject_template=row["subject_template"],
        body_template=row["body_template"],
        is_reply=row["is_reply"],
        values={
            "contact": {**{field: row[field] for field in CONTACT_FIELDS}, "name": name},
            "custom": own_merge_values(orjson.loads(row["custom"])),
            "sender": {
                "name": row["sender_name"],
                "first_name": next(iter(row["sender_name"].split()), ""),
                "email": row["mailbox_address"],
                "phone": row["sender_phone"],
                "job_title": row["sender_job_title"],
                "company": row["sender_company"],
            },
            "organization": {"name": row["organization_name"]},
        },
        recipient_name=name,
        recipient_address=row["email"] or "",
        sender_name=row["sender_name"],
        sender_address=row["mailbox_address"],
        organization_name=row["organization_name"],
        postal_address=row["postal_address"],
        before=_before(row),
        signature=_signature(row),
        sender_culture=row["sender_culture"],
    )


def _signature(row: Any) -> str:
    """As the settings show it: with the address that the user signs in with."""
    stored = row["signature"]
    if stored is None:
        return ""
    signer = _Signer(
        row["sender_name"], row["sender_email"], row["sender_phone"], row["sender_job_title"], row["sender_company"]
    )
    return signature_html(preferences.signature(orjson.loads(stored)), signer)


def _before(row: Any) -> Answered | None:
    if row["before_id"] is None:
        return None
    return Answered(
        email_id=EmailId(row["before_id"]),
        subject=row["before_subject"] or "",
        provider_message_id=row["before_provider_message_id"],
        thread_id=row["before_thread_id"],
        message_id=row["before_message_id"],
        references=tuple(row["before_references"]),
        same_mailbox=row["before_same_mailbox"],
    )
