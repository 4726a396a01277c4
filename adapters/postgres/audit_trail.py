"""The audit log, read."""

from collections.abc import Sequence
from typing import Any, TypeVar, cast

from sqlalchemy import Row, Select, select

from adapters.postgres.account_tables import audit_entries, audit_heads
from adapters.postgres.connection import Transaction
from adapters.postgres.paging import read_cursor, write_cursor
from adapters.postgres.tables import organizations
from domain.accounts.audit import Act, Action, Actor, ActorKind, Entry, Target
from domain.accounts.auditing import AuditFilter, Head
from domain.accounts.origin import Origin
from domain.shared.ids import OrganizationId, UserId
from domain.shared.paging import Page, PageRequest

ORDER = "audit"
Word = TypeVar("Word", Action, ActorKind)


class PostgresAuditTrail:
    """Implements domain.accounts.auditing.AuditTrail."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def page(self, wanted: AuditFilter, page: PageRequest) -> Page[Entry]:
        query = _filtered(wanted)
        if page.cursor:
            [seq] = read_cursor(ORDER, page.cursor, (int,))
            query = query.where(audit_entries.c.seq < seq)
        query = query.order_by(audit_entries.c.seq.desc()).limit(page.limit + 1)
        rows = (await self._transaction.execute(query)).all()
        items = [_entry(row) for row in rows[: page.limit]]
        more = len(rows) > page.limit
        return Page(items, write_cursor(ORDER, (items[-1].seq,)) if more else None)

    async def following(self, seq: int, limit: int, wanted: AuditFilter) -> Sequence[Entry]:
        query = _filtered(wanted).where(audit_entries.c.seq > seq).order_by(audit_entries.c.seq).limit(limit)
        return [_entry(row) for row in (await self._transaction.execute(query)).all()]

    async def head(self) -> Head | None:
        row = (await self._transaction.execute(select(audit_heads))).first()
        return Head(row.seq, bytes(row.hash)) if row else None

    async def chains(self) -> Sequence[tuple[OrganizationId, str]]:
        query = select(organizations.c.id, organizations.c.name).order_by(
            organizations.c.created_at, organizations.c.id
        )
        return [(OrganizationId(row.id), row.name) for row in (await self._transaction.execute(query)).all()]


def _filtered(wanted: AuditFilter) -> Select[Any]:
    entries = audit_entries.c
    query = select(audit_entries)
    if wanted.actor_id:
        query = query.where(entries.actor_id == wanted.actor_id)
    if wanted.action:
        query = query.where(entries.action == wanted.action.value)
    if wanted.since:
        query = query.where(entries.at >= wanted.since)
    if wanted.until:
        query = query.where(entries.at < wanted.until)
    return query


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        organization_id=OrganizationId(row.organization_id),
        seq=row.seq,
        id=row.id,
        at=row.at,
        actor=Actor(_word(ActorKind, row.actor_kind), row.actor_name, row.actor_id),
        act=Act(_word(Action, row.action), _target(row), row.detail, _on_behalf_of(row)),
        origin=Origin(row.address, row.user_agent, row.request_id),
        previous=bytes(row.previous),
        hash=bytes(row.hash),
    )


def _target(row: Row[Any]) -> Target | None:
    return None if row.target_kind is None else Target(row.target_kind, row.target_id, row.target_name)


def _on_behalf_of(row: Row[Any]) -> Actor | None:
    """Always a user: nobody acts for a token."""
    if row.on_behalf_of_name is None:
        return None
    return Actor(ActorKind.USER, row.on_behalf_of_name, UserId(row.on_behalf_of))


def _word(words: type[Word], text: str) -> Word:
    """What a newer version wrote, or somebody forged, is read as it stands: it is the hash that judges it."""
    try:
        return words(text)
    except ValueError:
        return cast(Word, text)
