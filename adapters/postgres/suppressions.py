"""Addresses, domains and phones that must not be used, as keyed hashes: nobody can read them back, and they stay."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, delete, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres.connection import Transaction
from adapters.postgres.paging import read_cursor, write_cursor
from adapters.postgres.tables import suppressions, users
from domain.contacts.suppression import Suppression, SuppressionKind
from domain.shared.errors import NotFound
from domain.shared.ids import Ids, OrganizationId, SuppressionId, UserId
from domain.shared.paging import Page, PageRequest

PURPOSE = "suppression"
ORDER = "suppressions"
EMAIL, DOMAIN, PHONE = SuppressionKind.EMAIL, SuppressionKind.DOMAIN, SuppressionKind.PHONE


class SuppressionHashes:
    """The hashes under which an address and its domain would be suppressed. `keyed_hash` takes purpose and value."""

    def __init__(self, keyed_hash: Callable[[str, str], bytes]) -> None:
        self._keyed_hash = keyed_hash

    def __call__(self, email_key: str) -> tuple[bytes, bytes]:
        return self.of(EMAIL, email_key), self.of(DOMAIN, email_key.rpartition("@")[2])

    def of(self, kind: SuppressionKind, value: str) -> bytes:
        """Of an address, a domain or a phone in its one form."""
        return self._keyed_hash(PURPOSE, f"{kind.value}:{value}")


class PostgresSuppressions:
    """Implements domain.contacts.suppressing.SuppressionLedger."""

    def __init__(
        self, transaction: Transaction, organization_id: OrganizationId | None, ids: Ids, hashes: SuppressionHashes
    ) -> None:
        self._transaction = transaction
        self._organization_id = organization_id
        self._ids = ids
        self._hashes = hashes

    async def add(self, addresses: Iterable[str], reason: str, at: datetime) -> None:
        await self.put(EMAIL, addresses, reason, at, None)

    async def put(
        self, kind: SuppressionKind, values: Iterable[str], reason: str, at: datetime, by: UserId | None
    ) -> None:
        rows = [
            {
                "organization_id": self._organization_id,
                "id": self._ids.new(),
                "kind": kind.value,
                "value_hash": self._hashes.of(kind, value),
                "reason": reason,
                "created_by": by,
                "domain": value if kind is DOMAIN else None,
                "created_at": at,
            }
            for value in sorted(set(values))
        ]
        if rows:
            await self._transaction.execute(ADD if by else ADD_FOR_GOOD, rows)

    async def hits(self, email_keys: Iterable[str]) -> set[str]:
        hashes = {email_key: self._hashes(email_key) for email_key in email_keys if email_key}
        if not hashes:
            return set()
        by_address = [address for address, _ in hashes.values()]
        by_domain = {domain for _, domain in hashes.values()}
        found = select(suppressions.c.kind, suppressions.c.value_hash).where(
            or_(
                and_(suppressions.c.kind == EMAIL, suppressions.c.value_hash.in_(by_address)),
                and_(suppressions.c.kind == DOMAIN, suppressions.c.value_hash.in_(by_domain)),
            )
        )
        rows = {(row.kind, bytes(row.value_hash)) for row in (await self._transaction.execute(found)).all()}
        return {
            email_key
            for email_key, (address, domain) in hashes.items()
            if (EMAIL, address) in rows or (DOMAIN, domain) in rows
        }

    async def uncalled(self, phones: Iterable[str]) -> set[str]:
        hashes = {self._hashes.of(PHONE, phone): phone for phone in phones}
        if not hashes:
            return set()
        found = select(suppressions.c.value_hash).where(
            suppressions.c.kind == PHONE, suppressions.c.value_hash.in_(hashes)
        )
        return {hashes[bytes(row.value_hash)] for row in (await self._transaction.execute(found)).all()}

    async def find(self, kind: SuppressionKind, value: str) -> Suppression | None:
        mine = (suppressions.c.kind == kind.value, suppressions.c.value_hash == self._hashes.of(kind, value))
        row = (await self._transaction.execute(ENTRIES.where(*mine))).first()
        return _entry(row) if row else None

    async def get(self, suppression_id: SuppressionId) -> Suppression:
        row = (await self._transaction.execute(ENTRIES.where(suppressions.c.id == suppression_id))).first()
        if row is None:
            raise NotFound("suppression")
        return _entry(row)

    async def page(self, kind: SuppressionKind | None, page: PageRequest) -> Page[Suppression]:
        query = ENTRIES.order_by(suppressions.c.created_at.desc(), suppressions.c.id.desc())
        if kind:
            query = query.where(suppressions.c.kind == kind.value)
        if page.cursor:
            key = tuple_(suppressions.c.created_at, suppressions.c.id)
            query = query.where(key < tuple_(*read_cursor(ORDER, page.cursor, (datetime, UUID))))
        rows = (await self._transaction.execute(query.limit(page.limit + 1))).all()
        items = [_entry(row) for row in rows[: page.limit]]
        more = len(rows) > page.limit
        return Page(items, write_cursor(ORDER, (items[-1].created_at, items[-1].id)) if more else None)

    async def remove(self, suppression_id: SuppressionId) -> None:
        await self._transaction.execute(delete(suppressions).where(suppressions.c.id == suppression_id))

    async def lift(self, kind: SuppressionKind, values: Iterable[str], reason: str) -> None:
        hashes = [self._hashes.of(kind, value) for value in values]
        made = (suppressions.c.reason == reason, suppressions.c.created_by.is_not(None))
        mine = (suppressions.c.kind == kind.value, suppressions.c.value_hash.in_(hashes))
        await self._transaction.execute(delete(suppressions).where(*mine, *made))


ADDED = insert(suppressions)
ADD = ADDED.on_conflict_do_nothing()
# What a user has put there before the person asked for it is the person's from now on.
ADD_FOR_GOOD = ADDED.on_conflict_do_update(
    index_elements=["organization_id", "kind", "value_hash"],
    set_={"reason": ADDED.excluded.reason, "created_by": None},
    where=suppressions.c.created_by.is_not(None),
)
ENTRIES = select(suppressions, users.c.name.label("created_by_name")).select_from(
    suppressions.outerjoin(
        users,
        and_(users.c.organization_id == suppressions.c.organization_id, users.c.id == suppressions.c.created_by),
    )
)


def _entry(row: Row[Any]) -> Suppression:
    return Suppression(
        id=SuppressionId(row.id),
        kind=SuppressionKind(row.kind),
        reason=row.reason,
        created_at=row.created_at,
        domain=row.domain,
        created_by=UserId(row.created_by) if row.created_by else None,
        created_by_name=row.created_by_name,
    )
