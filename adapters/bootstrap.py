"""The composition root: builds every service from the settings. The API, the workers and the commands start here."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cached_property

from adapters.clock import clock_for
from adapters.crypto import KeyRing
from adapters.google.adapter import Gmail
from adapters.google.consent import GoogleConsent
from adapters.http import new_client
from adapters.ids import RandomIds
from adapters.oauth import Application, Endpoints
from adapters.people import PeopleServices
from adapters.pictures import PillowPictures
from adapters.postgres.database import Database
from adapters.postgres.engine import open_engine
from adapters.postgres.hits import PublicLinks
from adapters.postgres.idempotency import IdempotencyKeys
from adapters.postgres.operations import Operations
from adapters.postgres.suppressions import SuppressionHashes
from adapters.postgres.unit_of_work import PostgresUnits
from adapters.privacy import PrivacyServices
from adapters.settings import Settings
from adapters.smtp.adapter import Security, SmtpMailer, SmtpServer
from adapters.telling import FOLLOWERS, TellingServices
from domain.accounts.auditing import Auditing
from domain.accounts.avatars import Avatars
from domain.accounts.letters import Letters
from domain.accounts.own_settings import OwnSettings
from domain.accounts.service import Accounts
from domain.calls.dialer_phone import DialerPhones
from domain.calls.voicemails import Voicemails
from domain.connections.limits import MailboxLimits
from domain.connections.model import Provider
from domain.connections.ports import Consent
from domain.connections.service import Connections
from domain.connections.tokens import ConnectionTokens
from domain.contacts.service import Contacts
from domain.emails.access import MailboxAccess
from domain.emails.answering import Answering
from domain.emails.hit_intake import HitIntake
from domain.emails.hit_sorting import HitSorting
from domain.emails.html_text import EmailMarkup
from domain.emails.intake import Intake
from domain.emails.leaving import Leaving
from domain.emails.preparing import Preparing
from domain.emails.reconciling import Reconciling
from domain.emails.sending import Sending
from domain.emails.service import Emails
from domain.emails.tracking import TokenSigner, TrackingUrls
from domain.emails.turn import SendingRules
from domain.emails.unsubscribing import Unsubscribing
from domain.providers.mailbox import MailProvider
from domain.salesflows.dispatch import Dispatch
from domain.salesflows.enrolling import Enrolling
from domain.salesflows.pausing import Journeys
from domain.salesflows.previewing import Previewing
from domain.salesflows.reactions import SalesflowReactions
from domain.salesflows.replanning import Replanning
from domain.salesflows.service import Salesflows
from migrations.run import newest_revision


class Container(PeopleServices, TellingServices, PrivacyServices):
    """The services of one process, each made when first asked for, all over the same pool."""

    def __init__(self, settings: Settings, database: Database, resources: AsyncExitStack) -> None:
        self.settings = settings
        self.database = database
        self.resources = resources
        self.clock = clock_for(settings.clock_file)
        self.ids = RandomIds()

    @cached_property
    def units(self) -> PostgresUnits:
        hashes = SuppressionHashes(self.keys.keyed_hash)
        return PostgresUnits(self.database, self.ids, self.clock, hashes, FOLLOWERS)

    @cached_property
    def keys(self) -> KeyRing:
        return KeyRing(self.settings.secret_key_ring)

    @cached_property
    def letters(self) -> Letters:
        settings = self.settings
        password = settings.smtp_password.get_secret_value()
        server = SmtpServer(
            settings.smtp_host,
            settings.smtp_port,
            Security(settings.smtp_security),
            settings.smtp_username,
            password,
            settings.smtp_ca_file,
        )
        mailer = SmtpMailer(server, settings.mail_sender, self.clock)
        return Letters(self.units, mailer, self.link_tokens, self.clock, settings.public_url, settings.mail_host)

    @cached_property
    def accounts(self) -> Accounts:
        return Accounts(
            units=self.units,
            gate=self.gate,
            passwords=self.passwords,
            secrets=self.secrets,
            clock=self.clock,
            ids=self.ids,
        )

    @cached_property
    def own_settings(self) -> OwnSettings:
        return OwnSettings(units=self.units, markup=EmailMarkup(), clock=self.clock)

    @cached_property
    def avatars(self) -> Avatars:
        pictures = PillowPictures()
        self.resources.callback(pictures.close)
        return Avatars(units=self.units, pictures=pictures, clock=self.clock)

    @cached_property
    def dialer_phones(self) -> DialerPhones:
        return DialerPhones(units=self.units, clock=self.clock)

    @cached_property
    def voicemails(self) -> Voicemails:
        return Voicemails(units=self.units, clock=self.clock, ids=self.ids)

    @cached_property
    def auditing(self) -> Auditing:
        return Auditing(units=self.units, clock=self.clock)

    @cached_property
    def mailbox_limits(self) -> MailboxLimits:
        return MailboxLimits(units=self.units)

    @cached_property
    def contacts(self) -> Contacts:
        return Contacts(units=self.units, clock=self.clock, ids=self.ids)

    @cached_property
    def connections(self) -> Connections:
        settings = self.settings
        return Connections(
            units=self.units,
            consents=self.consents,
            mail=self.mail,
            vault=self.keys,
            clock=self.clock,
            ids=self.ids,
            public_url=settings.public_url,
        )

    @cached_property
    def consents(self) -> dict[Provider, Consent]:
        settings = self.settings
        application = Application(settings.google_client_id, settings.google_client_secret.get_secret_value())
        endpoints = Endpoints(settings.google_authorize_url, settings.google_token_url, settings.google_revoke_url)
        return {Provider.GOOGLE: GoogleConsent(application, endpoints, self.clock)}

    @cached_property
    def mail(self) -> dict[Provider, MailProvider]:
        http = new_client()
        self.resources.push_async_callback(http.aclose)
        return {Provider.GOOGLE: Gmail(http, self.settings.google_api_url, self.clock)}

    @cached_property
    def mail_access(self) -> MailboxAccess:
        tokens = ConnectionTokens(self.units, self.consents, self.keys, self.clock)
        return MailboxAccess(tokens, self.mail)

    @cached_property
    def reactions(self) -> SalesflowReactions:
        return SalesflowReactions(self.clock)

    @cached_property
    def signer(self) -> TokenSigner:
        return TokenSigner({1: self.keys.subkey("tracking")}, current=1)

    @cached_property
    def emails(self) -> Emails:
        return Emails(self.units, self.reactions, self.clock)

    @cached_property
    def sending(self) -> Sending:
        settings = self.settings
        preparing = Preparing(self.reactions, TrackingUrls(settings.public_url, self.signer), self.clock)
        leaving = Leaving(self.reactions, preparing, self.intake, self.clock)
        return Sending(
            units=self.units,
            access=self.mail_access,
            preparing=preparing,
            leaving=leaving,
            reconciling=Reconciling(self.reactions, leaving, self.clock),
            clock=self.clock,
            rules=SendingRules(settings.lease_seconds, settings.reconcile_after_seconds),
        )

    @cached_property
    def intake(self) -> Intake:
        return Intake(self.units, self.mail_access, Answering(self.units, self.reactions, self.clock), self.clock)

    @cached_property
    def public_links(self) -> PublicLinks:
        return PublicLinks(self.database)

    @cached_property
    def unsubscribing(self) -> Unsubscribing:
        return Unsubscribing(self.units, self.public_links, self.reactions, self.signer, self.clock)

    @cached_property
    def hit_intake(self) -> HitIntake:
        intake = HitIntake(self.units)
        self.resources.push_async_callback(intake.close)
        return intake

    @cached_property
    def hit_sorting(self) -> HitSorting:
        return HitSorting(self.units, self.clock)

    @cached_property
    def salesflows(self) -> Salesflows:
        return Salesflows(units=self.units, clock=self.clock, ids=self.ids)

    @cached_property
    def previewing(self) -> Previewing:
        return Previewing(units=self.units)

    @cached_property
    def enrolling(self) -> Enrolling:
        return Enrolling(units=self.units, clock=self.clock, ids=self.ids)

    @cached_property
    def journeys(self) -> Journeys:
        return Journeys(units=self.units, clock=self.clock)

    @cached_property
    def replanning(self) -> Replanning:
        return Replanning(units=self.units, clock=self.clock)

    @cached_property
    def dispatch(self) -> Dispatch:
        return Dispatch(self.units, self.ids, self.clock)

    @cached_property
    def idempotency(self) -> IdempotencyKeys:
        return IdempotencyKeys(self.database, self.clock)

    @cached_property
    def operations(self) -> Operations:
        return Operations(self.database, self.clock)

    async def load_demo(self, contacts: int = 0, told: Callable[[int], object] = lambda _: None) -> None:
        """The sample organization, where it is missing, with so many contacts or more; `told` hears how many so far."""
        # Here alone, since no other process needs it and it would be read at every start.
        from adapters.demo.load import load_demo

        await load_demo(self, contacts, told)

    async def readiness(self) -> dict[str, str]:
        """Each part with `ok` or what is wrong with it."""
        return await self.operations.database_checks(newest_revision())

    async def backlog(self) -> dict[str, float]:
        """What waits to be sent, looked up or handed to the queue."""
        return (await self.operations.backlog()).as_dict()


@asynccontextmanager
async def open_container(settings: Settings) -> AsyncIterator[Container]:
    """Opens the pool, yields the services, closes everything that they opened."""
    async with AsyncExitStack() as resources:
        engine = open_engine(
            settings.database_url,
            pool_size=settings.database_pool_size,
            statement_cache=settings.database_statement_cache,
        )
        database = Database(engine)
        resources.push_async_callback(database.close)
        yield Container(settings, database, resources)
