"""Addresses and domains that must not be written to, as keyed hashes: nobody can read them back, and they stay."""

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres.connection import Transaction
from adapters.postgres.tables import suppressions
from domain.shared.ids import Ids, OrganizationId

PURPOSE = "suppression"
EMAIL = "email"
DOMAIN = "domain"


class SuppressionHashes:
    """The hashes under which an address and its domain would be suppressed. `keyed_hash` takes purpose and value."""

    def __init__(self, keyed_hash: Callable[[str, str], bytes]) -> None:
        self._keyed_hash = keyed_hash

    def __call__(self, email_key: str) -> tuple[bytes, bytes]:
        return self.of_address(email_key), self.of_domain(email_key.rpartition("@")[2])

    def of_address(self, email_key: str) -> bytes:
        return self._keyed_hash(PURPOSE, f"{EMAIL}:{email_key}")

    def of_domain(self, domain: str) -> bytes:
        return self._keyed_hash(PURPOSE, f"{DOMAIN}:{domain}")


class PostgresSuppressions:
    """Implements domain.contacts.ports.Suppressions."""

    def __init__(
        self, transaction: Transaction, organization_id: OrganizationId | None, ids: Ids, hashes: SuppressionHashes
    ) -> None:
        self._transaction = transaction
        self._organization_id = organization_id
        self._ids = ids
        self._hashes = hashes

    async def add(self, addresses: Iterable[str], reason: str, at: datetime) -> None:
        rows = [
            {
                "organization_id": self._organization_id,
                "id": self._ids.new(),
                "kind": EMAIL,
                "value_hash": self._hashes.of_address(address),
                "reason": reason,
                "created_at": at,
            }
            for address in sorted(addresses)
        ]
        if rows:
            await self._transaction.execute(insert(suppressions).on_conflict_do_nothing(), rows)

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
