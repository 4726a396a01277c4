"""Rows of the table of emails, as the domain knows them."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row

from adapters.postgres.tables import emails
from domain.emails.model import EmailState, OutgoingEmail
from domain.emails.threading import SentMessage
from domain.emails.writing import own_message_id
from domain.shared.ids import (
    ContactId,
    EmailId,
    EnrollmentId,
    MailboxId,
    OrganizationId,
    SalesflowId,
    StepId,
    StepRunId,
    UserId,
    VariantId,
)

# What an email says is long, and seldom needed.
WITHOUT_CONTENT = [column for column in emails.c if column.name not in ("mime", "html", "body")]


def send_key_in(message_id: str) -> str | None:
    """The key in a Message-ID of our own making, see domain.emails.writing.own_message_id."""
    local = message_id.strip("<>").partition("@")[0]
    key, dot, position = local.rpartition(".")
    return f"{key}:{position}" if dot and position.isdigit() else None


def _id(value: UUID | None, kind: Any) -> Any:
    return kind(value) if value else None


def outgoing_email(row: Row[Any]) -> OutgoingEmail:
    return OutgoingEmail(
        organization_id=OrganizationId(row.organization_id),
        id=EmailId(row.id),
        mailbox_id=MailboxId(row.mailbox_id),
        user_id=UserId(row.user_id),
        contact_id=ContactId(row.contact_id),
        send_key=row.send_key,
        state=EmailState(row.state),
        due_at=row.due_at,
        salesflow_id=_id(row.salesflow_id, SalesflowId),
        enrollment_id=_id(row.enrollment_id, EnrollmentId),
        step_run_id=_id(row.step_run_id, StepRunId),
        step_id=_id(row.step_id, StepId),
        variant_id=_id(row.variant_id, VariantId),
        fence=row.fence,
        subject=row.subject,
        to_address=row.to_address,
        from_address=row.from_address,
        draft_id=row.draft_id,
        cursor_before=row.cursor_before,
        sending_at=row.sending_at,
        checks=row.checks,
        sent_at=row.sent_at,
        provider_message_id=row.provider_message_id,
        thread_id=row.thread_id,
        message_id=row.message_id,
        references=tuple(row.reference_ids),
    )


def sent_message(row: Row[Any]) -> SentMessage:
    return SentMessage(
        email_id=row.id,
        message_ids=tuple(filter(None, (row.message_id, own_message_id(row.send_key, row.from_address or "")))),
        thread_id=row.thread_id,
        recipient=row.to_address or "",
        subject=row.subject or "",
        sent_at=row.sent_at or row.sending_at,
    )
