"""Files in pieces of rows, which PostgreSQL keeps outside of the table and does not try to compress."""

from collections.abc import AsyncIterator

from sqlalchemy import Integer, LargeBinary, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from adapters.postgres.account_tables import file_pieces, files
from adapters.postgres.connection import CompiledStatement, Transaction
from adapters.postgres.tables import ID
from domain.shared.clock import Clock
from domain.shared.errors import NotAllowedInState, NotFound
from domain.shared.files import PIECE, StoredFile
from domain.shared.ids import FileId, Ids, OrganizationId


def _appending() -> CompiledStatement:
    """Whoever finishes the file waits for this, so that what was finished stays as it is."""
    piece = bindparam("position", type_=Integer()), bindparam("content", type_=LargeBinary())
    unfinished = select(files.c.organization_id, files.c.id, *piece).where(
        files.c.id == bindparam("file_id", type_=ID), files.c.bytes.is_(None)
    )
    columns = ["organization_id", "file_id", "position", "content"]
    added = upsert(file_pieces).from_select(columns, unfinished.with_for_update(read=True))
    kept = added.on_conflict_do_update(index_elements=columns[:3], set_={"content": added.excluded.content})
    return CompiledStatement(kept.returning(file_pieces.c.file_id))


APPEND = _appending()


class PostgresFiles:
    """Implements domain.shared.files.FileStore."""

    def __init__(
        self, transaction: Transaction, organization_id: OrganizationId | None, ids: Ids, clock: Clock
    ) -> None:
        self._transaction = transaction
        self._organization_id = organization_id
        self._ids = ids
        self._clock = clock

    async def begin(self, name: str, media_type: str) -> FileId:
        file_id = FileId(self._ids.new())
        values = {"id": file_id, "name": name, "media_type": media_type, "created_at": self._clock.system()}
        await self._transaction.execute(insert(files).values(organization_id=self._organization_id, **values))
        return file_id

    async def append(self, file_id: FileId, position: int, content: bytes) -> None:
        if position < 0 or not 0 < len(content) <= PIECE:
            raise ValueError(f"A piece has 1 to {PIECE} bytes and is counted from 0.")
        kept = await self._transaction.fetch(APPEND, file_id=file_id, position=position, content=content)
        if not kept:
            raise NotFound("file")

    async def finish(self, file_id: FileId, size: int) -> None:
        finished = update(files).where(files.c.id == file_id, files.c.bytes.is_(None)).values(bytes=size)
        if (await self._transaction.execute(finished.returning(files.c.id))).first() is None:
            raise NotFound("file")
        if not await self._is_whole(file_id, size):
            raise NotAllowedInState("The file has not arrived as a whole.", "file_incomplete")

    async def get(self, file_id: FileId) -> StoredFile:
        query = select(files).where(files.c.id == file_id, files.c.bytes.is_not(None))
        row = (await self._transaction.execute(query)).first()
        if row is None:
            raise NotFound("file")
        return StoredFile(FileId(row.id), row.name, row.media_type, row.bytes)

    async def pieces(self, file_id: FileId, from_position: int = 0) -> AsyncIterator[bytes]:
        position = from_position
        while (piece := await self._piece(file_id, position)) is not None:
            yield piece
            position += 1

    async def remove(self, file_id: FileId) -> None:
        await self._transaction.execute(delete(files).where(files.c.id == file_id))

    async def _piece(self, file_id: FileId, position: int) -> bytes | None:
        query = select(file_pieces.c.content).where(file_pieces.c.file_id == file_id)
        found = (await self._transaction.execute(query.where(file_pieces.c.position == position))).first()
        return bytes(found.content) if found else None

    async def _is_whole(self, file_id: FileId, size: int) -> bool:
        """The lengths are known without reading the pieces."""
        length, position = func.octet_length(file_pieces.c.content), file_pieces.c.position
        full = func.count().filter(position < size // PIECE, length == PIECE)
        last, sum_of_all = func.coalesce(func.max(position), -1), func.coalesce(func.sum(length), 0)
        found = select(func.count(), last, full, sum_of_all).where(file_pieces.c.file_id == file_id)
        pieces = -(-size // PIECE)
        return tuple((await self._transaction.execute(found)).one()) == (pieces, pieces - 1, size // PIECE, size)
