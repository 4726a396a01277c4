"""Names of statuses and users for lists, which show the same few again and again."""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Text, bindparam, cast, func, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY

from adapters.postgres.connection import CompiledStatement, Transaction
from adapters.postgres.tables import ID, contact_statuses, users

# So long may a list show the old name of what was renamed elsewhere.
SERVES_SECONDS = 2.0
REMEMBERED = 100_000


@dataclass(frozen=True, slots=True)
class _Remembered:
    """The names of an organization, and until when they are shown."""

    names: dict[str, str]
    until: float


class Names:
    """Remembered by a process for a moment, of each organization apart."""

    def __init__(self) -> None:
        self._known: dict[UUID | None, _Remembered] = {}

    def at_hand(self, organization_id: UUID | None) -> Mapping[str, str]:
        """Those of the organization that are remembered."""
        known = self._known.get(organization_id)
        return known.names if known and time.monotonic() < known.until else {}

    async def of(
        self, transaction: Transaction, organization_id: UUID | None, ids: Collection[str]
    ) -> Mapping[str, str]:
        """The names behind ids of statuses and users that exist; one statement for those that are not at hand."""
        until, known = time.monotonic() + SERVES_SECONDS, self.at_hand(organization_id)
        found = {key: known[key] for key in ids if key in known}
        missing = [key for key in ids if key not in found]
        if missing:
            rows = await transaction.fetch(NAMES, ids=missing)
            found |= {row["id"]: row["name"] for row in rows}
            self._remember(organization_id, found, until)
        return found

    def _remember(self, organization_id: UUID | None, found: Mapping[str, str], until: float) -> None:
        """No longer than what is remembered of the organization already."""
        if sum(len(known.names) for known in self._known.values()) > REMEMBERED:
            self._known.clear()
        if not self.at_hand(organization_id):
            self._known[organization_id] = _Remembered({}, until)
        self._known[organization_id].names.update(found)


def _naming() -> CompiledStatement:
    wanted = func.any(bindparam("ids", type_=ARRAY(ID)))
    of_statuses = select(cast(contact_statuses.c.id, Text).label("id"), contact_statuses.c.label.label("name")).where(
        contact_statuses.c.id == wanted
    )
    of_users = select(cast(users.c.id, Text), users.c.name).where(users.c.id == wanted)
    return CompiledStatement(union_all(of_statuses, of_users))


NAMES = _naming()
