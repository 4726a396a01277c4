"""Files are kept in pieces, so that neither whoever writes nor whoever reads one holds more than a piece."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from domain.shared.ids import FileId, OrganizationId
from domain.shared.units import Units

PIECE = 256 * 1024


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that is all there: it does not change any more."""

    id: FileId
    name: str
    media_type: str
    size: int


class FileStore(Protocol):
    """The files of the unit's organization. One that is not finished within a day is removed.

    Every piece but the last has PIECE bytes, so that the one with a certain byte is known; they are counted from 0.
    """

    async def begin(self, name: str, media_type: str) -> FileId:
        """A file without content."""
        ...

    async def append(self, file_id: FileId, position: int, content: bytes) -> None:
        """Keeps a piece; may be repeated, and the last one counts. Raises NotFound for a file that is finished too."""
        ...

    async def finish(self, file_id: FileId, size: int) -> None:
        """From now on it can be read. Raises NotFound, and NotAllowedInState unless the pieces are `size` bytes."""
        ...

    async def get(self, file_id: FileId) -> StoredFile:
        """Raises NotFound, for a file that is not finished too."""
        ...

    def pieces(self, file_id: FileId, from_position: int = 0) -> AsyncIterator[bytes]:
        """One after the other, each read when it is asked for; also of a file that is not finished."""
        ...

    async def remove(self, file_id: FileId) -> None:
        """With all pieces. May be repeated."""
        ...


class FilesUnit(Protocol):
    """A transaction of one organization, as readers of files see it."""

    @property
    def files(self) -> FileStore: ...


async def content_between(
    units: Units[FilesUnit], organization_id: OrganizationId, file_id: FileId, first: int, end: int
) -> AsyncIterator[bytes]:
    """The bytes from `first` up to `end`. Each piece has a unit of its own: whoever reads slowly keeps none waiting.

    Ends early when the file is removed meanwhile.
    """
    while first < end:
        position, known = divmod(first, PIECE)
        async with units.of(organization_id) as unit:
            piece = await anext(unit.files.pieces(file_id, position), b"")
        part = piece[known : known + end - first]
        if not part:
            return
        yield part
        first += len(part)


async def keep_pieces(
    units: Units[FilesUnit], organization_id: OrganizationId, file_id: FileId, pieces: AsyncIterable[bytes]
) -> None:
    """Keeps a file as it comes: one piece is written while the next one comes. Each has a unit of its own, so whoever
    sends slowly keeps none waiting, and many who send leave connections to others.

    Raises what `pieces` and the store raise; then nothing is being written any more.
    """
    writing: asyncio.Task[None] | None = None
    position = 0
    try:
        async for piece in pieces:
            if writing:
                await writing
            writing = asyncio.create_task(_keep_piece(units, organization_id, file_id, position, piece))
            position += 1
        if writing:
            await writing
    finally:
        if writing:
            # It is soon over; to cut it off would cost its connection.
            await asyncio.gather(writing, return_exceptions=True)


async def _keep_piece(
    units: Units[FilesUnit], organization_id: OrganizationId, file_id: FileId, position: int, piece: bytes
) -> None:
    async with units.of(organization_id) as unit:
        await unit.files.append(file_id, position, piece)
