"""The audit log, read: by pages and filters, as a whole, and link by link."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from domain.accounts import auditing
from domain.accounts.audit import Act, Action, Actor, ActorKind, Target, record, record_by_system
from domain.accounts.auditing import AuditFilter, Auditing, Verdict
from domain.accounts.origin import Origin, comes_from
from domain.shared.errors import Forbidden, InsufficientScope, InvalidCursor
from domain.shared.ids import UserId
from domain.shared.paging import PageRequest
from domain.shared.principal import Principal, Role

pytestmark = pytest.mark.anyio

Tamper = Callable[..., Awaitable[None]]
TARGET = Target("user", uuid4(), "Grüße, Ben \u2028 <b>")


@pytest.fixture
def log(people: Any, clock: Any) -> Auditing:
    return Auditing(units=people.units, clock=clock)


@pytest.fixture
async def boss(people: Any) -> Principal:
    user = await people.add("Ada Admin", role=Role.ADMINISTRATOR)
    return Principal(people.organization_id, user.id, Role.ADMINISTRATOR)


async def happened(people: Any, who: Principal, *actions: Action, after: timedelta = timedelta(0)) -> None:
    for number, action in enumerate(actions):
        comes_from(Origin("203.0.113.7", f"Browser {number}", "r-1"))
        async with people.units.of(people.organization_id) as unit:
            act = Act(action, TARGET, {"field": "name", "times": number, "forced": True, "why": None})
            await record(unit, who, act, people.now + after)


@pytest.fixture
def tamper(people: Any, owner_url: str) -> Tamper:
    """What whoever owns the database can do, and nobody else."""

    async def change(statement: str) -> None:
        connection = await asyncpg.connect(owner_url.replace("+asyncpg", ""))
        try:
            async with connection.transaction():
                for table in ("audit_entries", "audit_heads"):
                    await connection.execute(f"alter table {table} no force row level security")
                    await connection.execute(f"alter table {table} disable trigger user")
                done = await connection.execute(statement.replace("ORG", f"'{people.organization_id}'"))
                assert not done.endswith(" 0"), done
                for table in ("audit_entries", "audit_heads"):
                    await connection.execute(f"alter table {table} enable trigger user")
                    await connection.execute(f"alter table {table} force row level security")
        finally:
            await connection.close()

    return change


async def verdict(people: Any, log: Auditing) -> Verdict:
    [found] = [one async for one in log.verify(people.organization_id)]
    return found


# Pages


async def test_entries_come_newest_first_in_pages(people: Any, log: Auditing, boss: Principal) -> None:
    actions = [Action.TOKEN_CREATED, Action.TOKEN_REVOKED, Action.SETTINGS_CHANGED]
    await happened(people, boss, *actions)
    first = await log.page(boss, AuditFilter(), PageRequest(2))
    second = await log.page(boss, AuditFilter(), PageRequest(2, first.next_cursor))
    assert [entry.act.action for entry in (*first.items, *second.items)] == list(reversed(actions))
    assert second.next_cursor is None


async def test_an_entry_reads_as_it_was_written(people: Any, log: Auditing, boss: Principal) -> None:
    other = Actor(ActorKind.USER, "Rob Rep", UserId(uuid4()))
    comes_from(Origin("203.0.113.7", "Browser", "r-1"))
    act = Act(Action.STARTED_ON_BEHALF, TARGET, {"contacts": 3}, other)
    async with people.units.of(people.organization_id) as unit:
        await record(unit, boss, act, people.now)
    [entry] = (await log.page(boss, AuditFilter(), PageRequest())).items
    assert (entry.act, entry.actor) == (act, Actor(ActorKind.USER, "Ada Admin", boss.user_id))
    assert (entry.origin, entry.at) == (Origin("203.0.113.7", "Browser", "r-1"), people.now)


async def test_filters_hold_together(people: Any, log: Auditing, boss: Principal) -> None:
    user = await people.add("Rob Rep")
    rep = Principal(people.organization_id, user.id, Role.CONTRIBUTOR)
    await happened(people, boss, Action.TOKEN_CREATED)
    await happened(people, rep, Action.TOKEN_CREATED, Action.TOKEN_REVOKED, after=timedelta(hours=1))
    hour = people.now + timedelta(hours=1)

    async def seqs(**wanted: Any) -> list[int]:
        return [entry.seq for entry in (await log.page(boss, AuditFilter(**wanted), PageRequest())).items]

    assert await seqs() == [3, 2, 1]
    assert await seqs(actor_id=rep.user_id) == [3, 2]
    assert await seqs(action=Action.TOKEN_CREATED) == [2, 1]
    assert await seqs(since=hour) == [3, 2]
    assert await seqs(until=hour) == [1]
    assert await seqs(actor_id=rep.user_id, action=Action.TOKEN_CREATED, since=people.now, until=hour) == []


async def test_a_cursor_of_another_list_is_refused(log: Auditing, boss: Principal) -> None:
    with pytest.raises(InvalidCursor):
        await log.page(boss, AuditFilter(), PageRequest(cursor="WyJ1c2VycyIsMV0"))


async def test_it_is_for_administrators(people: Any, log: Auditing, boss: Principal) -> None:
    user = await people.add()
    rep = Principal(people.organization_id, user.id, Role.CONTRIBUTOR)
    token = Principal(people.organization_id, boss.user_id, Role.ADMINISTRATOR, frozenset({"me:read"}))
    for who, refused in ((rep, Forbidden), (token, InsufficientScope)):
        with pytest.raises(refused):
            await log.page(who, AuditFilter(), PageRequest())
        with pytest.raises(refused):
            await log.export(who, AuditFilter())


# Export


async def test_an_export_is_whole_in_order_and_on_record(
    people: Any, log: Auditing, boss: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditing, "BATCH", 3)
    await happened(people, boss, *[Action.TOKEN_CREATED] * 10)
    batches = [batch async for batch in await log.export(boss, AuditFilter(action=Action.TOKEN_CREATED))]
    assert [len(batch) for batch in batches] == [3, 3, 3, 1]
    assert [entry.seq for batch in batches for entry in batch] == list(range(1, 11))
    [latest] = (await log.page(boss, AuditFilter(), PageRequest(1))).items
    assert (latest.act.action, latest.act.detail) == (Action.AUDIT_EXPORTED, {"action": "token.created"})


async def test_what_happens_during_an_export_is_not_in_it(people: Any, log: Auditing, boss: Principal) -> None:
    await happened(people, boss, Action.TOKEN_CREATED)
    batches = await log.export(boss, AuditFilter())
    await happened(people, boss, *[Action.TOKEN_REVOKED] * 3)
    found = [entry.act.action async for batch in batches for entry in batch]
    assert found == [Action.TOKEN_CREATED, Action.AUDIT_EXPORTED]


# The chain


async def test_a_chain_that_nobody_touched_is_sound(
    people: Any, log: Auditing, boss: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditing, "BATCH", 2)
    assert await verdict(people, log) == Verdict(people.organization_id, "Northwind", 0)
    await happened(people, boss, *Action)
    async with people.units.of(people.organization_id) as unit:
        await record_by_system(unit, Act(Action.ORGANIZATION_CREATED), people.now, ActorKind.COMMAND_LINE)
    assert await verdict(people, log) == Verdict(people.organization_id, "Northwind", len(Action) + 1)


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("update audit_entries set actor_name = 'Eve' where organization_id = ORG and seq = 3", 3),
        ("update audit_entries set at = at + interval '1 microsecond' where organization_id = ORG and seq = 1", 1),
        ("update audit_entries set detail = '{}' where organization_id = ORG and seq = 2", 2),
        ("update audit_entries set action = 'nothing' where organization_id = ORG and seq = 2", 2),
        ("update audit_entries set target_name = null where organization_id = ORG and seq = 4", 4),
        ("update audit_entries set hash = previous where organization_id = ORG and seq = 4", 4),
        ("update audit_entries set previous = hash where organization_id = ORG and seq = 4", 4),
        ("delete from audit_entries where organization_id = ORG and seq = 3", 3),
        ("delete from audit_entries where organization_id = ORG and seq = 1", 1),
        ("delete from audit_entries where organization_id = ORG and seq = 5", 5),
        ("delete from audit_entries where organization_id = ORG", 1),
        ("update audit_heads set seq = 4 where organization_id = ORG", 5),
        ("update audit_heads set hash = '' where organization_id = ORG", 6),
        ("delete from audit_heads where organization_id = ORG", 2),
    ],
)
async def test_every_change_of_history_shows(
    people: Any, log: Auditing, boss: Principal, tamper: Tamper, statement: str, broken: int
) -> None:
    await happened(people, boss, *[Action.TOKEN_CREATED] * 5)
    await tamper(statement)
    found = await verdict(people, log)
    assert found.broken is not None
    assert found.broken == broken


async def test_two_entries_that_changed_places_show(
    people: Any, log: Auditing, boss: Principal, tamper: Tamper
) -> None:
    await happened(people, boss, *[Action.TOKEN_CREATED] * 3)
    await tamper("update audit_entries set seq = 7 - seq where organization_id = ORG and seq in (1, 2)")
    assert (await verdict(people, log)).broken == 1


async def test_all_organizations_are_followed(people: Any, log: Auditing, strangers: Any, boss: Principal) -> None:
    await happened(people, boss, Action.TOKEN_CREATED)
    found = {one.organization_id: one async for one in log.verify()}
    assert found[people.organization_id].sound == 1
    assert found[strangers.organization_id].sound == 0


async def test_nobody_reads_the_log_of_another_organization(
    people: Any, log: Auditing, strangers: Any, boss: Principal
) -> None:
    await happened(people, boss, Action.TOKEN_CREATED)
    other = await strangers.add("Eve", role=Role.ADMINISTRATOR)
    eve = Principal(strangers.organization_id, other.id, Role.ADMINISTRATOR)
    assert (await log.page(eve, AuditFilter(actor_id=boss.user_id), PageRequest())).items == []
