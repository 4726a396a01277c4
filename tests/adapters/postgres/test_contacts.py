"""Contacts in PostgreSQL: one record a person, edits that do not get lost, deletion, and the marks against writing."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest

from adapters.ids import RandomIds
from adapters.postgres.contact_rows import STORED
from adapters.postgres.tables import contacts as contacts_table
from domain.accounts.model import User
from domain.activities.model import ActivityType
from domain.contacts.bouncing import mark_bounced
from domain.contacts.model import Contact, ContactChanges, EmailState, NewContact
from domain.contacts.opting_out import opt_out
from domain.contacts.service import CONTACT_CHANGED, CONTACT_DELETED, Contacts
from domain.shared.errors import AlreadyExists, Forbidden, NotFound, Rejected, VersionMismatch
from domain.shared.ids import ContactId, UserId
from domain.shared.jobs import Job
from domain.shared.paging import PageRequest
from domain.shared.principal import Principal, Role

pytestmark = pytest.mark.anyio


@pytest.fixture
async def rep(people) -> User:
    async with people.units.of(people.organization_id) as unit:
        await unit.statuses.add_defaults()
    return await people.add("Rob Rep", culture="en-US")


@pytest.fixture
def who(people, rep) -> Principal:
    return Principal(people.organization_id, rep.id, Role.CONTRIBUTOR)


@pytest.fixture
def contacts(people, clock) -> Contacts:
    return Contacts(units=people.units, clock=clock, ids=RandomIds())


@pytest.fixture
async def ann(contacts, who) -> Contact:
    return await contacts.create(who, NewContact("Miller", first_name="Ann", email="Ann@Prospect.example"))


async def kinds(contacts: Contacts, who: Principal, contact: Contact) -> list[ActivityType]:
    return [entry.activity.type for entry in (await contacts.timeline(who, contact.id, PageRequest())).items]


async def test_a_new_contact_has_an_owner_a_status_and_a_beginning(contacts, who, rep) -> None:
    made = await contacts.create(who, NewContact("Miller", email="ann@prospect.example"))
    assert (made.owner_id, made.owner_name, made.status, made.email_state) == (rep.id, "Rob Rep", "New", EmailState.OK)
    assert await kinds(contacts, who, made) == [ActivityType.CONTACT_CREATED]
    assert await contacts.get(who, made.id) == made


async def test_a_contact_without_an_address_has_no_email_state(contacts, who) -> None:
    assert (await contacts.create(who, NewContact("Miller"))).email_state is EmailState.NONE


async def test_two_contacts_may_lack_an_address(contacts, who) -> None:
    first, second = [await contacts.create(who, NewContact("Miller")) for _ in range(2)]
    assert first.id != second.id


async def test_a_local_phone_is_read_as_of_the_country_of_who_types_it(contacts, who) -> None:
    made = await contacts.create(who, NewContact("Miller", business_phone="(617) 500-4900"))
    assert made.business_phone == "+16175004900"


async def test_a_local_phone_is_read_as_of_the_contacts_own_country_first(contacts, who) -> None:
    made = await contacts.create(who, NewContact("Müller", country="DE"))
    changed = await contacts.update(who, made.id, ContactChanges(mobile_phone="0171 1234567"))
    assert changed.mobile_phone == "+491711234567"


async def test_nobody_has_two_records(contacts, who, ann) -> None:
    with pytest.raises(AlreadyExists) as refused:
        await contacts.create(who, NewContact("Other", email="ANN@prospect.EXAMPLE"))
    assert refused.value.existing == {"contact_id": str(ann.id)}


async def test_of_two_who_add_the_same_person_at_once_one_is_refused(contacts, who) -> None:
    new = NewContact("Miller", email="same@prospect.example")
    both = await asyncio.gather(contacts.create(who, new), contacts.create(who, new), return_exceptions=True)
    assert sorted(type(answer) for answer in both if isinstance(answer, Exception)) == [AlreadyExists]


async def test_another_organization_may_know_the_same_person(contacts, who, ann, strangers) -> None:
    async with strangers.units.of(strangers.organization_id) as unit:
        await unit.statuses.add_defaults()
    stranger = await strangers.add("Zoe")
    other = Principal(strangers.organization_id, stranger.id, Role.CONTRIBUTOR)
    assert (await contacts.create(other, NewContact("Miller", email=ann.email))).id != ann.id
    with pytest.raises(NotFound):
        await contacts.get(other, ann.id)


async def test_many_are_added_at_once_without_those_who_are_known(contacts, who, ann) -> None:
    people = [NewContact(f"Person {number}", email=f"p{number}@prospect.example") for number in range(20)]
    added = await contacts.create_many(who, [*people, NewContact("Miller", email=ann.email)])
    assert [contact.last_name for contact in added] == [person.last_name for person in people]


async def test_an_unknown_owner_is_refused(contacts, who) -> None:
    with pytest.raises(Rejected) as refused:
        await contacts.create(who, NewContact("Miller", owner_id=UserId(uuid4())))
    assert [error.pointer for error in refused.value.errors] == ["/owner_id"]


async def test_a_patch_changes_what_it_mentions(contacts, who, ann) -> None:
    changed = await contacts.update(who, ann.id, ContactChanges(job_title="CFO", first_name=None))
    assert (changed.job_title, changed.first_name, changed.last_name) == ("CFO", None, "Miller")
    assert changed.version == ann.version + 1


async def test_a_patch_that_changes_nothing_keeps_the_version(contacts, who, ann) -> None:
    assert await contacts.update(who, ann.id, ContactChanges(first_name="Ann")) == ann


async def test_an_edit_of_an_old_version_is_refused(contacts, who, ann) -> None:
    await contacts.update(who, ann.id, ContactChanges(job_title="CFO"), ann.version)
    with pytest.raises(VersionMismatch):
        await contacts.update(who, ann.id, ContactChanges(job_title="CTO"), ann.version)


async def test_two_edits_at_once_are_both_kept(contacts, who, ann) -> None:
    await asyncio.gather(
        contacts.update(who, ann.id, ContactChanges(city="Boston")),
        contacts.update(who, ann.id, ContactChanges(company="Fabrikam")),
    )
    after = await contacts.get(who, ann.id)
    assert (after.city, after.company, after.version) == ("Boston", "Fabrikam", 3)


async def test_a_status_change_is_told(contacts, who, ann) -> None:
    await contacts.update(who, ann.id, ContactChanges(status="Qualified"))
    timeline = await contacts.timeline(who, ann.id, PageRequest())
    changed = next(e.activity for e in timeline.items if e.activity.type is ActivityType.CONTACT_STATUS_CHANGED)
    assert changed.detail == {"from": "New", "to": "Qualified"}


async def test_a_change_rings_for_emails_that_wait_for_it(contacts, who, ann, people) -> None:
    await contacts.update(who, ann.id, ContactChanges(company="Fabrikam"))
    async with people.units.system() as unit:
        jobs = [job for _, job in await unit.jobs.take(10_000)]
    assert Job(CONTACT_CHANGED, people.organization_id, {"contact_id": str(ann.id)}) in jobs


async def test_the_address_of_another_contact_is_refused(contacts, who, ann) -> None:
    other = await contacts.create(who, NewContact("Other", email="other@prospect.example"))
    with pytest.raises(AlreadyExists) as refused:
        await contacts.update(who, other.id, ContactChanges(email=ann.email))
    assert refused.value.existing == {"contact_id": str(ann.id)}


async def test_the_owner_can_be_taken_away(contacts, who, ann) -> None:
    changed = await contacts.update(who, ann.id, ContactChanges(owner_id=None))
    assert (changed.owner_id, changed.owner_name) == (None, None)


async def test_a_deleted_contact_is_gone_and_its_salesflows_are_told(contacts, who, ann, people) -> None:
    await contacts.delete(who, ann.id)
    with pytest.raises(NotFound):
        await contacts.get(who, ann.id)
    async with people.units.system() as unit:
        jobs = [job for _, job in await unit.jobs.take(10_000)]
    assert Job(CONTACT_DELETED, people.organization_id, {"contact_id": str(ann.id)}) in jobs


async def test_a_deleted_contact_makes_room_for_the_address(contacts, who, ann) -> None:
    await contacts.delete(who, ann.id)
    assert (await contacts.create(who, NewContact("Miller", email=ann.email))).id != ann.id


async def test_only_the_owner_and_administrators_delete(contacts, who, ann, people) -> None:
    colleague = await people.add("Cara")
    with pytest.raises(Forbidden):
        await contacts.delete(replace(who, user_id=colleague.id), ann.id)
    await contacts.delete(replace(who, user_id=colleague.id, role=Role.ADMINISTRATOR), ann.id)


async def test_an_opt_out_is_in_force_and_told_once(contacts, who, ann, people, clock) -> None:
    async with people.units.of(people.organization_id) as unit:
        assert await opt_out(unit, ann.id, clock.now(), address="old@prospect.example")
    async with people.units.of(people.organization_id) as unit:
        assert not await opt_out(unit, ann.id, clock.now())
        asked = ["ann@prospect.example", "old@prospect.example", "other@prospect.example"]
        assert await unit.suppressions.hits(asked) == set(asked[:2])
    assert (await contacts.get(who, ann.id)).opted_out_at == clock.now()
    assert (await kinds(contacts, who, ann)).count(ActivityType.CONTACT_UNSUBSCRIBED) == 1


async def test_an_opt_out_outlives_the_contact(contacts, who, ann, people, clock) -> None:
    await contacts.delete(who, ann.id)
    async with people.units.of(people.organization_id) as unit:
        await opt_out(unit, ann.id, clock.now(), address="ann@prospect.example")
        assert await unit.suppressions.hits(["ann@prospect.example"])


async def test_a_suppression_holds_in_its_organization_alone(who, ann, people, strangers, clock) -> None:
    async with people.units.of(people.organization_id) as unit:
        await unit.suppressions.add(["ann@prospect.example"], "asked", clock.now())
    async with strangers.units.of(strangers.organization_id) as unit:
        assert not await unit.suppressions.hits(["ann@prospect.example"])


async def test_a_new_address_has_not_bounced(contacts, who, ann, people) -> None:
    async with people.units.of(people.organization_id) as unit:
        assert await mark_bounced(unit, ann.id, "ANN@prospect.example")
    assert (await contacts.get(who, ann.id)).email_state is EmailState.BOUNCED
    mended = await contacts.update(who, ann.id, ContactChanges(email="ann.miller@prospect.example"))
    assert mended.email_state is EmailState.OK


async def test_the_bounce_of_a_former_address_says_nothing(contacts, who, ann, people) -> None:
    async with people.units.of(people.organization_id) as unit:
        assert not await mark_bounced(unit, ann.id, "former@prospect.example")
        assert not await mark_bounced(unit, ContactId(uuid4()), "ann@prospect.example")


def test_a_contact_has_a_field_for_every_column() -> None:
    made_for_lists = {"organization_id", "name_key", "email_key", "company_key", "deleted_at"}
    made_for_lists |= {"terms", "beginnings_low", "beginnings_high"}
    assert {column.name for column in contacts_table.columns} - made_for_lists == set(STORED)
