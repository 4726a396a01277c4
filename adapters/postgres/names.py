"""Names of statuses and users for lists, which show the same few again and again."""

import time
from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import bindparam, func, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY

from adapters.postgres.connection import CompiledStatement, Transaction
from adapters.postgres.tables import ID, contact_statuses, users

# So long may a list show the old name of what was renamed elsewhere.
SERVES_SECONDS = 2.0
REMEMBERED = 100_000


class Names:
    """Remembered by a process for a moment, of each organization apart."""

    def __init__(self) -> None:
        self._known: dict[tuple[UUID | None, UUID], tuple[float, str]] = {}

    async def of(
        self, transaction: Transaction, organization_id: UUID | None, ids: Iterable[UUID | None]
    ) -> Mapping[UUID, str]:
        """The names behind ids of statuses and users that exist; one statement for those that are not at hand."""
        now, found, missing = time.monotonic(), dict[UUID, str](), list[UUID]()
        for key in set(ids):
            if key is None:
                continue
            until, name = self._known.get((organization_id, key), (0.0, ""))
            if now < until:
                found[key] = name
            else:
                missing.append(key)
        if missing:
            found |= await self._looked_up(transaction, organization_id, missing, now + SERVES_SECONDS)
        return found

    async def _looked_up(
        self, transaction: Transaction, organization_id: UUID | None, ids: list[UUID], until: float
    ) -> dict[UUID, str]:
        if len(self._known) > REMEMBERED:
            self._known.clear()
        rows = await transaction.fetch(NAMES, ids=ids)
        found: dict[UUID, str] = {row["id"]: row["name"] for row in rows}
        self._known.update({(organization_id, key): (until, name) for key, name in found.items()})
        return found


def _naming() -> CompiledStatement:
    wanted = func.any(bindparam("ids", type_=ARRAY(ID)))
    of_statuses = select(contact_statuses.c.id, contact_statuses.c.label.label("name")).where(
        contact_statuses.c.id == wanted
    )
    of_users = select(users.c.id, users.c.name).where(users.c.id == wanted)
    return CompiledStatement(union_all(of_statuses, of_users))


NAMES = _naming()
