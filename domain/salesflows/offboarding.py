"""How people go: what opens doors ends at once, what they had begun is held or handed over, what they did stays."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from domain.accounts.administering import AdministeringUnit, locked, require_another_administrator, target
from domain.accounts.audit import Act, Action, record
from domain.accounts.model import User, UserState
from domain.accounts.ports import Gate
from domain.accounts.service import HOURS_CHANGED
from domain.calls.dialer_phone import with_dialer_phone
from domain.calls.ports import CallsUnit
from domain.calls.voicemails import remove_all
from domain.connections.letting_go import LettingGo
from domain.connections.ports import ConnectionsUnit, MailboxStore
from domain.salesflows.handing_over import NOBODY, HandoverUnit, LeftSalesflow, Waiting, give_all, hold_all
from domain.shared.clock import Clock
from domain.shared.errors import InvalidField, NotAllowedInState
from domain.shared.ids import UserId
from domain.shared.jobs import Job
from domain.shared.principal import Principal
from domain.shared.units import Units, repeated

TO = "/query/to"


class LeftBehind(StrEnum):
    """What becomes of the journeys that run in the name of somebody who is deleted."""

    PAUSE = "pause"
    HAND_OVER = "hand_over"


@dataclass(frozen=True, slots=True)
class HandedOver:
    """How many journeys were given to whom."""

    enrollments: int
    to: User


class OffboardingUnit(HandoverUnit, ConnectionsUnit, AdministeringUnit, CallsUnit, Protocol):
    """A transaction of one organization, as leaving it sees it."""

    @property
    def mailboxes(self) -> MailboxStore: ...


class Offboarding:
    """For Administrators alone: everything here raises Forbidden for others."""

    def __init__(self, *, units: Units[OffboardingUnit], gate: Gate, letting_go: LettingGo, clock: Clock) -> None:
        self._units = units
        self._gate = gate
        self._letting_go = letting_go
        self._clock = clock

    async def delete(
        self, principal: Principal, user_id: UserId, left: LeftBehind = LeftBehind.PAUSE, to: UserId | None = None
    ) -> None:
        """The user gets in no more, within a second everywhere; providers are told by jobs. May be repeated.

        All or nothing. Raises NotFound, LastAdministrator; for handing over InvalidField and NotConnected.
        """
        principal.require_administrator()
        if (to is None) is not (left is LeftBehind.PAUSE):
            raise InvalidField(TO, "required", "Say to whom to hand over, if so and only then.")
        for token_hash in await repeated(lambda: self._deleted(principal, user_id, to)):
            self._gate.forget(token_hash)

    async def left_by(self, principal: Principal, user_id: UserId) -> Sequence[LeftSalesflow]:
        """What runs in the name of the user, or waits for a colleague since the user left. Raises NotFound."""
        principal.require_administrator()
        async with self._units.of(principal.organization_id) as unit:
            await unit.users.get(user_id)
            return await unit.left_enrollments.by_salesflow(user_id)

    async def waiting(self, principal: Principal) -> Sequence[Waiting]:
        """Who was deleted and left something that waits for a colleague."""
        principal.require_administrator()
        async with self._units.of(principal.organization_id) as unit:
            return await unit.left_enrollments.waiting()

    async def hand_over(self, principal: Principal, user_id: UserId, to: UserId) -> HandedOver:
        """Gives what a deleted user left behind to a colleague. May be repeated.

        Raises NotFound, NotAllowedInState for somebody who is still there, InvalidField, NotConnected.
        """
        principal.require_administrator()
        return await repeated(lambda: self._handed_over(principal, user_id, to))

    async def _deleted(self, principal: Principal, user_id: UserId, to: UserId | None) -> Sequence[bytes]:
        now = self._clock.system()
        async with self._units.of(principal.organization_id) as unit:
            user = await locked(unit, user_id, *([to] if to else []))
            if user.state is UserState.DELETED:
                return ()
            await require_another_administrator(unit, user)
            await self._letting_go.of_user(unit, principal.organization_id, user_id)
            given = await self._given(unit, principal, user, to, TO) if to else None
            held = None if to else await hold_all(unit, user_id, self._clock.now())
            await remove_all(unit, user_id)
            gone = replace(with_dialer_phone(user, None), state=UserState.DELETED, deleted_at=now, updated_at=now)
            await unit.users.save(gone)
            closed = await unit.ways_in.close_all(user_id)
            if given:
                await record(unit, principal, _handing_over(user, given), now)
            await record(unit, principal, Act(Action.USER_DELETED, target(user), {"enrollments_held": held}), now)
            return closed

    async def _handed_over(self, principal: Principal, user_id: UserId, to: UserId) -> HandedOver:
        async with self._units.of(principal.organization_id) as unit:
            user = await locked(unit, user_id, to)
            if user.state is not UserState.DELETED:
                raise NotAllowedInState("Only what a deleted user left behind can be handed over.", "user_not_deleted")
            given = await self._given(unit, principal, user, to, "/to")
            await record(unit, principal, _handing_over(user, given), self._clock.system())
            return given

    async def _given(
        self, unit: OffboardingUnit, principal: Principal, user: User, to: UserId, pointer: str
    ) -> HandedOver:
        """What the former hours had planned is planned anew by the colleague's."""
        colleague = (await unit.users.many([to])).get(to)
        if colleague is None:
            raise InvalidField(pointer, "unknown_user", NOBODY)
        given = HandedOver(await give_all(unit, user.id, colleague, self._clock.now(), pointer), colleague)
        await unit.jobs.put(Job(HOURS_CHANGED, principal.organization_id, {"user_id": str(to)}))
        return given


def _handing_over(user: User, given: HandedOver) -> Act:
    detail: dict[str, str | int] = {"enrollments": given.enrollments, "to": str(given.to.id), "to_name": given.to.name}
    return Act(Action.ENROLLMENTS_HANDED_OVER, target(user), detail)
