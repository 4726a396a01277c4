"""Files of rows, read by a process of its own: see adapters/tabular/process.py."""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import orjson
import structlog

from adapters.tabular.glances import CsvGlance
from adapters.tabular.process import LENGTHS
from adapters.tabular.workbooks import TOO_LARGE
from domain.contacts.imports.model import MOST_WORKBOOK_BYTES, ImportColumn, Layout
from domain.contacts.imports.preparing import Plan
from domain.contacts.imports.tables import Place, Seen, ShownRow, Stretch, Table, Wanted
from domain.shared.errors import FieldError, InvalidField, Rejected, Unavailable
from domain.shared.files import PIECE

log = structlog.get_logger(__name__)

PATIENCE_SECONDS = 120.0
# Answers are read in pieces of this size.
BUFFER = 1024 * 1024

GONE = (OSError, asyncio.IncompleteReadError)

Told = tuple[dict[str, Any], bytes]


@dataclass(slots=True)
class TabularFiles:
    """Implements domain.contacts.imports.tables.Tables. One question at a time."""

    _process: asyncio.subprocess.Process | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def glance(self) -> CsvGlance:
        return CsvGlance()

    @asynccontextmanager
    async def unfolded(self, workbook: AsyncIterator[bytes]) -> AsyncIterator[AsyncIterator[bytes]]:
        with tempfile.TemporaryDirectory(prefix="engage-workbook-") as directory:
            packed, unfolded = Path(directory, "workbook.xlsx"), Path(directory, "sheet.csv")
            await _keep(workbook, packed)
            await self._ask("unfold", {"workbook": str(packed), "target": str(unfolded)})
            yield _pieces(unfolded)

    async def survey(self, seen: Seen, wanted: Wanted, own_fields: Mapping[str, str]) -> Table:
        about = {"size": seen.size, "lines": seen.lines, "encoding": seen.encoding, "by_lines": seen.by_lines}
        asked = {"seen": about, "head": len(seen.head), "wanted": asdict(wanted), "own_fields": dict(own_fields)}
        told, _ = await self._ask("survey", asked, seen.head + seen.strange)
        columns = [ImportColumn(**column) for column in told["table"]["columns"]]
        return Table(Layout(**told["table"]["layout"]), columns)

    async def preview(self, content: bytes, layout: Layout, plan: Plan, most: int, *, last: bool) -> Sequence[ShownRow]:
        told, _ = await self._ask("preview", _reading(Place(0, layout.line), layout, plan, most, last), content)
        return [ShownRow(**row) for row in told["rows"]]

    async def prepare(
        self, content: bytes, place: Place, layout: Layout, plan: Plan, most: int, *, last: bool
    ) -> Stretch:
        told, rows = await self._ask("prepare", _reading(place, layout, plan, most, last), content)
        return Stretch(rows, told["count"], Place(place.at + told["taken"], told["line"], told["skipping"]))

    async def close(self) -> None:
        """Ends the process."""
        async with self._turn:
            await self._end()

    async def _ask(self, act: str, asked: Mapping[str, Any], content: bytes = b"") -> Told:
        """Raises InvalidField, and Unavailable when the process dies of it or takes too long."""
        head = orjson.dumps({"act": act, "with": asked})
        request = [LENGTHS.pack(len(head), len(content)), head, content]
        async with self._turn:
            try:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    try:
                        told, rows = await self._answer(request)
                    except GONE:
                        # It may have gone home at this very moment.
                        await self._end()
                        told, rows = await self._answer(request)
            except (*GONE, TimeoutError) as error:
                await self._end()
                log.error("table_not_read", act=act, fault=type(error).__name__)
                raise Unavailable("The file could not be read. Try again in a moment.", "file_unread") from error
            except BaseException:
                # Half an answer is left in the pipe.
                await self._end()
                raise
        if "refused" in told:
            raise Rejected([FieldError(**error) for error in told["refused"]])
        if "too_large" in told:
            raise InvalidField("/file", "workbook_too_large", TOO_LARGE)
        return told, rows

    async def _answer(self, request: Sequence[bytes]) -> Told:
        process = await self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        for part in request:
            process.stdin.write(part)
        await process.stdin.drain()
        lengths = LENGTHS.unpack(await process.stdout.readexactly(LENGTHS.size))
        head, rows = [await process.stdout.readexactly(length) for length in lengths]
        told: dict[str, Any] = orjson.loads(head)
        return told, rows

    async def _running(self) -> asyncio.subprocess.Process:
        """The process; a new one if it has gone home."""
        if self._process is None or self._process.returncode is not None or await _has_gone(self._process):
            await self._end()
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "adapters.tabular.process"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                limit=BUFFER,
            )
        return self._process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _has_gone(process: asyncio.subprocess.Process) -> bool:
    """Whether its output has ended, which is known before its death is."""
    assert process.stdout is not None
    return process.stdout.at_eof()


def _reading(place: Place, layout: Layout, plan: Plan, most: int, last: bool) -> dict[str, Any]:
    return {
        "layout": asdict(layout),
        "plan": asdict(plan),
        "line": place.line,
        "skipping": place.skipping,
        "most": most,
        "last": last,
    }


async def _keep(content: AsyncIterator[bytes], path: Path) -> None:
    size = 0
    with path.open("wb") as file:
        async for part in content:
            size += len(part)
            if size > MOST_WORKBOOK_BYTES:
                raise InvalidField("/file", "workbook_too_large", TOO_LARGE)
            file.write(part)


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
