"""Notes on a contact."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header
from pydantic import StringConstraints
from starlette.responses import Response

from api.dependencies import CurrentPrincipal, Paging, Services, requires
from api.etags import version_of
from api.idempotency import router_for
from api.models import Answer, Body, Named, PlainText
from api.problems import documented
from domain.contacts.notes import LONGEST_NOTE, ContactNote
from domain.shared.ids import ContactId, ContactNoteId

router = router_for("contacts")

READ = [Depends(requires("contacts:read"))]
WRITE = [Depends(requires("contacts:write"))]

Text = Annotated[PlainText, StringConstraints(max_length=LONGEST_NOTE)]


class NoteAnswer(Answer):
    """What a user wrote down; `user` is null when that user was removed since."""

    id: UUID
    text: str
    user: Named | None
    created_at: datetime
    updated_at: datetime
    version: int


class NotePage(Answer):
    """Some notes, newest first."""

    items: list[NoteAnswer]
    next_cursor: str | None


class NoteBody(Body):
    """The text of a note."""

    text: Text


@router.get(
    "/contacts/{contact_id}/notes",
    summary="List the notes on a contact",
    responses=documented(400, 404),
    dependencies=READ,
)
async def list_contact_notes(who: CurrentPrincipal, services: Services, page: Paging, contact_id: UUID) -> NotePage:
    """Newest first."""
    found = await services.notes.page(who, ContactId(contact_id), page)
    return NotePage(items=[_answer(note) for note in found.items], next_cursor=found.next_cursor)


@router.post(
    "/contacts/{contact_id}/notes",
    summary="Write a note on a contact",
    status_code=201,
    responses=documented(404),
    dependencies=WRITE,
)
async def create_contact_note(
    who: CurrentPrincipal, services: Services, contact_id: UUID, body: NoteBody, response: Response
) -> NoteAnswer:
    """It stands in the contact's timeline, too."""
    return _with_version(await services.notes.write(who, ContactId(contact_id), body.text), response)


@router.patch(
    "/contacts/{contact_id}/notes/{note_id}",
    summary="Change a note",
    responses=documented(404, 412),
    dependencies=WRITE,
)
async def update_contact_note(
    who: CurrentPrincipal,
    services: Services,
    contact_id: UUID,
    note_id: UUID,
    body: NoteBody,
    response: Response,
    if_match: Annotated[str | None, Header(max_length=100, description="The ETag that the change was made on.")] = None,
) -> NoteAnswer:
    """For who wrote it and Administrators."""
    version = version_of(if_match)
    note = await services.notes.change(who, ContactId(contact_id), ContactNoteId(note_id), body.text, version)
    return _with_version(note, response)


@router.delete(
    "/contacts/{contact_id}/notes/{note_id}",
    summary="Delete a note",
    status_code=204,
    responses=documented(404),
    dependencies=WRITE,
)
async def delete_contact_note(who: CurrentPrincipal, services: Services, contact_id: UUID, note_id: UUID) -> None:
    """For who wrote it and Administrators. It leaves the timeline, too."""
    await services.notes.delete(who, ContactId(contact_id), ContactNoteId(note_id))


def _with_version(note: ContactNote, response: Response) -> NoteAnswer:
    response.headers["ETag"] = f'"{note.version}"'
    return _answer(note)


def _answer(note: ContactNote) -> NoteAnswer:
    return NoteAnswer(
        id=note.id,
        text=note.text,
        user=Named(id=str(note.user_id), name=note.user_name) if note.user_id and note.user_name else None,
        created_at=note.created_at,
        updated_at=note.updated_at,
        version=note.version,
    )
