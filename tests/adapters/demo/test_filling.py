"""A demo directory as large as somebody wants to see it, completed by whoever asks for more."""

import base64
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from sqlalchemy import func, select

from adapters.bootstrap import Container, open_container
from adapters.demo import filling
from adapters.demo.load import PEOPLE, REPRESENTATIVE
from adapters.postgres.contact_rows import columns
from adapters.postgres.contact_terms import looked_up_of
from adapters.postgres.tables import activities, contact_terms, contacts
from adapters.settings import Settings
from domain.contacts.model import Contact, ContactFilter, ContactSort
from domain.shared.ids import ContactId
from domain.shared.paging import PageRequest
from domain.shared.principal import Principal

pytestmark = pytest.mark.anyio


@pytest.fixture
async def container(
    servers: Any, redis_url: str, monkeypatch: pytest.MonkeyPatch, anyio_backend: str
) -> AsyncIterator[Container]:
    """Over a database of its own, as the demo organization is one for all; it is filled in small pieces."""
    monkeypatch.setattr(filling, "AT_ONCE", 70)
    database = servers.new_database("demo_filling")
    settings = Settings(
        database_url=database.url,
        database_owner_url=database.owner_url,
        redis_url=redis_url,
        secret_keys="test:" + base64.b64encode(b"k" * 32).decode(),
        password_memory_kib=1024,
        password_passes=1,
        demo=True,
    )
    async with open_container(settings) as container:
        yield container


async def representative(container: Container) -> Principal:
    return await container.accounts.principal_of(REPRESENTATIVE)


async def everybody(container: Container) -> list[Contact]:
    who = await representative(container)
    async with container.units.of(who.organization_id) as unit:
        found = await unit.contacts.ids_matching(ContactFilter(), 10_000)
        return list((await unit.contacts.many(found)).values())


async def rows(container: Container, query: Any) -> Sequence[Any]:
    who = await representative(container)
    async with container.database.application(who.organization_id) as transaction:
        return (await transaction.execute(query)).all()


async def test_there_are_as_many_as_were_asked_for_and_more_when_more_are(container: Container) -> None:
    heard: list[int] = []
    for wanted in (500, 500, 400, 731):
        await container.load_demo(wanted, heard.append)
    assert heard == [PEOPLE + 70, PEOPLE + 140, 500, 570, 640, 710, 731]
    people = await everybody(container)
    assert len(people) == 731
    addresses = [person.email for person in people if person.email]
    assert len(set(addresses)) == len(addresses) > 680


async def test_a_load_that_was_cut_off_is_completed_by_the_next(container: Container) -> None:
    def leave(many: int) -> None:
        if many > PEOPLE + 100:
            raise KeyError(many)

    with pytest.raises(KeyError):
        await container.load_demo(800, leave)
    assert len(await everybody(container)) < 800
    await container.load_demo(800)

    people = await everybody(container)
    phones = [person.business_phone for person in people if person.business_phone]
    assert len(people) == 800
    assert len(set(phones)) == len(phones)


async def test_strangers_are_stored_as_the_service_stores_contacts(container: Container) -> None:
    await container.load_demo(600)
    people = {person.id: person for person in await everybody(container)}
    kept = {row.id: row for row in await rows(container, select(contacts))}
    for contact_id, person in people.items():
        expected = columns(person)
        assert {name: getattr(kept[contact_id], name) for name in expected} == expected
    found_by: dict[ContactId, set[str]] = {}
    for row in await rows(container, select(contact_terms.c.contact_id, contact_terms.c.term)):
        found_by.setdefault(row.contact_id, set()).add(row.term)
    assert found_by == {contact_id: looked_up_of(person) for contact_id, person in people.items()}
    created = select(func.count()).select_from(activities).where(activities.c.type == "contact_created")
    assert [row[0] for row in await rows(container, created)] == [600]


async def test_people_came_one_after_the_other_in_the_order_of_their_ids(container: Container) -> None:
    await container.load_demo(500)
    people = sorted(await everybody(container), key=lambda person: person.id)
    assert [person.created_at for person in people] == sorted(person.created_at for person in people)
    assert all(person.created_at <= person.last_activity_at for person in people)


async def test_they_are_found_in_the_directory(container: Container) -> None:
    await container.load_demo(500)
    who = await representative(container)
    page = await container.contacts.page(who, ContactFilter("jur mul"), ContactSort.NAME, PageRequest(total=True))
    assert all("Jürgen" in str(item["name"]) for item in page.items)
    everyone = await container.contacts.page(who, ContactFilter(), ContactSort.NAME, PageRequest(total=True))
    assert everyone.total == 500
