"""Files that are sent in a form, read as they come: never whole, neither in memory nor on the disk."""

from collections import deque
from collections.abc import AsyncIterator

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from domain.shared.errors import InvalidField

FIELD = "file"
UPLOAD = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {FIELD: {"type": "string", "format": "binary"}},
                    "required": [FIELD],
                    "additionalProperties": False,
                }
            }
        },
    }
}


class UploadedFile:
    """The one file of a form. Raises HTTPException for what is no form, InvalidField for one without the file."""

    def __init__(self, request: Request) -> None:
        kind, options = parse_options_header(request.headers.get("content-type"))
        if kind != b"multipart/form-data" or not options.get(b"boundary"):
            raise HTTPException(415, "Send the file in a form: multipart/form-data, with the field `file`.")
        self._request = request
        self._parser = MultipartParser(options[b"boundary"], self._callbacks())  # type: ignore[arg-type]
        self._headers: dict[bytes, bytes] = {}
        self._header = (bytearray(), bytearray())
        self._content: deque[bytes] = deque()
        self._name: str | None = None
        self._is_over = False
        self._body = request.stream()

    async def name(self) -> str:
        """What the file is called, as soon as that has come."""
        while self._name is None:
            if not await self._more():
                raise InvalidField(f"/{FIELD}", "missing", "Choose a file.")
        return self._name

    async def content(self) -> AsyncIterator[bytes]:
        """As it comes, up to its end."""
        await self.name()
        while True:
            while self._content:
                yield self._content.popleft()
            if not await self._more():
                break
        if not self._is_over:
            raise InvalidField(f"/{FIELD}", "incomplete", "The file has not arrived as a whole. Send it again.")

    async def _more(self) -> bool:
        """Reads a little more; whether there was any."""
        try:
            part = await anext(self._body, b"")
        except ClientDisconnect as gone:
            raise InvalidField(f"/{FIELD}", "incomplete", "The file has not arrived as a whole.") from gone
        try:
            self._parser.write(part)
        except MultipartParseError as error:
            raise InvalidField("", "form_invalid", "The body is not a valid form.") from error
        return bool(part)

    def _callbacks(self) -> dict[str, object]:
        return {
            "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
            "on_header_end": self._header_ends,
            "on_headers_finished": self._headers_end,
            "on_part_data": lambda data, start, end: self._content.append(data[start:end]),
            "on_end": self._end,
        }

    def _header_ends(self) -> None:
        name, value = self._header
        self._headers[bytes(name).lower()] = bytes(value)
        self._header = (bytearray(), bytearray())

    def _headers_end(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition"))
        field = options.get(b"name", b"").decode("utf-8", "replace")
        if field != FIELD or self._name is not None:
            raise InvalidField(f"/{field}", "extra_forbidden", "There is no such field.")
        name = options.get(b"filename", b"").decode("utf-8", "replace")
        self._name = "".join(filter(str.isprintable, name)) or FIELD
        self._headers = {}

    def _end(self) -> None:
        self._is_over = True
