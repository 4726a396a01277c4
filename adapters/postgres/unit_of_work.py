"""The unit of work: one transaction, with every feature's store inside. Implements domain.shared.units."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cached_property
from typing import Any

from adapters.postgres.access import PostgresAccess
from adapters.postgres.activities import PostgresActivityLog
from adapters.postgres.audit import PostgresAuditLog
from adapters.postgres.audit_trail import PostgresAuditTrail
from adapters.postgres.avatars import PostgresAvatars
from adapters.postgres.background import PostgresBackgroundJobs, PostgresJobChanges
from adapters.postgres.calls import PostgresVoicemails
from adapters.postgres.connection import Transaction
from adapters.postgres.connections import PostgresConnections, PostgresRevocations
from adapters.postgres.consents import PostgresConsents
from adapters.postgres.contact_bulk import PostgresBulkContacts
from adapters.postgres.contact_fields import PostgresContactFields
from adapters.postgres.contact_imports import PostgresContactImports
from adapters.postgres.contact_lists import PostgresContactLists
from adapters.postgres.contact_meanings import Meanings
from adapters.postgres.contact_merges import PostgresContactMerges
from adapters.postgres.contact_notes import PostgresContactNotes
from adapters.postgres.contact_views import PostgresContactViews
from adapters.postgres.contacts import PostgresContacts
from adapters.postgres.current_steps import PostgresCurrentSteps
from adapters.postgres.database import Database
from adapters.postgres.dispatch import PostgresDispatch
from adapters.postgres.emails import PostgresEmails
from adapters.postgres.enrollments import PostgresEnrollments
from adapters.postgres.erasures import PostgresErasures
from adapters.postgres.factors import PostgresFactors
from adapters.postgres.files import PostgresFiles
from adapters.postgres.hits import PostgresHits
from adapters.postgres.idempotency import take_key
from adapters.postgres.identities import PostgresIdentities
from adapters.postgres.imported_people import PostgresImportedPeople
from adapters.postgres.inbound import PostgresInbound
from adapters.postgres.left_enrollments import PostgresLeftEnrollments
from adapters.postgres.letter_facts import PostgresLetterFacts
from adapters.postgres.mailboxes import PostgresMailboxes
from adapters.postgres.names import Names
from adapters.postgres.notifications import PostgresNotifications
from adapters.postgres.one_time_links import PostgresLinks
from adapters.postgres.organizations import PostgresOrganizations
from adapters.postgres.outbox import OutboxJobs
from adapters.postgres.passkeys import PostgresPasskeys
from adapters.postgres.personal_data import PostgresPersonalData
from adapters.postgres.planned_steps import PostgresPlannedSteps
from adapters.postgres.possible_duplicates import PostgresPossibleDuplicates
from adapters.postgres.readings import Reading
from adapters.postgres.reset_asks import PostgresResetAsks
from adapters.postgres.salesflow_stats import PostgresSalesflowStats
from adapters.postgres.salesflows import PostgresSalesflows
from adapters.postgres.sessions import PostgresSessions
from adapters.postgres.statuses import PostgresContactStatuses
from adapters.postgres.suppressions import PostgresSuppressions, SuppressionHashes
from adapters.postgres.users import PostgresUsers
from adapters.postgres.ways_in import PostgresWaysIn
from domain.activities.followers import Follower
from domain.shared.clock import Clock
from domain.shared.ids import Ids, OrganizationId


class PostgresUnit:
    """What services get: stores made when first asked for."""

    def __init__(
        self,
        transaction: Transaction,
        organization_id: OrganizationId | None,
        ids: Ids,
        clock: Clock,
        hashes: SuppressionHashes,
        followers: Sequence[Follower],
        names: Names,
        meanings: Meanings,
    ) -> None:
        self._transaction = transaction
        self._organization_id = organization_id
        self._ids = ids
        self._clock = clock
        self._hashes = hashes
        self._followers = followers
        self._names = names
        self._meanings = meanings

    @cached_property
    def jobs(self) -> OutboxJobs:
        return OutboxJobs(self._transaction, self._ids, self._clock)

    @cached_property
    def organizations(self) -> PostgresOrganizations:
        return PostgresOrganizations(self._transaction)

    @cached_property
    def users(self) -> PostgresUsers:
        return PostgresUsers(self._transaction, self._organization_id)

    @cached_property
    def access(self) -> PostgresAccess:
        return PostgresAccess(self._transaction, self._organization_id, self._clock)

    @cached_property
    def ways_in(self) -> PostgresWaysIn:
        return PostgresWaysIn(self._transaction)

    @cached_property
    def sessions(self) -> PostgresSessions:
        return PostgresSessions(self._transaction, self._organization_id)

    @cached_property
    def factors(self) -> PostgresFactors:
        return PostgresFactors(self._transaction, self._organization_id, self._ids)

    @cached_property
    def identities(self) -> PostgresIdentities:
        return PostgresIdentities(self._transaction, self._organization_id, self._ids)

    @cached_property
    def passkeys(self) -> PostgresPasskeys:
        return PostgresPasskeys(self._transaction, self._organization_id)

    @cached_property
    def links(self) -> PostgresLinks:
        return PostgresLinks(self._transaction)

    @cached_property
    def reset_asks(self) -> PostgresResetAsks:
        return PostgresResetAsks(self._transaction)

    @cached_property
    def letter_facts(self) -> PostgresLetterFacts:
        return PostgresLetterFacts(self._transaction)

    @cached_property
    def audit(self) -> PostgresAuditLog:
        return PostgresAuditLog(self._transaction, self._organization_id, self._ids)

    @cached_property
    def audit_trail(self) -> PostgresAuditTrail:
        return PostgresAuditTrail(self._transaction)

    @cached_property
    def avatars(self) -> PostgresAvatars:
        return PostgresAvatars(self._transaction, self._organization_id)

    @cached_property
    def files(self) -> PostgresFiles:
        return PostgresFiles(self._transaction, self._organization_id, self._ids, self._clock)

    @cached_property
    def voicemails(self) -> PostgresVoicemails:
        return PostgresVoicemails(self._transaction, self._organization_id)

    @cached_property
    def statuses(self) -> PostgresContactStatuses:
        return PostgresContactStatuses(self._transaction, self._organization_id, self._ids)

    @cached_property
    def activities(self) -> PostgresActivityLog:
        return PostgresActivityLog(self._transaction, self._organization_id, self._ids, self.jobs, self._followers)

    @cached_property
    def contacts(self) -> PostgresContacts:
        return PostgresContacts(self._transaction, self._organization_id, self._names, self._meanings)

    @cached_property
    def bulk_contacts(self) -> PostgresBulkContacts:
        return PostgresBulkContacts(self._transaction, self.contacts)

    @cached_property
    def contact_lists(self) -> PostgresContactLists:
        return PostgresContactLists(self._transaction, self._organization_id)

    @cached_property
    def contact_fields(self) -> PostgresContactFields:
        return PostgresContactFields(self._transaction, self._organization_id)

    @cached_property
    def contact_notes(self) -> PostgresContactNotes:
        return PostgresContactNotes(self._transaction, self._organization_id)

    @cached_property
    def background_jobs(self) -> PostgresBackgroundJobs:
        return PostgresBackgroundJobs(self._transaction)

    @cached_property
    def job_changes(self) -> PostgresJobChanges:
        return PostgresJobChanges(self._transaction, self._ids)

    @cached_property
    def contact_imports(self) -> PostgresContactImports:
        return PostgresContactImports(self._transaction, self._organization_id, self.background_jobs)

    @cached_property
    def imported_people(self) -> PostgresImportedPeople:
        return PostgresImportedPeople(self._transaction, self._organization_id, self.activities)

    @cached_property
    def contact_views(self) -> PostgresContactViews:
        return PostgresContactViews(self._transaction, self._organization_id)

    @cached_property
    def contact_merges(self) -> PostgresContactMerges:
        return PostgresContactMerges(self._transaction, self._organization_id, self.bulk_contacts)

    @cached_property
    def possible_duplicates(self) -> PostgresPossibleDuplicates:
        return PostgresPossibleDuplicates(self._transaction, self._organization_id)

    @cached_property
    def erasures(self) -> PostgresErasures:
        return PostgresErasures(self._transaction)

    @cached_property
    def consents(self) -> PostgresConsents:
        return PostgresConsents(self._transaction)

    @cached_property
    def personal_data(self) -> PostgresPersonalData:
        return PostgresPersonalData(self._transaction)

    @cached_property
    def current_steps(self) -> PostgresCurrentSteps:
        return PostgresCurrentSteps(self._transaction)

    @cached_property
    def suppressions(self) -> PostgresSuppressions:
        return PostgresSuppressions(self._transaction, self._organization_id, self._ids, self._hashes)

    @cached_property
    def salesflows(self) -> PostgresSalesflows:
        return PostgresSalesflows(self._transaction, self._organization_id)

    @cached_property
    def enrollments(self) -> PostgresEnrollments:
        return PostgresEnrollments(self._transaction, self._organization_id)

    @cached_property
    def left_enrollments(self) -> PostgresLeftEnrollments:
        return PostgresLeftEnrollments(self._transaction, self._organization_id)

    @cached_property
    def planned_steps(self) -> PostgresPlannedSteps:
        return PostgresPlannedSteps(self._transaction)

    @cached_property
    def dispatch(self) -> PostgresDispatch:
        return PostgresDispatch(self._transaction, self._ids, self._hashes)

    @cached_property
    def connections(self) -> PostgresConnections:
        return PostgresConnections(self._transaction, self._organization_id, self._ids)

    @cached_property
    def revocations(self) -> PostgresRevocations:
        return PostgresRevocations(self._transaction)

    @cached_property
    def mailboxes(self) -> PostgresMailboxes:
        return PostgresMailboxes(self._transaction, self._organization_id)

    @cached_property
    def emails(self) -> PostgresEmails:
        return PostgresEmails(self._transaction)

    @cached_property
    def inbound(self) -> PostgresInbound:
        return PostgresInbound(self._transaction, self._organization_id, self._ids, self._clock)

    @cached_property
    def hits(self) -> PostgresHits:
        return PostgresHits(self._transaction, self._ids)

    @cached_property
    def notifications(self) -> PostgresNotifications:
        return PostgresNotifications(self._transaction, self._organization_id, self._ids)

    @cached_property
    def salesflow_stats(self) -> PostgresSalesflowStats:
        return PostgresSalesflowStats(self._transaction)


class PostgresUnits:
    """Opens units for one organization, and for sweepers across all."""

    def __init__(
        self,
        database: Database,
        ids: Ids,
        clock: Clock,
        hashes: SuppressionHashes,
        followers: Sequence[Follower] = (),
    ) -> None:
        """`followers` are told of what is appended to the activity log."""
        self._database = database
        self._ids = ids
        self._clock = clock
        self._hashes = hashes
        self._followers = followers
        self._names = Names()
        self._meanings = Meanings()

    @asynccontextmanager
    async def of(self, organization_id: OrganizationId) -> AsyncIterator[PostgresUnit]:
        async with self._database.application(organization_id) as transaction:
            yield self.inside(transaction, organization_id)
            claim = await take_key(transaction, self._clock)
        if claim:
            claim.committed = True

    def reading(self, organization_id: OrganizationId) -> "ReadingUnit":
        return ReadingUnit(self, self._database.reading(organization_id), organization_id)

    @asynccontextmanager
    async def system(self) -> AsyncIterator[PostgresUnit]:
        async with self._database.system() as transaction:
            yield self.inside(transaction, None)

    def inside(self, transaction: Transaction, organization_id: OrganizationId | None) -> PostgresUnit:
        """The stores over a transaction that somebody else opened."""
        return PostgresUnit(
            transaction,
            organization_id,
            self._ids,
            self._clock,
            self._hashes,
            self._followers,
            self._names,
            self._meanings,
        )


class ReadingUnit:
    """A unit to read alone in: entered with every page of a list, hence no generator."""

    def __init__(self, units: PostgresUnits, reading: Reading, organization_id: OrganizationId) -> None:
        self._units = units
        self._reading = reading
        self._organization_id = organization_id

    async def __aenter__(self) -> PostgresUnit:
        return self._units.inside(await self._reading.__aenter__(), self._organization_id)

    async def __aexit__(self, *left: Any) -> None:
        await self._reading.__aexit__(*left)
