"""Voicemails."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Executable, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from adapters.postgres.account_tables import voicemails
from adapters.postgres.connection import Transaction
from domain.calls.model import Voicemail
from domain.shared.errors import Contended, NotFound
from domain.shared.ids import FileId, OrganizationId, UserId, VoicemailId


class PostgresVoicemails:
    """Implements domain.calls.ports.VoicemailStore."""

    def __init__(self, transaction: Transaction, organization_id: OrganizationId | None) -> None:
        self._transaction = transaction
        self._organization_id = organization_id

    async def of_user(self, user_id: UserId) -> Sequence[Voicemail]:
        query = select(voicemails).where(voicemails.c.user_id == user_id)
        rows = (await self._transaction.execute(query.order_by(voicemails.c.name_key))).all()
        return [_voicemail(row) for row in rows]

    async def get(self, user_id: UserId, voicemail_id: VoicemailId) -> Voicemail:
        query = select(voicemails).where(voicemails.c.user_id == user_id, voicemails.c.id == voicemail_id)
        row = (await self._transaction.execute(query)).first()
        if row is None:
            raise NotFound("voicemail")
        return _voicemail(row)

    async def add(self, voicemail: Voicemail) -> None:
        statement = insert(voicemails).values(
            organization_id=self._organization_id,
            id=voicemail.id,
            user_id=voicemail.user_id,
            slot=voicemail.slot,
            name=voicemail.name,
            name_key=voicemail.name_key,
            file_id=voicemail.file_id,
            seconds=voicemail.seconds,
            created_at=voicemail.created_at,
        )
        await self._place(statement)

    async def save(self, voicemail: Voicemail) -> None:
        named = {"name": voicemail.name, "name_key": voicemail.name_key}
        await self._place(update(voicemails).where(voicemails.c.id == voicemail.id).values(**named))

    async def remove(self, voicemail_id: VoicemailId) -> None:
        await self._transaction.execute(delete(voicemails).where(voicemails.c.id == voicemail_id))

    async def _place(self, statement: Executable) -> None:
        try:
            await self._transaction.execute(statement)
        except IntegrityError as error:
            raise Contended from error


def _voicemail(row: Row[Any]) -> Voicemail:
    return Voicemail(
        id=VoicemailId(row.id),
        user_id=UserId(row.user_id),
        slot=row.slot,
        name=row.name,
        file_id=FileId(row.file_id),
        seconds=row.seconds,
        created_at=row.created_at,
    )
