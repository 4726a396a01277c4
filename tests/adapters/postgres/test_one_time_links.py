"""One-time links in PostgreSQL."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from adapters.ids import RandomIds
from adapters.postgres.unit_of_work import PostgresUnits
from domain.accounts.model import User
from domain.accounts.one_time_links import LinkKind, OneTimeLink, new_link
from domain.shared.errors import NotFound
from domain.shared.ids import LinkId
from tests.adapters.postgres.conftest import People, an_organization

AT_ONCE = 20


async def added(people: People, user: User, kind: LinkKind = LinkKind.INVITATION, **when: Any) -> OneTimeLink:
    link = new_link(RandomIds(), people.organization_id, user.id, kind, when.get("at", people.now))
    async with people.units.of(people.organization_id) as unit:
        await unit.links.add(link)
    return link


async def used(people: People, link: OneTimeLink, after: timedelta = timedelta()) -> OneTimeLink | None:
    async with people.units.of(people.organization_id) as unit:
        return await unit.links.use(link.id, people.now + after)


async def test_a_link_is_kept_as_it_was_made(people: People) -> None:
    link = await added(people, await people.add())

    async with people.units.of(people.organization_id) as unit:
        assert await unit.links.get(link.id) == link


async def test_of_many_who_use_a_link_at_once_one_wins(people: People) -> None:
    link = await added(people, await people.add())

    answers = await asyncio.gather(*(used(people, link) for _ in range(AT_ONCE)))

    assert sum(answer is not None for answer in answers) == 1


async def test_a_link_cannot_be_used_after_its_time(people: People) -> None:
    link = await added(people, await people.add(), LinkKind.PASSWORD_RESET)

    assert await used(people, link, timedelta(minutes=30)) is None
    assert await used(people, link, timedelta(minutes=29)) is not None


async def test_links_are_revoked_by_user_and_kind(people: People) -> None:
    ann, ben = await people.add(), await people.add("Ben Example")
    hers = await added(people, ann)
    of_another_kind, of_another_user = await added(people, ann, LinkKind.PASSWORD_RESET), await added(people, ben)

    async with people.units.of(people.organization_id) as unit:
        assert await unit.links.revoke_of(ann.id, LinkKind.INVITATION, people.now) == 1
        assert await unit.links.revoke_of(ann.id, LinkKind.INVITATION, people.now) == 0

    assert await used(people, hers) is None
    assert await used(people, of_another_kind) is not None
    assert await used(people, of_another_user) is not None


async def test_the_latest_link_of_each_user_is_found(people: People) -> None:
    ann, ben = await people.add(), await people.add("Ben Example")
    await added(people, ann, at=people.now - timedelta(days=1))
    latest = await added(people, ann)
    await added(people, ann, LinkKind.PASSWORD_RESET)

    async with people.units.of(people.organization_id) as unit:
        found = await unit.links.latest_of([ann.id, ben.id], LinkKind.INVITATION, LinkKind.WELCOME)

    assert found == {ann.id: latest}


async def test_a_sent_letter_is_noted(people: People) -> None:
    link = await added(people, await people.add())

    async with people.units.of(people.organization_id) as unit:
        await unit.links.mark_sent(link.id, people.now)
        assert (await unit.links.get(link.id)).sent_at == people.now


async def test_links_of_another_organization_are_not_there(people: People, units: PostgresUnits) -> None:
    link = await added(people, await people.add())
    elsewhere = await an_organization(units, people.now)

    assert await used(elsewhere, link) is None
    async with units.of(elsewhere.organization_id) as unit:
        with pytest.raises(NotFound):
            await unit.links.get(LinkId(link.id))
