"""What there is about a person, table by table."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.sql.schema import Table

from adapters.postgres.connection import Transaction
from adapters.postgres.directory_tables import (
    contact_former_addresses,
    contact_import_changes,
    contact_imports,
    contact_list_members,
    contact_lists,
    contact_merges,
    contact_notes,
)
from adapters.postgres.merged_people import merged_into
from adapters.postgres.tables import (
    activities,
    contacts,
    email_links,
    emails,
    enrollments,
    inbound_messages,
    salesflows,
    tracking_hits,
    users,
)
from domain.shared.ids import ContactId

Row = Mapping[str, Any]


class PostgresPersonalData:
    """Implements domain.contacts.personal_data.PersonalDataStore."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def of(self, contact_id: ContactId) -> Mapping[str, Sequence[Row]]:
        records: list[UUID] = [contact_id, *await merged_into(self._transaction, contact_id)]
        found: dict[str, Sequence[Row]] = {}
        for name, query in _sections(records).items():
            rows = (await self._transaction.execute(query)).all()
            found[name] = [{f"{key}": value for key, value in row._mapping.items()} for row in rows]
        return found


def _of(table: Table, others: Table, key: str) -> ColumnElement[bool]:
    return and_(others.c.organization_id == table.c.organization_id, others.c.id == table.c[key])


def _sections(records: Sequence[UUID]) -> dict[str, Select[Any]]:
    return {**_mail(records), **_history(records), **_places(records)}


def _mail(records: Sequence[UUID]) -> dict[str, Select[Any]]:
    mine = emails.c.contact_id.in_(records)
    return {
        "emails": select(
            emails.c.sent_at,
            emails.c.state,
            emails.c.from_address,
            emails.c.to_address,
            emails.c.subject,
            emails.c.body.label("text"),
            emails.c.html,
        )
        .where(mine)
        .order_by(emails.c.created_at.desc()),
        "answers": select(
            inbound_messages.c.received_at,
            inbound_messages.c.kind,
            inbound_messages.c.from_address,
            inbound_messages.c.subject,
            inbound_messages.c.text,
        )
        .join(emails, _of(inbound_messages, emails, "email_id"))
        .where(mine)
        .order_by(inbound_messages.c.received_at.desc()),
        "opens_and_clicks": select(
            tracking_hits.c.at, tracking_hits.c.kind, tracking_hits.c.address, tracking_hits.c.user_agent
        )
        .join(emails, _of(tracking_hits, emails, "email_id"))
        .where(mine)
        .order_by(tracking_hits.c.at.desc()),
        "links": select(email_links.c.url, email_links.c.text)
        .join(emails, _of(email_links, emails, "email_id"))
        .where(mine)
        .order_by(emails.c.created_at.desc(), email_links.c.position),
    }


def _history(records: Sequence[UUID]) -> dict[str, Select[Any]]:
    user = users.c.name.label("user")
    return {
        "activities": select(activities.c.at, activities.c.type, user, activities.c.detail)
        .outerjoin(users, _of(activities, users, "user_id"))
        .where(activities.c.contact_id.in_(records))
        .order_by(activities.c.at.desc()),
        "notes": select(contact_notes.c.created_at, user, contact_notes.c.text)
        .outerjoin(users, _of(contact_notes, users, "user_id"))
        .where(contact_notes.c.contact_id.in_(records), contact_notes.c.deleted_at.is_(None))
        .order_by(contact_notes.c.created_at.desc()),
        "salesflows": select(salesflows.c.name, enrollments.c.started_at, enrollments.c.state, enrollments.c.reason)
        .select_from(enrollments.join(salesflows, _of(enrollments, salesflows, "salesflow_id")))
        .where(enrollments.c.contact_id.in_(records))
        .order_by(enrollments.c.started_at.desc()),
    }


def _places(records: Sequence[UUID]) -> dict[str, Select[Any]]:
    return {
        "lists": select(contact_lists.c.name, contact_list_members.c.added_at)
        .select_from(contact_list_members.join(contact_lists, _of(contact_list_members, contact_lists, "list_id")))
        .where(contact_list_members.c.contact_id == records[0], contact_lists.c.deleted_at.is_(None))
        .order_by(contact_lists.c.name),
        "imports": select(
            contact_imports.c.created_at,
            contact_imports.c.name.label("file"),
            contact_import_changes.c.line,
            contact_import_changes.c.outcome,
            contact_import_changes.c.before,
            contact_import_changes.c.after,
        )
        .select_from(
            contact_import_changes.join(contact_imports, _of(contact_import_changes, contact_imports, "import_id"))
        )
        .where(contact_import_changes.c.contact_id.in_(records))
        .order_by(contact_imports.c.created_at.desc()),
        "merged_records": select(
            contact_merges.c.at,
            contacts.c.first_name,
            contacts.c.last_name,
            contacts.c.email,
            contacts.c.company,
            contacts.c.business_phone,
            contacts.c.mobile_phone,
        )
        .select_from(contact_merges.join(contacts, _of(contact_merges, contacts, "merged_id")))
        .where(contact_merges.c.kept_id.in_(records))
        .order_by(contact_merges.c.at.desc()),
        "former_addresses": select(contact_former_addresses.c.at, contact_former_addresses.c.email_key.label("email"))
        .where(contact_former_addresses.c.contact_id.in_(records))
        .order_by(contact_former_addresses.c.at.desc(), contact_former_addresses.c.email_key),
    }
