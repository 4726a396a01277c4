"""Ways to take a guard away. Nothing is put back: the database and the services are thrown away after the test."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import event

from adapters.bootstrap import Container
from adapters.postgres.dispatch import CLAIM
from domain.shared.ids import OrganizationId
from tests.mailing import Firm, Prospects, Representative, found_firm

INDEX_OF = """
select i.indexrelid::regclass::text as name, k.conname as constraint_name
from pg_index i left join pg_constraint k on k.conindid = i.indexrelid and k.contype in ('p', 'u')
where i.indrelid = $1::text::regclass and i.indisunique
  and (select array_agg(a.attname::text order by a.attname) from pg_attribute a
       where a.attrelid = i.indrelid and a.attnum = any(i.indkey)) = $2::text[]
"""


@dataclass(frozen=True)
class Bench:
    """A firm in a database of its own, which may be taken apart."""

    firm: Firm
    rep: Representative
    prospects: Prospects
    superuser: Any
    monkeypatch: pytest.MonkeyPatch

    @property
    def services(self) -> Container:
        return self.firm.services

    @property
    def organization_id(self) -> OrganizationId:
        return self.firm.administrator.organization_id

    async def with_another_firm(self) -> "Bench":
        firm = await found_firm(self.services, self.prospects)
        rep = await firm.hire()
        await rep.connected()
        return replace(self, firm=firm, rep=rep)

    async def count(self, what: str, *arguments: Any) -> int:
        """How many rows there are, of all organizations."""
        return int(await self.superuser.fetchval(f"select count(*) from {what}", *arguments))

    async def somebody_waits(self) -> bool:
        """Whether a transaction waits for another's lock."""
        return await self.count("pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()") > 0


Removal = Callable[[Bench], Awaitable[None]]


def schema(*statements: str) -> Removal:
    """What the schema says no longer."""

    async def remove(bench: Bench) -> None:
        for statement in statements:
            await bench.superuser.execute(statement)

    return remove


def unique(table: str, *columns: str) -> Removal:
    """The unique key over the organization and these columns."""

    async def remove(bench: Bench) -> None:
        [found] = await bench.superuser.fetch(INDEX_OF, table, sorted(("organization_id", *columns)))
        constraint = f"alter table {table} drop constraint {found['constraint_name']}"
        await bench.superuser.execute(constraint if found["constraint_name"] else f"drop index {found['name']}")

    return remove


def together(*removals: Removal) -> Removal:
    """All of them."""

    async def remove(bench: Bench) -> None:
        for removal in removals:
            await removal(bench)

    return remove


def wording(pattern: str, replacement: str = "") -> Removal:
    """What statements say no longer: the pattern is replaced in each of them on its way to the server."""

    async def remove(bench: Bench) -> None:
        def reworded(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> tuple[str, Any]:
            return re.sub(pattern, replacement, statement, flags=re.DOTALL), parameters

        engine = bench.services.database.engine.sync_engine
        event.listen(engine, "before_cursor_execute", reworded, retval=True)

    return remove


def row_lock(table: str, strength: str) -> Removal:
    """The lock that is taken by reading rows of the table."""
    return wording(rf"^(SELECT (?:(?!FROM).)*\sFROM {table}\b.*) FOR {strength}\b(?: OF \w+)?", r"\1")


def condition(sql: str) -> Removal:
    """A condition of statements: it always holds. It stays in them, since the value of a placeholder is given."""
    return wording(f"({sql})", r"(\1 OR true)")


async def lock_of_the_claim(bench: Bench) -> None:
    unlocked = CLAIM.sql.replace("for no key update skip locked", "")
    assert unlocked != CLAIM.sql
    bench.monkeypatch.setattr(CLAIM, "sql", unlocked)
