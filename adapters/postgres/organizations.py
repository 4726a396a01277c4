"""The organization itself."""

from sqlalchemy import Row, insert, select

from adapters.postgres.connection import Transaction
from adapters.postgres.tables import organizations
from domain.accounts.model import Organization
from domain.shared.errors import NotFound
from domain.shared.ids import OrganizationId


class PostgresOrganizations:
    """Implements domain.accounts.ports.Organizations: the policy leaves the unit's own one."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, organization: Organization) -> None:
        await self._transaction.execute(
            insert(organizations).values(
                id=organization.id,
                name=organization.name,
                postal_address=organization.postal_address,
                dispatch_paused=organization.dispatch_paused,
                version=organization.version,
                created_at=organization.created_at,
            )
        )

    async def get(self) -> Organization:
        row = (await self._transaction.execute(select(organizations))).first()
        if row is None:
            raise NotFound("organization")
        return _organization(row)


def _organization(row: Row[tuple[object, ...]]) -> Organization:
    return Organization(
        id=OrganizationId(row.id),
        name=row.name,
        postal_address=row.postal_address,
        dispatch_paused=row.dispatch_paused,
        version=row.version,
        created_at=row.created_at,
    )
