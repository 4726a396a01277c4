"""What the routes of the own account take and answer."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from api.models import Answer, Body, Day, PlainText, ShortText
from domain.accounts.preferences import SignatureKind
from domain.accounts.tokens import LONGEST
from domain.accounts.working_hours_document import MAXIMUM_AWAY
from domain.shared.principal import Role

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class OrganizationAnswer(Answer):
    """The organization of the user who asks."""

    id: UUID
    name: str
    postal_address: str


class AddressAnswer(Answer):
    """Where the user works."""

    street: str | None
    city: str | None
    state: str | None
    zip: str | None
    country: str | None


class MeAnswer(Answer):
    """The user who asks."""

    id: UUID
    email: str
    name: str
    role: Role
    time_zone: str
    culture: str
    phone: str | None
    job_title: str | None
    company: str | None
    address: AddressAnswer
    avatar_url: str | None
    start_salesflow_on_behalf: bool
    second_factor: bool
    must_set_up_second_factor: bool = Field(description="Nothing else is heard before: 403.")
    signature: SignatureKind
    onboarding_done: bool = Field(description="Whether the wizard has nothing left to ask.")
    organization: OrganizationAnswer
    now: datetime = Field(description="Business time, which may be ahead of the browser's beside the sandbox.")


class AddressChanges(Body):
    """What is given changes; null clears."""

    street: ShortText | None = None
    city: ShortText | None = None
    state: ShortText | None = None
    zip: ShortText | None = None
    country: ShortText | None = None


class ProfileChanges(Body):
    """What is given changes; null clears what may be empty."""

    name: ShortText | None = None
    phone: ShortText | None = None
    job_title: ShortText | None = None
    company: ShortText | None = None
    time_zone: ShortText | None = None
    culture: ShortText | None = None
    address: AddressChanges | None = None


class TokenAnswer(Answer):
    """A personal access token, without its secret."""

    id: UUID
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


class TokenList(Answer):
    """All tokens of the user, newest first."""

    items: list[TokenAnswer]
    next_cursor: str | None = None


class NewToken(Body):
    """What a token is for."""

    name: ShortText
    scopes: list[ShortText] = Field(max_length=50)
    expires_in_days: int = Field(30, ge=1, le=LONGEST.days, strict=True)


class MadeTokenAnswer(TokenAnswer):
    """A new token: `token` is shown this once."""

    token: str


class OpenHours(Body):
    """From a time of the day to a later one, HH:MM; 24:00 is the end of the day."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, from_attributes=True)

    opens: PlainText = Field(alias="from", max_length=5)
    closes: PlainText = Field(alias="to", max_length=5)


class FreeDay(Body):
    """A day on which the user does not work."""

    date: Day
    name: PlainText = Field("", max_length=100)
    source: Literal["country", "own"] = "own"


class AwayDays(Body):
    """From a day to another, both included: nothing is sent in the user's name."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, from_attributes=True)

    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    note: PlainText = Field("", max_length=100)


class BusinessHours(Body):
    """When the user works: nothing is sent outside of it."""

    time_zone: ShortText
    days: dict[Weekday, list[OpenHours]]
    holidays: list[FreeDay]
    country: ShortText | None
    away: list[AwayDays]


class NewBusinessHours(Body):
    """What is left out stays; a holiday of the country that is missing in the list is a working day."""

    time_zone: ShortText | None = None
    days: dict[Weekday, list[OpenHours]] | None = None
    holidays: list[FreeDay] | None = Field(None, max_length=1000)
    country: ShortText | None = None
    away: list[AwayDays] | None = Field(None, max_length=MAXIMUM_AWAY)


class ColleagueAnswer(Answer):
    """A user as pickers show one."""

    id: UUID
    name: str
    email: str


class ColleagueList(Answer):
    """Colleagues by name."""

    items: list[ColleagueAnswer]
    next_cursor: str | None
