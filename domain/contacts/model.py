"""Contacts, their statuses, and what is asked of the directory."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, StrEnum
from typing import Final, NewType
from uuid import UUID

from domain.accounts.model import email_key
from domain.shared.ids import ContactId, ContactListId, SalesflowId, UserId

ContactStatusId = NewType("ContactStatusId", UUID)


# Text, number and checkbox as they are, a date as YYYY-MM-DD, a choice by its label.
CustomValue = str | float | bool


class EmailState(StrEnum):
    """Whether the address is known to work: there is none, nothing speaks against it, or a message came back."""

    NONE = "none"
    OK = "ok"
    BOUNCED = "bounced"


@dataclass(frozen=True, slots=True)
class ContactStatus:
    """A value of the Contact Status list, in the order that Administrators gave it."""

    id: ContactStatusId
    label: str
    color: str
    position: int
    is_default: bool = False


# The guide's values, in its order.
DEFAULT_STATUSES: Final = (
    ("New", "#228be6"),
    ("Closed", "#868e96"),
    ("Contacted", "#15aabf"),
    ("Disqualified", "#fa5252"),
    ("Open", "#4c6ef5"),
    ("Prospecting", "#fab005"),
    ("Qualified", "#40c057"),
    ("Unqualified", "#fd7e14"),
)


@dataclass(frozen=True, slots=True)
class Contact:
    """A person to be sold to. `status` and `owner_name` are the names of what `status_id` and `owner_id` point to.
    `last_activity_at` begins when the contact is made, and moves forward only."""

    id: ContactId
    last_name: str
    status_id: ContactStatusId
    status: str
    created_at: datetime
    updated_at: datetime
    last_activity_at: datetime
    owner_id: UserId | None = None
    owner_name: str | None = None
    salutation: str | None = None
    first_name: str | None = None
    email: str | None = None
    company: str | None = None
    job_title: str | None = None
    business_phone: str | None = None
    mobile_phone: str | None = None
    street: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    country: str | None = None
    time_zone: str | None = None
    email_state: EmailState = EmailState.NONE
    opted_out_at: datetime | None = None
    do_not_call_at: datetime | None = None
    # Values of the organization's own fields, by the field's key.
    custom: Mapping[str, CustomValue] = field(default_factory=dict)
    version: int = 1

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}" if self.first_name else self.last_name

    @property
    def opted_out(self) -> bool:
        return self.opted_out_at is not None

    @property
    def do_not_call(self) -> bool:
        return self.do_not_call_at is not None

    @property
    def email_key(self) -> str:
        """One form of all spellings of the address; empty without one."""
        return email_key(self.email) if self.email else ""


class Unset(Enum):
    """What a merge patch does not mention, as opposed to None, which clears."""

    UNSET = "unset"


UNSET: Final = Unset.UNSET
Change = str | Unset | None


@dataclass(frozen=True, slots=True)
class NewContact:
    """What somebody typed or sent about a new contact; `status` is a label, the organization's default without one."""

    last_name: str
    first_name: str | None = None
    salutation: str | None = None
    email: str | None = None
    company: str | None = None
    job_title: str | None = None
    business_phone: str | None = None
    mobile_phone: str | None = None
    street: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    country: str | None = None
    time_zone: str | None = None
    status: str | None = None
    owner_id: UserId | None = None
    # As somebody gave them: they are read by what the fields hold.
    custom: Mapping[str, CustomValue | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ContactChanges:
    """A merge patch: UNSET stays as it is, None clears. So it is with each of the own fields by itself."""

    last_name: Change = UNSET
    first_name: Change = UNSET
    salutation: Change = UNSET
    email: Change = UNSET
    company: Change = UNSET
    job_title: Change = UNSET
    business_phone: Change = UNSET
    mobile_phone: Change = UNSET
    street: Change = UNSET
    city: Change = UNSET
    state: Change = UNSET
    zip: Change = UNSET
    country: Change = UNSET
    time_zone: Change = UNSET
    status: Change = UNSET
    owner_id: UserId | Unset | None = UNSET
    do_not_call: bool | Unset = UNSET
    custom: Mapping[str, CustomValue | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ContactFilter:
    """Whom somebody means: those who match every word of `q` and meet every condition that is given.

    `salesflow_id` means everybody who was ever enrolled there. `fields` are values of the organization's own fields by
    key. What does not exist (any more) is met by nobody.
    """

    q: str | None = None
    status: str | None = None
    owner_id: UserId | None = None
    list_id: ContactListId | None = None
    salesflow_id: SalesflowId | None = None
    last_activity_after: datetime | None = None
    last_activity_before: datetime | None = None
    opted_out: bool | None = None
    fields: Mapping[str, str] = field(default_factory=dict)


class ContactSort(StrEnum):
    """The orders of the directory; a minus is descending."""

    CREATED = "created_at"
    CREATED_DESC = "-created_at"
    NAME = "name"
    NAME_DESC = "-name"
    EMAIL = "email"
    EMAIL_DESC = "-email"
    COMPANY = "company"
    COMPANY_DESC = "-company"
    ACTIVITY = "last_activity_at"
    ACTIVITY_DESC = "-last_activity_at"

    @property
    def column(self) -> str:
        return self.value.lstrip("-")

    @property
    def descending(self) -> bool:
        return self.value.startswith("-")

    @property
    def backwards(self) -> "ContactSort":
        return ContactSort(self.column if self.descending else f"-{self.column}")
