"""Cells of CSV files that no spreadsheet takes for a formula, and what they said.

A cell that would begin a formula gets an apostrophe in front, by which Excel, LibreOffice and Google Sheets know text
(OWASP, "CSV Injection"). One that begins with apostrophes before such a sign gets one more, so that none is ambiguous.
"""

import re

# Phones in E.164 begin with a plus, and are no exception: whoever reads the file back takes the apostrophe off.
_DANGEROUS = re.compile(r"'*[=+\-@\t\r\n]")
_MARKED = re.compile(r"'+[=+\-@\t\r\n]")


def safe_cell(text: str) -> str:
    """The text as it can stand in a file."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def told_by_cell(cell: str) -> str:
    """The text that `safe_cell` wrote; any other cell as it is."""
    return cell[1:] if _MARKED.match(cell) else cell
