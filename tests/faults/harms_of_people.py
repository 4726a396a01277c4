"""What the guards around coming and going prevent."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from uuid import uuid4

from domain.accounts.administering import LastAdministrator, locked, require_another_administrator
from domain.accounts.inviting import Invited
from domain.accounts.model import NewUser
from domain.accounts.one_time_links import LinkKind
from domain.salesflows.enrolling import Wish
from domain.salesflows.model import Enrollment, EnrollmentState
from domain.shared.ids import EnrollmentId, UserId
from domain.shared.principal import Role
from tests.faults.guards import Bench
from tests.mailing import PASSWORD, eventually

PATIENCE_SECONDS = 0.5


async def a_link_serves_twice(bench: Bench) -> bool:
    services, boss = bench.services, bench.firm.administrator
    invited = Invited(f"new.{bench.firm.name}@demo.example", "Nora New", Role.CONTRIBUTOR)
    user = (await services.inviting.invite(boss, invited)).user
    async with services.units.of(bench.organization_id) as unit:
        link = (await unit.links.latest_of([user.id], LinkKind.INVITATION))[user.id]
    used = []
    for _ in range(2):
        async with services.units.of(bench.organization_id) as unit:
            used.append(await unit.links.use(link.id, services.clock.system()))
    return None not in used


async def nobody_administers_any_more(bench: Bench) -> bool:
    """Two Administrators demote each other at the same moment."""
    boss = bench.firm.administrator
    other = await bench.services.accounts.create_user(
        boss, NewUser("Sue Second", f"sue.{bench.firm.name}@demo.example", Role.ADMINISTRATOR, PASSWORD)
    )
    both_looked = asyncio.Barrier(2)

    async def demote(user_id: UserId) -> None:
        async with bench.services.units.of(bench.organization_id) as unit:
            user = await locked(unit, user_id)
            with suppress(TimeoutError, asyncio.BrokenBarrierError):
                await require_another_administrator(unit, user)
                await asyncio.wait_for(both_looked.wait(), PATIENCE_SECONDS)
            await unit.users.save(replace(user, role=Role.CONTRIBUTOR))

    outcomes = await asyncio.gather(demote(boss.user_id), demote(other.id), return_exceptions=True)
    assert {type(one) for one in outcomes} <= {type(None), LastAdministrator}, outcomes
    left = await bench.firm.sql("select id from users where role = 'administrator'")
    return not left


async def a_journey_goes_on_in_the_name_of_somebody_who_left(bench: Bench) -> bool:
    """Who leaves while a contact is being enrolled in his name."""
    [contact] = await bench.firm.contacts(1)
    salesflow_id, boss, now = await bench.firm.salesflow(), bench.firm.administrator, bench.services.clock.now()
    wish = Wish(contact_ids=[contact.id])
    enroll, delete = bench.services.enrolling.enroll, bench.services.offboarding.delete
    # Enrolling waits here for the fate of another enrollment, at the end, when it has looked at everything.
    other = Enrollment(
        EnrollmentId(uuid4()), salesflow_id, 1, contact.id, boss.user_id, boss.user_id, EnrollmentState.ACTIVE, now
    )
    with suppress(Undone):
        async with bench.services.units.of(bench.organization_id) as unit:
            await unit.enrollments.add([other])
            enrolling = asyncio.create_task(enroll(bench.rep.principal, salesflow_id, wish))
            await eventually("enrolling waits", bench.somebody_waits)
            leaving = asyncio.create_task(delete(boss, bench.rep.principal.user_id))
            await asyncio.wait([leaving], timeout=PATIENCE_SECONDS)
            raise Undone
    await asyncio.gather(enrolling, leaving)
    return bool(await bench.firm.sql("select id from enrollments where state = 'active'"))


class Undone(Exception):
    """Rolls a unit back."""
