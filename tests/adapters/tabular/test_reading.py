"""A process of its own reads files; whatever becomes of it, the next question is answered."""

import asyncio
import os
from collections.abc import AsyncIterator
from typing import Any

import psutil
import pytest

from adapters.tabular import process, reading
from adapters.tabular.reading import TabularFiles
from domain.contacts.imports.model import Layout
from domain.contacts.imports.preparing import Plan
from domain.contacts.imports.tables import Place, Seen, Wanted
from domain.shared.errors import Rejected, Unavailable
from tests.adapters.tabular.workbooks import a_workbook

pytestmark = pytest.mark.anyio

LAYOUT = Layout("utf-8", ",", True, 2)
PLAN = Plan(["First", "Last", "Mail"], {"Last": "last_name", "Mail": "email"})
AT_WORK_WITHIN_SECONDS = 10.0
ROWS = b"Ann,Lee,ann@x.example\nBob,Ray,nonsense\n"


@pytest.fixture
async def tables() -> AsyncIterator[TabularFiles]:
    files = TabularFiles()
    yield files
    await files.close()


async def sent(content: bytes) -> AsyncIterator[bytes]:
    yield content[:100]
    yield content[100:]


async def sheet(tables: TabularFiles, workbook: bytes) -> str:
    async with tables.unfolded(sent(workbook)) as pieces:
        return b"".join([piece async for piece in pieces]).decode()


async def prepare(tables: TabularFiles, content: bytes = ROWS, most: int = 10, *, last: bool = True) -> Any:
    return await tables.prepare(content, Place(100, 2), LAYOUT, PLAN, most, last=last)


async def test_rows_come_as_csv_with_the_place_of_the_next_ones(tables: TabularFiles) -> None:
    stretch = await prepare(tables)

    assert (stretch.count, stretch.next) == (2, Place(100 + len(ROWS), 4))
    assert b"ann@x.example" in stretch.rows
    assert b"invalid_email" in stretch.rows


async def test_no_more_than_asked_for_is_read(tables: TabularFiles) -> None:
    assert (await prepare(tables, most=1)).next == Place(100 + ROWS.index(b"Bob"), 3)


async def test_a_row_that_does_not_end_is_left_for_later(tables: TabularFiles) -> None:
    assert (await prepare(tables, b"Ann,Le", last=False)).next == Place(100, 2)


async def test_a_preview_shows_what_would_be_kept_and_what_is_wrong(tables: TabularFiles) -> None:
    first, second = await tables.preview(ROWS, LAYOUT, PLAN, 20, last=True)

    assert (first.line, first.values, first.faults) == (1, {"last_name": "Lee", "email": "ann@x.example"}, [])
    assert [(fault["column"], fault["code"]) for fault in second.faults] == [("Mail", "invalid_email")]


async def test_what_is_refused_there_is_refused_here(tables: TabularFiles) -> None:
    with pytest.raises(Rejected) as refusal:
        await tables.survey(Seen(b"Name\n", 5, 1, "utf-8"), Wanted(), {})

    assert refusal.value.errors[0].code == "no_rows"


async def test_the_process_serves_again_and_again_and_ends_with_us(tables: TabularFiles) -> None:
    await prepare(tables)
    child = psutil.Process(tables._process.pid)  # type: ignore[union-attr]
    await prepare(tables)
    assert tables._process is not None
    assert tables._process.pid == child.pid
    await tables.close()

    assert not psutil.pid_exists(child.pid)


async def test_it_gives_way_to_those_of_our_session_and_hears_no_signal_for_our_group(tables: TabularFiles) -> None:
    await prepare(tables)

    assert tables._process is not None
    assert os.getsid(tables._process.pid) == os.getsid(0)
    assert os.getpgid(tables._process.pid) == tables._process.pid


async def test_a_process_that_has_died_is_replaced(tables: TabularFiles) -> None:
    await prepare(tables)
    assert tables._process is not None
    tables._process.kill()

    assert (await prepare(tables)).count == 2


async def test_a_process_that_takes_too_long_is_ended(tables: TabularFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    await prepare(tables)
    child = psutil.Process(tables._process.pid)  # type: ignore[union-attr]
    child.suspend()
    monkeypatch.setattr(reading, "PATIENCE_SECONDS", 0.2)
    with pytest.raises(Unavailable):
        await prepare(tables)
    monkeypatch.undo()

    assert (await prepare(tables)).count == 2


async def test_who_stops_waiting_leaves_no_half_answer_behind(tables: TabularFiles) -> None:
    await prepare(tables)
    child = psutil.Process(tables._process.pid)  # type: ignore[union-attr]
    worked = child.cpu_times().user
    waiting = asyncio.create_task(prepare(tables, ROWS * 10_000, 100_000))
    async with asyncio.timeout(AT_WORK_WITHIN_SECONDS):
        while child.cpu_times().user == worked:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
    assert not waiting.done()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)

    assert (await prepare(tables)).count == 2


async def test_questions_wait_for_each_other(tables: TabularFiles) -> None:
    answers = await asyncio.gather(*(prepare(tables, most=most) for most in (1, 2, 1, 2)))

    assert [answer.count for answer in answers] == [1, 2, 1, 2]


async def test_a_workbook_is_the_rows_of_its_first_visible_sheet(tables: TabularFiles) -> None:
    hidden, empty = [["secret"]], [[None]]
    shown = [["Name", "Note", "Zip"], ["Ann, Lee", 'two\nlines "quoted"', 2110], [None, None, None], ["Bob", " ", 1.5]]

    assert await sheet(tables, a_workbook(hidden, empty, shown, hidden=[0])) == (
        'Name,Note,Zip\r\n"Ann, Lee","two\nlines ""quoted""",2110\r\n,,\r\nBob, ,1.5\r\n'
    )


async def test_rows_of_a_workbook_keep_their_numbers(tables: TabularFiles) -> None:
    assert await sheet(tables, a_workbook([["Name"], ["Ann"]], first_row=3)) == '""\r\n""\r\nName\r\nAnn\r\n'


@pytest.mark.parametrize(
    ("workbook", "code"),
    [
        (b"PK\x03\x04 no archive at all", "workbook_unreadable"),
        (a_workbook([["Name"]])[:-200], "workbook_unreadable"),
        (a_workbook([[None]]), "empty"),
    ],
)
async def test_what_is_no_workbook_is_refused(tables: TabularFiles, workbook: bytes, code: str) -> None:
    with pytest.raises(Rejected) as refusal:
        await sheet(tables, workbook)

    assert refusal.value.errors[0].code == code


async def test_a_workbook_that_would_fill_the_memory_ends_its_process_alone(
    tables: TabularFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two cells in opposite corners are 17 billion cells between them."""
    corners = a_workbook([["Name"]]).replace(b"", b"")
    wide = _with_a_cell_far_away(corners)
    with pytest.raises((Rejected, Unavailable)):
        await sheet(tables, wide)

    assert (await prepare(tables)).count == 2
    assert process.MOST_MEMORY <= 2 * 1024**3


def _with_a_cell_far_away(workbook: bytes) -> bytes:
    import io
    import zipfile

    source, target = zipfile.ZipFile(io.BytesIO(workbook)), io.BytesIO()
    with zipfile.ZipFile(target, "w") as file:
        for part in source.infolist():
            content = source.read(part)
            far = b'</row><row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
            file.writestr(part.filename, content.replace(b"</row></sheetData>", far))
    return target.getvalue()


async def test_too_large_a_workbook_is_not_kept(tables: TabularFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_WORKBOOK_BYTES", 300)
    with pytest.raises(Rejected) as refusal:
        await sheet(tables, a_workbook([["Name"]]))

    assert refusal.value.errors[0].code == "workbook_too_large"
