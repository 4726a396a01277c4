"""Names of statuses and users for lists, which show the same few again and again."""

import time
from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import Text, bindparam, cast, func, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY

from adapters.postgres.connection import CompiledStatement, Transaction
from adapters.postgres.tables import ID, contact_statuses, users

# So long may a list show the old name of what was renamed elsewhere.
SERVES_SECONDS = 2.0
REMEMBERED = 100_000
NOTHING = (0.0, "")


class Names:
    """Remembered by a process for a moment, of each organization apart."""

    def __init__(self) -> None:
        self._known: dict[UUID | None, dict[str, tuple[float, str]]] = {}

    async def of(self, transaction: Transaction, organization_id: UUID | None, ids: Iterable[str]) -> Mapping[str, str]:
        """The names behind ids of statuses and users that exist; one statement for those that are not at hand."""
        now, known = time.monotonic(), self._known.setdefault(organization_id, {})
        said = {key: known.get(key, NOTHING) for key in ids}
        found = {key: name for key, (until, name) in said.items() if now < until}
        missing = said.keys() - found.keys()
        if missing:
            found |= await self._looked_up(transaction, organization_id, missing, now + SERVES_SECONDS)
        return found

    async def _looked_up(
        self, transaction: Transaction, organization_id: UUID | None, ids: Iterable[str], until: float
    ) -> dict[str, str]:
        rows = await transaction.fetch(NAMES, ids=list(ids))
        found: dict[str, str] = {row["id"]: row["name"] for row in rows}
        if sum(map(len, self._known.values())) > REMEMBERED:
            self._known.clear()
        self._known.setdefault(organization_id, {}).update({key: (until, name) for key, name in found.items()})
        return found


def _naming() -> CompiledStatement:
    wanted = func.any(bindparam("ids", type_=ARRAY(ID)))
    of_statuses = select(cast(contact_statuses.c.id, Text).label("id"), contact_statuses.c.label.label("name")).where(
        contact_statuses.c.id == wanted
    )
    of_users = select(cast(users.c.id, Text), users.c.name).where(users.c.id == wanted)
    return CompiledStatement(union_all(of_statuses, of_users))


NAMES = _naming()
