"""Pairs of contacts that may be one person, found by a statement a part of everybody."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, any_, delete, func, literal, or_, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import ARRAY

from adapters.postgres.connection import CompiledStatement, Transaction
from adapters.postgres.directory_tables import possible_duplicates
from adapters.postgres.paging import read_cursor, write_cursor
from adapters.postgres.tables import TEXT, contact_terms, contacts
from domain.contacts.duplicates import MOST_SHARING, DuplicateReason, Pair
from domain.shared.errors import NotFound
from domain.shared.ids import ContactId, OrganizationId, UserId
from domain.shared.paging import Page, PageRequest

ORDER = "possible_duplicates"
# Of a name that so many have at one company, each is paired with the first alone.
FOUND = """
insert into possible_duplicates (organization_id, first_id, second_id, reason, found_at)
select organization_id, first_id, id, :reason, :at
from (
  select organization_id, id, first_value(id) over same as first_id, count(*) over same as sharing
  from ({alike}) as alike
  window same as (partition by mark, mark_too order by id rows between unbounded preceding and unbounded following)
) as grouped
where id <> first_id and sharing <= :most
on conflict (organization_id, first_id, second_id) do update set found_at = excluded.found_at
  where possible_duplicates.dismissed_at is null
returning first_id
"""
PHONES = """
  select organization_id, id, business_phone as mark, '' as mark_too from contacts
  where deleted_at is null and business_phone is not null
    and mod(abs(cast(hashtext(business_phone) as bigint)), :parts) = :part
  union
  select organization_id, id, mobile_phone, '' from contacts
  where deleted_at is null and mobile_phone is not null
    and mod(abs(cast(hashtext(mobile_phone) as bigint)), :parts) = :part
"""
NAMES = """
  select organization_id, id, name_key as mark, company_key as mark_too from contacts
  where deleted_at is null and company_key <> ''
    and mod(abs(cast(hashtext(name_key) as bigint)), :parts) = :part
"""
STATEMENTS = {
    DuplicateReason.PHONE: CompiledStatement(text(FOUND.format(alike=PHONES))),
    DuplicateReason.NAME_AND_COMPANY: CompiledStatement(text(FOUND.format(alike=NAMES))),
}
MOST = {DuplicateReason.PHONE: MOST_SHARING, DuplicateReason.NAME_AND_COMPANY: 1_000}

FIRST, SECOND = contacts.alias("first"), contacts.alias("second")
PAIRS = possible_duplicates.join(
    FIRST,
    and_(
        FIRST.c.organization_id == possible_duplicates.c.organization_id,
        FIRST.c.id == possible_duplicates.c.first_id,
        FIRST.c.deleted_at.is_(None),
    ),
).join(
    SECOND,
    and_(
        SECOND.c.organization_id == possible_duplicates.c.organization_id,
        SECOND.c.id == possible_duplicates.c.second_id,
        SECOND.c.deleted_at.is_(None),
    ),
)


class PostgresPossibleDuplicates:
    """Implements domain.contacts.duplicates.PossibleDuplicates."""

    def __init__(self, transaction: Transaction, organization_id: OrganizationId | None) -> None:
        self._transaction = transaction
        self._organization_id = organization_id

    async def with_phones(self, phones: Collection[str], limit: int) -> Sequence[ContactId]:
        digits = [phone.removeprefix("+") for phone in phones]
        of_contact = and_(
            contacts.c.organization_id == contact_terms.c.organization_id, contacts.c.id == contact_terms.c.contact_id
        )
        query = (
            select(contacts.c.id)
            .distinct()
            .select_from(contact_terms.join(contacts, of_contact))
            .where(
                contact_terms.c.term == any_(literal(digits, ARRAY(TEXT))),
                contacts.c.deleted_at.is_(None),
                or_(contacts.c.business_phone.in_(phones), contacts.c.mobile_phone.in_(phones)),
            )
        )
        return [ContactId(row.id) for row in (await self._transaction.execute(query.limit(limit))).all()]

    async def with_name(self, name_key: str, company_key: str, limit: int) -> Sequence[ContactId]:
        same = (contacts.c.name_key == name_key, contacts.c.company_key == company_key)
        query = select(contacts.c.id).where(*same, contacts.c.deleted_at.is_(None)).order_by(contacts.c.id)
        return [ContactId(row.id) for row in (await self._transaction.execute(query.limit(limit))).all()]

    async def count(self) -> int:
        alive = select(func.count()).select_from(contacts).where(contacts.c.deleted_at.is_(None))
        return int((await self._transaction.execute(alive)).scalar_one())

    async def find(self, reason: DuplicateReason, part: int, parts: int, at: datetime) -> int:
        values = {"reason": reason.value, "part": part, "parts": parts, "at": at, "most": MOST[reason]}
        return len(await self._transaction.fetch(STATEMENTS[reason], **values))

    async def forget_before(self, at: datetime) -> None:
        pairs = possible_duplicates.c
        await self._transaction.execute(
            delete(possible_duplicates).where(pairs.found_at < at, pairs.dismissed_at.is_(None))
        )

    async def page(self, page: PageRequest) -> Page[Pair]:
        pairs = possible_duplicates.c
        query = select(possible_duplicates).select_from(PAIRS).where(pairs.dismissed_at.is_(None))
        if page.cursor:
            at, first_id, second_id = read_cursor(ORDER, page.cursor, (datetime, UUID, UUID))
            behind = tuple_(pairs.first_id, pairs.second_id) > tuple_(first_id, second_id)
            query = query.where(or_(pairs.found_at < at, and_(pairs.found_at == at, behind)))
        query = query.order_by(pairs.found_at.desc(), pairs.first_id, pairs.second_id).limit(page.limit + 1)
        rows = (await self._transaction.execute(query)).all()
        items = [
            Pair(ContactId(row.first_id), ContactId(row.second_id), DuplicateReason(row.reason), row.found_at)
            for row in rows[: page.limit]
        ]
        last = items[-1] if len(rows) > page.limit else None
        return Page(items, write_cursor(ORDER, (last.found_at, last.first_id, last.second_id)) if last else None)

    async def dismiss(self, first_id: ContactId, second_id: ContactId, at: datetime, by: UserId) -> None:
        first, second = sorted((first_id, second_id))
        pairs = possible_duplicates.c
        dismissed = (
            update(possible_duplicates)
            .where(pairs.first_id == first, pairs.second_id == second)
            .values(
                dismissed_at=func.coalesce(pairs.dismissed_at, at), dismissed_by=func.coalesce(pairs.dismissed_by, by)
            )
        )
        if (await self._transaction.execute(dismissed.returning(pairs.first_id))).first() is None:
            raise NotFound("pair")
