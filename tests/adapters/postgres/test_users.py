"""Users of an organization: kept as they were given, found by name, never another organization's."""

from dataclasses import fields, replace
from typing import Any
from uuid import uuid4

import pytest

from adapters.postgres.tables import users
from adapters.postgres.unit_of_work import PostgresUnits
from domain.accounts.model import User
from domain.accounts.working_hours import Window, WorkingHours
from domain.shared.errors import AlreadyExists, InvalidCursor, NotFound, VersionMismatch
from domain.shared.ids import UserId
from domain.shared.paging import PageRequest

pytestmark = pytest.mark.anyio


def test_every_field_of_a_user_has_a_column_and_every_column_a_field() -> None:
    kept = {field.name for field in fields(User)} | {"organization_id", "email_key"}
    assert kept == set(users.c.keys())


async def test_a_user_is_kept_as_given(units: PostgresUnits, people: Any) -> None:
    hours = WorkingHours("Europe/Berlin", {"monday": (Window(540, 720),)}, country="DE")
    user = await people.add(phone="+12025550123", job_title="Buyer", company="Fabrikam", working_hours=hours)
    async with units.of(people.organization_id) as unit:
        found = await unit.users.get(user.id)
    assert replace(found, working_hours=None) == replace(user, working_hours=None)
    assert found.hours.is_business_day(people.now.date()) == hours.is_business_day(people.now.date())


async def test_a_user_that_is_missing_is_not_found(units: PostgresUnits, people: Any) -> None:
    async with units.of(people.organization_id) as unit:
        with pytest.raises(NotFound):
            await unit.users.get(UserId(uuid4()))


async def test_another_organizations_user_is_not_found(units: PostgresUnits, people: Any, strangers: Any) -> None:
    stranger = await strangers.add()
    async with units.of(people.organization_id) as unit:
        with pytest.raises(NotFound):
            await unit.users.get(stranger.id)


async def test_many_gives_those_that_exist(units: PostgresUnits, people: Any) -> None:
    one, two = await people.add(), await people.add()
    async with units.of(people.organization_id) as unit:
        found = await unit.users.many([one.id, two.id, UserId(uuid4())])
    assert found == {one.id: one, two.id: two}


async def test_a_sender_has_the_hours_of_the_user(units: PostgresUnits, people: Any) -> None:
    user = await people.add("Ann Example", time_zone="Europe/Paris", culture="fr-FR")
    async with units.of(people.organization_id) as unit:
        sender = (await unit.users.senders([user.id]))[user.id]
    assert (sender.first_name, sender.working_hours.time_zone, sender.working_hours.country) == (
        "Ann",
        "Europe/Paris",
        "FR",
    )


async def test_an_address_belongs_to_one_user_however_it_is_written(people: Any) -> None:
    user = await people.add()
    with pytest.raises(AlreadyExists):
        await people.add(email=user.email.upper())


async def test_a_change_of_an_old_version_is_refused(units: PostgresUnits, people: Any) -> None:
    user = await people.add()
    async with units.of(people.organization_id) as unit:
        assert (await unit.users.save(replace(user, name="New Name"))).version == 2
    with pytest.raises(VersionMismatch):
        async with units.of(people.organization_id) as unit:
            await unit.users.save(replace(user, name="Other Name"))


async def test_the_directory_is_by_name_and_pages(units: PostgresUnits, people: Any, strangers: Any) -> None:
    for name in ("zoe", "Ann", "bob", "Bob"):
        await people.add(name)
    await strangers.add("Abe")
    async with units.of(people.organization_id) as unit:
        first = await unit.users.directory("", PageRequest(limit=2))
        second = await unit.users.directory("", PageRequest(limit=2, cursor=first.next_cursor))
    assert [item.name.lower() for item in [*first.items, *second.items]] == ["ann", "bob", "bob", "zoe"]
    assert second.next_cursor is None


async def test_the_directory_finds_parts_of_names_and_addresses(units: PostgresUnits, people: Any) -> None:
    ann = await people.add("Ann Smith")
    bob = await people.add("Bob Jones")
    async with units.of(people.organization_id) as unit:
        by_name = await unit.users.directory("SMI", PageRequest())
        by_address = await unit.users.directory(bob.email[:12], PageRequest())
        by_wildcard = await unit.users.directory("%", PageRequest())
    assert [item.id for item in by_name.items] == [ann.id]
    assert [item.id for item in by_address.items] == [bob.id]
    assert by_wildcard.items == []


async def test_a_cursor_of_another_list_is_refused(units: PostgresUnits, people: Any) -> None:
    async with units.of(people.organization_id) as unit:
        with pytest.raises(InvalidCursor):
            await unit.users.directory("", PageRequest(cursor="nonsense"))
