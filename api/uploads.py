"""Files that come in with a form. Beyond a mebibyte it waits on the disk, so that many at once need little memory."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from domain.shared.errors import FieldError, Rejected

FILE = "file"
FORM = "multipart/form-data"
# More than any form of ours has, so that what is too much can be named.
MOST_PARTS = 20


@dataclass(frozen=True, slots=True)
class Upload:
    """A file and the fields beside it; one that was left out is empty."""

    file: BinaryIO
    fields: Mapping[str, str]


@asynccontextmanager
async def uploaded(request: Request, *fields: str) -> AsyncIterator[Upload]:
    """One file and these fields; gone when the context is left. Read here, once it is known who asks.

    Raises Rejected for what is missing, too much or no form at all, HTTPException for another kind of body.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise HTTPException(415, f"Send a form, with Content-Type: {FORM}")
    try:
        form = await request.form(max_files=MOST_PARTS, max_fields=MOST_PARTS)
    except (HTTPException, ClientDisconnect) as refusal:
        if isinstance(refusal, HTTPException) and refusal.status_code != 400:
            raise
        raise Rejected([FieldError("", "form_invalid", "The body is not a valid form.")]) from refusal
    try:
        yield _read(form, fields)
    finally:
        await form.close()


def described(schema: Mapping[str, Any], *required: str) -> dict[str, Any]:
    """`openapi_extra` of a route that takes a file and these fields."""
    properties = {FILE: {"type": "string", "format": "binary"}, **schema}
    form = {"type": "object", "properties": properties, "required": [FILE, *required], "additionalProperties": False}
    return {"requestBody": {"required": True, "content": {FORM: {"schema": form}}}}


def _read(form: FormData, fields: tuple[str, ...]) -> Upload:
    files: list[BinaryIO] = []
    texts: dict[str, str] = {}
    faults: list[FieldError] = []
    for name, value in form.multi_items():
        if name not in (FILE, *fields):
            faults.append(FieldError(_pointer(name), "extra_forbidden", "There is no such field."))
        elif isinstance(value, UploadFile) is not (name == FILE):
            message = "Send the file as a file, and the other fields as text."
            faults.append(FieldError(_pointer(name), "wrong_kind_of_part", message))
        elif name in texts or (name == FILE and files):
            faults.append(FieldError(_pointer(name), "given_twice", "Give this once."))
        elif isinstance(value, UploadFile):
            files.append(value.file)
        else:
            texts[name] = value
    if not files and not any(fault.pointer == _pointer(FILE) for fault in faults):
        faults.append(FieldError(_pointer(FILE), "missing", "This is required."))
    if faults:
        raise Rejected(faults)
    return Upload(files[0], {field: texts.get(field, "") for field in fields})


def _pointer(field: str) -> str:
    return "/" + field.replace("~", "~0").replace("/", "~1")
