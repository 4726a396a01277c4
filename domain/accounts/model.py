"""Organizations, users, and what they sign in with."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from domain.accounts.preferences import Address, Away, NotificationChoices, Onboarding, Signature
from domain.accounts.public_holidays import countries, country_of_culture
from domain.accounts.signatures import signature_html
from domain.accounts.working_hours import WorkingHours
from domain.shared.ids import OrganizationId, SessionId, TokenId, UserId
from domain.shared.principal import Principal, Role

DEFAULT_TIME_ZONE = "America/New_York"
DEFAULT_CULTURE = "en-US"


class UserState(StrEnum):
    """Invited people exist and can own things, but cannot sign in yet; deleted ones are a name in the history."""

    ACTIVE = "active"
    INVITED = "invited"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class SignInPolicy:
    """What an organization demands of its users' sessions: a second factor, and how long one lasts."""

    require_second_factor: bool = False
    session_idle_minutes: int = 12 * 60
    session_days: int = 30


@dataclass(frozen=True, slots=True)
class Organization:
    """A customer: everything belongs to exactly one. While `dispatch_paused`, nothing leaves."""

    id: OrganizationId
    name: str
    created_at: datetime
    postal_address: str = ""
    dispatch_paused: bool = False
    policy: SignInPolicy = SignInPolicy()
    version: int = 1


@dataclass(frozen=True, slots=True)
class User:
    """A person of an organization. `working_hours` is None while they follow from time zone and culture."""

    id: UserId
    email: str
    name: str
    role: Role
    created_at: datetime
    updated_at: datetime
    state: UserState = UserState.ACTIVE
    time_zone: str = DEFAULT_TIME_ZONE
    culture: str = DEFAULT_CULTURE
    phone: str | None = None
    job_title: str | None = None
    company: str | None = None
    start_salesflow_on_behalf: bool = False
    working_hours: WorkingHours | None = None
    address: Address = Address()
    signature: Signature = Signature()
    notifications: NotificationChoices = NotificationChoices()
    onboarding: Onboarding = Onboarding()
    away: tuple[Away, ...] = ()
    avatar_version: int | None = None
    second_factor: bool = False
    dialer_phone: str | None = None
    dialer_extension: str | None = None
    dialer_phone_verified_at: datetime | None = None
    deleted_at: datetime | None = None
    version: int = 1

    @property
    def email_key(self) -> str:
        return email_key(self.email)

    @property
    def hours(self) -> WorkingHours:
        """When this user works, and is not away: own hours, or office hours without the holidays of the country."""
        hours = self.working_hours or default_hours(self.time_zone, self.culture)
        return replace(hours, away=self.away) if self.away else hours


@dataclass(frozen=True, slots=True)
class Sender:
    """What others need of the user in whose name something leaves."""

    user_id: UserId
    name: str
    email: str
    phone: str | None
    job_title: str | None
    company: str | None
    time_zone: str
    culture: str
    working_hours: WorkingHours = field(hash=False)
    signature: Signature = Signature()

    @property
    def first_name(self) -> str:
        return self.name.split()[0] if self.name.split() else self.name

    @property
    def signature_html(self) -> str:
        """How the emails of this user end; empty for no signature."""
        return signature_html(self.signature, self)


@dataclass(frozen=True, slots=True)
class Colleague:
    """A user as pickers and filters show one."""

    id: UserId
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Me:
    """Who is signed in, where, when (business time), and whether the wizard has nothing left to ask.

    `must_set_up_second_factor`: nothing else is heard before.
    """

    user: User
    organization: Organization
    now: datetime
    onboarding_done: bool
    must_set_up_second_factor: bool = False


@dataclass(frozen=True, slots=True)
class NewOrganization:
    """What an organization begins with: a name, and an Administrator who can sign in."""

    name: str
    administrator_name: str
    administrator_email: str
    password: str = field(repr=False)
    time_zone: str = DEFAULT_TIME_ZONE
    culture: str = DEFAULT_CULTURE
    postal_address: str = ""

    @property
    def administrator(self) -> "NewUser":
        return NewUser(
            self.administrator_name,
            self.administrator_email,
            Role.ADMINISTRATOR,
            self.password,
            self.time_zone,
            self.culture,
        )


@dataclass(frozen=True, slots=True)
class NewUser:
    """A colleague who can sign in at once."""

    name: str
    email: str
    role: Role
    password: str = field(repr=False)
    time_zone: str = DEFAULT_TIME_ZONE
    culture: str = DEFAULT_CULTURE


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a password is checked against."""

    organization_id: OrganizationId
    user_id: UserId
    password_hash: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser. The token itself is nowhere but in its cookie."""

    id: SessionId
    user_id: UserId
    token_hash: bytes = field(repr=False)
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    address: str
    user_agent: str
    idle_seconds: int = 12 * 60 * 60
    second_factor: bool = False


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A personal access token: acts as its user, within its scopes, until it expires."""

    id: TokenId
    user_id: UserId
    name: str
    token_hash: bytes = field(repr=False)
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: its token goes into the cookie and is not kept."""

    principal: Principal
    token: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class MadeToken:
    """A new access token: `secret` is shown this once."""

    token: AccessToken
    secret: str = field(repr=False)


def email_key(email: str) -> str:
    """One form of all spellings of an address that reach the same person."""
    return email.strip().casefold()


def sender(user: User) -> Sender:
    """The user as a sender."""
    return Sender(
        user_id=user.id,
        name=user.name,
        email=user.email,
        phone=user.phone,
        job_title=user.job_title,
        company=user.company,
        time_zone=user.time_zone,
        culture=user.culture,
        working_hours=user.hours,
        signature=user.signature,
    )


def default_hours(time_zone: str, culture: str) -> WorkingHours:
    """Office hours in the time zone, without the holidays of the culture's country."""
    country = country_of_culture(culture)
    return WorkingHours(time_zone, country=country if country in countries() else None)


def with_hours(user: User, hours: WorkingHours) -> User:
    """The user with these hours and days away. Hours that were only derived stay so while they are the same."""
    own = replace(hours, away=())
    kept = user.working_hours if own == replace(user.hours, away=()) else own
    return replace(user, working_hours=kept, time_zone=hours.time_zone, away=hours.away)


def avatar_url(user: User) -> str | None:
    """Where the user's picture is shown: another picture, another address. None without one."""
    return None if user.avatar_version is None else f"/users/{user.id}/avatar?v={user.avatar_version}"
