"""Parts of what is sent, as players ask for them (RFC 9110, section 14)."""

import re
from collections.abc import AsyncIterator, Callable

from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse

ONE_RANGE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})", re.ASCII)


def in_parts(
    size: int,
    media_type: str,
    between: Callable[[int, int], AsyncIterator[bytes]],
    asked: str | None,
    headers: dict[str, str],
) -> Response:
    """All of it, or the part that is asked for. Raises HTTPException where there is none."""
    part = part_of(asked, size)
    first, end = part or (0, size)
    headers = {**headers, "Accept-Ranges": "bytes", "Content-Length": str(end - first)}
    if part:
        headers["Content-Range"] = f"bytes {first}-{end - 1}/{size}"
    return StreamingResponse(between(first, end), 206 if part else 200, headers, media_type)


def part_of(asked: str | None, size: int) -> tuple[int, int] | None:
    """From where to before where; None for all of it.

    What is no single range is not heeded, as section 14.2 allows. Raises HTTPException for one behind the end.
    """
    found = ONE_RANGE.fullmatch(asked.strip()) if asked else None
    first, last = found.groups() if found else ("", "")
    if not first and not last:
        return None
    if first and last and int(last) < int(first):
        return None
    begin = int(first) if first else max(0, size - int(last))
    end = min(size, int(last) + 1) if first and last else size
    if begin >= end:
        raise HTTPException(416, f"There are {size:,} bytes", {"Content-Range": f"bytes */{size}"})
    return begin, end
