"""A user's hours change: the job that follows, and what becomes of the user's steps."""

from datetime import timedelta
from typing import Any

import pytest

from domain.accounts.service import HOURS_CHANGED
from domain.salesflows.delays import DelayUnit
from domain.shared.jobs import Job
from tests.mailing import WEEK, WHOLE_DAY, Firm, Representative, email_step
from workers.main import HANDLERS

NIGHTS = {day: [{"from": "22:00", "to": "23:00"}] for day in WEEK}


async def follow(firm: Firm) -> int:
    """Runs the jobs about changed hours that wait in the outbox. Says how many there were."""
    rows = await firm.sql(
        "delete from outbox_jobs where kind = $1 returning payload ->> 'user_id' as id", HOURS_CHANGED
    )
    for row in rows:
        job = Job(HOURS_CHANGED, firm.administrator.organization_id, {"user_id": row["id"]})
        await HANDLERS[HOURS_CHANGED](firm.services, job)
    return len(rows)


async def wait_of(firm: Firm) -> timedelta:
    """How long the step that comes next is planned to wait."""
    [row] = await firm.sql("select due_at - counted_from as wait from enrollments")
    wait: timedelta = row["wait"]
    return wait


async def test_who_cancels_a_leave_is_sending_again_when_the_delays_are_over(firm: Firm, rep: Representative) -> None:
    accounts, [contact] = firm.services.accounts, await firm.contacts(1)
    today = firm.services.clock.now().date()
    leave = {"from": str(today), "to": str(today + timedelta(days=20)), "note": "Sabbatical"}
    await accounts.set_business_hours(rep.principal, {"away": [leave]})
    await firm.enroll(rep, await firm.salesflow(email_step(amount=3, unit=DelayUnit.HOURS)), [contact])
    assert await wait_of(firm) > timedelta(days=19)

    await accounts.set_business_hours(rep.principal, {"away": []})
    assert await follow(firm)

    assert await wait_of(firm) == timedelta(hours=3)


@pytest.mark.parametrize(
    ("change", "follows"),
    [
        ({"days": NIGHTS}, True),
        ({"holidays": [{"date": "2031-01-06", "name": "Day off", "source": "own"}]}, True),
        ({"time_zone": "Asia/Tokyo"}, True),
        ({"days": dict.fromkeys(WEEK, WHOLE_DAY)}, False),
    ],
)
async def test_hours_that_become_others_have_consequences(
    firm: Firm, rep: Representative, change: dict[str, Any], follows: bool
) -> None:
    await follow(firm)
    await firm.services.accounts.set_business_hours(rep.principal, change)
    assert bool(await follow(firm)) is follows


@pytest.mark.parametrize(("change", "follows"), [({"time_zone": "Asia/Tokyo"}, True), ({"name": "Rob R. Rep"}, False)])
async def test_a_profile_that_changes_moves_nothing_but_with_the_time_zone(
    firm: Firm, rep: Representative, change: dict[str, str], follows: bool
) -> None:
    await follow(firm)
    await firm.services.accounts.update_profile(rep.principal, change)
    assert bool(await follow(firm)) is follows
