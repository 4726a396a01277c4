"""Who went into whom, as far as it was not taken back: chains are short, and most contacts are in none."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import any_, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from adapters.postgres.connection import Transaction
from adapters.postgres.directory_tables import contact_merges
from adapters.postgres.tables import ID
from domain.shared.ids import ContactId

STANDS = contact_merges.c.undone_at.is_(None)


async def merged_into(transaction: Transaction, contact_id: UUID) -> list[ContactId]:
    """Whose histories belong to the contact: those that were merged into it, and into them."""
    return await _followed(transaction, [contact_id], contact_merges.c.kept_id, contact_merges.c.merged_id)


async def heirs_of(transaction: Transaction, contact_ids: Iterable[UUID]) -> list[ContactId]:
    """Those that the contacts were merged into, and these again."""
    return await _followed(transaction, list(contact_ids), contact_merges.c.merged_id, contact_merges.c.kept_id)


async def _followed(transaction: Transaction, ids: list[UUID], along: Any, to: Any) -> list[ContactId]:
    found: list[ContactId] = []
    while ids:
        query = select(to.label("id")).where(along == any_(literal(ids, ARRAY(ID))), STANDS)
        further = [ContactId(row.id) for row in (await transaction.execute(query)).all() if row.id not in found]
        found += further
        ids = list(further)
    return found
