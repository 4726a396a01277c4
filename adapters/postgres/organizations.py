"""The organization itself."""

from sqlalchemy import Row, insert, select, update

from adapters.postgres.connection import Transaction
from adapters.postgres.tables import organizations
from domain.accounts.model import Organization, SignInPolicy
from domain.shared.errors import NotFound, VersionMismatch
from domain.shared.ids import OrganizationId


class PostgresOrganizations:
    """Implements domain.accounts.ports.Organizations: the policy leaves the unit's own one."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, organization: Organization) -> None:
        await self._transaction.execute(
            insert(organizations).values(
                id=organization.id, created_at=organization.created_at, **_columns(organization)
            )
        )

    async def get(self) -> Organization:
        row = (await self._transaction.execute(select(organizations))).first()
        if row is None:
            raise NotFound("organization")
        return _organization(row)

    async def save(self, organization: Organization) -> Organization:
        statement = (
            update(organizations)
            .where(organizations.c.id == organization.id, organizations.c.version == organization.version)
            .values(**{**_columns(organization), "version": organization.version + 1})
            .returning(organizations)
        )
        row = (await self._transaction.execute(statement)).first()
        if row is None:
            raise VersionMismatch
        return _organization(row)


def _columns(organization: Organization) -> dict[str, object]:
    return {
        "name": organization.name,
        "postal_address": organization.postal_address,
        "dispatch_paused": organization.dispatch_paused,
        "require_second_factor": organization.policy.require_second_factor,
        "session_idle_minutes": organization.policy.session_idle_minutes,
        "session_days": organization.policy.session_days,
        "version": organization.version,
    }


def _organization(row: Row[tuple[object, ...]]) -> Organization:
    return Organization(
        id=OrganizationId(row.id),
        name=row.name,
        postal_address=row.postal_address,
        dispatch_paused=row.dispatch_paused,
        policy=SignInPolicy(row.require_second_factor, row.session_idle_minutes, row.session_days),
        version=row.version,
        created_at=row.created_at,
    )
