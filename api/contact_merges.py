"""Merging records of one person, and taking it back."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import Field
from starlette.responses import Response

from api.contacts import ETAG, ContactAnswer, contact_answer
from api.dependencies import CurrentPrincipal, Services, requires
from api.idempotency import router_for
from api.models import Answer, Body, Named, PlainText
from api.problems import documented
from domain.contacts.merging import MOST_MERGED
from domain.shared.ids import ContactId, ContactMergeId

router = router_for("contacts")

READ = [Depends(requires("contacts:read"))]
WRITE = [Depends(requires("contacts:write"))]


class MergeBody(Body):
    """`merge` go into `keep`. `choices` says of which of them a field is taken, by the keys of /contacts/fields and
    `status` and `owner`; without one it is that of `keep`, completed by the others."""

    keep: UUID
    merge: Annotated[list[UUID], Field(max_length=MOST_MERGED)]
    choices: Annotated[dict[PlainText, UUID], Field(max_length=200)] = {}  # noqa: RUF012 - pydantic copies it


class MergedContactAnswer(ContactAnswer):
    """The contact as it is now. `merge_ids` are there to take each merge back."""

    merge_ids: list[UUID]


class MergeAnswer(Answer):
    """A record that was merged into the contact."""

    id: UUID
    merged: Named
    at: datetime
    user: Named | None
    undone_at: datetime | None
    can_undo: bool


class MergeList(Answer):
    """All of them, newest first."""

    items: list[MergeAnswer]
    next_cursor: str | None = None


@router.post(
    "/contacts/merge",
    summary="Merge contacts",
    responses={**documented(404, 409), 200: {"model": MergedContactAnswer, "headers": ETAG}},
    dependencies=WRITE,
    response_class=Response,
)
async def merge_contacts(who: CurrentPrincipal, services: Services, body: MergeBody) -> Response:
    """Completes what is missing and joins the histories. The merged ones are gone; for 30 days it can be taken back."""
    choices = {name: ContactId(chosen) for name, chosen in body.choices.items()}
    merge = [ContactId(one) for one in body.merge]
    contact, merge_ids = await services.merging.merge(who, ContactId(body.keep), merge, choices)
    return contact_answer(contact, merge_ids=merge_ids)


@router.get(
    "/contacts/{contact_id}/merges",
    summary="List what was merged into a contact",
    responses=documented(404),
    dependencies=READ,
)
async def list_merges(who: CurrentPrincipal, services: Services, contact_id: UUID) -> MergeList:
    """Newest first, those that were taken back too."""
    found = await services.merging.into(who, ContactId(contact_id))
    items = [
        MergeAnswer(
            id=one.id,
            merged=Named(id=str(one.merged_id), name=one.merged_name),
            at=one.at,
            user=Named(id=str(one.user_id), name=one.user_name) if one.user_id and one.user_name else None,
            undone_at=one.undone_at,
            can_undo=can_undo,
        )
        for one, can_undo in found
    ]
    return MergeList(items=items)


@router.post(
    "/contacts/merges/{merge_id}/undo",
    summary="Take a merge back",
    responses={**documented(404, 409), 200: {"model": ContactAnswer, "headers": ETAG}},
    dependencies=WRITE,
    response_class=Response,
)
async def undo_merge(who: CurrentPrincipal, services: Services, merge_id: UUID) -> Response:
    """Answers with the contact that is there again. What was changed or happened since stays with the other."""
    return contact_answer(await services.merging.undo(who, ContactMergeId(merge_id)))
