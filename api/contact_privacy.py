"""A person's wishes: not to be written to, to see what is held, to be forgotten."""

from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from fastapi import Depends, Query
from starlette.responses import Response

from api.contacts import ETAG, ContactAnswer, contact_answer
from api.dependencies import CurrentPrincipal, Services, requires
from api.idempotency import router_for
from api.jobs import JobAnswer, answer_of
from api.problems import documented
from domain.contacts.personal_page import as_page
from domain.shared.ids import ContactId

router = router_for("contacts")

WRITE = [Depends(requires("contacts:write"))]
ADMIN = [Depends(requires("admin"))]
CONTACT: dict[int | str, dict[str, Any]] = {200: {"model": ContactAnswer, "headers": ETAG}}
# The page has its own style and nothing else, whatever people wrote into it.
HARMLESS = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}


@router.post(
    "/contacts/{contact_id}/opt-out",
    summary="Opt a contact out",
    responses={**documented(404), **CONTACT},
    dependencies=WRITE,
    response_class=Response,
)
async def opt_contact_out(who: CurrentPrincipal, services: Services, contact_id: UUID) -> Response:
    """Nobody writes to the person from now on, and running Salesflows end. May be repeated."""
    return contact_answer(await services.consent.opt_out(who, ContactId(contact_id)))


@router.delete(
    "/contacts/{contact_id}/opt-out",
    summary="Take an opt-out back",
    responses={**documented(404, 409), **CONTACT},
    dependencies=ADMIN,
    response_class=Response,
)
async def take_opt_out_back(who: CurrentPrincipal, services: Services, contact_id: UUID) -> Response:
    """For Administrators, where a user did it. What the person asked for stays: `opted_out_by_person`."""
    return contact_answer(await services.consent.take_back(who, ContactId(contact_id)))


@router.get(
    "/contacts/{contact_id}/personal-data",
    summary="Export all that is held on a person",
    responses={
        **documented(404),
        200: {
            "content": {"application/json": {"schema": {"type": "object"}}, "text/html": {"schema": {"type": "string"}}}
        },
    },
    dependencies=ADMIN,
    response_class=Response,
)
async def export_personal_data(
    who: CurrentPrincipal,
    services: Services,
    contact_id: UUID,
    format: Annotated[Literal["json", "html"], Query(description="For programs, or for people.")] = "json",
) -> Response:
    """For Administrators; that it was made is on record. The page is in the language of who asks."""
    data = await services.personal_data.of(who, ContactId(contact_id))
    named = {"content-disposition": f'attachment; filename="personal-data.{format}"'}
    if format == "html":
        return Response(as_page(data), media_type="text/html; charset=utf-8", headers={**named, **HARMLESS})
    body = orjson.dumps(data.as_document(), default=str, option=orjson.OPT_UTC_Z | orjson.OPT_INDENT_2)
    return Response(body, media_type="application/json", headers=named)


@router.post(
    "/contacts/{contact_id}/erasure",
    summary="Erase a person",
    status_code=202,
    responses=documented(404),
    dependencies=ADMIN,
)
async def erase_contact(who: CurrentPrincipal, services: Services, contact_id: UUID) -> JobAnswer:
    """For Administrators; it cannot be taken back. The contact is gone at once, and a job removes all that tells who it
    was. Numbers stay, and so does that nobody writes to the address."""
    return answer_of(await services.erasing.begin(who, ContactId(contact_id)), services)
