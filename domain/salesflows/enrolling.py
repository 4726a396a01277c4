"""Adding contacts to a Salesflow: who gets in, who is left out and why, decided for all of them at once."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from domain.accounts.audit import Act, Action, Actor, ActorKind, Target, record
from domain.accounts.model import Organization, Sender, User, UserState
from domain.activities.model import ActivityType
from domain.connections.model import Mailbox, MailboxState
from domain.contacts.lists import require_findable
from domain.contacts.model import Contact, ContactFilter, EmailState
from domain.salesflows import journey
from domain.salesflows.gaps import Gaps
from domain.salesflows.model import Enrollment, EnrollmentState, Salesflow, SalesflowState, Step
from domain.salesflows.ports import SalesflowUnit
from domain.salesflows.service import viewer_of
from domain.salesflows.stopping import happened
from domain.shared.clock import Clock
from domain.shared.errors import Forbidden, InvalidField, NotAllowedInState, NotFound
from domain.shared.ids import ContactId, ContactListId, EnrollmentId, Ids, SalesflowId, UserId
from domain.shared.principal import Principal
from domain.shared.units import Units

MAXIMUM = 10_000
FARTHEST_START = timedelta(days=366)


class Reason(StrEnum):
    """Why a contact is left out; the first that holds is told."""

    NOT_FOUND = "not_found"
    ALREADY_ENROLLED = "already_enrolled"
    OPTED_OUT = "opted_out"
    NO_EMAIL = "no_email"
    BOUNCED = "bounced"
    SUPPRESSED = "suppressed"
    IN_ANOTHER_SALESFLOW = "in_another_salesflow"
    NO_MAILBOX = "no_mailbox"
    MISSING_MERGE_FIELD = "missing_merge_field"


@dataclass(frozen=True, slots=True)
class Wish:
    """Who is to be enrolled: these contacts, a whole list, or all that match. `dry_run` only says what would happen."""

    contact_ids: Sequence[ContactId] | None = None
    list_id: ContactListId | None = None
    matching: ContactFilter | None = None
    start_at: datetime | None = None
    on_behalf_of: UserId | None = None
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A contact that does not get in. `detail` names the missing field or the other Salesflow."""

    contact_id: ContactId
    name: str
    reason: Reason
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What came of a wish. `first_due_at` is when the first step comes; None when nobody got in."""

    enrolled: int
    left_out: Sequence[LeftOut]
    dry_run: bool
    first_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Entered:
    """What came of a wish, and the enrollments that were begun (or would be)."""

    told: Enrolled
    enrollments: Sequence[Enrollment]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is the same for all contacts of a wish."""

    salesflow: Salesflow
    steps: Sequence[Step]
    sender: Sender
    organization: Organization
    mailbox: Mailbox | None
    suppressed: set[str]
    running: Mapping[ContactId, tuple[SalesflowId, str]]


class Enrolling:
    """Whoever sees a Salesflow may add contacts to it."""

    def __init__(self, *, units: Units[SalesflowUnit], clock: Clock, ids: Ids) -> None:
        self._units = units
        self._clock = clock
        self._ids = ids

    async def enroll(self, principal: Principal, salesflow_id: SalesflowId, wish: Wish) -> Enrolled:
        """Enrolls whom the rules let in and says why the others are left out. Repeating it enrolls nobody twice.

        Raises NotFound, Forbidden (on behalf), NotAllowedInState unless the Salesflow is active, Rejected for more than
        10,000 contacts.
        """
        async with self._units.of(principal.organization_id) as unit:
            return (await self.enroll_in(unit, principal, salesflow_id, wish)).told

    async def enroll_in(
        self, unit: SalesflowUnit, principal: Principal, salesflow_id: SalesflowId, wish: Wish
    ) -> Entered:
        """The same in the caller's transaction. Raises as `enroll` does."""
        now = self._clock.now()
        wish = _from_now(wish, now)
        user = await on_behalf(unit, principal, wish.on_behalf_of)
        salesflow = await active_salesflow(unit, principal, salesflow_id)
        asked = await _asked(unit, wish)
        if not wish.dry_run:
            await unit.enrollments.lock_contacts(asked)
        contacts = await unit.contacts.many(asked)
        around = await _circumstances(unit, salesflow, user.id, contacts)
        left_out = _left_out(asked, contacts, around)
        outside = {one.contact_id for one in left_out}
        new = self._new(principal, around, [key for key in asked if key not in outside], wish, now)
        if not wish.dry_run:
            left_out += await _added(unit, new, contacts, now)
            await self._on_record(unit, principal, user, salesflow, len(asked) - len(left_out))
        first_due_at = new[0].due_at if len(left_out) < len(asked) else None
        outside = {one.contact_id for one in left_out}
        told = Enrolled(len(asked) - len(left_out), left_out, wish.dry_run, first_due_at)
        return Entered(told, [one for one in new if one.contact_id not in outside])

    def require_startable(self, wish: Wish) -> None:
        """Raises InvalidField for a start that is too far away."""
        _from_now(wish, self._clock.now())

    async def _on_record(
        self, unit: SalesflowUnit, principal: Principal, user: User, salesflow: Salesflow, enrolled: int
    ) -> None:
        """The audit log keeps both names."""
        if enrolled and user.id != principal.user_id:
            started = Act(
                Action.STARTED_ON_BEHALF,
                Target("salesflow", salesflow.id, salesflow.name),
                {"enrolled": enrolled},
                Actor(ActorKind.USER, user.name, user.id),
            )
            await record(unit, principal, started, self._clock.system())

    def _new(
        self,
        principal: Principal,
        around: Circumstances,
        contact_ids: Sequence[ContactId],
        wish: Wish,
        now: datetime,
    ) -> list[Enrollment]:
        counted_from = wish.start_at or now
        due_at, waiting = journey.planned(counted_from, around.steps[0].delay, around.sender.working_hours)
        return [
            Enrollment(
                id=EnrollmentId(self._ids.new()),
                salesflow_id=around.salesflow.id,
                revision=around.salesflow.revision,
                contact_id=contact_id,
                user_id=around.sender.user_id,
                started_by=principal.user_id,
                state=EnrollmentState.ACTIVE,
                started_at=now,
                due_at=due_at,
                waiting=waiting,
                start_at=wish.start_at,
                counted_from=counted_from,
            )
            for contact_id in contact_ids
        ]


def _from_now(wish: Wish, now: datetime) -> Wish:
    """A start in the past is none. Raises InvalidField for one that is years ahead."""
    if wish.start_at is None or wish.start_at <= now:
        return replace(wish, start_at=None)
    if wish.start_at > now + FARTHEST_START:
        raise InvalidField("/start_at", "out_of_range", "Start within a year.")
    return replace(wish, start_at=wish.start_at.astimezone(UTC))


async def active_salesflow(unit: SalesflowUnit, principal: Principal, salesflow_id: SalesflowId) -> Salesflow:
    """Held as it is. Raises NotFound, NotAllowedInState."""
    salesflow = await unit.salesflows.hold(salesflow_id, viewer_of(principal))
    if salesflow.state is not SalesflowState.ACTIVE:
        raise NotAllowedInState("Activate the Salesflow before adding contacts to it.", "salesflow_not_active")
    return salesflow


async def on_behalf(unit: SalesflowUnit, principal: Principal, user_id: UserId | None) -> User:
    """The user in whose name the emails leave. Raises Forbidden, InvalidField."""
    if user_id is None or user_id == principal.user_id:
        return _present(await unit.users.hold(principal.user_id))
    if not (await unit.users.get(principal.user_id)).start_salesflow_on_behalf:
        raise Forbidden("You may not start Salesflows on behalf of others.", "on_behalf")
    with suppress(NotFound):
        user = await unit.users.hold(user_id)
        if user.state is UserState.ACTIVE:
            return user
    raise InvalidField("/on_behalf_of", "unknown_user", "Choose an active user of the organization.")


def _present(user: User) -> User:
    """Raises Forbidden for somebody who was deleted since the request came in."""
    if user.state is not UserState.ACTIVE:
        raise Forbidden
    return user


async def _asked(unit: SalesflowUnit, wish: Wish) -> list[ContactId]:
    """The contacts, each once. Raises InvalidField for too many, and unless they are meant in exactly one way."""
    if sum(way is not None for way in (wish.contact_ids, wish.list_id, wish.matching)) != 1:
        raise InvalidField("/contact_ids", "required", "Give contact_ids, a list_id or a filter.")
    pointer, found = await _meant(unit, wish)
    asked = list(dict.fromkeys(found))
    if len(asked) > MAXIMUM:
        raise InvalidField(pointer, "too_many", f"At most {MAXIMUM:,} contacts can be added at once.", maximum=MAXIMUM)
    return asked


async def _meant(unit: SalesflowUnit, wish: Wish) -> tuple[str, Iterable[ContactId]]:
    """Where they are named, and who they are. Raises InvalidField for an unknown list."""
    if wish.matching is not None:
        require_findable(wish.matching)
        return "/filter", await unit.contacts.ids_matching(wish.matching, MAXIMUM + 1)
    if wish.list_id is not None:
        if await unit.contact_lists.find(wish.list_id) is None:
            raise InvalidField("/list_id", "unknown_list", "Choose a list of the organization.")
        return "/list_id", await unit.contacts.ids_matching(ContactFilter(list_id=wish.list_id), MAXIMUM + 1)
    return "/contact_ids", wish.contact_ids or ()


async def _circumstances(
    unit: SalesflowUnit, salesflow: Salesflow, user_id: UserId, contacts: Mapping[ContactId, Contact]
) -> Circumstances:
    return Circumstances(
        salesflow=salesflow,
        steps=await unit.salesflows.steps(salesflow.id, salesflow.revision),
        sender=(await unit.users.senders([user_id]))[user_id],
        organization=await unit.organizations.get(),
        mailbox=await unit.mailboxes.of_user(user_id),
        suppressed=await unit.suppressions.hits({contact.email_key for contact in contacts.values()}),
        running=await unit.enrollments.running_of(list(contacts), salesflow.id),
    )


def _left_out(
    asked: Sequence[ContactId], contacts: Mapping[ContactId, Contact], around: Circumstances
) -> list[LeftOut]:
    gaps = Gaps(around.steps, around.sender, around.organization)
    left_out = []
    for contact_id in asked:
        contact = contacts.get(contact_id)
        if contact is None:
            left_out.append(LeftOut(contact_id, "", Reason.NOT_FOUND))
            continue
        against = objection(contact, around, gaps)
        if against:
            left_out.append(LeftOut(contact_id, contact.name, *against))
    return left_out


def objection(contact: Contact, around: Circumstances, gaps: Gaps) -> tuple[Reason, str | None] | None:
    """Why this contact is left out, and what about it."""
    running_in, running_name = around.running.get(contact.id, (None, None))
    if running_in == around.salesflow.id:
        return Reason.ALREADY_ENROLLED, None
    if contact.opted_out:
        return Reason.OPTED_OUT, None
    if not contact.email_key:
        return Reason.NO_EMAIL, None
    if contact.email_state is EmailState.BOUNCED:
        return Reason.BOUNCED, None
    if contact.email_key in around.suppressed:
        return Reason.SUPPRESSED, None
    if running_in:
        return Reason.IN_ANOTHER_SALESFLOW, running_name
    if around.mailbox is None or around.mailbox.state is not MailboxState.CONNECTED:
        return Reason.NO_MAILBOX, around.sender.name
    missing = gaps.of(contact)
    return (Reason.MISSING_MERGE_FIELD, ", ".join(missing)) if missing else None


async def _added(
    unit: SalesflowUnit, new: Sequence[Enrollment], contacts: Mapping[ContactId, Contact], now: datetime
) -> list[LeftOut]:
    """Adds them, and gives those whom somebody else added meanwhile."""
    added = await unit.enrollments.add(new)
    await unit.activities.append(
        happened(ActivityType.SALESFLOW_STARTED, enrollment, now) for enrollment in new if enrollment.id in added
    )
    return [
        LeftOut(enrollment.contact_id, contacts[enrollment.contact_id].name, Reason.ALREADY_ENROLLED)
        for enrollment in new
        if enrollment.id not in added
    ]
