"""Rows are read ahead; what could not be read at one moment is read again at the next."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from adapters.tabular.reading import TabularFiles
from domain.contacts.imports.model import ContactImport, FileFormat, Layout
from domain.contacts.imports.preparing import Plan
from domain.contacts.imports.reading_ahead import Reading
from domain.contacts.imports.tables import Place
from domain.shared.errors import Unavailable
from domain.shared.ids import ContactImportId, FileId, OrganizationId

pytestmark = pytest.mark.anyio

ROWS = b"Ann,Lee,ann@x.example\nBob,Ray,bob@x.example\n"
PLAN = Plan(["First", "Last", "Mail"], {"Last": "last_name", "Mail": "email"})
ORGANIZATION = OrganizationId(uuid4())


class AwayAtFirst:
    """Files of a database that does not answer the first time."""

    def __init__(self) -> None:
        self.asked = 0

    @asynccontextmanager
    async def of(self, _: OrganizationId) -> AsyncIterator[Any]:
        self.asked += 1
        if self.asked == 1:
            raise Unavailable
        yield self

    @property
    def files(self) -> Any:
        return self

    async def pieces(self, _: FileId, __: int = 0) -> AsyncIterator[bytes]:
        yield ROWS


async def test_what_failed_ahead_is_read_again_when_it_is_wanted() -> None:
    layout = Layout("utf-8", ",", True, 2, begins=0, line=2)
    import_ = ContactImport(
        id=ContactImportId(uuid4()),
        user_id=None,
        name="people.csv",
        format=FileFormat.CSV,
        bytes=len(ROWS),
        file_id=FileId(uuid4()),
        layout=layout,
        columns=[],
        created_at=datetime(2026, 11, 2, tzinfo=UTC),
    )
    tables, files = TabularFiles(), AwayAtFirst()
    reading, place = Reading(files, tables), Place(0, 2)
    try:
        with pytest.raises(Unavailable):
            await _read_ahead(reading, import_, place)
        assert (await reading.at(ORGANIZATION, import_, place, PLAN)).count == 2
    finally:
        await tables.close()
    assert files.asked == 2


async def _read_ahead(reading: Reading, import_: ContactImport, place: Place) -> None:
    reading.begin(ORGANIZATION, import_, place, PLAN)
    [ahead] = reading._ahead.values()
    await ahead.reading
