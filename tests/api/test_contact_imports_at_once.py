"""Imports beside each other, and beside people who change and delete contacts: nobody twice, nothing lost."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

import pytest

from domain.contacts.imports import reading_ahead
from domain.shared.ids import BackgroundJobId
from tests.api.importing import Desk, a_file

pytestmark = pytest.mark.anyio

HEADER = ["First name", "Last name", "Email", "City"]
MANY = 60


@pytest.fixture
async def desk(new_organization: Any, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """Whose worker takes few rows at a time, so that a lot happens in between."""
    monkeypatch.setattr(reading_ahead, "ROWS", 7)
    organization = await new_organization()
    async with await organization.as_contributor() as client:
        yield Desk(client, organization)


def people(city: str, order: int = 1) -> bytes:
    rows = [[f"P{number}", "Lee", f"p{number}@x.example", city] for number in range(MANY)]
    return a_file(rows[::order], HEADER)


async def started(desk: Desk, content: bytes, **options: Any) -> dict[str, Any]:
    answer = await desk.ask_to_start(await desk.upload(content), **options)
    assert answer.status_code == 202, answer.text
    return dict(answer.json())


async def done_at_once(desk: Desk, imports: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    work, who = desk.organization.running.container.background_work, desk.organization.contributor
    await asyncio.gather(*(work.run(who.organization_id, BackgroundJobId(UUID(one["job_id"]))) for one in imports))
    return [(await desk.client.get(f"/contacts/imports/{one['id']}")).json() for one in imports]


def sums(import_: dict[str, Any]) -> bool:
    counts = import_["counts"]
    outcomes = ("created", "updated", "unchanged", "skipped", "failed")
    return counts["total"] == import_["done"] == sum(counts[outcome] for outcome in outcomes)


@pytest.mark.parametrize("order", [1, -1])
async def test_two_imports_of_the_same_people_make_each_of_them_once(desk: Desk, order: int) -> None:
    both = await done_at_once(desk, [await started(desk, people("Oslo")), await started(desk, people("Oslo", order))])
    counts = [one["counts"] for one in both]

    assert [one["state"] for one in both] == ["done", "done"]
    assert [count["total"] for count in counts] == [MANY, MANY]
    assert all(map(sums, both))
    assert (sum(count["created"] for count in counts), sum(count["unchanged"] for count in counts)) == (MANY, MANY)
    assert len(await desk.people()) == MANY


async def test_of_two_imports_that_overwrite_each_row_is_one_of_both(desk: Desk) -> None:
    await desk.take_in(people("Oslo"))
    both = await done_at_once(
        desk,
        [
            await started(desk, people("Bergen"), on_existing="overwrite"),
            await started(desk, people("Narvik", -1), on_existing="overwrite"),
        ],
    )

    assert [one["counts"]["updated"] for one in both] == [MANY, MANY]
    assert {person["city"] for person in await desk.people()} <= {"Bergen", "Narvik"}
    assert {person["version"] for person in await desk.people()} == {3}


async def test_what_somebody_types_meanwhile_stays(desk: Desk) -> None:
    await desk.take_in(people("Oslo"))
    known = await desk.people()
    again = await started(desk, people("Bergen"), on_existing="overwrite")

    async def typed() -> None:
        for person in known:
            answer = await desk.client.patch(f"/contacts/{person['id']}", json={"job_title": "CFO"})
            assert answer.status_code == 200, answer.text

    [[done], _] = await asyncio.gather(done_at_once(desk, [again]), typed())
    now = await desk.people()

    assert (done["state"], done["counts"]["updated"]) == ("done", MANY)
    assert {(person["city"], person["job_title"], person["version"]) for person in now} == {("Bergen", "CFO", 3)}


async def test_who_is_added_or_deleted_meanwhile_is_one_person_or_none(desk: Desk) -> None:
    await desk.take_in(people("Oslo"))
    known = await desk.people()
    again = await started(desk, people("Bergen"), on_existing="overwrite")

    async def changed() -> None:
        for person in known[::2]:
            assert (await desk.client.delete(f"/contacts/{person['id']}")).status_code == 204
            person_again = {"last_name": "Again", "email": person["email"]}
            assert (await desk.client.post("/contacts", json=person_again)).status_code in (201, 409)

    [[done], _] = await asyncio.gather(done_at_once(desk, [again]), changed())
    addresses = [person["email"] for person in await desk.people()]

    assert done["state"] == "done"
    assert sums(done)
    assert sorted(addresses) == sorted(set(addresses)) == sorted(person["email"] for person in known)


async def test_an_import_and_its_way_back_beside_another_one_leave_what_the_other_has_changed(desk: Desk) -> None:
    first = await desk.take_in(people("Oslo"))
    answer = await desk.client.post(f"/contacts/imports/{first['id']}/undo")
    other = await started(desk, people("Bergen"), on_existing="overwrite")
    back, done = await done_at_once(desk, [answer.json(), other])

    taken = back["taken_back"]
    assert (back["state"], done["state"], taken["restored"]) == ("undone", "done", 0)
    assert taken["removed"] + taken["kept"] == MANY
    assert done["counts"]["created"] + done["counts"]["updated"] == MANY
    assert {person["city"] for person in await desk.people()} == {"Bergen"}
    assert len(await desk.people()) == MANY
