"""An organization with a sender, a Salesflow and contacts, for arranging; emails are sent by saying so."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update

from adapters.ids import RandomIds
from adapters.postgres.database import Database
from adapters.postgres.suppressions import SuppressionHashes
from adapters.postgres.tables import emails, enrollments, mailboxes, organizations, step_runs
from adapters.postgres.unit_of_work import PostgresUnits
from domain.accounts.model import Organization, User
from domain.accounts.working_hours import WEEKDAYS, Window, WorkingHours
from domain.contacts.model import NewContact
from domain.contacts.service import Contacts
from domain.emails.model import EmailState, OutgoingEmail
from domain.salesflows.delays import DelayUnit
from domain.salesflows.dispatch import Dispatch, decided, openings
from domain.salesflows.drafting import DraftStep, DraftVariant
from domain.salesflows.due import Batch
from domain.salesflows.enrolling import Enrolled, Enrolling, Wish
from domain.salesflows.model import SalesflowDetail, Thread
from domain.salesflows.pausing import Journeys
from domain.salesflows.reactions import SalesflowReactions
from domain.salesflows.service import Salesflows
from domain.shared.ids import ContactId, EmailId, EnrollmentId, MailboxId, OrganizationId, SalesflowId, UserId
from domain.shared.principal import Principal, Role

TUESDAY = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
ALWAYS = WorkingHours("UTC", {day: (Window(0, 1440),) for day in WEEKDAYS})
OFFICE = WorkingHours("UTC")


@dataclass
class SetClock:
    """Business time that a test sets."""

    instant: datetime = TUESDAY

    def now(self) -> datetime:
        return self.instant

    def system(self) -> datetime:
        return self.instant

    def move(self, **by: float) -> None:
        self.instant += timedelta(**by)


def a_step(
    subject: str = "Hello",
    body: str = "<p>Hi</p>",
    *,
    amount: int = 0,
    unit: DelayUnit = DelayUnit.MINUTES,
    thread: Thread = Thread.NEW,
) -> DraftStep:
    return DraftStep(amount, unit, thread, [DraftVariant(100, subject, body)])


FOLLOW_UP = a_step("", amount=2, unit=DelayUnit.BUSINESS_DAYS, thread=Thread.REPLY)


@dataclass
class Office:
    """One organization at work: its services, and a shortcut for everything that tests arrange or look at."""

    database: Database
    units: PostgresUnits
    clock: SetClock
    organization_id: OrganizationId
    sender: User
    mailbox_id: MailboxId
    principal: Principal
    _contacts: int = field(default=0)

    @property
    def salesflows(self) -> Salesflows:
        return Salesflows(units=self.units, clock=self.clock, ids=RandomIds())

    @property
    def enrolling(self) -> Enrolling:
        return Enrolling(units=self.units, clock=self.clock, ids=RandomIds())

    @property
    def journeys(self) -> Journeys:
        return Journeys(units=self.units, clock=self.clock)

    @property
    def dispatch(self) -> Dispatch:
        return Dispatch(self.units, RandomIds(), self.clock)

    @property
    def reactions(self) -> SalesflowReactions:
        return SalesflowReactions(self.clock)

    async def person(self, **more: Any) -> ContactId:
        self._contacts += 1
        new = NewContact(last_name=f"Prospect {self._contacts}", email=f"{uuid4().hex}@prospect.example")
        service = Contacts(units=self.units, clock=self.clock, ids=RandomIds())
        return (await service.create(self.principal, replace(new, **more))).id

    async def people(self, number: int) -> list[ContactId]:
        service = Contacts(units=self.units, clock=self.clock, ids=RandomIds())
        new = [NewContact(last_name=f"Prospect {n}", email=f"{uuid4().hex}@prospect.example") for n in range(number)]
        return [contact.id for contact in await service.create_many(self.principal, new)]

    async def colleague(self, role: Role = Role.CONTRIBUTOR, **more: Any) -> Principal:
        user = a_user(self.clock.now(), **more)
        async with self.units.of(self.organization_id) as unit:
            await unit.users.add(user)
        return Principal(self.organization_id, user.id, role)

    async def flow(self, *steps: DraftStep, active: bool = True, **more: Any) -> SalesflowDetail:
        flow = await self.salesflows.create(self.principal, "A Salesflow", **more)
        flow_id = flow.summary.salesflow.id
        flow = await self.salesflows.put_steps(self.principal, flow_id, steps or [a_step(), FOLLOW_UP])
        return await self.salesflows.activate(self.principal, flow_id) if active else flow

    async def enroll(self, flow: SalesflowDetail, *contacts: ContactId, **more: Any) -> Enrolled:
        wish = Wish(contact_ids=contacts, **more)
        return await self.enrolling.enroll(self.principal, flow.summary.salesflow.id, wish)

    async def started(self, *steps: DraftStep) -> tuple[SalesflowId, ContactId, EnrollmentId]:
        """A Salesflow with one contact in it."""
        flow, contact_id = await self.flow(*steps), await self.person()
        await self.enroll(flow, contact_id)
        enrollment = await self.enrollment(contact_id)
        return flow.summary.salesflow.id, contact_id, EnrollmentId(enrollment.id)

    async def dispatched(self) -> int:
        """Everything that is due, batch by batch."""
        dispatch, total = self.dispatch, 0
        while size := await dispatch.dispatch_due():
            total += size
        return total

    async def rows(self, query: Any) -> Sequence[Any]:
        async with self.database.application(self.organization_id) as transaction:
            return (await transaction.execute(query)).all()

    async def change(self, statement: Any) -> None:
        async with self.database.application(self.organization_id) as transaction:
            await transaction.execute(statement)

    async def enrollment(self, contact_id: ContactId) -> Any:
        query = select(enrollments).where(enrollments.c.contact_id == contact_id).order_by(enrollments.c.id.desc())
        return (await self.rows(query))[0]

    async def emails(self, contact_id: ContactId | None = None) -> list[OutgoingEmail]:
        query = select(emails).order_by(emails.c.id)
        if contact_id:
            query = query.where(emails.c.contact_id == contact_id)
        return [outgoing(row) for row in await self.rows(query)]

    async def runs(self) -> Sequence[Any]:
        return await self.rows(select(step_runs).order_by(step_runs.c.id))

    async def leaves(self, email: OutgoingEmail) -> None:
        """The email was sent, as the sender records it."""
        at = self.clock.now()
        async with self.units.of(self.organization_id) as unit:
            await self.reactions.sent(unit, email, at)
        await self.change(update(emails).where(emails.c.id == email.id).values(state="sent", sent_at=at))

    async def pause_organization(self, paused: bool = True) -> None:
        await self.change(update(organizations).values(dispatch_paused=paused))

    async def mailbox(self, state: str) -> None:
        await self.change(update(mailboxes).values(state=state))


def outgoing(row: Any) -> OutgoingEmail:
    return OutgoingEmail(
        organization_id=OrganizationId(row.organization_id),
        id=EmailId(row.id),
        mailbox_id=MailboxId(row.mailbox_id),
        user_id=UserId(row.user_id),
        contact_id=ContactId(row.contact_id),
        send_key=row.send_key,
        state=EmailState(row.state),
        due_at=row.due_at,
        salesflow_id=row.salesflow_id,
        enrollment_id=row.enrollment_id,
        step_run_id=row.step_run_id,
        step_id=row.step_id,
        variant_id=row.variant_id,
    )


def a_user(now: datetime, **more: Any) -> User:
    user_id = UserId(RandomIds().new())
    user = User(user_id, f"{user_id.hex}@example.com", "Sam Sender", Role.CONTRIBUTOR, now, now, working_hours=OFFICE)
    return replace(user, **more)


async def an_office(database: Database, units: PostgresUnits, clock: SetClock) -> Office:
    organization_id = OrganizationId(RandomIds().new())
    sender = a_user(clock.now())
    mailbox_id = MailboxId(RandomIds().new())
    async with units.of(organization_id) as unit:
        await unit.organizations.add(Organization(organization_id, "Northwind", clock.now()))
        await unit.statuses.add_defaults()
        await unit.users.add(sender)
    office = Office(
        database=database,
        units=units,
        clock=clock,
        organization_id=organization_id,
        sender=sender,
        mailbox_id=mailbox_id,
        principal=Principal(organization_id, sender.id, Role.CONTRIBUTOR),
    )
    await add_mailbox(office, sender.id, mailbox_id)
    return office


async def add_mailbox(office: Office, user_id: UserId, mailbox_id: UUID | None = None) -> None:
    values = {
        "organization_id": office.organization_id,
        "id": mailbox_id or RandomIds().new(),
        "user_id": user_id,
        "connection_id": uuid4(),
        "address": "sam@example.com",
        "display_name": "Sam",
        "state": "connected",
        "created_at": office.clock.now(),
    }
    await office.change(insert(mailboxes).values(**values))


async def a_rested_office(database: Database, hashes: SuppressionHashes) -> Office:
    """As `an_office`; the dispatcher looks across organizations, so nothing of other tests is due any more."""
    async with database.system() as transaction:
        await transaction.execute(update(enrollments).values(due_at=None, resume_at=None))
    clock = SetClock()
    return await an_office(database, PostgresUnits(database, RandomIds(), clock, hashes), clock)


async def under_way(office: Office) -> tuple[ContactId, Any]:
    """A contact to whom the first email has left."""
    _, contact_id, _ = await office.started()
    await office.dispatched()
    [email] = await office.emails(contact_id)
    await office.leaves(email)
    return contact_id, email


async def claimed(unit: Any, now: datetime) -> Callable[[], Batch]:
    """What is due, as a dispatcher takes it; it is decided on anew at every call."""
    due = await unit.dispatch.claim(now)
    may_leave = openings(await unit.dispatch.senders({row.sender_key for row in due}), now)
    steps = await unit.dispatch.steps({row.step_key for row in due})
    return lambda: decided(due, may_leave, steps, set(), RandomIds(), now)
