"""Contacts as a CSV file: UTF-8 with a mark, as spreadsheets know it by; RFC 4180; no cell that begins a formula."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from domain.background.model import BackgroundJob, Document, Progress
from domain.contacts.bulk import cursor_after, next_of, total_of
from domain.contacts.bulk_ports import BulkUnit
from domain.contacts.model import Contact
from domain.contacts.own_values import told
from domain.shared.cells import safe_cell
from domain.shared.clock import Clock
from domain.shared.errors import FieldError, Rejected
from domain.shared.files import PIECE
from domain.shared.ids import FileId
from domain.shared.principal import Principal

MOST_COLUMNS = 200
MEDIA_TYPE = "text/csv; charset=utf-8"
MARK = b"\xef\xbb\xbf"

Value = Callable[[Contact], str | None]


def _instant(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else None


def _plain(name: str) -> Value:
    return lambda contact: getattr(contact, name)


# The columns by their keys, each with what stands at its head. An import knows them again by that.
COLUMNS: Mapping[str, tuple[str, Value]] = {
    "first_name": ("First name", _plain("first_name")),
    "last_name": ("Last name", _plain("last_name")),
    "salutation": ("Salutation", _plain("salutation")),
    "email": ("Email", _plain("email")),
    "company": ("Company", _plain("company")),
    "job_title": ("Job title", _plain("job_title")),
    "business_phone": ("Business phone", _plain("business_phone")),
    "mobile_phone": ("Mobile phone", _plain("mobile_phone")),
    "street": ("Street", _plain("street")),
    "city": ("City", _plain("city")),
    "state": ("State", _plain("state")),
    "zip": ("Zip code", _plain("zip")),
    "country": ("Country", _plain("country")),
    "time_zone": ("Time zone", _plain("time_zone")),
    "status": ("Status", _plain("status")),
    "owner": ("Owner", _plain("owner_name")),
    "opted_out_at": ("Opted out", lambda contact: _instant(contact.opted_out_at)),
    "created_at": ("Created", lambda contact: _instant(contact.created_at)),
    "last_activity_at": ("Last activity", lambda contact: _instant(contact.last_activity_at)),
}


class Export:
    """`columns` by their keys, all without. Everybody who sees contacts may have them as a file."""

    kind = "export"
    at_once = 2_000

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def checked(self, unit: BulkUnit, principal: Principal, asked: Document) -> Document:
        """Keeps what stands at the head of each column: fields may be renamed or go while it is written."""
        heads = {**{key: head for key, (head, _) in COLUMNS.items()}, **await unit.bulk_contacts.own_fields()}
        columns = list(dict.fromkeys(asked.get("columns") or heads))
        unknown = [
            FieldError(f"/action/columns/{number}", "unknown_column", "Choose one of the fields of contacts.")
            for number, key in enumerate(columns)
            if key not in heads
        ]
        if unknown:
            raise Rejected(unknown)
        return {"columns": [(key, heads[key]) for key in columns]}

    async def piece(self, unit: BulkUnit, job: BackgroundJob) -> Progress:
        """Rows are appended to the file; its last piece, which is not full, is written anew with what comes after."""
        columns: Mapping[str, str] = dict(job.spec["asked"]["columns"])
        contact_ids = await next_of(unit, job, self.at_once)
        found = await unit.contacts.many(contact_ids)
        rows = [found[key] for key in contact_ids if key in found]
        total = await total_of(unit, job) if job.cursor is None else None
        file_id, size = await self._opened(unit, job, columns)
        size = await _appended(unit, file_id, size, _written([_cells(row, columns) for row in rows]))
        finished = len(contact_ids) < self.at_once
        if finished:
            await unit.files.finish(file_id, size)
        return Progress(
            cursor={**(cursor_after(contact_ids, job) or {}), "file_id": str(file_id), "size": size},
            done_delta=len(contact_ids),
            result={"rows": job.result.get("rows", 0) + len(rows), "file_id": str(file_id)},
            finished=finished,
            total=total,
        )

    async def _opened(self, unit: BulkUnit, job: BackgroundJob, columns: Mapping[str, str]) -> tuple[FileId, int]:
        """The file and how long it is; a new one has its head line."""
        if job.cursor is not None:
            return FileId(UUID(job.cursor["file_id"])), job.cursor["size"]
        name = f"contacts-{self._clock.now():%Y-%m-%d}.csv"
        file_id = await unit.files.begin(name, MEDIA_TYPE)
        head = MARK + _written([[safe_cell(head) for head in columns.values()]])
        return file_id, await _appended(unit, file_id, 0, head)


def _cells(contact: Contact, columns: Iterable[str]) -> list[str]:
    return [safe_cell(_told(contact, key)) for key in columns]


def _told(contact: Contact, key: str) -> str:
    """Empty for what is not there."""
    if key in COLUMNS:
        return COLUMNS[key][1](contact) or ""
    return told(contact.custom.get(key))


def _written(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


async def _appended(unit: BulkUnit, file_id: FileId, size: int, content: bytes) -> int:
    """The new size."""
    position, known = divmod(size, PIECE)
    begun = await anext(unit.files.pieces(file_id, position), b"") if known else b""
    waiting = begun + content
    for first in range(0, len(waiting), PIECE):
        await unit.files.append(file_id, position + first // PIECE, waiting[first : first + PIECE])
    return size + len(content)
