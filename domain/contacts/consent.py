"""Whether a person may be written to and called, as users put it on record; what the person asked for stays."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from domain.accounts.audit import Act, Action, AuditedUnit, Target, record
from domain.activities.model import Activity, ActivityType
from domain.activities.ports import ActivityLog
from domain.contacts.model import Contact
from domain.contacts.opting_out import OPTED_OUT
from domain.contacts.ports import ContactStore, Suppressions
from domain.contacts.suppressing import SuppressionLedger
from domain.contacts.suppression import SuppressionKind
from domain.shared.clock import Clock
from domain.shared.errors import Forbidden, NotAllowedInState
from domain.shared.ids import ContactId
from domain.shared.principal import Principal
from domain.shared.units import Units

DO_NOT_CALL = "do_not_call"
# In the history: a user did it, the person did not ask through an email.
BY_HAND = "by_hand"


class Stops(Protocol):
    """What ends with an opt-out. Salesflows implement it."""

    async def opted_out(self, unit: Any, contact_id: ContactId, at: datetime, email: None) -> None:
        """Nobody writes to this person any more: in the caller's transaction, after the contact was locked."""
        ...


class Consents(Protocol):
    """What the histories of the unit's organization tell about opt-outs."""

    async def asked_by_person(self, contact_id: ContactId) -> bool:
        """Whether the contact ever opted out by an email, under this record or one that was merged into it."""
        ...


class CallingUnit(Protocol):
    """A transaction, as far as it matters whom nobody calls."""

    @property
    def suppressions(self) -> Suppressions: ...


class ConsentUnit(AuditedUnit, Protocol):
    """A transaction of one organization, as consent sees it."""

    @property
    def suppressions(self) -> SuppressionLedger: ...

    @property
    def contacts(self) -> ContactStore: ...

    @property
    def consents(self) -> Consents: ...

    @property
    def activities(self) -> ActivityLog: ...


class Consent:
    """Everybody may opt a contact out; Administrators take back what a user did."""

    def __init__(self, *, units: Units[ConsentUnit], stops: Stops, clock: Clock) -> None:
        self._units = units
        self._stops = stops
        self._clock = clock

    async def opt_out(self, principal: Principal, contact_id: ContactId) -> Contact:
        """At once in force for every user and Salesflow, whatever becomes of the contact. May be repeated.

        Raises NotFound.
        """
        now = self._clock.now()
        async with self._units.of(principal.organization_id) as unit:
            contact = await unit.contacts.lock(contact_id)
            if contact.opted_out:
                return contact
            saved = await unit.contacts.save(replace(contact, opted_out_at=now))
            await unit.suppressions.put(
                SuppressionKind.EMAIL, filter(None, [contact.email_key]), OPTED_OUT, now, principal.user_id
            )
            kind = ActivityType.CONTACT_UNSUBSCRIBED
            await unit.activities.append(
                [Activity(kind, now, contact_id, principal.user_id, detail={"reason": BY_HAND})]
            )
            await self._stops.opted_out(unit, contact_id, now, None)
            await record(unit, principal, _act(Action.CONTACT_OPTED_OUT, contact_id), self._clock.system())
            return saved

    async def take_back(self, principal: Principal, contact_id: ContactId) -> Contact:
        """What ended with the opt-out does not begin anew. May be repeated.

        Raises Forbidden, NotFound, NotAllowedInState where the person has asked not to be written to.
        """
        principal.require_administrator()
        now = self._clock.now()
        async with self._units.of(principal.organization_id) as unit:
            contact = await unit.contacts.lock(contact_id)
            if not contact.opted_out:
                return contact
            if await _by_person(unit, contact):
                raise NotAllowedInState("The person opted out, so it stays.", "opted_out_by_person")
            await unit.suppressions.lift(SuppressionKind.EMAIL, filter(None, [contact.email_key]), OPTED_OUT)
            saved = await unit.contacts.save(replace(contact, opted_out_at=None))
            kind = ActivityType.CONTACT_OPTED_IN
            await unit.activities.append([Activity(kind, now, contact_id, principal.user_id)])
            act = _act(Action.CONTACT_OPT_OUT_TAKEN_BACK, contact_id)
            await record(unit, principal, act, self._clock.system())
            return saved


async def kept_from_calls(
    unit: CallingUnit, principal: Principal, before: Contact | None, after: Contact, now: datetime
) -> Contact:
    """The contact as it may be called, see `as_called`.

    Raises Forbidden for whoever takes do-not-call back and is no Administrator.
    """
    if before and before.do_not_call and not after.do_not_call:
        if not principal.is_administrator:
            raise Forbidden("Only Administrators can let a contact be called again.", "do_not_call_kept")
        phones = phones_of(after) | phones_of(before)
        await unit.suppressions.lift(SuppressionKind.PHONE, phones, DO_NOT_CALL)
        return after
    uncalled = set() if after.do_not_call else await unit.suppressions.uncalled(_new_phones(before, after))
    after, listed = as_called(before, after, uncalled, now)
    await unit.suppressions.put(SuppressionKind.PHONE, listed, DO_NOT_CALL, now, principal.user_id)
    return after


def as_called(
    before: Contact | None, after: Contact, uncalled: Collection[str], now: datetime
) -> tuple[Contact, set[str]]:
    """The contact as it may be called: a new phone among the `uncalled`, those on the list, makes it do-not-call.

    With the phones that do-not-call puts on the list, where they outlive the contact.
    """
    new = _new_phones(before, after)
    if not after.do_not_call and not new.isdisjoint(uncalled):
        after = replace(after, do_not_call_at=now)
    if not after.do_not_call:
        return after, set()
    return after, new if before and before.do_not_call else phones_of(after)


def phones_of(contact: Contact) -> set[str]:
    return set(filter(None, [contact.business_phone, contact.mobile_phone]))


def _new_phones(before: Contact | None, after: Contact) -> set[str]:
    return phones_of(after) - (phones_of(before) if before else set())


async def _by_person(unit: ConsentUnit, contact: Contact) -> bool:
    if await unit.consents.asked_by_person(contact.id):
        return True
    entry = await unit.suppressions.find(SuppressionKind.EMAIL, contact.email_key) if contact.email_key else None
    return entry is not None and entry.by_person


def _act(action: Action, contact_id: ContactId) -> Act:
    """By its id alone: the log never tells a name that may have to be erased."""
    return Act(action, Target("contact", contact_id, ""))
