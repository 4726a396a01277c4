"""The audit log in PostgreSQL: a chain for each organization, appended to under the lock of its head."""

from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from adapters.postgres.account_tables import audit_entries, audit_heads
from adapters.postgres.connection import Transaction
from domain.accounts.audit import BEGINNING, Act, Actor, Entry, hash_of
from domain.accounts.origin import Origin
from domain.shared.ids import Ids, OrganizationId


class PostgresAuditLog:
    """Implements domain.accounts.audit.AuditLog."""

    def __init__(self, transaction: Transaction, organization_id: OrganizationId | None, ids: Ids) -> None:
        self._transaction = transaction
        self._organization_id = organization_id
        self._ids = ids

    async def append(self, actor: Actor, act: Act, origin: Origin, at: datetime) -> None:
        assert self._organization_id is not None
        seq, previous = await self._head()
        unhashed = Entry(self._organization_id, seq + 1, self._ids.new(), at, actor, act, origin, previous, b"")
        digest = hash_of(unhashed)
        await self._transaction.execute(insert(audit_entries).values(**_columns(unhashed), hash=digest))
        await self._transaction.execute(update(audit_heads).values(seq=seq + 1, hash=digest))

    async def _head(self) -> tuple[int, bytes]:
        """The end of the chain, locked."""
        first = {"organization_id": self._organization_id, "seq": 0, "hash": BEGINNING}
        await self._transaction.execute(upsert(audit_heads).values(**first).on_conflict_do_nothing())
        row = (await self._transaction.execute(select(audit_heads).with_for_update())).one()
        return row.seq, bytes(row.hash)


def _columns(entry: Entry) -> dict[str, object]:
    act, behalf, target = entry.act, entry.act.on_behalf_of, entry.act.target
    return {
        "organization_id": entry.organization_id,
        "seq": entry.seq,
        "id": entry.id,
        "at": entry.at,
        "actor_kind": entry.actor.kind.value,
        "actor_id": entry.actor.id,
        "actor_name": entry.actor.name,
        "on_behalf_of": behalf.id if behalf else None,
        "on_behalf_of_name": behalf.name if behalf else None,
        "action": act.action.value,
        "target_kind": target.kind if target else None,
        "target_id": target.id if target else None,
        "target_name": target.name if target else None,
        "address": entry.origin.address,
        "user_agent": entry.origin.user_agent,
        "request_id": entry.origin.request_id,
        "detail": dict(act.detail),
        "previous": entry.previous,
    }
