"""The fields that an organization adds to its contacts, and their values as filters find them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, insert, select, text, update

from adapters.postgres.connection import CompiledStatement, Transaction
from adapters.postgres.directory_tables import contact_fields
from domain.contacts.fields import ContactField
from domain.contacts.model import Contact
from domain.contacts.own_values import FieldKind, value_key
from domain.shared.ids import ContactFieldId, ContactId, OrganizationId


class PostgresContactFields:
    """Implements domain.contacts.fields.ContactFields. Reads those in use once in a unit."""

    def __init__(self, transaction: Transaction, organization_id: OrganizationId | None) -> None:
        self._transaction = transaction
        self._organization_id = organization_id
        self._known: Sequence[ContactField] | None = None

    async def all(self) -> Sequence[ContactField]:
        if self._known is None:
            used = select(contact_fields).where(contact_fields.c.archived_at.is_(None))
            ordered = used.order_by(contact_fields.c.position, contact_fields.c.key)
            self._known = [_field(row) for row in (await self._transaction.execute(ordered)).all()]
        return self._known

    async def with_archived(self) -> Sequence[ContactField]:
        fields = contact_fields.c
        ordered = select(contact_fields).order_by(fields.archived_at.desc().nulls_first(), fields.position, fields.key)
        await self._transaction.fetch(LOCK, name=f"contact_fields {self._organization_id}")
        return [_field(row) for row in (await self._transaction.execute(ordered)).all()]

    async def add(self, field: ContactField) -> None:
        self._known = None
        values = {"organization_id": self._organization_id, "id": field.id, **_columns(field)}
        await self._transaction.execute(insert(contact_fields).values(**values))

    async def save(self, fields: Sequence[ContactField]) -> None:
        self._known = None
        for field in fields:
            of_field = update(contact_fields).where(contact_fields.c.id == field.id)
            await self._transaction.execute(of_field.values(**_columns(field)))


async def put_values(
    transaction: Transaction, organization_id: OrganizationId | None, contacts: Sequence[Contact]
) -> None:
    """Contacts are found by the values that they have, and not by their former ones."""
    await transaction.fetch(FORGET, contact_ids=[contact.id for contact in contacts], **_values(contacts))
    await add_values(transaction, organization_id, contacts)


async def add_values(
    transaction: Transaction, organization_id: OrganizationId | None, contacts: Sequence[Contact]
) -> None:
    """Of contacts that had none."""
    if any(contact.custom for contact in contacts):
        await transaction.fetch(ADD, organization_id=organization_id, **_values(contacts))


def _values(contacts: Sequence[Contact]) -> Mapping[str, list[Any]]:
    """In the order of ids, so that two writers cannot wait for each other."""
    found: list[tuple[ContactId, str, str]] = sorted(
        (contact.id, key, value_key(value)) for contact in contacts for key, value in contact.custom.items()
    )
    return {
        "ids": [contact_id for contact_id, _, _ in found],
        "keys": [key for _, key, _ in found],
        "values": [value for _, _, value in found],
    }


def _columns(field: ContactField) -> dict[str, object]:
    return {
        "key": field.key,
        "label": field.label,
        "kind": field.kind.value,
        "choices": list(field.choices),
        "position": field.position,
        "created_at": field.created_at,
        "updated_at": field.updated_at,
        "archived_at": field.archived_at,
    }


def _field(row: Row[Any]) -> ContactField:
    return ContactField(
        id=ContactFieldId(row.id),
        key=row.key,
        label=row.label,
        kind=FieldKind(row.kind),
        position=row.position,
        created_at=row.created_at,
        updated_at=row.updated_at,
        choices=tuple(row.choices),
        archived_at=row.archived_at,
    )


LOCK = CompiledStatement(text("select pg_advisory_xact_lock(hashtextextended(cast(:name as text), 0))"))
# A field that does not exist any more has no values.
GIVEN = """
select fields.id as field_id, given.value, given.contact_id
from unnest(cast(:ids as uuid[]), cast(:keys as text[]), cast(:values as text[])) as given (contact_id, key, value)
join contact_fields as fields on fields.key = given.key
"""
ADD = CompiledStatement(
    text(
        f"""
insert into contact_values (organization_id, field_id, value, contact_id)
select cast(:organization_id as uuid), field_id, value, contact_id from ({GIVEN}) as found order by 2, 3, 4
on conflict do nothing
"""  # noqa: S608 - a part of the statement
    )
)
FORGET = CompiledStatement(
    text(
        f"""
delete from contact_values where contact_id = any(cast(:contact_ids as uuid[])) and not exists (
  select from ({GIVEN}) as kept
  where kept.contact_id = contact_values.contact_id and kept.field_id = contact_values.field_id
    and kept.value = contact_values.value)
"""  # noqa: S608 - as above
    )
)
