"""Jobs of the outbox: what becomes of them when they fail, and when the queue is away."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from adapters.bootstrap import Container
from adapters.queue import JobQueue
from domain.shared import errors
from domain.shared.jobs import Job
from tests.mailing import Firm
from workers.job import FATES, GiveUp, HandToPerson, JobRunner, RetryAt, fate_of
from workers.relay import Relay

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
NOBODY_THERE = "redis://127.0.0.1:1/0"


def tree(root: type[errors.EngageError] = errors.EngageError) -> Iterator[type[errors.EngageError]]:
    yield root
    for child in root.__subclasses__():
        yield from tree(child)


@pytest.mark.parametrize("kind", sorted(set(tree()), key=lambda kind: kind.__name__))
def test_every_error_has_a_fate(kind: type[errors.EngageError]) -> None:
    """By its own line, or by that of an ancestor that is more than the root."""
    assert any(ancestor in FATES for ancestor in kind.__mro__ if ancestor is not errors.EngageError) or (
        kind is errors.EngageError
    )


def test_a_throttled_job_waits_as_long_as_it_is_told() -> None:
    asked = NOW + timedelta(minutes=20)

    assert fate_of(errors.ProviderThrottled("slowly", asked), 0, NOW) == RetryAt(asked)


def test_a_job_waits_twice_as_long_each_time_but_an_hour_at_most() -> None:
    waits = [fate_of(errors.ProviderUnavailable("away"), failures, NOW) for failures in (0, 1, 2, 30)]

    assert waits == [RetryAt(NOW + timedelta(seconds=seconds)) for seconds in (5, 10, 20, 3600)]


def test_what_is_gone_is_given_up_and_what_is_refused_goes_to_a_person() -> None:
    assert fate_of(errors.NotFound("contact"), 0, NOW) == GiveUp()
    assert fate_of(errors.ProviderRejected("never"), 0, NOW) == HandToPerson()


@pytest.fixture
async def waiting(firm: Firm) -> UUID:
    """A job of the outbox."""
    async with firm.services.units.of(firm.administrator.organization_id) as unit:
        await unit.jobs.put(Job("test", firm.administrator.organization_id, {"of": firm.name}))
    [row] = await firm.sql("select id from outbox_jobs where kind = 'test'")
    return UUID(str(row["id"]))


async def jobs_left(firm: Firm) -> list[tuple[int, bool]]:
    query = "select attempts, due_at > clock_timestamp() as later from outbox_jobs where kind = 'test'"
    return [(row["attempts"], row["later"]) for row in await firm.sql(query)]


async def test_a_job_that_is_done_is_gone(firm: Firm, waiting: UUID) -> None:
    done = []

    async def handler(_: Container, job: Job) -> None:
        done.append(job.payload)

    runner = JobRunner(firm.services, {"test": handler})
    await runner.run(waiting)
    await runner.run(waiting)

    assert done == [{"of": firm.name}]
    assert await jobs_left(firm) == []


async def test_a_job_that_fails_stays_and_is_put_off(firm: Firm, waiting: UUID) -> None:
    async def handler(_: Container, __: Job) -> None:
        raise errors.ProviderUnavailable("away")

    await JobRunner(firm.services, {"test": handler}).run(waiting)

    assert await jobs_left(firm) == [(1, True)]


async def test_a_bell_does_not_remove_the_job_and_is_not_rung_at_once_again(
    firm: Firm, waiting: UUID, redis_url: str
) -> None:
    queue = JobQueue(redis_url)
    relay = Relay(firm.services, queue, JobRunner(firm.services, {}))

    await relay.pass_on()

    assert await jobs_left(firm) == [(0, True)]
    await queue.close()


async def test_without_a_queue_the_work_is_done_here(firm: Firm, waiting: UUID) -> None:
    done = []

    async def handler(_: Container, job: Job) -> None:
        done.append(job.payload)

    runner = JobRunner(firm.services, {"test": handler, "send_mailbox": handler})
    await Relay(firm.services, JobQueue(NOBODY_THERE), runner).pass_on()

    assert {"of": firm.name} in done
    assert await jobs_left(firm) == []
