"""What an import asks of the database does not grow with its rows."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest

from domain.contacts.imports.model import KIND
from domain.shared.ids import BackgroundJobId
from tests.api.importing import HEADER, Desk, a_file

pytestmark = pytest.mark.anyio


class TakenBack(Exception):
    """What was looked at is not kept."""


@pytest.fixture
async def desk(new_organization: Any) -> AsyncIterator[Desk]:
    """Whose database knows the statements already."""
    organization = await new_organization()
    async with await organization.as_contributor() as client:
        desk = Desk(client, organization)
        await desk.take_in(people(2, "Narvik"))
        await desk.take_in(people(2, "Tromsø"), on_existing="overwrite")
        yield desk


def people(count: int, city: str, prefix: str = "p") -> bytes:
    rows = [[f"P{number}", "Lee", f"{prefix}{number}@x.example", "(617) 500-4900", city] for number in range(count)]
    return a_file(rows, HEADER)


async def statements_of_a_piece(desk: Desk, content: bytes, **options: Any) -> list[str]:
    started = (await desk.ask_to_start(await desk.upload(content), **options)).json()
    container, who = desk.organization.running.container, desk.organization.contributor
    piecework = container.background_work._pieceworks[KIND]
    sent: list[str] = []

    def note(record: Any) -> None:
        sent.append(record.query)

    with pytest.raises(TakenBack):
        async with container.units.of(who.organization_id) as unit:
            job = await unit.background_jobs.get(BackgroundJobId(UUID(started["job_id"])))
            unit._transaction.driver.add_query_logger(note)
            progress = await piecework.piece(unit, job)
            unit._transaction.driver.remove_query_logger(note)
            assert progress.finished
            raise TakenBack
    return sent


async def test_a_piece_of_new_people_takes_as_many_statements_however_many_they_are(desk: Desk) -> None:
    few = await statements_of_a_piece(desk, people(3, "Oslo", "new"))
    many = await statements_of_a_piece(desk, people(500, "Oslo", "new"))

    assert len(few) == len(many) <= 6, "\n".join(many)


async def test_so_does_a_piece_of_people_who_are_known_and_as_they_were(desk: Desk) -> None:
    await desk.take_in(people(500, "Oslo"))
    few = await statements_of_a_piece(desk, people(2, "Oslo"))
    many = await statements_of_a_piece(desk, people(500, "Oslo"))

    assert len(few) == len(many) <= 7, "\n".join(many)


async def test_and_a_piece_that_changes_them_grows_by_hundreds(desk: Desk) -> None:
    await desk.take_in(people(1_000, "Oslo"))
    few = await statements_of_a_piece(desk, people(2, "Bergen"), on_existing="overwrite")
    many = await statements_of_a_piece(desk, people(1_000, "Bergen"), on_existing="overwrite")

    assert len(many) <= len(few) + 2, "\n".join(many)
