"""The audit log, for Administrators."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Query
from starlette.responses import StreamingResponse

from api.dependencies import CurrentPrincipal, Paging, Services, requires
from api.models import Answer, Instant
from api.problems import documented
from domain.accounts.audit import Action, Actor, ActorKind, Entry
from domain.accounts.auditing import AuditFilter
from domain.shared.ids import UserId

router = APIRouter(prefix="/admin/audit-log", tags=["admin"])

READ = [Depends(requires("admin"))]
NDJSON = "application/x-ndjson"


class ActorAnswer(Answer):
    """Who acted, by what means, by the name of then. The system and the command line have no id."""

    kind: ActorKind
    id: UUID | None
    name: str


class TargetAnswer(Answer):
    """What was acted on, by the name of then."""

    kind: str
    id: UUID | None
    name: str


class EntryAnswer(Answer):
    """An act on record."""

    id: UUID
    seq: int
    at: datetime
    actor: ActorAnswer
    on_behalf_of: ActorAnswer | None
    action: str
    target: TargetAnswer | None
    address: str
    user_agent: str
    request_id: str
    detail: dict[str, str | int | bool | None]


class EntryList(Answer):
    """Newest first."""

    items: list[EntryAnswer]
    next_cursor: str | None


async def wanted(
    actor_id: Annotated[UUID | None, Query(description="Who acted.")] = None,
    action: Annotated[Action | None, Query(description="What was done.")] = None,
    since: Annotated[Instant | None, Query(alias="from", description="Not before this instant.")] = None,
    until: Annotated[Instant | None, Query(alias="to", description="Before this instant.")] = None,
) -> AuditFilter:
    """Which entries are asked for."""
    return AuditFilter(UserId(actor_id) if actor_id else None, action, since, until)


Wanted = Annotated[AuditFilter, Depends(wanted)]


@router.get("", summary="List what was done", dependencies=READ, responses=documented(400))
async def list_audit_log(principal: CurrentPrincipal, services: Services, page: Paging, wanted: Wanted) -> EntryList:
    """Every administrative or security-relevant act, newest first. For Administrators."""
    found = await services.auditing.page(principal, wanted, page)
    return EntryList(items=[_answer(entry) for entry in found.items], next_cursor=found.next_cursor)


@router.get(
    "/export",
    summary="Export what was done",
    response_class=StreamingResponse,
    dependencies=READ,
    responses={
        **documented(),
        200: {"description": "One entry a line, oldest first.", "content": {NDJSON: {"schema": {"type": "string"}}}},
    },
)
async def export_audit_log(principal: CurrentPrincipal, services: Services, wanted: Wanted) -> StreamingResponse:
    """As JSON, one entry a line, oldest first, with the hashes that chain them. That it was asked for is on record."""
    batches = await services.auditing.export(principal, wanted)
    headers = {"Content-Disposition": 'attachment; filename="audit-log.ndjson"'}
    return StreamingResponse(_lines(batches), media_type=NDJSON, headers=headers)


async def _lines(batches: AsyncIterator[Sequence[Entry]]) -> AsyncIterator[bytes]:
    async for batch in batches:
        yield b"".join(orjson.dumps(_exported(entry)) + b"\n" for entry in batch)


def _exported(entry: Entry) -> dict[str, object]:
    chain = {"previous": entry.previous.hex(), "hash": entry.hash.hex()}
    return {**_answer(entry).model_dump(mode="json"), **chain}


def _answer(entry: Entry) -> EntryAnswer:
    act, origin = entry.act, entry.origin
    return EntryAnswer(
        id=entry.id,
        seq=entry.seq,
        at=entry.at,
        actor=_actor(entry.actor),
        on_behalf_of=_actor(act.on_behalf_of) if act.on_behalf_of else None,
        action=act.action,
        target=TargetAnswer.model_validate(act.target) if act.target else None,
        address=origin.address,
        user_agent=origin.user_agent,
        request_id=origin.request_id,
        detail=dict(act.detail),
    )


def _actor(actor: Actor) -> ActorAnswer:
    return ActorAnswer.model_validate(actor)
