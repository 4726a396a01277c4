"""Workbooks of Excel: the first sheet as CSV, a record for each of its rows."""

import csv
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

import python_calamine

from domain.contacts.imports.model import MOST_ROWS
from domain.shared.errors import InvalidField

BEGINNING = b"PK\x03\x04"
# What a workbook says it unfolds to; one that lies is stopped by the limits of the process.
MOST_UNFOLDED = 1024**3
MOST_PARTS = 10_000
TOO_LARGE = "This workbook is too large. Save it as CSV, and choose that."

Cell = int | float | str | bool | date | datetime | time | timedelta


def unfold(workbook: Path, target: Path) -> int:
    """Writes the first visible sheet with anything in it. The number of its rows. Raises InvalidField."""
    _require_small(workbook)
    try:
        opened = python_calamine.CalamineWorkbook.from_path(workbook)
        with target.open("w", encoding="utf-8", errors="replace", newline="") as file:
            # With this end of a line a bare carriage return is quoted, too.
            return _written(csv.writer(file, lineterminator="\r\n").writerow, opened)
    except python_calamine.PasswordError as error:
        message = "This workbook has a password. Save it without one."
        raise InvalidField("/file", "workbook_protected", message) from error
    except (python_calamine.CalamineError, OSError) as error:
        raise _unreadable() from error


def _require_small(workbook: Path) -> None:
    try:
        with zipfile.ZipFile(workbook) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise _unreadable() from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNFOLDED:
        raise InvalidField("/file", "workbook_too_large", TOO_LARGE)


def _written(write: Callable[[Sequence[str]], object], workbook: python_calamine.CalamineWorkbook) -> int:
    for number, about in enumerate(workbook.sheets_metadata):
        is_sheet = about.typ is python_calamine.SheetTypeEnum.WorkSheet
        if not is_sheet or about.visible is not python_calamine.SheetVisibleEnum.Visible:
            continue
        sheet = workbook.get_sheet_by_index(number)
        if sheet.end is None:
            continue
        rows = sheet.end[0] + 1
        if rows > MOST_ROWS + 1:
            raise InvalidField("/file", "too_many_rows", f"A file may have {MOST_ROWS:,} rows.", maximum=MOST_ROWS)
        # From the first row of the sheet on, so that they have the numbers that people see.
        for row in sheet.iter_rows():
            write([_text(cell) for cell in row])
        return rows
    raise InvalidField("/file", "empty", "There is nothing in this file.")


def _text(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _unreadable() -> InvalidField:
    message = "This workbook can't be read. Save it as CSV, and choose that."
    return InvalidField("/file", "workbook_unreadable", message)
