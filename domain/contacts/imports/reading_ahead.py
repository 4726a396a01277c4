"""The rows of the next piece are read while those of this one are taken in."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field

from domain.contacts.imports.model import ContactImport
from domain.contacts.imports.preparing import Plan
from domain.contacts.imports.tables import LARGEST_WINDOW, Place, Stretch, Tables
from domain.shared.errors import NotFound
from domain.shared.files import FilesUnit, content_between
from domain.shared.ids import ContactImportId, OrganizationId
from domain.shared.units import Units

# So many rows are a piece: half a second's or a second's work.
ROWS = 10_000
# And so many are the first one, so that it is soon seen to go on, and a file that is wrong is soon known to be.
FIRST_ROWS = 2_000
SMALLEST_WINDOW = 64 * 1024
# A file is not the same all over.
MARGIN = 1.2
# Of all imports that this process is at.
MOST_AHEAD = 6

Key = tuple[ContactImportId, Place]


@dataclass(frozen=True, slots=True)
class Ahead:
    """Rows that are being read, and by which plan."""

    plan: Plan
    reading: asyncio.Task[Stretch]

    @property
    def has_failed(self) -> bool:
        """What stood in the way then, like a database that was away, need not be there any more."""
        return self.reading.done() and (self.reading.cancelled() or self.reading.exception() is not None)


@dataclass(slots=True)
class Reading:
    """Reads the files of imports. What was read ahead and is never asked for is forgotten after a while."""

    units: Units[FilesUnit]
    tables: Tables
    _ahead: OrderedDict[Key, Ahead] = field(default_factory=OrderedDict)

    async def at(self, organization_id: OrganizationId, import_: ContactImport, place: Place, plan: Plan) -> Stretch:
        """The rows that begin there, and may be asked for again. Raises NotFound when the file is gone."""
        self.begin(organization_id, import_, place, plan)
        key = import_.id, place
        try:
            return await asyncio.shield(self._ahead[key].reading)
        except BaseException:
            self._forget(key)
            raise

    def begin(self, organization_id: OrganizationId, import_: ContactImport, place: Place, plan: Plan) -> None:
        """Reads there, unless it was begun by the same plan."""
        key = import_.id, place
        known = self._ahead.get(key)
        if known and known.plan == plan and not known.has_failed:
            return
        self._forget(key)
        reading = asyncio.create_task(self._read(organization_id, import_, place, plan))
        self._ahead[key] = Ahead(plan, reading)
        while len(self._ahead) > MOST_AHEAD:
            self._forget(next(iter(self._ahead)))

    def forget_before(self, import_id: ContactImportId, place: Place) -> None:
        """What was taken in is not asked for again."""
        for key in [key for key in self._ahead if key[0] == import_id and key[1].at < place.at]:
            self._forget(key)

    async def _read(self, organization_id: OrganizationId, import_: ContactImport, place: Place, plan: Plan) -> Stretch:
        rows = min(FIRST_ROWS, ROWS) if place.at == import_.layout.begins else ROWS
        window = window_of(import_, rows)
        while True:
            content = await self._content(organization_id, import_, place.at, window)
            last = place.at + len(content) >= import_.bytes
            stretch = await self.tables.prepare(content, place, import_.layout, plan, rows, last=last)
            if stretch.next != place or last or window == LARGEST_WINDOW:
                return stretch
            window = LARGEST_WINDOW

    async def _content(self, organization_id: OrganizationId, import_: ContactImport, at: int, window: int) -> bytes:
        if import_.file_id is None:
            raise NotFound("file")
        end = min(at + window, import_.bytes)
        pieces = content_between(self.units, organization_id, import_.file_id, at, end)
        content = b"".join([piece async for piece in pieces])
        if len(content) < end - at:
            raise NotFound("file")
        return content

    def _forget(self, key: Key) -> None:
        found = self._ahead.pop(key, None)
        if found is not None:
            found.reading.cancel()
            # Nobody asks what became of it.
            found.reading.add_done_callback(_look_away)


def window_of(import_: ContactImport, rows: int) -> int:
    """As much of the file as has so many rows, if they are like all others."""
    row = import_.bytes / max(1, import_.layout.rows)
    return min(max(int(row * rows * MARGIN), SMALLEST_WINDOW), LARGEST_WINDOW)


def _look_away(reading: "asyncio.Task[Stretch]") -> None:
    if not reading.cancelled():
        reading.exception()
