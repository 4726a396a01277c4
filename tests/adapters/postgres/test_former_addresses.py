"""By the addresses that merges leave behind one person is found, whatever goes on at the same moment."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from adapters.clock import SystemClock
from adapters.ids import RandomIds
from adapters.postgres.contact_rows import arrays
from adapters.postgres.contacts import ADD
from adapters.postgres.directory_tables import contact_former_addresses, contact_merges
from adapters.postgres.operations import Operations
from domain.accounts.model import User
from domain.contacts.merging import Merging
from domain.contacts.model import Contact, ContactChanges, NewContact
from domain.contacts.service import Contacts
from domain.salesflows.joining import Joining
from domain.shared.errors import AlreadyExists, NotAllowedInState
from domain.shared.principal import Principal, Role

pytestmark = pytest.mark.anyio

ROUNDS = 12


@pytest.fixture
async def rep(people: Any) -> User:
    async with people.units.of(people.organization_id) as unit:
        await unit.statuses.add_defaults()
    return await people.add("Rob Rep", culture="en-US")


@pytest.fixture
def who(people: Any, rep: User) -> Principal:
    return Principal(people.organization_id, rep.id, Role.CONTRIBUTOR)


@pytest.fixture
def contacts(people: Any, clock: Any) -> Contacts:
    return Contacts(units=people.units, clock=clock, ids=RandomIds())


@pytest.fixture
def merging(people: Any, clock: Any) -> Merging:
    return Merging(units=people.units, journeys=Joining(), clock=clock, ids=RandomIds())


async def two(contacts: Contacts, who: Principal, number: int = 0) -> tuple[Contact, Contact]:
    made = [await contacts.create(who, NewContact("Miller", email=f"{name}{number}@prospect.example")) for name in "ab"]
    return made[0], made[1]


async def found(people: Any, address: str) -> Any:
    async with people.units.of(people.organization_id) as unit:
        return await unit.contacts.find_by_email(address)


async def test_a_former_address_finds_who_had_it_in_its_organization_alone(
    contacts: Contacts, merging: Merging, who: Principal, people: Any, strangers: Any
) -> None:
    ann, other = await two(contacts, who)
    await merging.merge(who, ann.id, [other.id], {})

    assert await found(people, other.email_key) == ann.id
    assert await found(people, "") is None
    assert await found(strangers, other.email_key) is None


async def test_of_many_who_are_added_those_with_a_former_address_are_left_out(
    contacts: Contacts, merging: Merging, who: Principal
) -> None:
    ann, other = await two(contacts, who)
    await merging.merge(who, ann.id, [other.id], {})
    new = [NewContact(f"Person {number}", email=f"p{number}@prospect.example") for number in range(20)]

    added = await contacts.create_many(who, [*new, NewContact("Other", email=other.email), NewContact("No")])

    assert [one.last_name for one in added] == [*(one.last_name for one in new), "No"]


async def test_an_address_that_was_left_behind_twice_leads_to_who_had_it_last(
    contacts: Contacts, merging: Merging, who: Principal, people: Any, clock: Any
) -> None:
    ann, other = await two(contacts, who)
    await merging.merge(who, ann.id, [other.id], {})
    clock.instant += timedelta(days=1)
    # As with the merge of a contact that had its own former address again.
    await contacts.update(who, ann.id, ContactChanges(email=other.email))
    third = await contacts.create(who, NewContact("Miller", email="c@prospect.example"))
    await merging.merge(who, third.id, [ann.id], {})

    assert await found(people, other.email_key) == third.id


async def test_a_deleted_record_does_not_come_back_beside_who_had_its_address(
    contacts: Contacts, merging: Merging, who: Principal, people: Any, clock: Any
) -> None:
    ann, other = await two(contacts, who)
    async with people.units.of(people.organization_id) as unit:
        await unit.bulk_contacts.remove([other.id], clock.now())
    again = await contacts.create(who, NewContact("Miller", email=other.email))
    await merging.merge(who, ann.id, [again.id], {})

    async with people.units.of(people.organization_id) as unit:
        assert await unit.bulk_contacts.restore([other.id], clock.now(), clock.now()) == set()
    await contacts.delete(who, ann.id)
    async with people.units.of(people.organization_id) as unit:
        assert await unit.bulk_contacts.restore([other.id], clock.now(), clock.now()) == {other.id}


async def test_whoever_is_added_while_two_records_become_one_is_no_third(
    contacts: Contacts, merging: Merging, who: Principal, people: Any
) -> None:
    for number in range(ROUNDS):
        ann, other = await two(contacts, who, number)
        chosen = {"email": other.id} if number % 2 else {}
        left_behind = (ann if number % 2 else other).email
        both = await asyncio.gather(
            merging.merge(who, ann.id, [other.id], chosen),
            contacts.create(who, NewContact("Third", email=left_behind)),
            return_exceptions=True,
        )
        assert isinstance(both[1], AlreadyExists), both
        assert await found(people, str(left_behind)) == ann.id


async def test_a_large_organization_is_not_read_through_to_add_somebody(
    contacts: Contacts, merging: Merging, who: Principal, people: Any
) -> None:
    """Of an organization that is too young for statistics as well."""
    ann, other = await two(contacts, who)
    await contacts.create_many(who, [NewContact("P", email=f"p{number}@prospect.example") for number in range(1_000)])
    await merging.merge(who, ann.id, [other.id], {})
    async with people.units.of(people.organization_id) as unit:
        values = arrays(people.organization_id, [replace(ann, id=RandomIds().new(), email="new@prospect.example")])
        plan = await unit._transaction.driver.fetch(f"explain (analyze, format text) {ADD.sql}", *ADD.arguments(values))
    told = "\n".join(row[0] for row in plan)
    assert "Seq Scan" not in told, told
    assert "Rows Removed by Filter" not in told, told


async def test_what_a_merge_did_is_kept_as_long_as_it_can_be_taken_back(
    contacts: Contacts, merging: Merging, who: Principal, people: Any, transactions: Any, clock: Any
) -> None:
    ann, other = await two(contacts, who)
    operations = Operations(transactions, SystemClock())
    _, [merge_id] = await merging.merge(who, ann.id, [other.id], {})

    async def kept() -> list[Any]:
        async with transactions.application(people.organization_id) as transaction:
            rows = (await transaction.execute(select(contact_merges.c.before, contact_merges.c.moved))).all()
            return [tuple(row) for row in rows if row != (None, None)]

    while await operations.forget_effects_of_merges(clock.now()):
        pass
    assert len(await kept()) == 1

    while await operations.forget_effects_of_merges(clock.now() + timedelta(seconds=1)):
        pass
    assert await kept() == []
    with pytest.raises(NotAllowedInState) as refused:
        await merging.undo(who, merge_id)
    assert refused.value.reason == "merge_too_old"
    [(entry, _)] = await merging.into(who, ann.id)
    assert (entry.id, entry.merged_name) == (merge_id, "Miller")
    assert await found(people, other.email_key) == ann.id
    async with transactions.application(people.organization_id) as transaction:
        assert len((await transaction.execute(select(contact_former_addresses))).all()) == 1
