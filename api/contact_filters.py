"""Which contacts are meant, in one form for all who ask: in an address, and as JSON."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StringConstraints

from api.models import Body, Instant, PlainText
from domain.contacts.filters import document_of
from domain.contacts.model import ContactFilter, ContactSort
from domain.shared.ids import ContactListId, SalesflowId, UserId

MOST_FIELDS = 10


def _in_utc(instant: datetime) -> datetime:
    """Of the first and the last day there is, not every zone's time can be told in UTC."""
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise ValueError("must be a time that can be told in UTC") from None


def _key_and_value(written: str) -> str:
    key, _, value = written.partition(":")
    if not (key and value):
        raise ValueError("must be written as key:value")
    return written


def _each_once(written: Sequence[str]) -> Sequence[str]:
    if len({one.partition(":")[0] for one in written}) < len(written):
        raise ValueError("must not give a key twice")
    return written


Moment = Annotated[Instant, AfterValidator(_in_utc)]
Words = Annotated[
    PlainText,
    StringConstraints(max_length=255),
    Field(description="Beginnings of words of name, company or address; digits of a phone."),
]
StatusLabel = Annotated[PlainText, StringConstraints(max_length=120), Field(description="The label of a status.")]
FieldKey = Annotated[PlainText, StringConstraints(min_length=1, max_length=120)]
FieldValue = Annotated[PlainText, StringConstraints(min_length=1, max_length=1_000)]
KeyAndValue = Annotated[PlainText, StringConstraints(max_length=1_121), AfterValidator(_key_and_value)]
Owner = Annotated[UUID, Field(description="The user who owns the contact.")]
OfList = Annotated[UUID, Field(description="A list that the contact stands on, or whose filter it meets.")]
OfSalesflow = Annotated[UUID, Field(description="A Salesflow that the contact was ever added to.")]
Since = Annotated[Moment, Field(description="Something happened with the contact at this time or later.")]
Until = Annotated[Moment, Field(description="Nothing happened with the contact at this time or later.")]


class ContactsMeant(BaseModel):
    """A filter and an order, in the address."""

    model_config = ConfigDict(frozen=True)

    q: Words | None = None
    status: StatusLabel | None = None
    owner_id: Owner | None = None
    list_id: OfList | None = None
    salesflow_id: OfSalesflow | None = None
    last_activity_after: Since | None = None
    last_activity_before: Until | None = None
    opted_out: bool | None = None
    field: Annotated[
        list[KeyAndValue],
        Field(max_length=MOST_FIELDS, description="A value of one of the organization's own fields, as key:value."),
        AfterValidator(_each_once),
    ] = []
    sort: Annotated[ContactSort, Field(description="The order; a minus is descending.")] = ContactSort.CREATED_DESC

    @property
    def matching(self) -> ContactFilter:
        return _filter(self, self.q, dict(_split(one) for one in self.field))


class ConditionsBody(Body):
    """Conditions that contacts have to meet, all of them. `fields` are own fields, key to value."""

    status: StatusLabel | None = None
    owner_id: Owner | None = None
    list_id: OfList | None = None
    salesflow_id: OfSalesflow | None = None
    last_activity_after: Since | None = None
    last_activity_before: Until | None = None
    opted_out: StrictBool | None = None
    fields: Annotated[dict[FieldKey, FieldValue], Field(max_length=MOST_FIELDS)] = {}  # noqa: RUF012 - as above

    def matching_with(self, q: str | None) -> ContactFilter:
        return _filter(self, q, self.fields)


class ContactFilterBody(ConditionsBody):
    """A filter: contacts that match every word and meet every condition."""

    q: Words | None = None

    @property
    def matching(self) -> ContactFilter:
        return self.matching_with(self.q)

    @classmethod
    def of(cls, matching: ContactFilter) -> "ContactFilterBody":
        return cls.model_validate(document_of(matching))


def _filter(given: Any, q: str | None, fields: dict[str, str]) -> ContactFilter:
    return ContactFilter(
        q=q,
        status=given.status,
        owner_id=UserId(given.owner_id) if given.owner_id else None,
        list_id=ContactListId(given.list_id) if given.list_id else None,
        salesflow_id=SalesflowId(given.salesflow_id) if given.salesflow_id else None,
        last_activity_after=given.last_activity_after,
        last_activity_before=given.last_activity_before,
        opted_out=given.opted_out,
        fields=fields,
    )


def _split(written: str) -> tuple[str, str]:
    key, _, value = written.partition(":")
    return key, value
