"""Which of the sessions and tokens that something was opened with still serve: one question for all of a process.

As the gate decides, but nothing is remembered, and nothing counts as use: what is merely left open is idle.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, any_, bindparam, exists, or_, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY

from adapters.postgres.account_tables import identities
from adapters.postgres.connection import CompiledStatement
from adapters.postgres.database import Database
from adapters.postgres.sessions import IDLE_UNTIL
from adapters.postgres.tables import BYTES, access_tokens, organizations, sessions, users
from domain.accounts.model import UserState
from domain.shared.clock import Clock


class PostgresStanding:
    """Implements domain.accounts.vigil.Standing."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def standing(self, token_hashes: Collection[bytes]) -> set[bytes]:
        async with self._database.gate() as transaction:
            rows = await transaction.fetch(STANDING, hashes=list(token_hashes), now=self._clock.system())
        return {row["token_hash"] for row in rows}


def _standing(table: Table, proven: ColumnElement[bool], *conditions: ColumnElement[bool]) -> Any:
    """Of active users; without a second factor only where none is required."""
    of_user = and_(users.c.organization_id == table.c.organization_id, users.c.id == table.c.user_id)
    return (
        select(table.c.token_hash)
        .select_from(table.join(users, of_user).join(organizations, organizations.c.id == table.c.organization_id))
        .where(
            table.c.token_hash == any_(bindparam("hashes", type_=ARRAY(BYTES))),
            table.c.expires_at > bindparam("now"),
            users.c.state == UserState.ACTIVE.value,
            or_(proven, organizations.c.require_second_factor.is_(False)),
            *conditions,
        )
    )


# Who signs in elsewhere shows a second factor there.
ELSEWHERE = exists(
    select(identities.c.user_id).where(
        identities.c.organization_id == access_tokens.c.organization_id, identities.c.user_id == access_tokens.c.user_id
    )
)
STANDING = CompiledStatement(
    union_all(
        _standing(sessions, sessions.c.second_factor, bindparam("now") < IDLE_UNTIL),
        _standing(access_tokens, or_(users.c.second_factor, ELSEWHERE)),
    )
)
