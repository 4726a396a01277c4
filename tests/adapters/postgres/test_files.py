"""Files in pieces: whole or not to be read, and never held in memory as a whole."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from adapters.postgres.database import Database
from adapters.postgres.operations import Operations
from adapters.postgres.unit_of_work import PostgresUnits
from domain.shared.errors import NotAllowedInState, NotFound
from domain.shared.files import PIECE, StoredFile, content_between, keep_pieces
from domain.shared.ids import FileId
from tests.adapters.postgres.conftest import People, SetClock, an_organization

pytestmark = pytest.mark.anyio
CONTENT = bytes(range(256)) * (PIECE // 256) * 2 + b"the end"


async def kept(people: People, content: bytes = CONTENT, *, finished: bool = True) -> FileId:
    async with people.units.of(people.organization_id) as unit:
        file_id = await unit.files.begin("notes.txt", "text/plain")
        for position, first in enumerate(range(0, len(content), PIECE)):
            await unit.files.append(file_id, position, content[first : first + PIECE])
        if finished:
            await unit.files.finish(file_id, len(content))
    return file_id


async def read(people: People, file_id: FileId, from_position: int = 0) -> list[bytes]:
    async with people.units.of(people.organization_id) as unit:
        return [piece async for piece in unit.files.pieces(file_id, from_position)]


async def between(people: People, file_id: FileId, first: int, end: int) -> bytes:
    parts = content_between(people.units, people.organization_id, file_id, first, end)
    return b"".join([part async for part in parts])


async def test_what_was_kept_is_read_piece_by_piece(people: People) -> None:
    file_id = await kept(people)
    assert [len(piece) for piece in await read(people, file_id)] == [PIECE, PIECE, 7]
    assert b"".join(await read(people, file_id)) == CONTENT
    assert await read(people, file_id, 2) == [b"the end"]
    assert await read(people, file_id, 3) == []
    async with people.units.of(people.organization_id) as unit:
        assert await unit.files.get(file_id) == StoredFile(file_id, "notes.txt", "text/plain", len(CONTENT))


@pytest.mark.parametrize(
    ("first", "end"),
    [(0, 1), (0, PIECE), (PIECE - 1, PIECE + 1), (PIECE, 2 * PIECE), (5, 2 * PIECE + 3), (0, len(CONTENT)), (9, 9)],
)
async def test_any_part_can_be_read(people: People, first: int, end: int) -> None:
    file_id = await kept(people)
    assert await between(people, file_id, first, end) == CONTENT[first:end]


async def coming(content: bytes, *, breaks_off: bool = False) -> AsyncIterator[bytes]:
    for first in range(0, len(content), PIECE):
        yield content[first : first + PIECE]
    if breaks_off:
        raise ConnectionResetError


async def test_pieces_are_kept_as_they_come(people: People) -> None:
    content = b"".join(bytes([number]) * PIECE for number in range(9)) + b"the end"
    file_id = await kept(people, b"", finished=False)
    await keep_pieces(people.units, people.organization_id, file_id, coming(content))
    async with people.units.of(people.organization_id) as unit:
        await unit.files.finish(file_id, len(content))
    assert b"".join(await read(people, file_id)) == content


async def test_nothing_is_kept_any_more_once_a_file_has_broken_off(people: People) -> None:
    file_id = await kept(people, b"", finished=False)
    before = asyncio.all_tasks()
    with pytest.raises(ConnectionResetError):
        await keep_pieces(people.units, people.organization_id, file_id, coming(CONTENT, breaks_off=True))
    assert asyncio.all_tasks() == before
    written = await read(people, file_id)
    assert b"".join(written) == CONTENT[: PIECE * len(written)]


async def test_a_piece_that_cannot_be_kept_is_told(people: People) -> None:
    with pytest.raises(NotFound):
        await keep_pieces(people.units, people.organization_id, FileId(uuid4()), coming(CONTENT))


async def test_a_reader_holds_no_unit_between_two_pieces(people: People, transactions: Database) -> None:
    """Were one held for each of them, the pool of four would be used up."""
    file_id = await kept(people)
    readers = [content_between(people.units, people.organization_id, file_id, 0, len(CONTENT)) for _ in range(20)]
    async with asyncio.timeout(20):
        for reader in readers:
            assert len(await anext(reader)) == PIECE
    for reader in readers:
        await reader.aclose()  # type: ignore[attr-defined]


async def test_who_reads_a_file_that_is_removed_meanwhile_gets_no_more(people: People) -> None:
    file_id = await kept(people)
    reader = content_between(people.units, people.organization_id, file_id, 0, len(CONTENT))
    await anext(reader)
    async with people.units.of(people.organization_id) as unit:
        await unit.files.remove(file_id)
    assert [part async for part in reader] == []


async def test_a_piece_may_be_sent_again(people: People) -> None:
    file_id = await kept(people, b"first", finished=False)
    async with people.units.of(people.organization_id) as unit:
        await unit.files.append(file_id, 0, b"second")
        await unit.files.finish(file_id, 6)
    assert await read(people, file_id) == [b"second"]


async def test_what_is_finished_stays_as_it_is(people: People) -> None:
    file_id = await kept(people)
    for position in (0, 3):
        with pytest.raises(NotFound):
            async with people.units.of(people.organization_id) as unit:
                await unit.files.append(file_id, position, b"more")
    with pytest.raises(NotFound):
        async with people.units.of(people.organization_id) as unit:
            await unit.files.finish(file_id, len(CONTENT))
    assert b"".join(await read(people, file_id)) == CONTENT


@pytest.mark.parametrize(
    ("pieces", "size"),
    [
        ({}, 1),
        ({0: b"short"}, 6),
        ({0: b"long"}, 3),
        ({1: b"late"}, 4),
        ({0: bytes(PIECE)}, PIECE + 1),
        ({0: bytes(PIECE), 2: b"a"}, PIECE + 1),
        ({0: b"a", 1: bytes(PIECE)}, PIECE + 1),
        ({0: b"a", 1: b"b"}, 2),
    ],
)
async def test_only_a_whole_file_can_be_finished(people: People, pieces: dict[int, bytes], size: int) -> None:
    async with people.units.of(people.organization_id) as unit:
        file_id = await unit.files.begin("notes.txt", "text/plain")
        for position, content in pieces.items():
            await unit.files.append(file_id, position, content)
    with pytest.raises(NotAllowedInState):
        async with people.units.of(people.organization_id) as unit:
            await unit.files.finish(file_id, size)
    with pytest.raises(NotFound):
        async with people.units.of(people.organization_id) as unit:
            await unit.files.get(file_id)


@pytest.mark.parametrize("content", [b"", bytes(PIECE), bytes(2 * PIECE)])
async def test_a_file_may_end_with_a_full_piece_or_be_empty(people: People, content: bytes) -> None:
    assert b"".join(await read(people, await kept(people, content))) == content


@pytest.mark.parametrize("content", [b"", bytes(PIECE + 1)])
async def test_a_piece_has_its_bounds(people: People, content: bytes) -> None:
    file_id = await kept(people, finished=False)
    with pytest.raises(ValueError, match="A piece has"):
        async with people.units.of(people.organization_id) as unit:
            await unit.files.append(file_id, 0, content)


async def test_a_removed_file_is_gone_with_its_pieces(people: People) -> None:
    file_id = await kept(people)
    for _ in range(2):
        async with people.units.of(people.organization_id) as unit:
            await unit.files.remove(file_id)
    assert await read(people, file_id) == []
    with pytest.raises(NotFound):
        async with people.units.of(people.organization_id) as unit:
            await unit.files.get(file_id)


async def test_files_of_another_organization_are_missing(people: People, units: PostgresUnits, clock: SetClock) -> None:
    finished, begun = await kept(people), await kept(people, finished=False)
    stranger = await an_organization(units, clock.now())
    assert await read(stranger, finished) == []
    acts: list[Any] = [
        lambda files: files.get(finished),
        lambda files: files.append(begun, 0, b"mine"),
        lambda files: files.finish(begun, len(CONTENT)),
        lambda files: files.get(FileId(uuid4())),
    ]
    for act in acts:
        with pytest.raises(NotFound):
            async with units.of(stranger.organization_id) as unit:
                await act(unit.files)
    async with units.of(stranger.organization_id) as unit:
        await unit.files.remove(finished)
    assert b"".join(await read(people, finished)) == CONTENT


async def test_what_nobody_finished_is_forgotten_and_everything_else_stays(
    people: People, transactions: Database, clock: SetClock
) -> None:
    operations = Operations(transactions, clock)
    while await operations.forget_unfinished_file(clock.system() + timedelta(days=400)):
        pass
    finished = await kept(people)
    old = [await kept(people, finished=False) for _ in range(2)]
    clock.instant += timedelta(hours=1)
    young = await kept(people, finished=False)
    found = [await operations.forget_unfinished_file(clock.system() - timedelta(minutes=30)) for _ in range(3)]
    assert found == [True, True, False]
    assert [len(await read(people, file_id)) for file_id in (*old, young, finished)] == [0, 0, 3, 3]
