"""Salesflows: written, started, held; who walks through them, and what came of it."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Query
from starlette.responses import Response

from api import salesflow_answers as answers
from api import salesflow_bodies as bodies
from api.dependencies import CurrentPrincipal, Paging, Services, requires
from api.etags import version_of
from api.idempotency import router_for
from api.problems import documented
from domain.salesflows.model import EnrollmentState, SalesflowDetail
from domain.shared.ids import ContactId, EnrollmentId, SalesflowId

router = router_for("salesflows")

READ = [Depends(requires("salesflows:read"))]
WRITE = [Depends(requires("salesflows:write"))]
IfMatch = Annotated[str | None, Header(max_length=100, description="The ETag that the change was made on.")]


@router.get("/salesflows", summary="List Salesflows", responses=documented(400), dependencies=READ)
async def list_salesflows(who: CurrentPrincipal, services: Services, page: Paging) -> answers.SalesflowPage:
    """Newest first: your own, shared ones and those in which contacts run in your name; Administrators see all."""
    found = await services.salesflows.page(who, page)
    items = [answers.salesflow(one) for one in found.items]
    return answers.SalesflowPage(items=items, next_cursor=found.next_cursor)


@router.post("/salesflows", summary="Create a Salesflow", status_code=201, responses=documented(), dependencies=WRITE)
async def create_salesflow(
    who: CurrentPrincipal, services: Services, response: Response, body: bodies.NewSalesflowBody
) -> answers.SalesflowDetailAnswer:
    """A draft without steps."""
    return _detail(await services.salesflows.create(who, body.name, body.shared), response)


@router.get("/salesflows/fields", summary="List merge fields", responses=documented(), dependencies=READ)
async def list_merge_fields(who: CurrentPrincipal, services: Services) -> answers.MergeFieldList:
    """What templates can say about contact, sender and organization."""
    return answers.merge_fields(await services.previewing.fields(who))


@router.get("/salesflows/{salesflow_id}", summary="Get a Salesflow", responses=documented(404), dependencies=READ)
async def get_salesflow(
    who: CurrentPrincipal, services: Services, response: Response, salesflow_id: UUID
) -> answers.SalesflowDetailAnswer:
    """With its current steps; the version is the ETag."""
    return _detail(await services.salesflows.get(who, SalesflowId(salesflow_id)), response)


@router.patch(
    "/salesflows/{salesflow_id}",
    summary="Rename or share a Salesflow",
    responses=documented(404, 412),
    dependencies=WRITE,
)
async def update_salesflow(
    who: CurrentPrincipal,
    services: Services,
    response: Response,
    salesflow_id: UUID,
    body: bodies.SalesflowChangesBody,
    if_match: IfMatch = None,
) -> answers.SalesflowDetailAnswer:
    """What is left out stays. With If-Match refused when somebody changed the Salesflow meanwhile."""
    changed = await services.salesflows.change(
        who, SalesflowId(salesflow_id), name=body.name, shared=body.shared, version=version_of(if_match)
    )
    return _detail(changed, response)


@router.delete(
    "/salesflows/{salesflow_id}",
    summary="Delete a Salesflow",
    status_code=204,
    responses=documented(404),
    dependencies=WRITE,
)
async def delete_salesflow(who: CurrentPrincipal, services: Services, salesflow_id: UUID) -> None:
    """One in which contacts were enrolled is archived instead: what happened stays."""
    await services.salesflows.delete(who, SalesflowId(salesflow_id))


@router.put(
    "/salesflows/{salesflow_id}/steps",
    summary="Write the steps",
    responses=documented(404, 409, 412),
    dependencies=WRITE,
)
async def put_salesflow_steps(
    who: CurrentPrincipal,
    services: Services,
    response: Response,
    salesflow_id: UUID,
    body: bodies.StepsBody,
    if_match: IfMatch = None,
) -> answers.SalesflowDetailAnswer:
    """A new revision of all steps. Contacts under way finish on the revision they started with."""
    drafts = [step.draft() for step in body.steps]
    changed = await services.salesflows.put_steps(who, SalesflowId(salesflow_id), drafts, version_of(if_match))
    return _detail(changed, response)


@router.post(
    "/salesflows/{salesflow_id}/activate", summary="Activate", responses=documented(404, 409), dependencies=WRITE
)
async def activate_salesflow(
    who: CurrentPrincipal, services: Services, response: Response, salesflow_id: UUID
) -> answers.SalesflowDetailAnswer:
    """Starts it, or lets it go on: whoever waited when it was paused waits for the rest of the delay."""
    return _detail(await services.salesflows.activate(who, SalesflowId(salesflow_id)), response)


@router.post("/salesflows/{salesflow_id}/pause", summary="Pause", responses=documented(404, 409), dependencies=WRITE)
async def pause_salesflow(
    who: CurrentPrincipal, services: Services, response: Response, salesflow_id: UUID
) -> answers.SalesflowDetailAnswer:
    """Holds everybody where they are."""
    return _detail(await services.salesflows.pause(who, SalesflowId(salesflow_id)), response)


@router.post("/salesflows/{salesflow_id}/archive", summary="Archive", responses=documented(404), dependencies=WRITE)
async def archive_salesflow(
    who: CurrentPrincipal, services: Services, response: Response, salesflow_id: UUID
) -> answers.SalesflowDetailAnswer:
    """Ends it for good, and every enrollment that runs."""
    return _detail(await services.salesflows.archive(who, SalesflowId(salesflow_id)), response)


@router.post(
    "/salesflows/{salesflow_id}/preview", summary="Preview a step", responses=documented(404), dependencies=READ
)
async def preview_salesflow_step(
    who: CurrentPrincipal, services: Services, salesflow_id: UUID, body: bodies.PreviewBody
) -> answers.PreviewAnswer:
    """As this or a sample contact would read it from you; nothing is stored or sent."""
    contact_id = ContactId(body.contact_id) if body.contact_id else None
    shown = await services.previewing.preview(who, SalesflowId(salesflow_id), body.step.draft(), contact_id)
    return answers.PreviewAnswer.model_validate(shown)


@router.get(
    "/salesflows/{salesflow_id}/stats", summary="What came of a Salesflow", responses=documented(404), dependencies=READ
)
async def get_salesflow_stats(who: CurrentPrincipal, services: Services, salesflow_id: UUID) -> answers.StatsAnswer:
    """In all, per step and per variant. Opens and clicks are those of people, not of machines."""
    return answers.stats(await services.salesflows.stats(who, SalesflowId(salesflow_id)))


@router.post(
    "/salesflows/{salesflow_id}/enrollments",
    summary="Add contacts to a Salesflow",
    responses=documented(404, 409),
    dependencies=WRITE,
)
async def enroll_contacts(
    who: CurrentPrincipal, services: Services, salesflow_id: UUID, body: bodies.EnrollBody
) -> answers.EnrolledAnswer:
    """Says who is left out and why; with `dry_run` it says only. Asking again enrolls nobody twice."""
    return answers.enrolled(await services.enrolling.enroll(who, SalesflowId(salesflow_id), body.wish()))


@router.get(
    "/salesflows/{salesflow_id}/enrollments",
    summary="List enrollments",
    responses=documented(400, 404),
    dependencies=READ,
)
async def list_enrollments(
    who: CurrentPrincipal,
    services: Services,
    page: Paging,
    salesflow_id: UUID,
    state: Annotated[EnrollmentState | None, Query(description="Only those in this state.")] = None,
    needs_human: Annotated[bool, Query(description="Only those with an email that a person has to settle.")] = False,
) -> answers.EnrollmentPage:
    """Newest first, each with why it waits and until when. Contributors see those that concern them."""
    found = await services.journeys.page(who, SalesflowId(salesflow_id), state, page, needs_human=needs_human)
    return answers.EnrollmentPage(items=[answers.enrollment(one) for one in found.items], next_cursor=found.next_cursor)


@router.post(
    "/salesflows/{salesflow_id}/enrollments/{enrollment_id}/pause",
    summary="Hold an enrollment",
    responses=documented(404, 409),
    dependencies=WRITE,
)
async def pause_enrollment(
    who: CurrentPrincipal, services: Services, salesflow_id: UUID, enrollment_id: UUID
) -> answers.EnrollmentAnswer:
    """Until somebody lets it go on."""
    return answers.enrollment(
        await services.journeys.pause(who, SalesflowId(salesflow_id), EnrollmentId(enrollment_id))
    )


@router.post(
    "/salesflows/{salesflow_id}/enrollments/{enrollment_id}/resume",
    summary="Let an enrollment go on",
    responses=documented(404, 409),
    dependencies=WRITE,
)
async def resume_enrollment(
    who: CurrentPrincipal, services: Services, salesflow_id: UUID, enrollment_id: UUID
) -> answers.EnrollmentAnswer:
    """With what is left of its delay."""
    return answers.enrollment(
        await services.journeys.resume(who, SalesflowId(salesflow_id), EnrollmentId(enrollment_id))
    )


@router.post(
    "/salesflows/{salesflow_id}/enrollments/{enrollment_id}/stop",
    summary="End an enrollment",
    responses=documented(404),
    dependencies=WRITE,
)
async def stop_enrollment(
    who: CurrentPrincipal, services: Services, salesflow_id: UUID, enrollment_id: UUID
) -> answers.EnrollmentAnswer:
    """For good; an email that is being sent at this very moment still leaves."""
    entry = await services.journeys.stop(who, SalesflowId(salesflow_id), EnrollmentId(enrollment_id))
    return answers.enrollment(entry)


@router.get(
    "/contacts/{contact_id}/enrollments",
    summary="List a contact's Salesflows",
    responses=documented(404),
    dependencies=READ,
)
async def list_contact_enrollments(
    who: CurrentPrincipal, services: Services, contact_id: UUID
) -> answers.ContactEnrollmentPage:
    """Newest first, at most 200. Others' private Salesflows are listed without saying which they are."""
    found = await services.journeys.of_contact(who, ContactId(contact_id))
    return answers.ContactEnrollmentPage(items=[answers.contact_enrollment(one) for one in found], next_cursor=None)


@router.get(
    "/contacts/{contact_id}/next-steps",
    summary="What comes next for a contact?",
    responses=documented(404),
    dependencies=READ,
)
async def list_next_steps(who: CurrentPrincipal, services: Services, contact_id: UUID) -> answers.NextStepList:
    """Over all Salesflows that it is in, the next in time first: when, or why nobody knows when."""
    found = await services.journeys.next_steps(who, ContactId(contact_id))
    return answers.NextStepList(items=[answers.next_step(step) for step in found])


def _detail(shown: SalesflowDetail, response: Response) -> answers.SalesflowDetailAnswer:
    response.headers["ETag"] = f'"{shown.summary.salesflow.version}"'
    return answers.detail(shown)
