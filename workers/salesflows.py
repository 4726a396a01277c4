"""Salesflows in the background: what is due, and what follows from deletions and changes elsewhere."""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from adapters.bootstrap import Container
from domain.accounts.service import HOURS_CHANGED
from domain.contacts.bulk_acts import CONTACTS_DELETED
from domain.contacts.imports.telling import CONTACTS_CHANGED
from domain.contacts.service import CONTACT_CHANGED, CONTACT_DELETED
from domain.salesflows.service import SALESFLOW_ARCHIVED
from domain.shared.ids import ContactId, SalesflowId
from domain.shared.jobs import Job


async def dispatch_due(services: Container) -> int:
    """A sweep: one batch of due steps; 0 when nothing is due."""
    return await services.dispatch.dispatch_due()


async def resume_due(services: Container) -> int:
    """A sweep: one batch of enrollments whose pause is over."""
    return await services.dispatch.resume_due()


async def contact_deleted(services: Container, job: Job) -> None:
    await services.journeys.contacts_deleted(job.organization_id, [ContactId(UUID(job.payload["contact_id"]))])


async def contacts_deleted(services: Container, job: Job) -> None:
    gone = [ContactId(UUID(one)) for one in job.payload["contact_ids"].split(",")]
    await services.journeys.contacts_deleted(job.organization_id, gone)


async def contact_changed(services: Container, job: Job) -> None:
    await services.journeys.contact_changed(job.organization_id, ContactId(UUID(job.payload["contact_id"])))


async def contacts_changed(services: Container, job: Job) -> None:
    for one in job.payload["contact_ids"].split(","):
        await services.journeys.contact_changed(job.organization_id, ContactId(UUID(one)))


async def salesflow_archived(services: Container, job: Job) -> None:
    await services.salesflows.stop_archived(job.organization_id, SalesflowId(UUID(job.payload["salesflow_id"])))


async def hours_changed(services: Container, job: Job) -> None:
    await services.replanning.hours_changed(job)


HANDLERS: Mapping[str, Callable[[Container, Job], Awaitable[None]]] = {
    CONTACT_DELETED: contact_deleted,
    CONTACTS_DELETED: contacts_deleted,
    CONTACT_CHANGED: contact_changed,
    CONTACTS_CHANGED: contacts_changed,
    SALESFLOW_ARCHIVED: salesflow_archived,
    HOURS_CHANGED: hours_changed,
}
