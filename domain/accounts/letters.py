"""Letters of our own, each written when its job runs, from what is true then.

Each method says whether a letter went out. One that is no longer true is not written: a link that was used, revoked or
ran out, a user who is gone, an account that is connected again. A letter may go out twice when its job does not hear
that it went; both then have the same Message-ID, which tells mail programs that they are one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from domain.accounts.model import Organization, User, UserState
from domain.accounts.notices import Notice
from domain.accounts.one_time_links import LIFETIMES, LinkStore, LinkTokens, OneTimeLink, path_of
from domain.accounts.ports import Organizations, Users
from domain.accounts.preferences import Frequency
from domain.providers.mailer import Letter, LetterKind, Mailer
from domain.shared.clock import Clock
from domain.shared.ids import ConnectionId, ContactId, LinkId, OrganizationId, UserId
from domain.shared.units import Units

ACCOUNT = "/app/account"
CONNECT = "/app/account/connect"
CONTACTS = "/app/contacts"


@dataclass(frozen=True, slots=True)
class NotificationTold:
    """A notification as a letter tells it; texts are empty where there is nothing to name."""

    user_id: UserId
    kind: str
    contact_id: ContactId | None
    contact: str
    email: str


class LetterFacts(Protocol):
    """What letters tell of things that other features keep."""

    async def lost_account(self, connection_id: ConnectionId, user_id: UserId) -> str | None:
        """The address whose access is lost; None when it is not, or not any more."""
        ...

    async def notification(self, notification_id: UUID) -> NotificationTold | None: ...


class LettersUnit(Protocol):
    """A transaction of one organization, as letters see it."""

    @property
    def organizations(self) -> Organizations: ...

    @property
    def users(self) -> Users: ...

    @property
    def links(self) -> LinkStore: ...

    @property
    def letter_facts(self) -> LetterFacts: ...


class Letters:
    """Writes letters and hands them to the mailer. Raises NotFound and what the mailer raises."""

    def __init__(
        self, units: Units[LettersUnit], mailer: Mailer, tokens: LinkTokens, clock: Clock, public_url: str, host: str
    ) -> None:
        """`host` is the right half of every Message-ID."""
        self._units = units
        self._mailer = mailer
        self._tokens = tokens
        self._clock = clock
        self._public_url = public_url.rstrip("/")
        self._host = host

    async def link(self, organization_id: OrganizationId, link_id: LinkId) -> bool:
        """An invitation, a welcome or the way to a new password. Goes out once."""
        async with self._units.of(organization_id) as unit:
            link = await unit.links.get(link_id)
            user, organization = await unit.users.get(link.user_id), await unit.organizations.get()
        now = self._clock.system()
        if not link.serves(now) or link.sent_at or user.state is UserState.DELETED:
            return False
        url = self._public_url + path_of(link.kind, self._tokens.token_of(link))
        letter = _letter(LetterKind(link.kind.value), user, organization, url, values=_lifetime(link))
        await self._send(letter, link.id)
        async with self._units.of(organization_id) as unit:
            await unit.links.mark_sent(link_id, self._clock.system())
        return True

    async def security_notice(
        self, organization_id: OrganizationId, user_id: UserId, notice: Notice, job_id: UUID
    ) -> bool:
        """Tells a user what was done to his account."""
        user, organization = await self._reader(organization_id, user_id)
        if user.state is not UserState.ACTIVE:
            return False
        url = self._public_url + ACCOUNT
        await self._send(_letter(LetterKind.SECURITY_NOTICE, user, organization, url, about=notice.value), job_id)
        return True

    async def connection_lost(
        self, organization_id: OrganizationId, user_id: UserId, connection_id: ConnectionId, job_id: UUID
    ) -> bool:
        """Asks a user to connect an account again, unless he has."""
        user, organization = await self._reader(organization_id, user_id)
        async with self._units.of(organization_id) as unit:
            account = await unit.letter_facts.lost_account(connection_id, user_id)
        if account is None or user.state is not UserState.ACTIVE:
            return False
        url, values = self._public_url + CONNECT, {"account": account}
        await self._send(_letter(LetterKind.CONNECTION_LOST, user, organization, url, values=values), job_id)
        return True

    async def notification(self, organization_id: OrganizationId, notification_id: UUID, job_id: UUID) -> bool:
        """Tells a user what happened, unless he has chosen by now not to be told."""
        async with self._units.of(organization_id) as unit:
            told = await unit.letter_facts.notification(notification_id)
        if told is None:
            return False
        user, organization = await self._reader(organization_id, told.user_id)
        choice = getattr(user.notifications, told.kind, Frequency.IMMEDIATELY)
        if choice is Frequency.NEVER or user.state is not UserState.ACTIVE:
            return False
        url = self._public_url + (f"{CONTACTS}/{told.contact_id}" if told.contact_id else "/app/")
        values = {"contact": told.contact, "email": told.email}
        letter = _letter(LetterKind.NOTIFICATION, user, organization, url, about=told.kind, values=values)
        await self._send(letter, job_id)
        return True

    async def _reader(self, organization_id: OrganizationId, user_id: UserId) -> tuple[User, Organization]:
        async with self._units.of(organization_id) as unit:
            return await unit.users.get(user_id), await unit.organizations.get()

    async def _send(self, letter: Letter, subject_id: UUID) -> None:
        """`subject_id` is the same whenever this letter is sent again, and another one for another letter."""
        await self._mailer.send(letter, f"<{subject_id}.{letter.kind.value}@{self._host}>")


def _letter(
    kind: LetterKind,
    user: User,
    organization: Organization,
    link: str,
    *,
    about: str = "",
    values: Mapping[str, str] | None = None,
) -> Letter:
    told = {"organization": organization.name, **(values or {})}
    return Letter(kind, user.email, user.name, user.culture, link, about, told)


def _lifetime(link: OneTimeLink) -> dict[str, str]:
    lifetime = LIFETIMES[link.kind]
    return {"days": str(lifetime.days), "minutes": str(lifetime // timedelta(minutes=1))}
