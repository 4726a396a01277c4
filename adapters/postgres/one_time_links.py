"""One-time links: used by one statement, so that of many who try at once one wins."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Row, and_, insert, select, update

from adapters.postgres.account_tables import one_time_links
from adapters.postgres.connection import Transaction
from domain.accounts.one_time_links import LinkKind, OneTimeLink
from domain.shared.errors import NotFound
from domain.shared.ids import LinkId, OrganizationId, UserId

c = one_time_links.c


class PostgresLinks:
    """Implements domain.accounts.one_time_links.LinkStore."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, link: OneTimeLink) -> None:
        await self._transaction.execute(
            insert(one_time_links).values(
                organization_id=link.organization_id,
                id=link.id,
                user_id=link.user_id,
                kind=link.kind.value,
                created_at=link.created_at,
                expires_at=link.expires_at,
                sent_at=link.sent_at,
                used_at=link.used_at,
                revoked_at=link.revoked_at,
            )
        )

    async def get(self, link_id: LinkId) -> OneTimeLink:
        row = (await self._transaction.execute(select(one_time_links).where(c.id == link_id))).one_or_none()
        if row is None:
            raise NotFound("link")
        return _link(row)

    async def use(self, link_id: LinkId, now: datetime) -> OneTimeLink | None:
        statement = update(one_time_links).where(c.id == link_id, _serves(now)).values(used_at=now)
        row = (await self._transaction.execute(statement.returning(one_time_links))).one_or_none()
        return _link(row) if row else None

    async def revoke_of(self, user_id: UserId, kind: LinkKind, now: datetime) -> int:
        whose = and_(c.user_id == user_id, c.kind == kind.value)
        statement = update(one_time_links).where(whose, _serves(now)).values(revoked_at=now)
        return (await self._transaction.execute(statement)).rowcount

    async def mark_sent(self, link_id: LinkId, now: datetime) -> None:
        await self._transaction.execute(update(one_time_links).where(c.id == link_id).values(sent_at=now))

    async def latest_of(self, user_ids: Iterable[UserId], *kinds: LinkKind) -> dict[UserId, OneTimeLink]:
        query = (
            select(one_time_links)
            .where(c.user_id.in_(set(user_ids)), c.kind.in_([kind.value for kind in kinds]))
            .distinct(c.user_id)
            .order_by(c.user_id, c.created_at.desc(), c.id.desc())
        )
        return {UserId(row.user_id): _link(row) for row in (await self._transaction.execute(query)).all()}


def _serves(now: datetime) -> ColumnElement[bool]:
    return and_(c.used_at.is_(None), c.revoked_at.is_(None), c.expires_at > now)


def _link(row: Row[tuple[object, ...]]) -> OneTimeLink:
    return OneTimeLink(
        organization_id=OrganizationId(row.organization_id),
        id=LinkId(row.id),
        user_id=UserId(row.user_id),
        kind=LinkKind(row.kind),
        created_at=row.created_at,
        expires_at=row.expires_at,
        sent_at=row.sent_at,
        used_at=row.used_at,
        revoked_at=row.revoked_at,
    )
