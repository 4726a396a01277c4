"""Who may be the same person: before saving, and among everybody."""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from fastapi import Depends
from starlette.responses import Response

from api.contacts import ContactAnswer, shown
from api.dependencies import CurrentPrincipal, Paging, Services, requires
from api.idempotency import router_for
from api.jobs import JobAnswer, answer_of
from api.models import Answer, Body, LineText, ShortText
from api.problems import documented
from domain.contacts.duplicates import Described, DuplicateReason
from domain.shared.ids import ContactId

router = router_for("contacts")

READ = [Depends(requires("contacts:read"))]
WRITE = [Depends(requires("contacts:write"))]


class DescribedBody(Body):
    """A person, as far as they are known. `except_id` is whose record it is, if there is one already."""

    first_name: ShortText | None = None
    last_name: ShortText | None = None
    email: LineText | None = None
    company: LineText | None = None
    business_phone: ShortText | None = None
    mobile_phone: ShortText | None = None
    except_id: UUID | None = None

    @property
    def described(self) -> Described:
        except_id = ContactId(self.except_id) if self.except_id else None
        return Described(**{**self.model_dump(exclude={"except_id"}), "except_id": except_id})


class CandidateAnswer(Answer):
    """A contact that may be the same person, and why: the most certain reason first."""

    contact: ContactAnswer
    reasons: list[DuplicateReason]


class CandidateList(Answer):
    """The most certain first."""

    items: list[CandidateAnswer]
    next_cursor: str | None = None


class DuplicatePairAnswer(Answer):
    """Two contacts that may be one person."""

    first: ContactAnswer
    second: ContactAnswer
    reasons: list[DuplicateReason]
    found_at: datetime


class DuplicatePairPage(Answer):
    """Some pairs, newest first."""

    items: list[DuplicatePairAnswer]
    next_cursor: str | None


@router.post(
    "/contacts/duplicates/check",
    summary="Is this person known?",
    responses={**documented(), 200: {"model": CandidateList}},
    dependencies=READ,
    response_class=Response,
)
async def check_duplicates(who: CurrentPrincipal, services: Services, body: DescribedBody) -> Response:
    """By address, phone, and name with company. Changes nothing; what is not valid (yet) finds nobody."""
    found = await services.duplicates.check(who, body.described)
    items = [{"contact": shown(one.contact), "reasons": one.reasons} for one in found]
    return _json({"items": items, "next_cursor": None})


@router.get(
    "/contacts/duplicates",
    summary="List possible duplicates",
    responses={**documented(400), 200: {"model": DuplicatePairPage}},
    dependencies=READ,
    response_class=Response,
)
async def list_duplicates(who: CurrentPrincipal, services: Services, page: Paging) -> Response:
    """As the last search found them, without those that somebody dismissed."""
    found = await services.duplicates.page(who, page)
    items = [
        {"first": shown(one.first), "second": shown(one.second), "reasons": one.reasons, "found_at": one.found_at}
        for one in found.items
    ]
    return _json({"items": items, "next_cursor": found.next_cursor})


@router.post(
    "/contacts/duplicates/search",
    summary="Search for possible duplicates",
    status_code=202,
    responses=documented(),
    dependencies=WRITE,
)
async def search_duplicates(who: CurrentPrincipal, services: Services) -> JobAnswer:
    """A job that compares everybody with everybody; its `result` counts what it `found`."""
    return answer_of(await services.duplicates.search(who), services)


@router.post(
    "/contacts/duplicates/{first_id}/{second_id}/dismiss",
    summary="These are two people",
    status_code=204,
    responses=documented(404),
    dependencies=WRITE,
)
async def dismiss_duplicates(who: CurrentPrincipal, services: Services, first_id: UUID, second_id: UUID) -> None:
    """The pair is not shown again, whatever a later search finds."""
    await services.duplicates.dismiss(who, ContactId(first_id), ContactId(second_id))


def _json(content: Any) -> Response:
    return Response(orjson.dumps(content, default=str, option=orjson.OPT_UTC_Z), media_type="application/json")
