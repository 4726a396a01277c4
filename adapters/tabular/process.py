"""The process that reads files: `python -m adapters.tabular.process`, asked through its standard input.

A request is a head in JSON and a content, an answer the same; each begins with its two lengths. The process ends with
its input, so it outlives nobody, and when nothing was asked for a while.
"""

import gc
import os
import select
import struct
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from adapters.ids import RandomIds
from adapters.tabular.giving_way import come_later, taking_turns
from adapters.tabular.layouts import survey
from adapters.tabular.records import Reading, Stretch, read
from adapters.tabular.workbooks import unfold
from domain.contacts.imports.batching import Batch, Prepared
from domain.contacts.imports.model import Layout
from domain.contacts.imports.preparing import Fault, Plan, Preparing, Unreadable, is_blank
from domain.contacts.imports.tables import Seen, Wanted
from domain.shared.errors import InvalidField

LENGTHS = struct.Struct("<II")
IDLE_SECONDS = 60.0
# A file that is made to grow in memory ends the process, and nothing else.
MOST_MEMORY = 2 * 1024**3
# In cells between tabs.
ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})

Head = Mapping[str, Any]
Answer = tuple[Head, bytes]


def _survey(asked: Head, content: bytes) -> Answer:
    size = asked["head"]
    seen = Seen(head=content[:size], strange=content[size:], **asked["seen"])
    return {"table": asdict(survey(seen, Wanted(**asked["wanted"]), asked["own_fields"]))}, b""


def _unfold(asked: Head, _: bytes) -> Answer:
    return {"rows": unfold(Path(asked["workbook"]), Path(asked["target"]))}, b""


def _preview(asked: Head, content: bytes) -> Answer:
    preparing = Preparing(Plan(**asked["plan"]))
    shown = [_shown(preparing, line, row) for line, row in _stretch(asked, content).rows]
    return {"rows": [row for row in shown if row is not None]}, b""


def _shown(preparing: Preparing, line: int, row: Sequence[str] | Unreadable) -> Head | None:
    if isinstance(row, Unreadable):
        return {"line": line, "cells": [_legible(row.text)], "values": {}, "faults": [_told(row.fault)]}
    if is_blank(row):
        return None
    values, faults = preparing.values(row)
    told = {"values": preparing.shown(values, row), "faults": [_told(fault) for fault in faults]}
    return {"line": line, "cells": [*map(_legible, row)], **told}


def _told(fault: Fault) -> Head:
    error = fault.error
    return {"column": fault.column, "code": error.code, "message": error.message, "params": error.params}


def _legible(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _prepare(asked: Head, content: bytes) -> Answer:
    stretch = _stretch(asked, content)
    prepared = Batch(Plan(**asked["plan"])).prepared(stretch.rows)
    told = {"taken": stretch.taken, "line": stretch.line, "skipping": stretch.skipping, "count": len(prepared)}
    return told, _as_lines(prepared, RandomIds())


def _as_lines(rows: Sequence[Prepared], ids: RandomIds) -> bytes:
    """With identifiers in front, in the order of the rows: of a contact, and of the activity that tells of it."""
    made, happened = ids.texts(len(rows)), ids.texts(len(rows))
    lines = [
        _line((contact_id, activity_id, str(line), code, "t" if skipped else "f", *texts))
        for contact_id, activity_id, (line, code, skipped, *texts) in zip(made, happened, rows, strict=True)
    ]
    return "".join(lines).encode("utf-8", "replace")


def _line(cells: Sequence[str]) -> str:
    line = "\t".join(cells)
    if "\\" in line or "\n" in line or "\r" in line or line.count("\t") >= len(cells):
        line = "\t".join([cell.translate(ESCAPES) for cell in cells])
    return f"{line}\n"


def _stretch(asked: Head, content: bytes) -> Stretch:
    layout = Layout(**asked["layout"])
    reading = Reading(layout.kept_in, layout.delimiter, layout.by_lines)
    return read(content, reading, asked["line"], asked["most"], last=asked["last"], skipping=asked["skipping"])


ACTS: Mapping[str, Callable[[Head, bytes], Answer]] = {
    "survey": _survey,
    "unfold": _unfold,
    "preview": _preview,
    "prepare": _prepare,
}


def answer(asked: Head, content: bytes) -> Answer:
    """What the process answers to a request."""
    try:
        return ACTS[asked["act"]](asked["with"], content)
    except InvalidField as refused:
        return {"refused": [asdict(error) for error in refused.errors]}, b""
    except MemoryError:
        return {"too_large": True}, b""


def main() -> None:
    """The process."""
    _limit_memory()
    # Ctrl-C is for those who ask; it ends with them.
    os.setpgrp()
    come_later()
    # Rows by the thousands are no garbage, and are not searched for it each time that some more have been read.
    gc.disable()
    source, target = sys.stdin.buffer, sys.stdout.buffer
    with suppress(BrokenPipeError):
        while select.select([source], [], [], IDLE_SECONDS)[0]:
            lengths = source.read(LENGTHS.size)
            if len(lengths) < LENGTHS.size:
                return
            asked, content = (source.read(length) for length in LENGTHS.unpack(lengths))
            with taking_turns():
                told, rows = answer(orjson.loads(asked), content)
            write(target, told, rows)
            gc.collect()
            # What is left is here to stay: it need not be gone through each time.
            gc.freeze()


def write(target: BinaryIO, told: Head, content: bytes) -> None:
    head = orjson.dumps(told)
    target.write(LENGTHS.pack(len(head), len(content)) + head)
    target.write(content)
    target.flush()


def _limit_memory() -> None:
    """Where the system knows such limits."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


if __name__ == "__main__":
    main()
