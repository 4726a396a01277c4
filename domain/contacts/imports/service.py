"""What people do with imports: upload a file, say what it means, look, start, take back."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta

from domain.background.model import UNDO_WITHIN
from domain.background.service import BackgroundWork
from domain.contacts.imports.model import (
    DELIMITERS,
    ENCODINGS,
    KIND,
    LONGEST_NAME,
    MOST_ROWS,
    ContactImport,
    FileFormat,
    ImportOptions,
)
from domain.contacts.imports.planning import checked, plan_of
from domain.contacts.imports.ports import ImportUnits, LeftOut
from domain.contacts.imports.tables import HEAD, Glance, Seen, ShownRow, Table, Tables, Wanted
from domain.shared.clock import Clock
from domain.shared.errors import InvalidField, NotAllowedInState, NotFound
from domain.shared.files import PIECE, content_between, keep_pieces
from domain.shared.ids import ContactImportId, FileId, Ids, OrganizationId
from domain.shared.paging import Page, PageRequest
from domain.shared.principal import Principal

PREVIEWED = 20
# What a workbook begins with: it is a package (ECMA-376, part 2).
WORKBOOK = b"PK\x03\x04"
MEDIA_TYPE = "text/csv"
TOLD_AT_ONCE = 1_000
# For so long an uploaded file waits for being started.
WAITS = timedelta(days=7)
FORGOTTEN_AT_ONCE = 20_000


class Imports:
    """Users see and do their own imports, Administrators those of everybody."""

    def __init__(
        self, *, units: ImportUnits, background: BackgroundWork, tables: Tables, clock: Clock, ids: Ids
    ) -> None:
        self._units = units
        self._background = background
        self._tables = tables
        self._clock = clock
        self._ids = ids

    async def receive(self, principal: Principal, name: str, content: AsyncIterator[bytes]) -> ContactImport:
        """Keeps a file that somebody sends, piece by piece, and finds out what it is. Raises InvalidField for what is
        no table and for too much of it, and keeps nothing of that."""
        async with self._units.of(principal.organization_id) as unit:
            file_id = await unit.files.begin(name[:LONGEST_NAME], MEDIA_TYPE)
        try:
            return await self._received(principal, file_id, name, content)
        except Exception:
            async with self._units.of(principal.organization_id) as unit:
                await unit.files.remove(file_id)
            raise

    async def get(self, principal: Principal, import_id: ContactImportId) -> ContactImport:
        """Raises NotFound, for others' imports too."""
        async with self._units.of(principal.organization_id) as unit:
            return _seen(await unit.contact_imports.get(import_id), principal)

    async def page(self, principal: Principal, page: PageRequest) -> Page[ContactImport]:
        """The principal's own, newest first; for Administrators all. Raises InvalidCursor."""
        async with self._units.of(principal.organization_id) as unit:
            return await unit.contact_imports.page(None if principal.is_administrator else principal.user_id, page)

    async def lay_out(self, principal: Principal, import_id: ContactImportId, wanted: Wanted) -> ContactImport:
        """Reads the file in another way than was found out. Raises NotFound, NotAllowedInState, InvalidField."""
        if wanted.encoding is not None and wanted.encoding not in ENCODINGS:
            raise InvalidField("/encoding", "unknown_encoding", "Choose one of the encodings that can be read.")
        if wanted.delimiter is not None and wanted.delimiter not in DELIMITERS:
            raise InvalidField("/delimiter", "unknown_delimiter", "Choose one of the delimiters that can be read.")
        import_ = await self.get(principal, import_id)
        import_.require_uploaded()
        head = await self._content(principal, import_, 0, HEAD)
        before = import_.layout
        seen = Seen(head, import_.bytes, before.rows + before.line - 1, before.encoding, by_lines=before.by_lines)
        table = await self._survey(principal, seen, wanted)
        async with self._units.of(principal.organization_id) as unit:
            held = await unit.contact_imports.lock(import_id)
            held.require_uploaded()
            changed = replace(held, layout=table.layout, columns=table.columns)
            await unit.contact_imports.save(changed)
            return changed

    async def preview(
        self, principal: Principal, import_id: ContactImportId, options: ImportOptions
    ) -> Sequence[ShownRow]:
        """The first rows as they would be kept, with what is wrong with them.

        Raises NotFound, NotAllowedInState, Rejected.
        """
        async with self._units.of(principal.organization_id) as unit:
            import_ = _seen(await unit.contact_imports.get(import_id), principal)
            import_.require_uploaded()
            plan = await plan_of(unit, import_, await checked(unit, principal.user_id, import_, options))
        begins = import_.layout.begins
        content = await self._content(principal, import_, begins, begins + HEAD)
        last = begins + len(content) >= import_.bytes
        return await self._tables.preview(content, import_.layout, plan, PREVIEWED, last=last)

    async def start(self, principal: Principal, import_id: ContactImportId, options: ImportOptions) -> ContactImport:
        """Takes the people of the file in, in the background. Raises NotFound, NotAllowedInState, Rejected."""
        async with self._units.of(principal.organization_id) as unit:
            import_ = _seen(await unit.contact_imports.lock(import_id), principal)
            import_.require_uploaded()
            settled = await checked(unit, principal.user_id, import_, options)
            job = await self._background.put(unit, principal, KIND, {"import_id": str(import_id)}, import_.layout.rows)
            started = replace(import_, options=settled, job_id=job.id, job=job)
            await unit.contact_imports.save(started)
            return started

    async def undo(self, principal: Principal, import_id: ContactImportId) -> ContactImport:
        """Takes it back, but for what somebody has changed since. Raises NotFound, NotAllowedInState."""
        async with self._units.of(principal.organization_id) as unit:
            import_ = _seen(await unit.contact_imports.lock(import_id), principal)
            if import_.job_id is None:
                raise NotAllowedInState("This import was not started yet.", "import_not_started")
            job = await self._background.begin_undo(unit, principal, import_.job_id)
            return replace(import_, job=job)

    async def discard(self, principal: Principal, import_id: ContactImportId) -> None:
        """Forgets a file that was not started. Raises NotFound, NotAllowedInState."""
        async with self._units.of(principal.organization_id) as unit:
            import_ = _seen(await unit.contact_imports.lock(import_id), principal)
            import_.require_uploaded()
            await unit.contact_imports.remove(import_id)
            if import_.file_id:
                await unit.files.remove(import_.file_id)

    async def left_out(self, principal: Principal, import_: ContactImport) -> AsyncIterator[Sequence[LeftOut]]:
        """The rows that were not taken, some at a time."""
        after = -1
        while True:
            async with self._units.of(principal.organization_id) as unit:
                found = await unit.contact_imports.left_out(import_.id, after, TOLD_AT_ONCE)
            if not found:
                return
            yield found
            after = found[-1].line

    async def forget_one(self) -> bool:
        """A part of one that is too old to be taken back, or that was never started, if there is one: for the sweeper.

        May be repeated.
        """
        now = self._clock.now()
        async with self._units.system() as unit:
            found = await unit.contact_imports.outlived(now - UNDO_WITHIN, now - WAITS)
        if found is None:
            return False
        organization_id, import_id = found
        async with self._units.of(organization_id) as unit:
            if not await unit.contact_imports.forget_rows(import_id, FORGOTTEN_AT_ONCE):
                import_ = await unit.contact_imports.lock(import_id)
                await unit.contact_imports.remove(import_id)
                if import_.file_id:
                    await unit.files.remove(import_.file_id)
        return True

    def can_undo(self, import_: ContactImport) -> bool:
        """Whether it can be taken back now."""
        return import_.job is not None and self._background.can_undo(import_.job)

    async def _received(
        self, principal: Principal, file_id: FileId, name: str, content: AsyncIterator[bytes]
    ) -> ContactImport:
        async with aclosing(_pieces(content)) as pieces:
            first = await anext(pieces, b"")
            if first.startswith(WORKBOOK):
                async with self._tables.unfolded(_joined(first, pieces)) as sheet:
                    seen = await self._kept(principal.organization_id, file_id, sheet)
                seen, format_ = replace(seen, by_lines=False), FileFormat.XLSX
            else:
                seen = await self._kept(principal.organization_id, file_id, _joined(first, pieces))
                format_ = FileFormat.CSV
        table = await self._survey(principal, seen, Wanted())
        import_ = ContactImport(
            id=ContactImportId(self._ids.new()),
            user_id=principal.user_id,
            name=name[:LONGEST_NAME],
            format=format_,
            bytes=seen.size,
            file_id=file_id,
            layout=table.layout,
            columns=table.columns,
            created_at=self._clock.now(),
        )
        async with self._units.of(principal.organization_id) as unit:
            await unit.files.finish(file_id, seen.size)
            await unit.contact_imports.add(import_)
        return import_

    async def _kept(self, organization_id: OrganizationId, file_id: FileId, content: AsyncIterator[bytes]) -> Seen:
        glance = self._tables.glance()
        async with aclosing(_pieces(_narrowed(glance, content))) as pieces:
            await keep_pieces(self._units, organization_id, file_id, pieces)
        return glance.end()

    async def _survey(self, principal: Principal, seen: Seen, wanted: Wanted) -> Table:
        async with self._units.of(principal.organization_id) as unit:
            own = {field.label: field.key for field in await unit.contact_fields.all()}
        table = await self._tables.survey(seen, wanted, own)
        return replace(table, layout=replace(table.layout, rows=min(table.layout.rows, MOST_ROWS)))

    async def _content(self, principal: Principal, import_: ContactImport, first: int, end: int) -> bytes:
        if import_.file_id is None:
            raise NotFound("file")
        pieces = content_between(
            self._units, principal.organization_id, import_.file_id, first, min(end, import_.bytes)
        )
        return b"".join([piece async for piece in pieces])


def _seen(import_: ContactImport, principal: Principal) -> ContactImport:
    """Raises NotFound for what is not the principal's to see."""
    if import_.user_id != principal.user_id and not principal.is_administrator:
        raise NotFound("import")
    return import_


async def _pieces(content: AsyncIterator[bytes]) -> AsyncGenerator[bytes]:
    """Of the size in which files are kept; the last one is smaller."""
    waiting = bytearray()
    async for part in content:
        waiting += part
        while len(waiting) >= PIECE:
            yield bytes(waiting[:PIECE])
            del waiting[:PIECE]
    if waiting:
        yield bytes(waiting)


async def _joined(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for part in rest:
        yield part


async def _narrowed(glance: Glance, content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """As it is kept."""
    async for part in content:
        yield glance.see(part)
