"""Imports of contacts: files and how they are read, what became of their rows, whom they met."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, any_, bindparam, delete, insert, or_, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import ARRAY

from adapters.postgres.background import PostgresBackgroundJobs
from adapters.postgres.connection import CompiledStatement, Transaction
from adapters.postgres.directory_tables import (
    background_jobs,
    contact_import_changes,
    contact_import_faults,
    contact_imports,
)
from adapters.postgres.import_statements import BY_ANY_WAY, BY_ORDER
from adapters.postgres.paging import read_cursor, write_cursor
from adapters.postgres.tables import ID
from domain.background.model import BackgroundJob, JobState
from domain.contacts.imports.merging import Met
from domain.contacts.imports.model import (
    ContactImport,
    FileFormat,
    ImportColumn,
    ImportOptions,
    Layout,
    OnExisting,
)
from domain.contacts.imports.ports import LeftOut
from domain.shared.errors import NotFound
from domain.shared.ids import BackgroundJobId, ContactId, ContactImportId, FileId, OrganizationId, UserId
from domain.shared.paging import Page, PageRequest

ORDER = "contact_imports"


class PostgresContactImports:
    """Implements domain.contacts.imports.ports.ContactImports."""

    def __init__(
        self, transaction: Transaction, organization_id: OrganizationId | None, jobs: PostgresBackgroundJobs
    ) -> None:
        self._transaction = transaction
        self._organization_id = organization_id
        self._jobs = jobs

    async def add(self, import_: ContactImport) -> None:
        fixed = {name: getattr(import_, name) for name in ("id", "user_id", "name", "bytes", "created_at")}
        values = {"organization_id": self._organization_id, "format": import_.format.value, **fixed}
        await self._transaction.execute(insert(contact_imports).values(**values, **_changing(import_)))

    async def get(self, import_id: ContactImportId) -> ContactImport:
        return await self._one(select(contact_imports), import_id)

    async def lock(self, import_id: ContactImportId) -> ContactImport:
        return await self._one(select(contact_imports).with_for_update(), import_id)

    async def page(self, user_id: UserId | None, page: PageRequest) -> Page[ContactImport]:
        key = tuple_(contact_imports.c.created_at, contact_imports.c.id)
        query = select(contact_imports).order_by(contact_imports.c.created_at.desc(), contact_imports.c.id.desc())
        if user_id:
            query = query.where(contact_imports.c.user_id == user_id)
        if page.cursor:
            query = query.where(key < tuple_(*read_cursor(ORDER, page.cursor, (datetime, UUID))))
        rows = (await self._transaction.execute(query.limit(page.limit + 1))).all()
        jobs = await self._jobs.many({BackgroundJobId(row.job_id) for row in rows if row.job_id})
        items = [_import(row, jobs.get(row.job_id)) for row in rows[: page.limit]]
        more = len(rows) > page.limit
        return Page(items, write_cursor(ORDER, (items[-1].created_at, items[-1].id)) if more else None)

    async def save(self, import_: ContactImport) -> None:
        saved = update(contact_imports).where(contact_imports.c.id == import_.id).values(**_changing(import_))
        await self._transaction.execute(saved)

    async def remove(self, import_id: ContactImportId) -> None:
        await self._transaction.execute(delete(contact_imports).where(contact_imports.c.id == import_id))

    async def left_out(self, import_id: ContactImportId, after_line: int, limit: int) -> Sequence[LeftOut]:
        faults = contact_import_faults.c
        query = select(faults.line, faults.reason, faults.cells).where(faults.import_id == import_id)
        rows = await self._transaction.execute(query.where(faults.line > after_line).order_by(faults.line).limit(limit))
        return [LeftOut(row.line, row.reason, row.cells) for row in rows]

    async def first_met(self, import_id: ContactImportId, limit: int) -> Sequence[Met]:
        changes = contact_import_changes.c
        query = select(contact_import_changes).where(changes.import_id == import_id)
        rows = await self._transaction.execute(query.order_by(changes.contact_id).limit(limit))
        return [_met(row) for row in rows]

    async def forget_met(self, import_id: ContactImportId, contact_ids: Sequence[ContactId]) -> None:
        await self._transaction.fetch(FORGET_MET, import_id=import_id, contact_ids=contact_ids)

    async def untouched(self, import_id: ContactImportId, contact_ids: Sequence[ContactId]) -> set[ContactId]:
        await self._transaction.run(BY_ORDER)
        rows = await self._transaction.fetch(UNTOUCHED, import_id=import_id, contact_ids=contact_ids)
        await self._transaction.run(BY_ANY_WAY)
        return {ContactId(row["id"]) for row in rows}

    async def outlived(
        self, ended_before: datetime, uploaded_before: datetime
    ) -> tuple[OrganizationId, ContactImportId] | None:
        jobs, imports = background_jobs.c, contact_imports.c
        of_job = and_(jobs.organization_id == imports.organization_id, jobs.id == imports.job_id)
        ended = and_(jobs.finished_at < ended_before, jobs.state != JobState.UNDOING.value)
        waiting = and_(imports.job_id.is_(None), imports.created_at < uploaded_before)
        query = select(imports.organization_id, imports.id).select_from(
            contact_imports.outerjoin(background_jobs, of_job)
        )
        row = (await self._transaction.execute(query.where(or_(ended, waiting)).limit(1))).first()
        return (OrganizationId(row.organization_id), ContactImportId(row.id)) if row else None

    async def forget_rows(self, import_id: ContactImportId, limit: int) -> bool:
        forgotten = 0
        for table, key in ((contact_import_changes, "contact_id"), (contact_import_faults, "line")):
            mine = table.c.import_id == import_id
            some = select(table.c[key]).where(mine).limit(limit)
            forgotten += (await self._transaction.execute(delete(table).where(mine, table.c[key].in_(some)))).rowcount
        return forgotten > 0

    async def _one(self, query: Select[Any], import_id: ContactImportId) -> ContactImport:
        row = (await self._transaction.execute(query.where(contact_imports.c.id == import_id))).first()
        if row is None:
            raise NotFound("import")
        jobs = await self._jobs.many([BackgroundJobId(row.job_id)]) if row.job_id else {}
        return _import(row, jobs.get(row.job_id))


FORGET_MET = CompiledStatement(
    delete(contact_import_changes).where(
        contact_import_changes.c.import_id == bindparam("import_id", type_=ID),
        contact_import_changes.c.contact_id == any_(bindparam("contact_ids", type_=ARRAY(ID))),
    )
)
# Being put on a list is nothing that happens to a contact.
# Each is asked about by an index that leads to it alone, see `import_statements`: there is nothing here to be joined.
UNTOUCHED = CompiledStatement(
    text(
        """
select contacts.id from contacts
where contacts.id = any(cast(:contact_ids as uuid[])) and contacts.deleted_at is null
  and contacts.version = (select met.version from contact_import_changes as met
    where met.import_id = cast(:import_id as uuid) and met.contact_id = contacts.id)
  and (select true from activities
    where activities.contact_id >= contacts.id and activities.contact_id <= contacts.id
      and activities.type <> 'contact_created'
    order by activities.contact_id limit 1) is null
  and (select true from enrollments
    where enrollments.contact_id >= contacts.id and enrollments.contact_id <= contacts.id
    order by enrollments.contact_id limit 1) is null
order by contacts.id for update of contacts
"""
    )
)


def _changing(import_: ContactImport) -> dict[str, Any]:
    return {
        "layout": asdict(import_.layout),
        "columns": [asdict(column) for column in import_.columns],
        "options": asdict(import_.options) if import_.options else None,
        "job_id": import_.job_id,
        "file_id": import_.file_id,
    }


def _import(row: Row[Any], job: BackgroundJob | None) -> ContactImport:
    return ContactImport(
        id=ContactImportId(row.id),
        user_id=UserId(row.user_id) if row.user_id else None,
        name=row.name,
        format=FileFormat(row.format),
        bytes=row.bytes,
        file_id=FileId(row.file_id) if row.file_id else None,
        layout=Layout(**row.layout),
        columns=[ImportColumn(**column) for column in row.columns],
        created_at=row.created_at,
        options=_options(row.options) if row.options else None,
        job_id=BackgroundJobId(row.job_id) if row.job_id else None,
        job=job,
    )


def _options(kept: dict[str, Any]) -> ImportOptions:
    ids = {name: UUID(kept[name]) if kept[name] else None for name in ("owner_id", "list_id")}
    return ImportOptions(**{**kept, **ids, "on_existing": OnExisting(kept["on_existing"])})


def _met(row: Row[Any]) -> Met:
    return Met(
        contact_id=ContactId(row.contact_id),
        is_new=row.outcome == "created",
        before=row.before or {},
        after=row.after or {},
        version=row.version,
        listed=row.listed,
    )
