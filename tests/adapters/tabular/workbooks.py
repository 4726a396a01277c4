"""Workbooks as Excel writes them, as far as matters here: ECMA-376, with texts in their cells."""

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml"

Cell = str | int | float | None


def a_workbook(*sheets: Sequence[Sequence[Cell]], hidden: Sequence[int] = (), first_row: int = 1) -> bytes:
    """Its sheets, some of them hidden, their rows from `first_row` on."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        numbers = range(1, len(sheets) + 1)
        parts = "".join(_override(f"/xl/worksheets/sheet{number}.xml", "worksheet") for number in numbers)
        file.writestr(
            "[Content_Types].xml",
            f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f"{_override('/xl/workbook.xml', 'sheet.main')}{parts}</Types>",
        )
        file.writestr("_rels/.rels", _relations({"rId1": ("officeDocument", "xl/workbook.xml")}))
        state = {number: ' state="hidden"' if number - 1 in hidden else "" for number in numbers}
        listed = "".join(
            f'<sheet name="Sheet{number}" sheetId="{number}"{state[number]} r:id="rId{number}"/>' for number in numbers
        )
        file.writestr(
            "xl/workbook.xml",
            f'{HEAD}<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
        )
        targets = {f"rId{number}": ("worksheet", f"worksheets/sheet{number}.xml") for number in numbers}
        file.writestr("xl/_rels/workbook.xml.rels", _relations(targets))
        for number, rows in enumerate(sheets, 1):
            written = "".join(_row(place, cells) for place, cells in enumerate(rows, first_row))
            content = f'{HEAD}<worksheet xmlns="{SHEET}"><sheetData>{written}</sheetData></worksheet>'
            file.writestr(f"xl/worksheets/sheet{number}.xml", content)
    return packed.getvalue()


def _override(part: str, kind: str) -> str:
    return f'<Override PartName="{part}" ContentType="{MAIN}.{kind}+xml"/>'


def _relations(targets: dict[str, tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{listed}</Relationships>'


def _row(place: int, cells: Sequence[Cell]) -> str:
    written = "".join(_cell(f"{_letters(number)}{place}", cell) for number, cell in enumerate(cells))
    return f'<row r="{place}">{written}</row>'


def _cell(place: str, cell: Cell) -> str:
    if cell is None or cell == "":
        return ""
    if isinstance(cell, str):
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
    return f'<c r="{place}"><v>{cell}</v></c>'


def _letters(number: int) -> str:
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
