"""The words that contacts are found by: a table leads from words to contacts, and each contact tells its own.

So nothing has to lead from contacts to words: what a contact was found by stands with it. What begins one of the keys
by which contacts are sorted is found in their indexes, and is not in the table.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import any_, bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY, insert

from adapters.postgres.connection import CompiledStatement, Transaction
from adapters.postgres.contact_rows import rows_of
from adapters.postgres.tables import ID, TEXT, contact_terms, contacts
from domain.contacts.folding import sort_key
from domain.contacts.model import Contact
from domain.contacts.search_terms import looked_up, terms_of
from domain.shared.ids import ContactId, OrganizationId

Found = tuple[str, ContactId]


async def add_terms(
    transaction: Transaction, organization_id: OrganizationId | None, records: Sequence[Contact]
) -> None:
    """Of contacts that are found by none yet, or by those that `keep_terms` kept."""
    found_by = sorted((term, record.id) for record in records for term in looked_up_of(record))
    if found_by:
        await transaction.fetch(ADD, organization_id=organization_id, **_apart(found_by))


def looked_up_of(record: Contact) -> set[str]:
    """What stands in the table of a contact."""
    return looked_up(terms_of(record), (sort_key(record.name), record.email_key, sort_key(record.company)))


async def keep_terms(transaction: Transaction, records: Sequence[Contact]) -> None:
    """Forgets by what else they were found. Before they are saved, as what is told is replaced then."""
    kept = {(term, record.id) for record in records for term in terms_of(record)}
    await _forget(transaction, await _told(transaction, [record.id for record in records]) - kept)


async def forget_terms(transaction: Transaction, contact_ids: Sequence[ContactId]) -> None:
    """They are found by nothing any more."""
    await _forget(transaction, await _told(transaction, contact_ids))


async def _told(transaction: Transaction, contact_ids: Sequence[ContactId]) -> set[Found]:
    rows = await transaction.fetch(TOLD, contact_ids=contact_ids) if contact_ids else ()
    return {(term, ContactId(row["id"])) for row in rows for term in row["terms"].split()}


async def _forget(transaction: Transaction, gone: Iterable[Found]) -> None:
    if gone:
        await transaction.fetch(FORGET, **_apart(sorted(gone)))


def _apart(found_by: Sequence[Found]) -> dict[str, list[object]]:
    return {"terms": [term for term, _ in found_by], "contact_ids": [contact_id for _, contact_id in found_by]}


def _adding() -> CompiledStatement:
    given = rows_of(terms=TEXT, contact_ids=ID)
    found_by = select(bindparam("organization_id", type_=ID), given.c.terms, given.c.contact_ids)
    statement = insert(contact_terms).from_select(["organization_id", "term", "contact_id"], found_by)
    return CompiledStatement(statement.on_conflict_do_nothing())


ADD = _adding()
TOLD = CompiledStatement(
    select(contacts.c.id, contacts.c.terms).where(contacts.c.id == any_(bindparam("contact_ids", type_=ARRAY(ID))))
)
# Looked up one by one, as a planner who knows nothing of the organization would read the table to join them.
FORGET = CompiledStatement(
    text(
        """
delete from contact_terms where ctid = any(array(
  select found.place from unnest(cast(:terms as text[]), cast(:contact_ids as uuid[])) as gone (term, contact_id)
  cross join lateral (
    select contact_terms.ctid as place from contact_terms
    where contact_terms.term = gone.term and contact_terms.contact_id = gone.contact_id offset 0
  ) as found))
"""
    )
)
