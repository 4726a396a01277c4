"""Imports of contacts: upload a file, say what its columns mean, look, start, watch, mend, take back."""

import csv
import io
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import Field, StringConstraints
from starlette.responses import StreamingResponse

from adapters.bootstrap import Container
from api.dependencies import CurrentPrincipal, Paging, Services, requires
from api.idempotency import router_for
from api.models import Answer, Body, PlainText, ShortText
from api.problems import documented
from api.streamed_uploads import UPLOAD, UploadedFile
from domain.background.model import BackgroundJob
from domain.contacts.imports.model import (
    DELIMITERS,
    ENCODINGS,
    LONGEST_NAME,
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_WORKBOOK_BYTES,
    ContactImport,
    FileFormat,
    ImportOptions,
    ImportState,
    OnExisting,
)
from domain.contacts.imports.ports import LeftOut
from domain.contacts.imports.preparing import IMPORTABLE
from domain.contacts.imports.tables import ShownRow, Wanted
from domain.shared.cells import safe_cell
from domain.shared.ids import ContactImportId, UserId

router = router_for("contacts")
# Without keys of idempotency, which are compared by bodies: this one is never held.
uploads = APIRouter(tags=["contacts"])

READ = [Depends(requires("contacts:read"))]
WRITE = [Depends(requires("contacts:write"))]
MARK = "\ufeff"
A_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}}}
}
ColumnName = Annotated[PlainText, StringConstraints(max_length=LONGEST_NAME)]


class ImportLimits(Answer):
    """How large a file may be, and what can be read of it. `fields` are what columns can be mapped to."""

    rows: int
    bytes: int
    workbook_bytes: int
    columns: int
    formats: list[FileFormat]
    encodings: list[str]
    delimiters: list[str]
    fields: list[str]


class DetectedLayout(Answer):
    """How the file is read. `rows` is an estimate."""

    encoding: str
    delimiter: str
    header: bool
    rows: int


class ImportColumnAnswer(Answer):
    """A column by its name, which is unique, some of what stands in it, and the field that it looks like."""

    name: str
    samples: list[str]
    suggestion: str | None


class ImportCounts(Answer):
    """What became of the rows so far: `total` is the sum of the others."""

    total: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    failed: int = 0


class TakenBack(Answer):
    """What became of it when it was taken back; `kept` were changed since, or could not be restored."""

    removed: int = 0
    restored: int = 0
    kept: int = 0


class ImportOptionsAnswer(Answer):
    """How it was started."""

    mapping: dict[str, str]
    default_country: str | None
    on_existing: OnExisting
    owner_id: UUID | None
    status: str | None
    list_id: UUID | None


class ImportAnswer(Answer):
    """A file of people that somebody uploaded, and what becomes of it.

    `done` of about `total` rows are dealt with; while it is `undoing`, so many of those whom it met. `errors_url` leads
    to the rows that were not taken, as soon as there are any.
    """

    id: UUID
    user_id: UUID | None
    name: str
    format: FileFormat
    bytes: int
    state: ImportState
    detected: DetectedLayout
    columns: list[ImportColumnAnswer]
    options: ImportOptionsAnswer | None
    counts: ImportCounts
    taken_back: TakenBack | None
    done: int
    total: int
    job_id: UUID | None
    errors_url: str | None
    can_undo: bool
    error: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class ImportPage(Answer):
    """Some imports, newest first."""

    items: list[ImportAnswer]
    next_cursor: str | None


class ImportLayoutBody(Body):
    """How the file is to be read instead; what is left out is found out anew."""

    encoding: ShortText | None = None
    delimiter: Annotated[PlainText, StringConstraints(min_length=1, max_length=1)] | None = None
    header: bool | None = Field(None, strict=True)


class ImportBody(Body):
    """What the columns mean, and what is done with whom we know already.

    `mapping` leads from names of columns to fields; a column that is not named is left out. Phones without a country
    code are read as of the contact's country, else of `default_country` (the one of your language without it).
    `on_existing`: `complete` fills in what is missing, `overwrite` puts what the file says, `skip` leaves people as
    they are. `owner_id` and `status` are those of new contacts. Everybody of the file is put on the list `list_id`.
    """

    mapping: Annotated[dict[ColumnName, ShortText], Field(max_length=MOST_COLUMNS)]
    default_country: ShortText | None = None
    on_existing: OnExisting = OnExisting.COMPLETE
    owner_id: UUID | None = None
    status: ShortText | None = None
    list_id: UUID | None = None

    @property
    def options(self) -> ImportOptions:
        owner_id = UserId(self.owner_id) if self.owner_id else None
        return ImportOptions(self.mapping, self.default_country, self.on_existing, owner_id, self.status, self.list_id)


class CellFault(Answer):
    """What is wrong with a cell; without `column` with the row."""

    column: str | None
    code: str
    message: str
    params: dict[str, str | int]


class PreviewRow(Answer):
    """A row of the file: its cells in the order of the columns, what would be kept by field, and what is wrong."""

    line: int
    cells: list[str]
    values: dict[str, str]
    errors: list[CellFault]


class ImportPreview(Answer):
    """The first rows."""

    items: list[PreviewRow]


@router.get(
    "/contacts/imports/limits", summary="How large may an import be?", responses=documented(), dependencies=READ
)
async def get_import_limits(who: CurrentPrincipal) -> ImportLimits:
    """Before anything is uploaded."""
    return ImportLimits(
        rows=MOST_ROWS,
        bytes=MOST_BYTES,
        workbook_bytes=MOST_WORKBOOK_BYTES,
        columns=MOST_COLUMNS,
        formats=list(FileFormat),
        encodings=list(ENCODINGS),
        delimiters=list(DELIMITERS),
        fields=list(IMPORTABLE),
    )


@uploads.post(
    "/contacts/imports",
    summary="Upload a file of contacts",
    status_code=201,
    responses=documented(),
    dependencies=WRITE,
    openapi_extra=UPLOAD,
)
async def upload_import(request: Request, who: CurrentPrincipal, services: Services) -> ImportAnswer:
    """CSV in any encoding and with any delimiter, or XLSX, in the field `file` of a form. Nothing is taken in yet."""
    file = UploadedFile(request)
    received = await services.imports.receive(who, await file.name(), file.content())
    return answer_of(received, services)


@router.get("/contacts/imports", summary="List imports", responses=documented(400), dependencies=READ)
async def list_imports(who: CurrentPrincipal, services: Services, page: Paging) -> ImportPage:
    """Your own, newest first; Administrators see everybody's."""
    found = await services.imports.page(who, page)
    return ImportPage(items=[answer_of(one, services) for one in found.items], next_cursor=found.next_cursor)


@router.get(
    "/contacts/imports/{import_id}", summary="How far is an import?", responses=documented(404), dependencies=READ
)
async def get_import(who: CurrentPrincipal, services: Services, import_id: UUID) -> ImportAnswer:
    """To be told of every change, watch the job `job_id`."""
    return answer_of(await services.imports.get(who, ContactImportId(import_id)), services)


@router.patch(
    "/contacts/imports/{import_id}",
    summary="Read the file of an import in another way",
    responses=documented(404, 409),
    dependencies=WRITE,
)
async def update_import(
    who: CurrentPrincipal, services: Services, import_id: UUID, body: ImportLayoutBody
) -> ImportAnswer:
    """Before it is started. Names and samples of the columns are found anew."""
    wanted = Wanted(body.encoding, body.delimiter, body.header)
    return answer_of(await services.imports.lay_out(who, ContactImportId(import_id), wanted), services)


@router.post(
    "/contacts/imports/{import_id}/preview",
    summary="Look at the first rows of an import",
    responses=documented(404, 409),
    dependencies=WRITE,
)
async def preview_import(who: CurrentPrincipal, services: Services, import_id: UUID, body: ImportBody) -> ImportPreview:
    """As they would be kept, with what is wrong with each cell. Nothing is taken in."""
    rows = await services.imports.preview(who, ContactImportId(import_id), body.options)
    return ImportPreview(items=[_shown(row) for row in rows])


@router.post(
    "/contacts/imports/{import_id}/start",
    summary="Take in the people of a file",
    status_code=202,
    responses=documented(404, 409),
    dependencies=WRITE,
)
async def start_import(who: CurrentPrincipal, services: Services, import_id: UUID, body: ImportBody) -> ImportAnswer:
    """In the background; once."""
    return answer_of(await services.imports.start(who, ContactImportId(import_id), body.options), services)


@router.post(
    "/contacts/imports/{import_id}/undo",
    summary="Take an import back",
    status_code=202,
    responses=documented(404, 409),
    dependencies=WRITE,
)
async def undo_import(who: CurrentPrincipal, services: Services, import_id: UUID) -> ImportAnswer:
    """Once, within 30 days. Who was created is deleted unless something has happened with the contact; fields get their
    former values back unless somebody has changed them since."""
    return answer_of(await services.imports.undo(who, ContactImportId(import_id)), services)


@router.delete(
    "/contacts/imports/{import_id}",
    summary="Forget an uploaded file",
    status_code=204,
    responses=documented(404, 409),
    dependencies=WRITE,
)
async def discard_import(who: CurrentPrincipal, services: Services, import_id: UUID) -> None:
    """Before it is started."""
    await services.imports.discard(who, ContactImportId(import_id))


@router.get(
    "/contacts/imports/{import_id}/errors.csv",
    summary="Read the rows that were not taken",
    responses={**documented(404), **A_FILE},
    dependencies=READ,
    response_class=StreamingResponse,
)
async def get_import_errors(who: CurrentPrincipal, services: Services, import_id: UUID) -> StreamingResponse:
    """As they stood in the file, each with its line and the reason: mend them, and import this file."""
    import_ = await services.imports.get(who, ContactImportId(import_id))
    rows = services.imports.left_out(who, import_)
    headers = {"Content-Disposition": f"attachment; filename=import-errors-{import_id}.csv"}
    return StreamingResponse(_errors(import_, rows), media_type="text/csv; charset=utf-8", headers=headers)


def answer_of(import_: ContactImport, services: Container) -> ImportAnswer:
    """What people see of it."""
    job = import_.job
    told = dict(job.result) if job else {}
    counts = ImportCounts.model_validate(told)
    return ImportAnswer(
        id=import_.id,
        user_id=import_.user_id,
        name=import_.name,
        format=import_.format,
        bytes=import_.bytes,
        state=import_.state,
        detected=DetectedLayout.model_validate(import_.layout),
        columns=[ImportColumnAnswer.model_validate(column) for column in import_.columns],
        options=ImportOptionsAnswer.model_validate(import_.options) if import_.options else None,
        counts=counts,
        taken_back=TakenBack.model_validate(told) if "removed" in told else None,
        done=job.done if job else 0,
        total=(job.total if job else None) or import_.layout.rows,
        job_id=import_.job_id,
        errors_url=errors_url_of(job) if job else None,
        can_undo=services.imports.can_undo(import_),
        error=job.error if job else None,
        created_at=import_.created_at,
        started_at=job.started_at if job else None,
        finished_at=job.finished_at if job else None,
    )


def errors_url_of(job: BackgroundJob) -> str | None:
    """Where the rows can be read that were not taken, if there are any."""
    left_out = job.result.get("skipped", 0) + job.result.get("failed", 0)
    return f"/contacts/imports/{job.spec['import_id']}/errors.csv" if left_out else None


def _shown(row: ShownRow) -> PreviewRow:
    faults = [CellFault.model_validate(fault) for fault in row.faults]
    return PreviewRow(line=row.line, cells=list(row.cells), values=row.values, errors=faults)


async def _errors(import_: ContactImport, found: AsyncIterator[Sequence[LeftOut]]) -> AsyncIterator[str]:
    width = len(import_.columns)
    yield MARK + _written([[*(column.name for column in import_.columns), "line", "reason"]])
    async for rows in found:
        yield _written([*_padded(row.cells, width), str(row.line), row.reason] for row in rows)


def _padded(cells: Sequence[str], width: int) -> list[str]:
    """With as many cells as there are columns, so that line and reason stand in theirs."""
    return [*cells, *[""] * (width - len(cells))][:width]


def _written(rows: Any) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([safe_cell(cell) for cell in row] for row in rows)
    return text.getvalue()
