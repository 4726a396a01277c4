"""`engage demo`: makes the sample organization, once; a load that was interrupted is completed by the next."""

from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import exists, insert, select, update

from adapters.demo.filling import Told, fill_up
from adapters.demo.flows import FLOWS, SampleFlow
from adapters.demo.history import Journey, lived_through
from adapters.demo.people import SamplePerson, sample_people
from adapters.demo.records import Records, SampleContact, Setting, StoredStep
from adapters.demo.tidying import tidy_up
from adapters.demo.voicemails import sample_recordings
from adapters.ids import made_at
from adapters.postgres.connection import Transaction
from adapters.postgres.tables import contacts, mailboxes, salesflow_steps, salesflows, step_variants
from adapters.postgres.unit_of_work import PostgresUnit
from domain.accounts.inviting import Invited
from domain.accounts.model import NewOrganization, NewUser, User, UserState
from domain.accounts.onboarding import FINISHED
from domain.accounts.preferences import Onboarding
from domain.activities.model import Activity, ActivityType
from domain.contacts.merge_values import merge_values
from domain.contacts.model import Contact, ContactStatus, EmailState
from domain.shared.ids import ContactId, OrganizationId
from domain.shared.paging import PageRequest
from domain.shared.principal import Principal, Role

if TYPE_CHECKING:
    from adapters.bootstrap import Container

ORGANIZATION = "Northwind Demo"
ADDRESS = "500 Harbor Street\nBoston, MA 02110\nUnited States"
ADMINISTRATOR = "admin@demo.example"
REPRESENTATIVE = "rep@demo.example"
NEWCOMER = "sam@demo.example"
PEOPLE = 320
SEED = 20


async def load_demo(container: "Container", contacts_: int, told: Told) -> None:
    """Organization, its two users, people, Salesflows under way, weeks of history, recordings to try the player with;
    and strangers, until there are so many contacts.

    Does nothing when all is there.
    """
    await _make_users(container)
    found = await container.accounts.principal_of(REPRESENTATIVE)
    await _have_people(container, found)
    administrator = await container.accounts.principal_of(ADMINISTRATOR)
    if await fill_up(container, [found, administrator], contacts_, told):
        await tidy_up(container.settings.database_owner_url or container.settings.database_url)
    if not await container.voicemails.all(found):
        for name, recording in sample_recordings().items():
            await container.voicemails.add(found, name, BytesIO(recording))


async def _have_people(container: "Container", found: Principal) -> None:
    async with container.database.application(found.organization_id) as transaction:
        if not await _has_contacts(transaction):
            unit = container.units.inside(transaction, found.organization_id)
            await _Loading(container, unit, transaction, found).run()


async def _make_users(container: "Container") -> None:
    password = container.settings.demo_password.get_secret_value()
    accounts = container.accounts
    if not await accounts.has_account(ADMINISTRATOR):
        new = NewOrganization(ORGANIZATION, "Alex Morgan", ADMINISTRATOR, password, postal_address=ADDRESS)
        await accounts.create_organization(new, any_password=True)
    if not await accounts.has_account(REPRESENTATIVE):
        administrator = await accounts.principal_of(ADMINISTRATOR)
        colleague = NewUser("Robin Hale", REPRESENTATIVE, Role.CONTRIBUTOR, password)
        await accounts.create_user(administrator, colleague, any_password=True)
    for email in (ADMINISTRATOR, REPRESENTATIVE):
        await _have_finished_the_wizard(container, await accounts.principal_of(email))
    await _invite(container, await accounts.principal_of(ADMINISTRATOR))


async def _invite(container: "Container", administrator: Principal) -> None:
    """Somebody who has not come yet."""
    known = await container.user_administration.page(administrator, NEWCOMER, list(UserState), PageRequest())
    if not known.items:
        await container.inviting.invite(administrator, Invited(NEWCOMER, "Sam Rivera", Role.CONTRIBUTOR))


async def _have_finished_the_wizard(container: "Container", principal: Principal) -> None:
    """Who has not begun with it: they have worked here for weeks."""
    async with container.units.of(principal.organization_id) as unit:
        user = await unit.users.locked(principal.user_id)
        if user.onboarding == Onboarding():
            await unit.users.save(replace(user, onboarding=FINISHED))


async def _has_contacts(transaction: Transaction) -> bool:
    return bool((await transaction.execute(select(exists(select(contacts.c.id))))).scalar())


class _Loading:
    """One load, in one transaction."""

    def __init__(
        self, container: "Container", unit: PostgresUnit, transaction: Transaction, representative: Principal
    ) -> None:
        self._ids = container.ids
        self._now = container.clock.now()
        self._unit = unit
        self._transaction = transaction
        self._representative = representative
        self._random = Random(SEED)  # noqa: S311 - the same sample every time

    @property
    def _organization_id(self) -> OrganizationId:
        return self._representative.organization_id

    async def run(self) -> None:
        user = await self._unit.users.get(self._representative.user_id)
        people = await self._add_people(user)
        mailbox_id = await self._add_mailbox(user)
        pool = [person for person in people if person.status not in ("Closed", "Disqualified")]
        pool.sort(key=lambda person: person.created_at, reverse=True)
        records = Records(self._ids)
        marks: dict[UUID, Journey] = {}
        for flow in FLOWS:
            setting = await self._add_flow(flow, user, mailbox_id)
            for _ in range(flow.people):
                contact = pool.pop()
                journey = self._journey(flow, user, contact)
                records.add(setting, _sample(contact, user), journey)
                marks[contact.id] = journey
        await records.write(self._transaction)
        await self._mark(marks)

    async def _add_people(self, owner: User) -> list[Contact]:
        statuses = {status.label: status for status in await self._unit.statuses.all()}
        # Contacts are created in the order of their ids.
        times = sorted(self._ago(days=45) for _ in range(PEOPLE))
        people = [
            self._contact(sample, statuses[sample.status], owner, at)
            for sample, at in zip(sample_people(PEOPLE, self._random), times, strict=True)
        ]
        await self._unit.contacts.add(people)
        await self._unit.activities.append(
            Activity(ActivityType.CONTACT_CREATED, person.created_at, person.id, user_id=owner.id) for person in people
        )
        return people

    def _contact(self, sample: SamplePerson, status: ContactStatus, owner: User, at: datetime) -> Contact:
        return Contact(
            id=ContactId(made_at(at)),
            last_name=sample.last_name,
            first_name=sample.first_name,
            status_id=status.id,
            status=status.label,
            created_at=at,
            updated_at=at,
            last_activity_at=at,
            owner_id=owner.id,
            email=sample.email,
            company=sample.company,
            job_title=sample.job_title,
            business_phone=sample.business_phone,
            city=sample.city,
            state=sample.state or None,
            country=sample.country,
            time_zone=sample.time_zone,
            email_state=EmailState.OK,
        )

    async def _add_mailbox(self, user: User) -> UUID:
        """The one that the history left from; connecting the same account goes on with it."""
        mailbox_id = self._ids.new()
        row = {
            "organization_id": self._organization_id,
            "id": mailbox_id,
            "user_id": user.id,
            "connection_id": self._ids.new(),
            "address": user.email,
            "display_name": user.name,
            "state": "disconnected",
            "per_day": 400,
            # The sandbox takes more than a provider; whoever moves its clock does not want to wait for the backlog.
            "per_minute": 600,
            "fence": 0,
            "created_at": self._now,
        }
        await self._transaction.execute(insert(mailboxes).values(row))
        return mailbox_id

    async def _add_flow(self, flow: SampleFlow, owner: User, mailbox_id: UUID) -> Setting:
        salesflow_id, created_at = self._ids.new(), self._now - timedelta(days=flow.days + 1)
        await self._transaction.execute(
            insert(salesflows).values(
                organization_id=self._organization_id,
                id=salesflow_id,
                name=flow.name,
                state=flow.state,
                owner_id=owner.id,
                shared=True,
                revision=1,
                paused_at=self._now if flow.state == "paused" else None,
                version=1,
                created_at=created_at,
                updated_at=created_at,
            )
        )
        steps = tuple(
            [await self._add_step(salesflow_id, flow, position) for position in range(1, len(flow.steps) + 1)]
        )
        return Setting(self._organization_id, owner.id, mailbox_id, owner.email, salesflow_id, steps)

    async def _add_step(self, salesflow_id: UUID, flow: SampleFlow, position: int) -> StoredStep:
        step = flow.steps[position - 1]
        stored = StoredStep(self._ids.new(), self._ids.new(), step.subject, step.body)
        await self._transaction.execute(
            insert(salesflow_steps).values(
                organization_id=self._organization_id,
                id=stored.id,
                salesflow_id=salesflow_id,
                revision=1,
                position=position,
                kind="email",
                mode="automatic",
                delay_amount=step.delay.amount,
                delay_unit=step.delay.unit.value,
                thread="new" if step.subject else "reply",
            )
        )
        await self._transaction.execute(
            insert(step_variants).values(
                organization_id=self._organization_id,
                id=stored.variant_id,
                step_id=stored.id,
                position=1,
                weight=100,
                subject=step.subject,
                body_html=step.body,
            )
        )
        return stored

    def _journey(self, flow: SampleFlow, user: User, contact: Contact) -> Journey:
        started_at = max(self._ago(days=flow.days), contact.created_at + timedelta(minutes=5))
        return lived_through(started_at, flow.steps, user.hours, self._now, self._random)

    async def _mark(self, journeys: dict[UUID, Journey]) -> None:
        """Leaves on the contacts what their journeys did to them."""
        for contact_id, journey in journeys.items():
            values = _marks(journey)
            if values:
                await self._transaction.execute(update(contacts).where(contacts.c.id == contact_id).values(values))

    def _ago(self, *, days: int) -> datetime:
        return self._now - timedelta(minutes=self._random.randint(30, days * 24 * 60))


def _marks(journey: Journey) -> dict[str, object]:
    last = max((at for email in journey.emails for at in (email.sent_at, *email.opened)), default=None)
    values: dict[str, object] = {"last_activity_at": journey.finished_at or last} if last else {}
    if journey.reason == "bounced":
        values["email_state"] = EmailState.BOUNCED.value
    if journey.reason == "opted_out":
        values["opted_out_at"] = journey.finished_at
    return values


def _sample(contact: Contact, sender: User) -> SampleContact:
    assert contact.email
    first_name = sender.name.split()[0]
    values: dict[str, dict[str, str | None]] = {
        **merge_values(contact),
        "sender": {"name": sender.name, "first_name": first_name, "email": sender.email},
        "organization": {"name": ORGANIZATION},
    }
    return SampleContact(contact.id, contact.email, values)
