"""The pictures of users."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres.account_tables import user_avatars
from adapters.postgres.connection import Transaction
from domain.shared.ids import OrganizationId, UserId


class PostgresAvatars:
    """Implements domain.accounts.avatars.AvatarStore."""

    def __init__(self, transaction: Transaction, organization_id: OrganizationId | None) -> None:
        self._transaction = transaction
        self._organization_id = organization_id

    async def get(self, user_id: UserId) -> bytes | None:
        query = select(user_avatars.c.content).where(user_avatars.c.user_id == user_id)
        content = (await self._transaction.execute(query)).scalar()
        return bytes(content) if content is not None else None

    async def put(self, user_id: UserId, content: bytes, now: datetime) -> None:
        values = {"organization_id": self._organization_id, "user_id": user_id}
        changed = {"content": content, "updated_at": now}
        statement = insert(user_avatars).values(**values, **changed)
        keys = ["organization_id", "user_id"]
        await self._transaction.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed))

    async def remove(self, user_id: UserId) -> None:
        await self._transaction.execute(delete(user_avatars).where(user_avatars.c.user_id == user_id))
