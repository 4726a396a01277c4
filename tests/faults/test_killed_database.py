"""PostgreSQL dies in the middle of somebody's deletion: nothing has happened, or everything; a repetition ends it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from adapters.bootstrap import Container
from adapters.embedded import EmbeddedServers
from adapters.embedded.postgres import EmbeddedPostgres
from adapters.postgres.connection import CompiledStatement, Transaction
from adapters.postgres.database import Database
from domain.accounts.audit import Action
from domain.salesflows.offboarding import LeftBehind
from domain.shared.errors import InvalidCredentials, ProviderAccessLost, Unavailable
from domain.shared.ids import OrganizationId
from tests.faults.harmed_database import fall, rise, servers_to_harm, services, settings
from tests.mailing import (
    PASSWORD,
    Firm,
    Prospects,
    Representative,
    email_step,
    eventually,
    found_firm,
)

__all__ = ["servers_to_harm", "services", "settings"]

CONTACTS = 6
MOST_STATEMENTS = 200
# Before which statements the short form dies: the first, and others so far apart.
STRIDE = 16
WHERE = {"address": "192.0.2.7", "user_agent": "a browser"}
TABLES = (
    "users",
    "credentials",
    "sessions",
    "access_tokens",
    "connections",
    "mailboxes",
    "revocations",
    "enrollments",
    "emails",
    "activities",
    "audit_entries",
    "outbox_jobs",
)


# Where it dies.


@dataclass
class Strike:
    """Before the n-th statement of a transaction; while its end is on the way; or after it, before anybody hears of it.

    `statements` counts what was begun.
    """

    postgres: EmbeddedPostgres
    before: int | None = None
    at_the_end: bool = False
    after: bool = False
    statements: int = 0

    def begins(self) -> None:
        self.statements += 1
        if self.statements == self.before:
            fall(self.postgres)


class StruckTransaction(Transaction):
    """A transaction during which it may die."""

    def __init__(self, transaction: Transaction, strike: Strike) -> None:
        super().__init__(transaction._engine, transaction._pooled, transaction.driver)
        self._strike = strike

    async def execute(self, statement: Any, parameters: Any = None) -> Any:
        self._strike.begins()
        return await super().execute(statement, parameters)

    async def fetch(self, statement: CompiledStatement, **values: Any) -> Any:
        self._strike.begins()
        return await super().fetch(statement, **values)


class StruckDatabase(Database):
    """Opens transactions during which it may die."""

    def __init__(self, database: Database, strike: Strike) -> None:
        super().__init__(database.engine)
        self._strike = strike

    @asynccontextmanager
    async def application(self, organization_id: Any) -> AsyncIterator[Transaction]:
        async with super().application(organization_id) as transaction:
            yield StruckTransaction(transaction, self._strike)
            if self._strike.at_the_end:
                fall(self._strike.postgres, wait=False)
        if self._strike.after:
            fall(self._strike.postgres)
            raise Unavailable


# Who goes.


@dataclass
class Leaver:
    """Somebody with much to leave behind: a session, a token, a connection, journeys with and without an email."""

    firm: Firm
    rep: Representative
    colleague: Representative
    choice: LeftBehind
    session: str
    token: str

    async def is_deleted(self) -> None:
        to = self.colleague.principal.user_id if self.choice is LeftBehind.HAND_OVER else None
        boss, user_id = self.firm.administrator, self.rep.principal.user_id
        await self.firm.services.offboarding.delete(boss, user_id, self.choice, to)

    async def traces(self) -> dict[str, list[Any]]:
        """Everything that a deletion changes."""
        found = {}
        for table in TABLES:
            rows = await self.firm.sql(f"select md5(t::text) as row from {table} as t")
            found[table] = sorted(row["row"] for row in rows)
        return found

    async def is_gone(self) -> bool:
        [row] = await self.firm.sql("select state from users where id = $1", self.rep.principal.user_id)
        return bool(row["state"] == "deleted")

    async def check_that_all_of_it_happened(self) -> None:
        services, user_id = self.firm.services, self.rep.principal.user_id
        mine = await self.firm.sql("select state, reason from enrollments where user_id = $1", user_id)
        theirs = await self.firm.sql(
            "select state, reason from enrollments where user_id = $1", self.colleague.principal.user_id
        )
        held, given = [("paused", "sender_left")] * CONTACTS, [("active", None)] * CONTACTS
        pause = self.choice is LeftBehind.PAUSE
        assert [tuple(row) for row in mine] == (held if pause else [])
        assert [tuple(row) for row in theirs] == ([] if pause else given)
        acts = [row["action"] for row in await self.firm.sql("select action from audit_entries order by seq")]
        assert acts.count(Action.USER_DELETED.value) == 1
        assert acts.count(Action.ENROLLMENTS_HANDED_OVER.value) == (0 if pause else 1)
        assert len(await self.firm.sql("select id from revocations where true")) == 1

        async def nothing_opens() -> bool:
            found = await services.signing_in.principal_of_session(self.session)
            return found is None and await services.signing_in.principal_of_token(self.token) is None

        await eventually("neither session nor token opens anything", nothing_opens, 5)
        with pytest.raises(InvalidCredentials):
            await services.signing_in.log_in(self.rep.address, PASSWORD, **WHERE)

    async def check_that_nothing_leaves(self, mailbox: Any) -> None:
        """By the mailbox of somebody who is gone."""
        services = self.firm.services
        with pytest.raises(ProviderAccessLost):
            await services.mail_access.open(mailbox).profile()
        assert not await services.sending.run(OrganizationId(mailbox.organization_id), mailbox.id)


async def a_leaver(services: Container, prospects: Prospects, choice: LeftBehind) -> Leaver:
    firm = await found_firm(services, prospects)
    rep, colleague = await firm.hire(), await firm.hire()
    await rep.connected()
    await colleague.connected()
    salesflow_id, people = await firm.salesflow(email_step(), email_step(amount=60)), await firm.contacts(CONTACTS)
    await firm.enroll(rep, salesflow_id, people[: CONTACTS // 2])
    await firm.dispatch()
    await firm.enroll(rep, salesflow_id, people[CONTACTS // 2 :])
    signed_in = await services.signing_in.log_in(rep.address, PASSWORD, **WHERE)
    token = await services.accounts.create_token_for(rep.address)
    assert await services.signing_in.principal_of_session(signed_in.token)
    assert await services.signing_in.principal_of_token(token)
    await services.gate.close()
    return Leaver(firm, rep, colleague, choice, signed_in.token, token)


async def struck(leaver: Leaver, strike: Strike, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether it died meanwhile. It is up again afterwards, and what was left is nothing or everything."""
    before, mailbox = await leaver.traces(), await leaver.rep.mailbox()
    units = leaver.firm.services.units
    died = False
    with monkeypatch.context() as patch:
        patch.setattr(units, "_database", StruckDatabase(units._database, strike))
        try:
            await leaver.is_deleted()
        except Unavailable:
            died = True
    if died or strike.at_the_end:
        await rise(strike.postgres, leaver.firm)
    if await leaver.is_gone():
        await leaver.check_that_all_of_it_happened()
    else:
        assert await leaver.traces() == before
    assert not (strike.after and not await leaver.is_gone())

    await leaver.is_deleted()
    await leaver.check_that_all_of_it_happened()
    await leaver.check_that_nothing_leaves(mailbox)
    return died


@pytest.mark.soak
@pytest.mark.parametrize("choice", list(LeftBehind))
async def test_it_dies_before_a_statement(
    services: Container,
    prospects: Prospects,
    servers_to_harm: EmbeddedServers,
    monkeypatch: pytest.MonkeyPatch,
    choice: LeftBehind,
    soak: bool,
) -> None:
    for before in range(1, MOST_STATEMENTS, 1 if soak else STRIDE):
        strike = Strike(servers_to_harm.postgres, before=before)
        if not await struck(await a_leaver(services, prospects, choice), strike, monkeypatch):
            assert before > strike.statements > 20
            return
    raise AssertionError("it never came to the end")


@pytest.mark.parametrize("choice", list(LeftBehind))
@pytest.mark.parametrize("end", ["at_the_end", "after"])
async def test_it_dies_when_all_is_said(
    services: Container,
    prospects: Prospects,
    servers_to_harm: EmbeddedServers,
    monkeypatch: pytest.MonkeyPatch,
    choice: LeftBehind,
    end: str,
) -> None:
    strike = Strike(servers_to_harm.postgres, **{end: True})
    await struck(await a_leaver(services, prospects, choice), strike, monkeypatch)
