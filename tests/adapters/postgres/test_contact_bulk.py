"""Bulk acts over a real PostgreSQL: whatever is done, changed since and taken back, nobody's work is lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from adapters.ids import RandomIds
from adapters.postgres.database import Database
from adapters.postgres.directory_tables import contact_list_members
from adapters.postgres.tables import contacts, outbox_jobs, users
from adapters.postgres.unit_of_work import PostgresUnits
from domain.accounts.model import UserState
from domain.background.model import BackgroundJob, Document, JobState
from domain.background.service import BackgroundWork
from domain.contacts import bulk_acts
from domain.contacts.bulk import Bulk, BulkPiecework, Meant, kind_of
from domain.contacts.bulk_acts import CONTACTS_DELETED
from domain.contacts.lists import Lists
from domain.contacts.model import ContactChanges, ContactFilter, ContactStatus, NewContact
from domain.contacts.service import Contacts
from domain.shared.ids import ContactId, ContactListId, UserId
from domain.shared.principal import Principal, Role
from tests.adapters.postgres.conftest import People, SetClock
from tests.adapters.postgres.test_background import Ears

pytestmark = pytest.mark.anyio

AT_ONCE = 3


class _Few:
    at_once = AT_ONCE


class SetStatus(_Few, bulk_acts.SetStatus):
    pass


class SetOwner(_Few, bulk_acts.SetOwner):
    pass


class AddToList(_Few, bulk_acts.AddToList):
    pass


class RemoveFromList(_Few, bulk_acts.RemoveFromList):
    pass


class Delete(_Few, bulk_acts.Delete):
    pass


ACTS = (SetStatus(), SetOwner(), AddToList(), RemoveFromList(), Delete())


@dataclass(frozen=True)
class Person:
    """A contact as far as bulk acts change it: numbers of a status and an owner."""

    status: int
    owner: int | None
    listed: bool = False
    deleted: bool = False


@dataclass
class Directory:
    """Contacts, two users, two lists, and what a test does with them."""

    units: PostgresUnits
    database: Database
    clock: SetClock
    principals: Sequence[Principal]
    statuses: Sequence[ContactStatus]
    list_id: ContactListId
    ids: list[ContactId]

    def __post_init__(self) -> None:
        kinds = {kind_of(act.kind): BulkPiecework(act, self.clock) for act in ACTS}
        self.work = BackgroundWork(
            units=self.units, pieceworks=kinds, bells=Ears(), clock=self.clock, ids=RandomIds(), lease_seconds=30
        )
        self.bulk = Bulk(units=self.units, background=self.work, acts=ACTS)
        self.contacts = Contacts(units=self.units, clock=self.clock, ids=RandomIds())
        self.lists = Lists(units=self.units, clock=self.clock, ids=RandomIds())
        self.boss = replace(self.principals[0], role=Role.ADMINISTRATOR)

    @property
    def people(self) -> Principal:
        return self.principals[0]

    def user(self, number: int | None) -> UserId | None:
        return None if number is None else self.principals[number].user_id

    async def add(self, people: Sequence[Person]) -> None:
        new = [NewContact(last_name="Doe", status=self.statuses[one.status].label) for one in people]
        self.ids = [one.id for one in await self.contacts.create_many(self.boss, new)]
        for contact_id, one in zip(self.ids, people, strict=True):
            await self.contacts.update(self.boss, contact_id, ContactChanges(owner_id=self.user(one.owner)))
        listed = [contact_id for contact_id, one in zip(self.ids, people, strict=True) if one.listed]
        await self.lists.add_members(self.boss, self.list_id, listed)
        for contact_id, one in zip(self.ids, people, strict=True):
            if one.deleted:
                await self.contacts.delete(self.boss, contact_id)
        self.later()

    def later(self) -> None:
        self.clock.instant += timedelta(seconds=1)

    def asked(self, act: str, value: int) -> Document:
        return {
            "set_status": {"status": self.statuses[value].label},
            "set_owner": {"owner_id": self.user([None, 0, 1][value])},
            "add_to_list": {"list_id": self.list_id},
            "remove_from_list": {"list_id": self.list_id},
            "delete": {},
        }[act]

    async def act(self, act: str, value: int, meant: Meant) -> BackgroundJob:
        job = await self.bulk.start(self.people, meant, act, self.asked(act, value))
        return await self.run(job)

    async def run(self, job: BackgroundJob) -> BackgroundJob:
        self.later()
        await self.work.run(job.organization_id, job.id)
        return await self.work.get(self.boss, job.id)

    async def undo(self, job: BackgroundJob) -> BackgroundJob:
        return await self.run(await self.work.undo(self.boss, job.id))

    async def edit(self, number: int, what: str, value: int) -> None:
        """One change by hand."""
        contact_id = self.ids[number]
        match what:
            case "set_status":
                await self.contacts.update(self.boss, contact_id, ContactChanges(status=self.statuses[value].label))
            case "set_owner":
                changes = ContactChanges(owner_id=self.user([None, 0, 1][value]))
                await self.contacts.update(self.boss, contact_id, changes)
            case "add_to_list":
                await self.lists.add_members(self.boss, self.list_id, [contact_id])
            case "remove_from_list":
                await self.lists.remove_members(self.boss, self.list_id, [contact_id])
            case "delete":
                await self.contacts.delete(self.boss, contact_id)

    async def found(self) -> list[Person]:
        """As they are in the database."""
        async with self.database.application(self.people.organization_id) as transaction:
            rows = (await transaction.execute(select(contacts).where(contacts.c.id.in_(self.ids)))).all()
            listed = (await transaction.execute(select(contact_list_members.c.contact_id))).scalars().all()
        by_id = {row.id: row for row in rows}
        numbers = {principal.user_id: number for number, principal in enumerate(self.principals)}
        statuses = [status.id for status in self.statuses]
        return [
            Person(
                statuses.index(row.status_id),
                numbers[row.owner_id] if row.owner_id else None,
                contact_id in listed,
                row.deleted_at is not None,
            )
            for contact_id in self.ids
            for row in [by_id[contact_id]]
        ]


@pytest.fixture
async def directory(units: PostgresUnits, transactions: Database, people: People, clock: SetClock) -> Directory:
    async with units.of(people.organization_id) as unit:
        await unit.statuses.add_defaults()
        statuses = await unit.statuses.all()
    principals = [
        Principal(people.organization_id, (await people.add(name)).id, Role.CONTRIBUTOR) for name in ("Ann", "Bob")
    ]
    lists = Lists(units=units, clock=clock, ids=RandomIds())
    made = await lists.create(principals[0], "People")
    return Directory(units, transactions, clock, principals, statuses[:3], made.list.id, [])


def done(person: Person, act: str, value: int) -> Person:
    """What an act of the first user, a Contributor, makes of a contact."""
    if person.deleted:
        return person
    match act:
        case "set_status":
            return replace(person, status=value)
        case "set_owner":
            return replace(person, owner=[None, 0, 1][value])
        case "add_to_list":
            return replace(person, listed=True)
        case "remove_from_list":
            return replace(person, listed=False)
        case _:
            return replace(person, deleted=person.deleted or person.owner == 0)


def edited(person: Person, act: str, value: int) -> Person:
    """What a change by hand makes of one."""
    if person.deleted and act != "remove_from_list":
        return person
    if act == "delete":
        return replace(person, deleted=True)
    return replace(person, listed=False) if act == "remove_from_list" else done(person, act, value)


FIELDS = {
    "set_status": "status",
    "set_owner": "owner",
    "add_to_list": "listed",
    "remove_from_list": "listed",
    "delete": "deleted",
}


def taken_back(act: str, before: Person, after: Person, now: Person) -> Person:
    """What undo makes of a contact that was `before`, then `after` the act, and is like this `now`."""
    field = FIELDS[act]
    if before == after or getattr(now, field) != getattr(after, field):
        return now
    if now.deleted and act in ("set_status", "set_owner", "remove_from_list"):
        return now
    return replace(now, **{field: getattr(before, field)})


NUMBERS = st.integers(0, 2)
PERSONS = st.builds(Person, NUMBERS, st.sampled_from([None, 0, 1]), st.booleans(), st.booleans())
KINDS = st.sampled_from(sorted(FIELDS))
EDITS = st.lists(st.tuples(st.integers(0, 7), KINDS, NUMBERS), max_size=6)


@given(st.lists(PERSONS, min_size=8, max_size=8), KINDS, NUMBERS, st.sets(st.integers(0, 7)), EDITS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_undo_takes_back_what_the_act_did_and_nothing_that_was_done_since(
    directory: Directory,
    people: list[Person],
    act: str,
    value: int,
    chosen: set[int],
    edits: list[tuple[int, str, int]],
) -> None:
    await directory.add(people)
    job = await directory.act(act, value, Meant([directory.ids[number] for number in chosen]))
    after = [done(one, act, value) if number in chosen else one for number, one in enumerate(people)]
    assert await directory.found() == after

    now = list(after)
    for number, what, other in edits:
        if not now[number].deleted:
            await directory.edit(number, what, other)
            now[number] = edited(now[number], what, other)
    undone = await directory.undo(job)

    expected = [taken_back(act, *states) for states in zip(people, after, now, strict=True)]
    assert await directory.found() == expected
    restored = sum(one != other for one, other in zip(now, expected, strict=True))
    assert (undone.state, undone.result.get("restored", 0)) == (JobState.UNDONE, restored)


async def test_pieces_meet_everybody_once_whatever_they_change(directory: Directory) -> None:
    await directory.add([Person(0, 0)] * (3 * AT_ONCE + 1))
    job = await directory.act("set_status", 1, Meant(matching=ContactFilter(status=directory.statuses[0].label)))

    assert (job.done, job.total, job.result["changed"]) == (10, 10, 10)
    assert await directory.found() == [Person(1, 0)] * 10


async def test_a_job_of_many_goes_on_in_lanes_that_share_them(
    directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("domain.contacts.bulk.WORTH_LANES", 10)
    await directory.add([Person(0, 0)] * 20)
    job = await directory.bulk.start(
        directory.people, Meant(matching=ContactFilter()), "set_status", {"status": "Open"}
    )
    directory.statuses = [*directory.statuses, *await _named(directory, "Open")]
    job = await directory.run(job)
    undone = await directory.undo(job)

    assert (job.state, job.done, job.total, job.result["changed"]) == (JobState.DONE, 20, 20, 20)
    assert (undone.state, undone.done, undone.result["restored"]) == (JobState.UNDONE, 20, 20)
    assert await directory.found() == [Person(0, 0)] * 20


async def _named(directory: Directory, label: str) -> list[ContactStatus]:
    async with directory.units.of(directory.people.organization_id) as unit:
        return [status for status in await unit.statuses.all() if status.label == label]


async def test_spans_of_all_contacts_are_of_about_the_same_size(directory: Directory) -> None:
    await directory.add([Person(0, 0)] * 9)
    async with directory.units.of(directory.people.organization_id) as unit:
        bounds = await unit.bulk_contacts.bounds(3)
    ordered = sorted(directory.ids)
    cuts = [-1, *(ordered.index(bound) for bound in bounds), 8]

    assert [last - first for first, last in pairwise(cuts)] == [4, 3, 2]


async def test_whoever_has_left_begins_nothing_more_and_it_can_still_be_taken_back(directory: Directory) -> None:
    await directory.add([Person(0, 0)] * 2)
    over = await directory.act("set_status", 1, Meant(directory.ids[:1]))
    waiting = await directory.bulk.start(directory.people, Meant(directory.ids), "delete", {})
    leave = update(users).where(users.c.id == directory.people.user_id).values(state=UserState.DELETED.value)
    async with directory.database.application(directory.people.organization_id) as transaction:
        await transaction.execute(leave)
    refused, undone = await directory.run(waiting), await directory.undo(over)

    assert (refused.state, refused.error, refused.done) == (JobState.FAILED, "forbidden_user_left", 0)
    assert (undone.state, await directory.found()) == (JobState.UNDONE, [Person(0, 0)] * 2)


async def test_a_status_that_is_gone_is_not_given_back(directory: Directory) -> None:
    await directory.add([Person(2, 0)])
    job = await directory.act("set_status", 1, Meant(directory.ids))
    async with directory.database.application(directory.people.organization_id) as transaction:
        gone = directory.statuses[2].id
        await transaction.driver.execute("delete from contact_statuses where id = $1", gone)
    undone = await directory.undo(job)

    assert (undone.result["restored"], undone.result["kept"]) == (0, 1)
    assert await directory.found() == [Person(1, 0)]


async def test_the_salesflows_of_the_deleted_are_rung_for_and_of_nobody_else(directory: Directory) -> None:
    await directory.add([Person(0, 0)] * 2)
    enrolled = directory.ids[0]
    async with directory.database.application(directory.people.organization_id) as transaction:
        await _enroll(transaction, directory.people, enrolled)
    await directory.act("delete", 0, Meant(directory.ids))
    async with directory.database.application(directory.people.organization_id) as transaction:
        rung = select(outbox_jobs.c.payload).where(outbox_jobs.c.kind == CONTACTS_DELETED)
        payloads: Sequence[Mapping[str, Any]] = (await transaction.execute(rung)).scalars().all()

    assert payloads == [{"contact_ids": str(enrolled)}]


async def _enroll(transaction: Any, principal: Principal, contact_id: ContactId) -> None:
    flow = uuid4()
    whose: tuple[UUID, ...] = (principal.organization_id, flow)
    await transaction.driver.execute(
        "insert into salesflows (organization_id, id, name, state, shared, revision, version, created_at, updated_at) "
        "values ($1, $2, 'Flow', 'active', true, 1, 1, now(), now())",
        *whose,
    )
    await transaction.driver.execute(
        "insert into enrollments (organization_id, salesflow_id, id, revision, contact_id, user_id, started_by, state, "
        "position, missing_fields, started_at) values ($1, $2, $3, 1, $4, $5, $5, 'active', 1, '{}', now())",
        *whose,
        uuid4(),
        contact_id,
        principal.user_id,
    )
