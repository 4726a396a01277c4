"""Background jobs: how far they are, as an answer or while it happens; stopping them, taking them back, their files."""

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from fastapi import Depends, Request
from starlette.responses import Response, StreamingResponse

from adapters.bootstrap import Container
from api.contact_imports import errors_url_of
from api.dependencies import CurrentPrincipal, Paging, Services, requires
from api.idempotency import router_for
from api.models import Answer
from api.problems import documented
from api.streams import COMMENT, RETRY, EventStream, Place, Streams, event, key_of
from domain.background.model import BackgroundJob, JobState
from domain.background.watching import JobWatch
from domain.contacts.imports.model import KIND as IMPORT
from domain.shared.ids import BackgroundJobId

router = router_for("jobs")

READ = [Depends(requires("contacts:read"))]
WRITE = [Depends(requires("contacts:write"))]
EVENTS = "text/event-stream"
# Where what went wrong with single rows can be read, by kind of job.
ERRORS: Mapping[str, Callable[[BackgroundJob], str | None]] = {IMPORT: errors_url_of}


class JobAnswer(Answer):
    """Work that goes on in the background.

    `done` of `total` (null until it is known) tells how far it is; while it is `undoing`, how far that is. `result`
    depends on the kind; `error` is the code of a problem, with its reason. `errors_url` and `result_url` lead to what
    can be read of it, `import_id` to the import that it does. `asked` names by their ids what a bulk act is about: a
    status, an owner, a list, a Salesflow.
    """

    id: UUID
    kind: str
    state: JobState
    done: int
    total: int | None
    errors_url: str | None
    result_url: str | None
    import_id: UUID | None
    asked: dict[str, Any]
    can_undo: bool
    result: dict[str, Any]
    error: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class JobPage(Answer):
    """Some jobs, newest first."""

    items: list[JobAnswer]
    next_cursor: str | None


@router.get("/jobs", summary="List your jobs", responses=documented(400), dependencies=READ)
async def list_jobs(who: CurrentPrincipal, services: Services, page: Paging) -> JobPage:
    """Your own, newest first."""
    found = await services.background_work.page(who, page)
    return JobPage(items=[answer_of(job, services) for job in found.items], next_cursor=found.next_cursor)


@router.get(
    "/jobs/{job_id}",
    summary="How far is a job?",
    responses={
        **documented(404),
        200: {"model": JobAnswer, "content": {EVENTS: {"schema": {"type": "string"}}}},
    },
    dependencies=READ,
    response_class=Response,
)
async def get_job(request: Request, who: CurrentPrincipal, services: Services, job_id: UUID) -> Response:
    """With `Accept: text/event-stream` as events `job`, at once and every second until it is over; then it ends.

    Administrators see everybody's jobs.
    """
    job = await services.background_work.get(who, BackgroundJobId(job_id))
    if EVENTS not in request.headers.get("accept", ""):
        return Response(answer_of(job, services).model_dump_json(), media_type="application/json")
    streams: Streams = request.app.state.streams
    watch = services.background_work.watch(who, job.id)
    place = Place(who.user_id, key_of(request, services), watch.end)
    streams.enter(services, place)
    return EventStream(_events(watch, services), streams, place)


@router.post(
    "/jobs/{job_id}/cancel",
    summary="Stop a job",
    status_code=202,
    responses=documented(404, 409),
    dependencies=WRITE,
)
async def cancel_job(who: CurrentPrincipal, services: Services, job_id: UUID) -> JobAnswer:
    """What was done stays done, and can be taken back."""
    return answer_of(await services.background_work.cancel(who, BackgroundJobId(job_id)), services)


@router.post(
    "/jobs/{job_id}/undo",
    summary="Take a job back",
    status_code=202,
    responses=documented(404, 409),
    dependencies=WRITE,
)
async def undo_job(who: CurrentPrincipal, services: Services, job_id: UUID) -> JobAnswer:
    """Once, within 30 days. What somebody has changed since stays as it is."""
    return answer_of(await services.background_work.undo(who, BackgroundJobId(job_id)), services)


@router.get(
    "/jobs/{job_id}/file",
    summary="Read the file that a job made",
    responses={**documented(404), 200: {"content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}}}},
    dependencies=READ,
    response_class=Response,
)
async def get_job_file(who: CurrentPrincipal, services: Services, job_id: UUID) -> StreamingResponse:
    """An export, once it is done."""
    file = await services.background_work.file(who, BackgroundJobId(job_id))
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}",
        "Content-Length": str(file.size),
    }
    content = services.background_work.content(who, file)
    return StreamingResponse(content, media_type=file.media_type, headers=headers)


def answer_of(job: BackgroundJob, services: Container) -> JobAnswer:
    """What people see of it."""
    told = ERRORS.get(job.kind)
    return JobAnswer(
        id=job.id,
        kind=job.kind,
        state=job.state,
        done=job.done,
        total=job.total,
        errors_url=told(job) if told else None,
        result_url=f"/jobs/{job.id}/file" if job.file_id else None,
        import_id=job.spec.get("import_id"),
        asked={name: value for name, value in job.spec.get("asked", {}).items() if name != "columns"},
        can_undo=services.background_work.can_undo(job),
        result={name: value for name, value in job.result.items() if name != "file_id"},
        error=job.error,
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
    )


async def _events(watch: JobWatch, services: Container) -> AsyncIterator[bytes]:
    yield RETRY
    async for job in watch.events():
        yield event("job", answer_of(job, services).model_dump()) if job else COMMENT
