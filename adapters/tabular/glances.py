"""What can be learned of a file while it streams by, whole, with next to nothing held."""

import codecs
from contextlib import suppress
from dataclasses import dataclass, field

from domain.contacts.imports.model import MOST_BYTES, MOST_ROWS
from domain.contacts.imports.tables import HEAD, Seen
from domain.shared.errors import InvalidField

# So much of what is no UTF-8 is enough to tell what else it is.
_STRANGE = 16 * 1024
_LONGEST_LINE = 64 * 1024
_LOOKED_AT = 4 * 1024
# Longer marks first: that of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Control characters that texts are written with.
_WRITTEN = b"\t\n\r\f\v\x1a\x1b\x1c\x1d\x1e\x1f\x08\x07"
_CONTROLS = bytes(set(range(32)) - set(_WRITTEN))


@dataclass(slots=True)
class CsvGlance:
    """Implements domain.contacts.imports.tables.Glance."""

    _head: bytearray = field(default_factory=bytearray)
    _strange: bytearray = field(default_factory=bytearray)
    _rest: bytes = b""
    _wide: str | None = None
    _decoder: codecs.IncrementalDecoder | None = None
    _begun: bool = False
    _quoted: bool = False
    _returned: bool = False
    _lines: int = 0
    _is_open: bool = False
    _size: int = 0
    _legible: int = 0
    _illegible: int = 0

    def see(self, content: bytes) -> bytes:
        if not self._begun:
            self._begin(content)
        kept = self._decoder.decode(content).encode("utf-8", "replace") if self._decoder else content
        self._size += len(kept)
        if self._size > MOST_BYTES:
            mebibytes = MOST_BYTES // 1024**2
            raise InvalidField("/file", "file_too_large", f"A file may have {mebibytes} MB.", maximum=mebibytes)
        if len(self._head) < HEAD:
            self._head += kept[: HEAD - len(self._head)]
        self._count(kept)
        self._read(kept)
        return kept

    def end(self) -> Seen:
        """Raises InvalidField for a file without a row, and for too many."""
        if not self._head.strip():
            raise InvalidField("/file", "empty", "There is nothing in this file.")
        if self._rest:
            self._tell_apart(self._rest)
        lines = self._lines + self._is_open
        if lines > MOST_ROWS + 1:
            raise InvalidField("/file", "too_many_rows", f"A file may have {MOST_ROWS:,} rows.", maximum=MOST_ROWS)
        encoding = self._wide or ("utf-8" if self._legible >= self._illegible else None)
        return Seen(bytes(self._head), self._size, lines, encoding, bytes(self._strange))

    def _begin(self, content: bytes) -> None:
        self._begun = True
        self._wide = next((name for mark, name in _MARKS if content.startswith(mark)), None) or _unmarked(content)
        if self._wide:
            self._decoder = codecs.getincrementaldecoder(self._wide)("replace")
        elif not _is_text(content[:_LOOKED_AT]):
            raise InvalidField("/file", "not_a_table", "This is not a table: choose a CSV or XLSX file.")

    def _count(self, content: bytes) -> None:
        """Ends of lines outside of quotes, of which one may lie half in this piece and half in the next."""
        if self._returned and content.startswith(b"\n"):
            self._lines -= 1
        for number, part in enumerate(content.split(b'"')):
            if number:
                self._quoted = not self._quoted
            if not self._quoted:
                returns = part.count(b"\r")
                self._lines += part.count(b"\n") + (returns - part.count(b"\r\n") if returns else 0)
        self._is_open = not content.endswith((b"\n", b"\r"))
        self._returned = not self._quoted and content.endswith(b"\r")

    def _read(self, content: bytes) -> None:
        """How much of it is UTF-8."""
        if self._wide or (content.isascii() and not self._rest):
            return
        lines = (self._rest + content).splitlines()
        self._rest = lines.pop()[:_LONGEST_LINE]
        block = b"\n".join(lines)
        if block.isascii():
            return
        try:
            block.decode()
        except UnicodeDecodeError:
            for line in lines:
                self._tell_apart(line)
        else:
            self._legible += sum(not line.isascii() for line in lines)

    def _tell_apart(self, line: bytes) -> None:
        if line.isascii():
            return
        try:
            line.decode()
        except UnicodeDecodeError:
            self._illegible += 1
            self._strange += line[: _STRANGE - len(self._strange)] + b"\n" if len(self._strange) < _STRANGE else b""
        else:
            self._legible += 1


def _is_text(content: bytes) -> bool:
    """Without NUL, and UTF-8 or with no more control characters than some programs write."""
    if b"\0" in content:
        return False
    with suppress(UnicodeDecodeError):
        codecs.getincrementaldecoder("utf-8")().decode(content)
        return True
    strange = len(content) - len(content.translate(None, _CONTROLS))
    return strange * 50 <= len(content)


def _unmarked(content: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of plain text is NUL."""
    looked_at = content[: _LOOKED_AT & ~1]
    if len(looked_at) < 4:
        return None
    for name, high, low in (
        ("utf-16-le", looked_at[1::2], looked_at[::2]),
        ("utf-16-be", looked_at[::2], looked_at[1::2]),
    ):
        if high.count(0) * 2 >= len(high) and 0 not in low and _is_text(low):
            return name
    return None
