"""All that is held on a person, for the person: to be read by programs, or by people (`personal_page`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from domain.accounts.audit import Act, Action, AuditedUnit, Target, record
from domain.contacts.fields import ContactFields
from domain.contacts.model import Contact
from domain.contacts.ports import ContactStore
from domain.contacts.suppressing import SuppressionLedger
from domain.contacts.suppression import SuppressionKind
from domain.shared.clock import Clock
from domain.shared.ids import ContactId
from domain.shared.principal import Principal
from domain.shared.units import Units

# What is told of a contact, in the order in which people look for it.
FACTS = (
    "salutation",
    "first_name",
    "last_name",
    "email",
    "company",
    "job_title",
    "business_phone",
    "mobile_phone",
    "street",
    "city",
    "state",
    "zip",
    "country",
    "time_zone",
    "status",
    "owner_name",
    "email_state",
    "opted_out_at",
    "do_not_call_at",
    "created_at",
    "updated_at",
    "last_activity_at",
)
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reader:
    """How whoever asked reads."""

    culture: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class PersonalData:
    """A document: the contact's facts, and of everything else rows under the name of what they are.

    `own_labels` are what the organization calls its own fields, by key.
    """

    name: str
    made_at: datetime
    contact: Row
    sections: Mapping[str, Sequence[Row]]
    reader: Reader
    own_labels: Mapping[str, str]

    def as_document(self) -> dict[str, Any]:
        """For programs."""
        return {"made_at": self.made_at, "contact": self.contact, **self.sections}


class PersonalDataStore(Protocol):
    """What there is about the contacts of the unit's organization, wherever it is."""

    async def of(self, contact_id: ContactId) -> Mapping[str, Sequence[Row]]:
        """Under the names of the sections, the newest first; of records that were merged into it, too."""
        ...


class PersonalDataUnit(AuditedUnit, Protocol):
    """A transaction of one organization, as this sees it."""

    @property
    def contacts(self) -> ContactStore: ...

    @property
    def contact_fields(self) -> ContactFields: ...

    @property
    def suppressions(self) -> SuppressionLedger: ...

    @property
    def personal_data(self) -> PersonalDataStore: ...


class PersonalDataExport:
    """For Administrators: it has what all users wrote and noted. That it was made is on record."""

    def __init__(self, *, units: Units[PersonalDataUnit], clock: Clock) -> None:
        self._units = units
        self._clock = clock

    async def of(self, principal: Principal, contact_id: ContactId) -> PersonalData:
        """Raises Forbidden, NotFound."""
        principal.require_administrator()
        async with self._units.of(principal.organization_id) as unit:
            contact = await unit.contacts.get(contact_id)
            sections = dict(await unit.personal_data.of(contact_id))
            sections["suppressions"] = await _suppressed(unit, contact)
            user = await unit.users.get(principal.user_id)
            own = {field.key: field.label for field in await unit.contact_fields.all()}
            act = Act(Action.PERSONAL_DATA_EXPORTED, Target("contact", contact_id, ""))
            await record(unit, principal, act, self._clock.system())
        reader = Reader(user.culture, user.time_zone)
        return PersonalData(contact.name, self._clock.now(), _facts(contact), sections, reader, own)


async def _suppressed(unit: PersonalDataUnit, contact: Contact) -> list[Row]:
    """Nobody can read the list backwards, but one can ask it about what the contact has."""
    asked = [(SuppressionKind.EMAIL, contact.email_key), (SuppressionKind.DOMAIN, contact.email_key.rpartition("@")[2])]
    asked += [(SuppressionKind.PHONE, phone) for phone in (contact.business_phone, contact.mobile_phone) if phone]
    found = [await unit.suppressions.find(kind, value) for kind, value in asked if value]
    return [{"at": one.created_at, "kind": one.kind.value, "reason": one.reason} for one in found if one]


def _facts(contact: Contact) -> Row:
    facts = {name: getattr(contact, name) for name in FACTS}
    return {"id": contact.id, **facts, "custom": dict(contact.custom)}
