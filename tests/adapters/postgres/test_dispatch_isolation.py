"""One bad row keeps itself from being dispatched, and nobody else."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import update
from structlog.testing import LogCapture

from adapters.postgres.database import Database
from adapters.postgres.suppressions import SuppressionHashes
from adapters.postgres.tables import step_variants, users
from domain.salesflows.delays import DelayUnit
from domain.salesflows.drafting import DraftStep, DraftVariant
from domain.salesflows.model import Thread
from tests.adapters.postgres.conftest import KEYS
from tests.adapters.postgres.flows import Office, a_rested_office, an_office

pytestmark = pytest.mark.anyio

A_SPLIT_STEP = DraftStep(
    0, DelayUnit.MINUTES, Thread.NEW, [DraftVariant(50, subject, "<p>Hi</p>") for subject in ("Hello", "Good morning")]
)
UNREADABLE = {"time_zone": "Nowhere/At_All", "days": {}}


@pytest.fixture
async def office(transactions: Database) -> Office:
    return await a_rested_office(transactions, SuppressionHashes(KEYS.keyed_hash))


@pytest.fixture
async def other(office: Office) -> Office:
    return await an_office(office.database, office.units, office.clock)


@pytest.fixture
def logged() -> Iterator[LogCapture]:
    capture = LogCapture()
    before = structlog.get_config()
    structlog.configure(processors=[capture], cache_logger_on_first_use=False)
    yield capture
    structlog.configure(**before)


async def test_working_hours_that_cannot_be_read_stop_their_user_alone(office: Office, other: Office) -> None:
    _, unlucky, _ = await office.started()
    _, lucky, _ = await other.started()
    await office.change(update(users).where(users.c.id == office.sender.id).values(working_hours=UNREADABLE))
    assert await office.dispatched() == 2
    assert [len(await of.emails(who)) for of, who in ((office, unlucky), (other, lucky))] == [0, 1]
    assert (await office.enrollment(unlucky)).due_at == office.clock.now() + timedelta(minutes=15)


async def test_a_step_that_cannot_be_decided_on_stops_its_enrollments_alone(office: Office, other: Office) -> None:
    _, unlucky, _ = await office.started(A_SPLIT_STEP)
    _, lucky, _ = await other.started()
    await office.change(update(step_variants).values(weight=0))
    assert await office.dispatched() == 2
    assert [len(await of.emails(who)) for of, who in ((office, unlucky), (other, lucky))] == [0, 1]


async def test_the_log_names_what_was_put_off(office: Office, logged: LogCapture) -> None:
    _, _, enrollment_id = await office.started(A_SPLIT_STEP)
    await office.change(update(step_variants).values(weight=0))
    await office.dispatched()
    [entry] = [one for one in logged.entries if one["event"] == "enrollment_undecided"]
    assert (entry["organization_id"], entry["enrollment_id"]) == (office.organization_id, enrollment_id)


async def test_what_is_mended_goes_on_by_itself(office: Office) -> None:
    _, contact_id, _ = await office.started(A_SPLIT_STEP)
    await office.change(update(step_variants).values(weight=0))
    await office.dispatched()
    await office.change(update(step_variants).values(weight=50))
    office.clock.move(minutes=15)
    assert await office.dispatched() == 1
    assert len(await office.emails(contact_id)) == 1
